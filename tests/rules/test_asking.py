"""Which questions are asked, at any depth: a chain is made up, for the edition has none."""

import pytest
from hypothesis import given, strategies

from rules.assessment import Reading, assess, missing_answers
from rules.errors import BadAnswer
from rules.library import Library
from rules.selection import select
from tests.rules.made_up import clause, library, question

POSSIBLE = ("no", "yes", "do_not_know")


def chain(length: int, *, through_facts: bool = False) -> Library:
    """Questions q0, q1, …: each asked when the one before is answered yes."""
    questions = [question("q0", weights={"yes": 1})]
    facts = {}
    for place in range(1, length):
        before = {"question": f"q{place - 1}", "is_not": "no"}
        facts[f"f{place}"] = before
        asked = {"fact": f"f{place}"} if through_facts else before
        questions.append(question(f"q{place}", ask_when=asked, weights={"yes": 1}))
    last = {"question": f"q{length - 1}", "is_not": "no"}
    return library(
        questions=list(reversed(questions)),
        facts=facts,
        triggers=[{"id": "T", "tier": 3, "when": last}],
        clauses=[clause("LAST-01", when=last), clause("NOT-01", when={"not": last})],
        score_maximum=length,
    )


A_TO_C = chain(3)


@pytest.mark.parametrize(
    ("a", "b", "c", "asked"),
    [
        ("yes", "yes", "yes", ["q0", "q1", "q2"]),
        ("no", "yes", "yes", ["q0"]),
        ("yes", "no", "yes", ["q0", "q1"]),
        ("do_not_know", "yes", "yes", ["q0", "q1", "q2"]),
        ("yes", "do_not_know", "no", ["q0", "q1", "q2"]),
        ("no", "do_not_know", "do_not_know", ["q0"]),
    ],
)
def test_a_question_behind_one_that_is_not_asked_is_not_asked_either(a, b, c, asked):
    read = Reading(A_TO_C, {"q0": a, "q1": b, "q2": c})

    assert [name for name in ("q0", "q1", "q2") if read.is_asked(name)] == asked


def test_an_answer_left_from_before_counts_for_nothing_two_questions_down():
    assessment = assess(A_TO_C, {"q0": "no", "q1": "yes", "q2": "yes"})
    selection = select(A_TO_C, assessment)

    assert (assessment.tier, assessment.score, assessment.triggers) == (1, 0, ())
    assert set(assessment.ignored) == {"q1", "q2"}
    assert [entry.clause.id for entry in selection.clauses] == ["NOT-01"]


def test_answers_behind_an_answer_that_is_not_known_count():
    assessment = assess(A_TO_C, {"q0": "do_not_know", "q1": "yes", "q2": "yes"})

    assert (assessment.tier, assessment.score, assessment.ignored) == (3, 3, ())


@given(strategies.lists(strategies.sampled_from(POSSIBLE), min_size=1, max_size=30), strategies.booleans())
def test_in_a_chain_of_any_length_answers_count_up_to_the_first_no(given_answers, through_facts):
    made = chain(len(given_answers), through_facts=through_facts)
    counted = (given_answers.index("no") + 1) if "no" in given_answers else len(given_answers)

    assessment = assess(made, {f"q{place}": answer for place, answer in enumerate(given_answers)})

    assert set(assessment.ignored) == {f"q{place}" for place in range(counted, len(given_answers))}
    assert assessment.score == sum(answer != "no" for answer in given_answers[:counted])
    assert assessment.tier == (1 if "no" in given_answers else 3)
    assert assessment.uncertain == (("T",) if "no" not in given_answers and given_answers[-1] == "do_not_know" else ())


def test_a_brief_is_complete_without_answers_to_what_is_not_asked():
    assert missing_answers(A_TO_C, {"q0": "no"}) == ()
    assert missing_answers(A_TO_C, {"q0": "yes"}) == ("q1",)
    assert missing_answers(A_TO_C, {}) == ("q0",)


def test_a_brief_with_a_question_asked_and_not_answered_is_refused():
    with pytest.raises(BadAnswer) as refused:
        assess(A_TO_C, {"q0": "yes", "q2": "yes"})

    assert (refused.value.code, refused.value.question) == ("missing_answer", "q1")


def test_free_text_and_whole_numbers_may_stay_without_an_answer():
    made = library(questions=[question("why", type="text", options=[]), question("months", type="integer", options=[])])

    assert assess(made, {}).tier == 1
