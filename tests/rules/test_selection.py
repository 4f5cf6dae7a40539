import pytest

from rules.assessment import assess
from rules.selection import Selection, judgement_of, protected, select
from tests.rules.made_up import clause, library, question, requirement

ONLY_HIGH = {"3": "scored", "4": "mandatory"}
YES = {"question": "a", "is": ["yes"]}
LIBRARY = library(
    questions=[question("a"), question("line")],
    triggers=[
        {"id": "STOP", "tier": 0, "when": {"question": "line", "is": ["yes"]}},
        {"id": "L", "tier": 2, "when": {"question": "a", "is_not": "no"}},
    ],
    clauses=[
        clause(
            "AA-01",
            requirement("AA-01.1", essential=True),
            requirement("AA-01.2"),
            requirement("AA-01.3"),
            requirement("AA-01.4", strength=ONLY_HIGH),
            requirement("AA-01.5", when=YES),
        ),
        clause("BB-01", requirement("BB-01.1", essential=True, strength=ONLY_HIGH), when={"tier_at_least": 3}),
        clause("CC-01", requirement("CC-01.1", essential=True), when=YES),
    ],
    guarantees=[{"id": "G", "when": YES, "requirements": ["AA-01.3"]}],
)


def selected(a: str, tier: int | None = None, *, short: bool | None = None) -> Selection:
    return select(LIBRARY, assess(LIBRARY, {"a": a, "line": "no"}, tier), short=short)


def requirements(selection: Selection) -> dict[str, str]:
    return {one.requirement.id: one.strength for entry in selection.clauses for one in entry.requirements}


def test_clauses_in_and_out_are_the_library_in_its_order():
    selection = selected("no")

    assert [entry.clause.id for entry in selection.clauses] == ["AA-01"]
    assert [entry.clause.id for entry in selection.excluded] == ["BB-01", "CC-01"]


def test_what_is_not_known_is_in_and_marked_as_triggered_by_the_bid():
    selection = selected("do_not_know")

    assert {entry.clause.id: entry.triggered_by_bid for entry in selection.clauses} == {"AA-01": False, "CC-01": True}


def test_a_requirement_applies_at_its_tiers_and_under_its_condition_with_the_strength_of_the_tier():
    assert "AA-01.4" not in requirements(selected("yes", 2, short=False))
    assert requirements(selected("yes", 3))["AA-01.4"] == "scored"
    assert requirements(selected("yes", 4))["AA-01.4"] == "mandatory"
    assert "AA-01.5" not in requirements(selected("no", short=False))
    assert "AA-01.5" in requirements(selected("do_not_know", short=False))


def test_the_short_form_keeps_every_clause_with_what_is_essential_and_what_a_guarantee_protects():
    full, short = selected("yes", 3), selected("yes", 3, short=True)

    assert [entry.clause.id for entry in short.clauses] == [entry.clause.id for entry in full.clauses]
    assert set(requirements(short)) == {"AA-01.1", "AA-01.3", "BB-01.1", "CC-01.1"}
    assert set(requirements(full)) > set(requirements(short))
    assert protected(LIBRARY) == {"AA-01.3"}


def test_clauses_with_equal_conditions_are_each_judged_right_at_another_tier():
    made = library(clauses=[clause(name, when={"tier_at_least": 2}) for name in ("AA-01", "BB-01")])

    low, high = (select(made, assess(made, {}, tier)) for tier in (1, 2))

    assert (len(low.clauses), len(low.excluded)) == (0, 2)
    assert (len(high.clauses), len(high.excluded)) == (2, 0)


@pytest.mark.parametrize(("tier", "is_short"), [(1, True), (2, True), (3, False), (4, False)])
def test_the_short_form_is_the_custom_at_the_two_lowest_tiers(tier, is_short):
    assert ("AA-01.2" not in requirements(selected("yes", tier))) is is_short


def test_a_clause_below_its_own_tiers_keeps_its_essential_requirement_at_its_lowest_strength():
    lowered = library(clauses=[clause("BB-01", requirement("BB-01.1", essential=True, strength=ONLY_HIGH))])

    selection = select(lowered, assess(lowered, {}))

    assert requirements(selection) == {"BB-01.1": "scored"}


def test_at_stop_every_clause_is_out_because_of_the_red_line():
    assessment = assess(LIBRARY, {"a": "yes", "line": "yes"}, 2)

    selection = select(LIBRARY, assessment)

    assert selection.clauses == ()
    assert [entry.clause.id for entry in selection.excluded] == list(LIBRARY.clauses)
    assert {ground.question for entry in selection.excluded for ground in entry.grounds} == {"line"}


def test_what_a_clause_rests_on_is_named_once():
    made = library(questions=[question("a")], clauses=[clause("AA-01", when={"all": [YES, {"any": [YES, YES]}]})])

    grounds = judgement_of(assess(made, {"a": "yes"}), made.clauses["AA-01"]).grounds

    assert [ground.question for ground in grounds] == ["a"]
