"""The engine against the rule written a second time, over thousands of briefs."""

from collections import Counter

import pytest
from hypothesis import given, settings

from clause_library.releases import shipped_library
from tests.rules.briefs import brief, briefs, random_briefs
from tests.rules.oracle import CLAUSE_RULES, QUESTIONS, expected_of
from tests.rules.promises import Engine, departures

ENGINE = Engine(shipped_library())
MANY = 2_000
TWELVE_MORE = {
    "agent_autonomy": "autonomous", "discretion": "yes", "learns_in_production": "yes", "techniques": ["generative"],
    "non_ai_channel": "no", "supervision_capacity": "low", "processing_location": "anywhere",
}  # fmt: skip


def test_the_engine_says_what_the_rule_says_for_thousands_of_briefs():
    assert list(departures(ENGINE, random_briefs(MANY))) == []


@settings(max_examples=150, deadline=None)
@given(briefs)
def test_the_engine_says_what_the_rule_says_for_whatever_brief_is_thought_of(answers):
    assert list(departures(ENGINE, [answers])) == []


def test_the_briefs_tried_raise_every_tier_trigger_flag_and_conflict_and_bring_every_clause_in_and_out():
    library = ENGINE.library
    raised: Counter[object] = Counter()

    for answers in random_briefs(MANY):
        expected = expected_of(answers)
        raised.update((expected.tier, *expected.triggers, *expected.flags, *expected.conflicts, *expected.clauses))

    known = [rule.id for rule in (*library.triggers, *library.flags, *library.conflicts)]
    for_tenders = [name for name, rule in CLAUSE_RULES.items() if rule != "partnership"]
    assert [name for name in (0, 1, 2, 3, 4, *known, *for_tenders) if raised[name] < 5] == []
    assert [name for name in CLAUSE_RULES if CLAUSE_RULES[name] != "always" and raised[name] > MANY - 5] == []


def test_the_questions_of_the_edition_are_those_of_the_rule():
    questions = ENGINE.library.questions

    facts = [
        {
            "id": row.id,
            "type": row.type,
            "options": list(row.options),
            "order": list(row.order),
            "weights": dict(row.weights),
            "do_not_know": row.do_not_know,
        }
        for row in questions.values()
    ]

    empty = {"options": [], "order": [], "weights": {}, "do_not_know": False}
    assert facts == [empty | row for row in QUESTIONS.values()]
    assert (questions["contract_months"].minimum, questions["contract_months"].maximum) == (1, 120)


def test_the_heaviest_answers_together_make_the_highest_score():
    questions = ENGINE.library.questions.values()

    assert sum(question.heaviest for question in questions) == ENGINE.library.score_maximum == 48


@pytest.mark.parametrize(
    ("answers", "tier", "triggers"),
    [
        ({}, 1, ()),
        ({"personal_data": ["health"]}, 2, ("L4",)),
        ({"direct_users": "public", "functions": ["converse"]}, 2, ("L1",)),
        ({"safety_component": "yes"}, 3, ("H2",)),
        ({"biometrics": "remote_post", "personal_data": ["biometric"]}, 4, ("H6", "V3", "L4")),
        ({"listed_areas": ["education"]}, 3, ("H1",)),
        ({"listed_areas": ["education"], "narrow_task": "yes"}, 1, ()),
        ({"listed_areas": ["education"], "narrow_task": "yes", "profiling": "yes"}, 3, ("H1",)),
        ({"listed_areas": ["education"], "narrow_task": "do_not_know"}, 3, ("H1",)),
        ({"worst_harm": "serious", "reversibility": "effort"}, 1, ()),
        ({"worst_harm": "serious", "reversibility": "hard"}, 3, ("H10",)),
        ({"worst_harm": "very_serious", "reversibility": "hard"}, 4, ("H10", "V2")),
        ({"worst_harm": "do_not_know", "reversibility": "hard"}, 4, ("H10", "V2")),
        ({"red_lines": ["social_scoring"]}, 0, ("STOP",)),
        ({"red_lines": ["social_scoring"], "legal_exception": "yes_documented"}, 0, ("STOP", "H8")),
        ({"red_lines": ["realtime_rbi"], "legal_exception": "yes_documented"}, 3, ("H8",)),
        ({"red_lines": ["realtime_rbi"]}, 0, ("STOP",)),
        ({"biometrics": "emotion", "staff_impact": "yes"}, 0, ("STOP", "H6")),
        ({"biometrics": "emotion", "staff_impact": "yes", "legal_exception": "yes_documented"}, 3, ("H6", "H8")),
        ({"biometrics": "emotion"}, 3, ("H6",)),
        ({"biometrics": "remote_realtime", "policy_domains": ["law_enforcement"]}, 0, ("STOP", "H6", "V3")),
    ],
)
def test_the_tier_of_a_purchase_harmless_but_for_a_few_answers(answers, tier, triggers):
    said = ENGINE.said(brief(**answers))

    assert (said.tier, said.triggers) == (tier, triggers)


@pytest.mark.parametrize(
    ("more", "score", "trigger"),
    [
        ({}, 11, None),
        ({"agent_autonomy": "with_confirmation"}, 12, "L5"),
        (TWELVE_MORE | {"supervision_capacity": "medium"}, 23, "L5"),
        (TWELVE_MORE, 24, "H9"),
    ],
)  # fmt: skip
def test_a_quarter_and_a_half_of_the_score_are_reached_exactly_there(more, score, trigger):
    eleven = brief(sensors="no_identifiable_persons", people_affected="gt100k", reversibility="hard",
                   vulnerable_people="yes", worst_harm="moderate", foundation_model="yes")  # fmt: skip

    said = ENGINE.said(eleven | more)

    assert said.score == score
    assert {"L5", "H9", "V4"} & set(said.triggers) == ({"L5", trigger} if trigger else set())


def test_at_stop_no_test_of_the_tier_holds():
    stopped = brief(red_lines=["manipulation"], personal_data=["ordinary"], supervision_capacity="low")

    said = ENGINE.said(stopped)

    assert said.tier == 0
    assert {"dpia", "register"} & set(said.flags) == set()
    assert "low-capacity-high-tier" not in said.conflicts


def test_a_flag_is_raised_by_what_is_not_known_and_a_conflict_is_not():
    unknown = brief(personal_data=["ordinary"], profiling="do_not_know", functions=["predict_person"])
    known = unknown | {"profiling": "no"}

    assert "dpia" in ENGINE.said(unknown).flags
    assert "prediction-without-profiling" not in ENGINE.said(unknown).conflicts
    assert "prediction-without-profiling" in ENGINE.said(known).conflicts


def test_a_trigger_that_holds_only_because_an_answer_is_not_known_is_told_apart():
    assessment = ENGINE.assessment(brief(safety_component="do_not_know", worst_harm="very_serious"))

    assert assessment.triggers == ("H2", "H10")
    assert assessment.uncertain == ("H2",)


def test_clauses_follow_the_decided_tier_and_flags_the_computed_one():
    high = brief(safety_component="yes", personal_data=["ordinary"])

    computed, lowered = ENGINE.assessment(high), ENGINE.assessment(high, 2)

    assert (lowered.computed_tier, lowered.tier) == (3, 2)
    assert lowered.flags == computed.flags
    assert set(ENGINE.clauses(high, 2)) < set(ENGINE.clauses(high))


def test_no_decision_lifts_a_stop():
    stopped = ENGINE.assessment(brief(red_lines=["manipulation"]), 1)

    assert (stopped.tier, ENGINE.selection(stopped).clauses) == (0, ())
