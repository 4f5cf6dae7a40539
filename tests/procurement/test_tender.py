from typing import Any

import pytest

from clause_library.releases import shipped_library
from procurement.decisions import decisions_from
from procurement.particulars import particulars_from
from procurement.tender import Obstacle, Tender, draw_up, needs_opinion, obstacles
from rules.errors import BadAnswer
from rules.questions import read_answers
from tests.rules.briefs import brief
from tests.rules.made_up import clause, library, question, requirement

LIBRARY = shipped_library()
KNOWN = {"title": "Signals", "reference": "X-1", "buyer": "A City", "date": "2026-11-20"}
HIGH = brief(safety_component="yes")


def drawn(answers: dict[str, Any], particulars: dict[str, Any] = KNOWN, **decisions: Any) -> Tender:
    read = read_answers(LIBRARY.questions, answers)
    return draw_up(LIBRARY, read, particulars_from(particulars), {}, decisions_from(LIBRARY, decisions))


def clauses(tender: Tender) -> list[str]:
    return [entry.clause.id for entry in tender.clauses]


def test_a_harmless_purchase_in_order_has_only_its_open_parameters_in_the_way():
    tender = drawn(brief())

    assert tender.unfilled
    assert obstacles(tender) == tuple(Obstacle("parameter", name) for name in tender.unfilled)


@pytest.mark.parametrize("name", ["title", "reference", "buyer", "date"])
def test_a_particular_that_is_not_known_is_in_the_way(name):
    tender = drawn(brief(), {key: value for key, value in KNOWN.items() if key != name})

    assert obstacles(tender)[0] == Obstacle("particular", name)


def test_a_conflict_is_in_the_way_until_it_is_justified():
    answers = brief(worst_harm="serious")
    justified = {"harm-without-effect": "The harm is to goods."}

    assert Obstacle("conflict", "harm-without-effect") in obstacles(drawn(answers))
    assert Obstacle("conflict", "harm-without-effect") not in obstacles(drawn(answers, conflicts=justified))


def test_a_stopped_purchase_has_one_obstacle_no_clauses_and_nothing_to_ask():
    tender = drawn(brief(red_lines=["manipulation"]), {}, tier={"tier": 1, "reason": "No.", "approved_by": "x"},
                   clauses={"GEN-13": {"way": "in", "reason": "Yes."}})  # fmt: skip

    assert tender.stopped
    assert obstacles(tender) == (Obstacle("stopped"),)
    assert (tender.clauses, tender.asked, tender.parameters) == ((), None, {})
    assert [entry.clause.id for entry in tender.excluded] == list(LIBRARY.clauses)


def test_the_tier_is_raised_at_once_and_lowered_only_with_an_approval():
    raised = drawn(brief(), tier={"tier": 3, "reason": "More care."})
    asked_for = drawn(HIGH, tier={"tier": 2, "reason": "A formality."})
    lowered = drawn(HIGH, tier={"tier": 2, "reason": "A formality.", "approved_by": "somebody"})

    assert (raised.assessment.tier, asked_for.assessment.tier, lowered.assessment.tier) == (3, 3, 2)
    assert set(clauses(drawn(brief()))) < set(clauses(raised))
    assert set(clauses(lowered)) < set(clauses(asked_for))


def test_a_lower_tier_that_nobody_else_approved_is_in_the_way():
    asked_for = drawn(HIGH, tier={"tier": 2, "reason": "A formality."})

    assert Obstacle("approval", "tier") in obstacles(asked_for)
    assert Obstacle("approval", "tier") not in obstacles(drawn(HIGH, tier={"tier": 4, "reason": "More care."}))


def test_a_lowered_tier_needs_an_opinion_and_a_raised_one_does_not():
    lowered = drawn(HIGH, tier={"tier": 2, "reason": "A formality.", "approved_by": "somebody"})

    assert needs_opinion(lowered) == ("tier",)
    assert Obstacle("opinion", "tier") in obstacles(lowered)
    assert needs_opinion(drawn(brief(), tier={"tier": 3, "reason": "More care."})) == ()


def test_a_clause_left_out_and_one_brought_in_change_sides_and_keep_the_order_of_the_library():
    tender = drawn(HIGH, clauses={"USE-01": {"way": "out", "reason": "No."}, "GEN-13": {"way": "in", "reason": "Yes."}})

    assert "USE-01" not in clauses(tender)
    assert "GEN-13" in clauses(tender)
    assert clauses(tender) == [name for name in LIBRARY.clauses if name in clauses(tender)]
    assert sorted([*clauses(tender), *(entry.clause.id for entry in tender.excluded)]) == sorted(LIBRARY.clauses)


def test_a_clause_brought_in_below_its_tiers_has_its_essential_requirement():
    tender = drawn(brief(), clauses={"AUD-04": {"way": "in", "reason": "Yes."}})

    (entry,) = (entry for entry in tender.clauses if entry.clause.id == "AUD-04")
    assert [one.requirement.essential for one in entry.requirements] == [True]


def test_a_mandatory_clause_left_out_needs_an_opinion():
    tender = drawn(HIGH, clauses={"SEC-01": {"way": "out", "reason": "No."}})

    assert needs_opinion(tender) == ("SEC-01",)


def test_a_decision_about_a_clause_that_is_out_anyway_needs_none():
    tender = drawn(brief(), clauses={"GEN-13": {"way": "out", "reason": "No agent."}})

    assert needs_opinion(tender) == ()


@pytest.mark.parametrize(
    ("answers", "short"), [(brief(), True), (brief(personal_data=["health"]), True), (HIGH, False)]
)
def test_the_form_is_short_at_the_two_lowest_tiers_unless_decided(answers, short):
    assert drawn(answers).short is short
    assert drawn(answers, form="full").short is False
    assert drawn(answers, form="short").short is True


def test_the_short_form_has_the_same_clauses_with_fewer_requirements():
    short, full = drawn(HIGH, form="short"), drawn(HIGH, form="full")

    assert clauses(short) == clauses(full)
    assert sum(len(entry.requirements) for entry in short.clauses) < sum(len(one.requirements) for one in full.clauses)


@pytest.mark.parametrize(("form", "opinions"), [("full", ("AA-01",)), ("short", ())])
def test_a_clause_left_out_needs_an_opinion_where_the_form_of_the_tender_has_a_mandatory_requirement(form, opinions):
    wish = requirement("AA-01.1", essential=True, strength={"1": "informative"})
    texts = {"en": {"requirements": {"AA-01.1": {}, "AA-01.2": {}}}}
    made = library(
        questions=[question("buyer_jurisdiction", options=["other"], order=[])],
        clauses=[clause("AA-01", wish, requirement("AA-01.2"), texts=texts)],
        jurisdictions={"other": {}},
    )
    left_out = decisions_from(made, {"form": form, "clauses": {"AA-01": {"way": "out", "reason": "No."}}})

    tender = draw_up(made, {"buyer_jurisdiction": "other"}, particulars_from({}), {}, left_out)

    assert needs_opinion(tender) == opinions


def test_an_incomplete_brief_is_refused():
    with pytest.raises(BadAnswer) as refused:
        drawn({name: value for name, value in brief().items() if name != "pilot"})

    assert (refused.value.code, refused.value.question) == ("missing_answer", "pilot")


def test_the_languages_are_those_of_the_tender():
    assert drawn(brief(tender_languages=["pt"])).languages == ("pt",)
    assert drawn(brief(tender_languages=["en", "es"])).languages == ("es", "en")
