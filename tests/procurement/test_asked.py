import pytest

from procurement.asked import MANDATORY_ROWS, SCORED_ROWS, Asked, asked
from rules.assessment import assess
from rules.library import TIERS
from rules.selection import select
from tests.rules.made_up import clause, library, requirement


def duties(count: int, strength: str, **facts: object) -> list[dict[str, object]]:
    """Requirements of one strength at every tier, named after it."""
    at_every_tier = {str(tier): strength for tier in TIERS}
    return [requirement(f"{strength}.{place}", strength=at_every_tier, **facts) for place in range(count)]


def sorted_out(
    *duties: dict[str, object], tier: int = 1, price_only: bool = False, guaranteed: tuple[str, ...] = ()
) -> Asked:
    guarantee = {"id": "G", "when": {"fact": "always"}, "requirements": list(guaranteed)}
    made = library(clauses=[clause("AA-01", *duties)], guarantees=[guarantee])
    selection = select(made, assess(made, {}, tier), short=False)
    return asked(made, tier, selection.clauses, price_only=price_only)


def ids(found: Asked) -> list[str]:
    return [row.id for row in found.rows]


def count(found: Asked, strength: str) -> int:
    return sum(row.selected.strength == strength for row in found.rows)


@pytest.mark.parametrize(("tier", "mandatory", "scored"), [(1, 12, 4), (2, 20, 6), (3, 30, 8), (4, 40, 10)])
def test_a_bidder_is_asked_no_more_than_the_budget_of_the_tier(tier, mandatory, scored):
    found = sorted_out(*duties(60, "mandatory"), *duties(60, "scored"), *duties(60, "informative"), tier=tier)

    assert (count(found, "mandatory"), count(found, "scored"), count(found, "informative")) == (mandatory, scored, 0)
    assert (MANDATORY_ROWS[tier], SCORED_ROWS[tier]) == (mandatory, scored)


def test_what_fits_stays_whole_and_in_the_order_of_the_library():
    found = sorted_out(*duties(2, "informative"), *duties(3, "mandatory"), *duties(2, "scored"))

    assert ids(found) == ["informative.0", "informative.1", "mandatory.0", "mandatory.1", "mandatory.2", "scored.0",
                          "scored.1"]  # fmt: skip
    assert found.later == ()
    assert found.proof_moved == found.became_terms == found.informative_dropped == frozenset()


@pytest.mark.parametrize(
    ("mandatory", "scored", "informative"), [(12, 4, 0), (12, 3, 1), (5, 4, 7), (20, 0, 4), (0, 0, 16)]
)
def test_informative_rows_fill_the_room_the_others_leave_and_the_rest_is_dropped_first(mandatory, scored, informative):
    found = sorted_out(*duties(mandatory, "mandatory"), *duties(scored, "scored"), *duties(30, "informative"))

    assert count(found, "informative") == informative
    assert found.informative_dropped == {f"informative.{place}" for place in range(informative, 30)}


def test_scored_rows_beyond_the_budget_become_contract_terms():
    found = sorted_out(*duties(6, "scored"))

    assert found.became_terms == {"scored.4", "scored.5"}
    assert [row.id for row in found.later] == ["scored.4", "scored.5"]


def test_the_proof_of_mandatory_rows_beyond_the_budget_moves_to_acceptance():
    found = sorted_out(*duties(14, "mandatory"))

    assert found.proof_moved == {"mandatory.12", "mandatory.13"}
    assert [row.id for row in found.later] == ["mandatory.12", "mandatory.13"]


def test_what_a_guarantee_protects_is_never_moved():
    last, within = ("mandatory.13", "scored.5"), sorted_out(*duties(14, "mandatory"), *duties(6, "scored"))

    found = sorted_out(*duties(14, "mandatory"), *duties(6, "scored"), guaranteed=last)

    assert not set(last) & set(ids(within))
    assert set(last) <= set(ids(found))
    assert (count(found, "mandatory"), count(found, "scored")) == (12, 4)


def test_more_guarantees_than_the_budget_are_all_asked():
    every = tuple(f"mandatory.{place}" for place in range(20))

    found = sorted_out(*duties(20, "mandatory"), *duties(9, "informative"), guaranteed=every)

    assert ids(found) == list(every)
    assert found.proof_moved == frozenset()


def test_essential_rows_stay_before_the_others():
    plain, essential = duties(13, "mandatory"), requirement("last", essential=True)

    found = sorted_out(*plain, essential)

    assert "last" in ids(found)
    assert found.proof_moved == {"mandatory.11", "mandatory.12"}


def test_an_award_by_price_alone_scores_nothing():
    found = sorted_out(*duties(3, "scored"), *duties(2, "mandatory"), price_only=True)

    assert ids(found) == ["mandatory.0", "mandatory.1"]
    assert found.became_terms == {"scored.0", "scored.1", "scored.2"}


def test_only_what_the_supplier_owes_at_the_bid_is_asked():
    found = sorted_out(
        requirement("now"),
        requirement("shared", owed_by="shared"),
        requirement("later", moment="operation"),
        requirement("at-the-end", moment="exit", owed_by="shared"),
        requirement("buyers", owed_by="buyer"),
    )

    assert ids(found) == ["now", "shared"]
    assert [row.id for row in found.later] == ["later", "at-the-end"]
    assert [row.id for row in found.owed_by_buyer] == ["shared", "at-the-end", "buyers"]
