"""A tender being drafted: which decisions stand when the answers under them change."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from clause_library.releases import shipped_library
from procurement.draft import ANSWER, CLAUSE, CONFLICT, DRAFT, FORM, PARAMETER, PARTICULAR, TIER, Draft, Entry, ground
from rules.assessment import assess
from rules.library import Library
from rules.questions import read_answers
from tests.rules.briefs import brief

LIBRARY = shipped_library()
LOWERED = {"tier": 2, "reason": "A formality.", "approved_by": "somebody"}


def draft(answers: dict[str, Any], **entries: dict[str, Entry]) -> Draft:
    given = {name: Entry(value, 1) for name, value in answers.items()}
    return Draft(
        id="1", organisation_id="1", created_by="1", created_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
        release_hash=LIBRARY.hash, state=DRAFT, revision=1, library=LIBRARY, entries={ANSWER: given, **entries},
    )  # fmt: skip


def decided(answers: dict[str, Any], kind: str, subject: str, value: Any) -> dict[str, dict[str, Entry]]:
    """The entry of a decision taken on these answers."""
    rests_on = ground(LIBRARY, assess(LIBRARY, read_answers(LIBRARY.questions, answers)), kind, subject)
    return {kind: {subject: Entry(value, 1, rests_on, "1")}}


def to_confirm(before: dict[str, Any], after: dict[str, Any], kind: str, subject: str, value: Any) -> bool:
    """Whether a decision taken before must be confirmed again after."""
    return (kind, subject) in draft(after, **decided(before, kind, subject, value)).to_confirm_again()


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        ({"safety_component": "yes"}, {}, False),
        ({"safety_component": "yes"}, {"availability": "high_24x7"}, False),
        ({"safety_component": "yes"}, {"safety_component": "do_not_know"}, True),
        ({"safety_component": "yes"}, {"listed_areas": ["education"]}, True),
        ({"safety_component": "yes"}, {"safety_component": "no"}, True),
        ({"listed_areas": ["education"]}, {"listed_areas": ["employment"]}, True),
        ({"listed_areas": ["education"]}, {"listed_areas": ["education", "employment"]}, True),
        ({"biometrics": "remote_post"}, {"reversibility": "effort"}, False),
    ],
)
def test_a_tier_is_confirmed_again_when_an_answer_under_it_changes(before, after, again):
    before = brief(**before)

    assert to_confirm(before, before | after, TIER, TIER, LOWERED) is again


def test_a_tier_that_rests_on_the_score_is_confirmed_again_when_the_score_changes():
    before = brief(sensors="no_identifiable_persons", people_affected="gt100k", reversibility="hard", discretion="yes",
                   vulnerable_people="yes", worst_harm="moderate")  # fmt: skip

    assert assess(LIBRARY, read_answers(LIBRARY.questions, before)).triggers == ("L5",)
    assert to_confirm(before, before | {"learns_in_production": "yes"}, TIER, TIER, LOWERED)
    assert not to_confirm(before, before | {"pilot": "yes"}, TIER, TIER, LOWERED)


def test_an_approval_to_lower_the_tier_lapses_when_an_answer_under_it_changes():
    before = brief(listed_areas=["education"], narrow_task="no")
    approved = decided(before, TIER, TIER, LOWERED)

    assert draft(before, **approved).drawn_up().assessment.tier == 2
    assert draft(before | {"pilot": "yes"}, **approved).drawn_up().assessment.tier == 2
    assert draft(before | {"listed_areas": ["employment"]}, **approved).drawn_up().assessment.tier == 3


def test_a_tier_raised_on_answers_that_changed_stays_raised_and_asks_to_be_confirmed():
    before = brief(personal_data=["health"])
    after = before | {"personal_data": ["criminal"]}
    raised = decided(before, TIER, TIER, {"tier": 4, "reason": "More care."})

    assert draft(after, **raised).drawn_up().assessment.tier == 4
    assert draft(after, **raised).to_confirm_again() == ((TIER, TIER),)


@pytest.mark.parametrize(
    ("after", "again"),
    [
        ({}, False),
        ({"pilot": "yes"}, False),
        ({"personal_data": ["children"]}, True),
        ({"safety_component": "yes"}, True),
    ],
)
def test_a_decision_about_a_clause_is_confirmed_again_when_its_answers_or_the_tier_change(after, again):
    before = brief(personal_data=["health"])

    assert to_confirm(before, before | after, CLAUSE, "DP-07", {"way": "out", "reason": "No."}) is again


def test_a_decision_about_a_clause_is_confirmed_again_when_its_text_changes():
    answers = brief(personal_data=["health"])
    made = decided(answers, CLAUSE, "DP-07", {"way": "out", "reason": "No."})
    rewritten = replace(LIBRARY.clauses["DP-07"], hash="another")
    library: Library = replace(LIBRARY, clauses={**LIBRARY.clauses, "DP-07": rewritten})

    assert draft(answers, **made).to_confirm_again() == ()
    assert replace(draft(answers, **made), library=library).to_confirm_again() == ((CLAUSE, "DP-07"),)


@pytest.mark.parametrize(
    ("after", "again"), [({}, False), ({"pilot": "yes"}, False), ({"worst_harm": "moderate"}, True)]
)
def test_a_justified_conflict_is_confirmed_again_when_its_answers_change(after, again):
    before = brief(worst_harm="serious")

    assert to_confirm(before, before | after, CONFLICT, "harm-without-effect", "Goods.") is again


def test_what_was_withdrawn_needs_no_confirming():
    withdrawn = {CLAUSE: {"DP-07": Entry(None, 2, "old ground")}}

    assert draft(brief(), **withdrawn).to_confirm_again() == ()


def test_a_draft_says_what_is_still_to_be_answered():
    answers = brief(vendor_holds_data="yes")
    answers.pop("training_on_buyer_data")

    assert draft(answers).missing == ("training_on_buyer_data",)
    assert draft(brief()).missing == ()


def test_what_the_release_does_not_have_is_left_aside():
    made = draft(
        brief(colour="red"),
        **{
            CLAUSE: {"ZZZ-01": Entry({"way": "out", "reason": "No."}, 1)},
            CONFLICT: {"no-such-conflict": Entry("Goods.", 1)},
            PARAMETER: {"hours": Entry(3, 1), "cure_days": Entry(20, 1)},
            PARTICULAR: {"title": Entry("Signals", 1)},
            FORM: {FORM: Entry("full", 1)},
        },
    )

    tender = made.drawn_up()

    assert "colour" not in tender.answers
    assert tender.decisions.as_data() == {"form": "full"}
    assert dict(tender.given) == {"cure_days": 20}
    assert (made.title, tender.particulars.title) == ("Signals", "Signals")
