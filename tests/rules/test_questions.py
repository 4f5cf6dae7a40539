import pytest
from hypothesis import given, strategies

from rules.errors import BadAnswer
from rules.questions import LONGEST_TEXT, Question, read_answers

QUESTIONS = {
    row.id: row
    for row in (
        Question("problem", 1, "text"),
        Question("months", 1, "integer", minimum=1, maximum=120),
        Question("users", 1, "single", ("staff", "public")),
        Question("harm", 1, "single", ("low", "high"), ("low", "high"), {"high": 3, "low": 1}, do_not_know=True),
        Question("data", 1, "multiple", ("none", "health", "children"), (), {"health": 3, "children": 2}),
        Question("techniques", 1, "multiple", ("rules", "deep", "none"), (), {"deep": 2}, do_not_know=True),
    )
}


def refusal(given: dict[str, object]) -> BadAnswer:
    with pytest.raises(BadAnswer) as refused:
        read_answers(QUESTIONS, given)
    return refused.value


@pytest.mark.parametrize(
    ("question", "value", "code"),
    [
        ("colour", "red", "unknown_question"),
        ("", "red", "unknown_question"),
        ("users", "nobody", "unknown_option"),
        ("users", "", "unknown_option"),
        ("users", "do_not_know", "unknown_option"),
        ("users", "Staff", "unknown_option"),
        ("data", ["health", "shoes"], "unknown_option"),
        ("data", ["do_not_know"], "unknown_option"),
        ("data", "do_not_know", "unknown_option"),
        ("problem", 3, "wrong_type"),
        ("problem", None, "wrong_type"),
        ("problem", ["words"], "wrong_type"),
        ("problem", "x" * (LONGEST_TEXT + 1), "too_long"),
        ("months", "12", "wrong_type"),
        ("months", 12.0, "wrong_type"),
        ("months", True, "wrong_type"),
        ("months", None, "wrong_type"),
        ("months", 0, "out_of_range"),
        ("months", 121, "out_of_range"),
        ("months", -(10**40), "out_of_range"),
        ("users", ["staff"], "wrong_type"),
        ("users", 1, "wrong_type"),
        ("users", None, "wrong_type"),
        ("data", "health", "wrong_type"),
        ("data", {"health": True}, "wrong_type"),
        ("data", [["health"]], "wrong_type"),
        ("data", [1], "wrong_type"),
        ("data", None, "wrong_type"),
        ("data", ["none", "health"], "none_beside_others"),
        ("techniques", ["do_not_know", "none"], "none_beside_others"),
        ("techniques", ["do_not_know", "deep"], "do_not_know_beside_others"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_with_its_code_and_question(question, value, code):
    refused = refusal({question: value})

    assert (refused.code, refused.question) == (code, question)


@pytest.mark.parametrize(
    ("question", "value", "answer"),
    [
        ("problem", "Queues of an hour", "Queues of an hour"),
        ("problem", "x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("months", 1, 1),
        ("months", 120, 120),
        ("users", "public", "public"),
        ("harm", "do_not_know", "do_not_know"),
        ("data", ["none"], ("none",)),
        ("data", ["children", "health", "children"], ("health", "children")),
        ("techniques", "do_not_know", ("do_not_know",)),
        ("techniques", ["do_not_know"], ("do_not_know",)),
    ],
)
def test_an_answer_is_read_into_the_form_the_engine_wants(question, value, answer):
    assert read_answers(QUESTIONS, {question: value}) == {question: answer}


@pytest.mark.parametrize(("question", "value"), [("data", []), ("techniques", ()), ("problem", "")])
def test_an_empty_list_or_text_is_no_answer(question, value):
    assert read_answers(QUESTIONS, {question: value}) == {}


@given(strategies.permutations(["problem", "users", "data"]))
def test_answers_come_out_in_the_order_of_the_questions(names):
    given_answers = {"problem": "Queues", "users": "staff", "data": ["none"]}

    read = read_answers(QUESTIONS, {name: given_answers[name] for name in names})

    assert list(read) == ["problem", "users", "data"]


@pytest.mark.parametrize(
    ("question", "answer", "weight"),
    [
        ("harm", "high", 3),
        ("harm", "do_not_know", 3),
        ("data", ("health", "children"), 3),
        ("data", ("children",), 2),
        ("data", ("none",), 0),
        ("techniques", ("do_not_know",), 2),
        ("users", "public", 0),
        ("months", 3, 0),
        ("problem", "high", 0),
    ],
)
def test_the_heaviest_of_several_answers_counts_once_and_what_is_not_known_counts_as_the_heaviest(
    question, answer, weight
):
    assert QUESTIONS[question].weight(answer) == weight


def test_only_text_and_whole_numbers_may_stay_without_an_answer():
    assert [name for name, question in QUESTIONS.items() if question.may_be_absent] == ["problem", "months"]
