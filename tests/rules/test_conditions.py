from itertools import product

import pytest

from rules.conditions import SCORE_GROUND, TIER_GROUND, Condition, Ground, condition_from, names_in, questions_in
from rules.errors import BrokenLibrary
from tests.rules.made_up import library, question, reading

LIBRARY = library(
    questions=[
        question("a"),
        question("b", weights={"yes": 3}),
        question("c"),
        question("harm", options=["low", "middle", "high"], order=["low", "middle", "high"]),
        question("data", type="multiple", options=["none", "health", "children"], order=[]),
        question("later", ask_when={"question": "a", "is": ["yes"]}),
    ],
    facts={"a_holds": {"question": "a", "is": ["yes"]}, "later_not_no": {"question": "later", "is_not": "no"}},
    triggers=[{"id": "T", "tier": 2, "when": {"fact": "a_holds"}}],
    score_maximum=4,
)
ANSWER = {True: "yes", False: "no", None: "do_not_know"}
A, B, C = ({"question": name, "is": ["yes"]} for name in "abc")


def condition(data: object) -> Condition:
    return condition_from(data, "here")


def verdict(data: object, /, **answers: object) -> bool | None:
    return condition(data).verdict(reading(LIBRARY, **answers))


def grounds(data: object, /, **answers: object) -> list[str]:
    return [ground.question for ground in condition(data).grounds(reading(LIBRARY, **answers))]


@pytest.mark.parametrize(("first", "second"), list(product((True, False, None), repeat=2)))
def test_all_any_and_not_know_yes_no_and_unknown(first, second):
    answers = {"a": ANSWER[first], "b": ANSWER[second]}

    everything, something = verdict({"all": [A, B]}, **answers), verdict({"any": [A, B]}, **answers)

    assert everything is (False if False in (first, second) else None if None in (first, second) else True)
    assert something is (True if True in (first, second) else None if None in (first, second) else False)
    assert verdict({"not": A}, **answers) is (None if first is None else not first)


def test_all_of_nothing_holds_and_any_of_nothing_does_not():
    assert verdict({"all": []}) is True
    assert verdict({"any": []}) is False
    assert verdict({"fact": "always"}) is True


@pytest.mark.parametrize(
    "test",
    [
        {"question": "later", "is": ["yes"]},
        {"question": "later", "is_not": "no"},
        {"question": "later", "at_least": "no"},
        {"fact": "later_not_no"},
    ],
)
@pytest.mark.parametrize("answers", [{"a": "no", "later": "yes"}, {"a": "yes"}, {"a": "no", "later": "do_not_know"}])
def test_every_test_of_a_question_not_asked_or_not_answered_is_false(test, answers):
    assert verdict(test, **answers) is False


@pytest.mark.parametrize(
    ("answer", "is_yes", "is_not_yes"),
    [("yes", True, False), ("no", False, True), ("do_not_know", None, None)],
)
def test_a_test_of_one_answer_is_yes_no_or_unknown(answer, is_yes, is_not_yes):
    assert verdict({"question": "a", "is": ["yes"]}, a=answer) is is_yes
    assert verdict({"question": "a", "is_not": "yes"}, a=answer) is is_not_yes
    assert verdict({"question": "a", "is": ["no", "yes"]}, a=answer) is (None if answer == "do_not_know" else True)


@pytest.mark.parametrize(
    ("answer", "includes_health", "is_not_health"),
    [
        (("health",), True, False),
        (("health", "children"), True, False),
        (("children",), False, True),
        (("none",), False, True),
        (("do_not_know",), None, None),
    ],
)
def test_a_test_of_several_answers_looks_at_each(answer, includes_health, is_not_health):
    assert verdict({"question": "data", "includes": ["health"]}, data=answer) is includes_health
    assert verdict({"question": "data", "is_not": "health"}, data=answer) is is_not_health


@pytest.mark.parametrize(("answer", "holds"), [("low", False), ("middle", True), ("high", True), ("do_not_know", None)])
def test_at_least_holds_from_its_option_on(answer, holds):
    assert verdict({"question": "harm", "at_least": "middle"}, harm=answer) is holds


def test_a_tier_is_reached_from_its_number_on_and_never_at_stop():
    state = reading(LIBRARY)

    reached = {}
    for tier in range(5):
        state.tier = tier
        reached[tier] = condition({"tier_at_least": 2}).verdict(state)

    assert reached == {0: False, 1: False, 2: True, 3: True, 4: True}


def test_a_share_of_the_score_is_compared_in_whole_numbers():
    state = reading(LIBRARY, b="yes")

    reached = {share: condition({"score_at_least": share}).verdict(state) for share in ((3, 4), (7, 9), (1, 1))}

    assert reached == {(3, 4): True, (7, 9): False, (1, 1): False}


def test_the_grounds_of_a_yes_are_what_held():
    assert grounds({"all": [A, B]}, a="yes", b="yes") == ["a", "b"]
    assert grounds({"any": [A, B]}, a="no", b="yes") == ["b"]
    assert grounds({"not": A}, a="no") == ["a"]


def test_the_grounds_of_a_no_are_what_failed():
    assert grounds({"all": [A, B]}, a="yes", b="no") == ["b"]
    assert grounds({"any": [A, B]}, a="no", b="no") == ["a", "b"]
    assert grounds({"not": A}, a="yes") == ["a"]


def test_the_grounds_of_an_unknown_are_what_is_not_known():
    assert grounds({"all": [A, B, C]}, a="yes", b="do_not_know", c="do_not_know") == ["b", "c"]
    assert grounds({"any": [A, B]}, a="no", b="do_not_know") == ["b"]


def test_the_grounds_of_a_name_are_those_of_what_it_stands_for():
    assert grounds({"trigger": "T"}, a="yes") == ["a"]
    assert grounds({"fact": "later_not_no"}, a="yes", later="yes") == ["later"]


def test_the_tier_the_score_and_each_test_of_an_answer_are_grounds():
    state = reading(LIBRARY, harm="low")
    every = {"all": [{"tier_at_least": 1}, {"score_at_least": [1, 2]}, {"question": "harm", "at_least": "high"}]}

    found = list(condition(every).grounds(state))

    assert found == [TIER_GROUND, SCORE_GROUND, Ground("answer", "harm")]


def test_a_condition_names_the_questions_and_names_it_leans_on():
    nested = condition({"any": [{"not": {"fact": "a_holds"}}, {"all": [B, {"question": "harm", "is_not": "low"}]}]})

    assert [named.name for named in names_in(nested)] == ["a_holds"]
    assert list(questions_in(nested)) == ["b", "harm"]


@pytest.mark.parametrize(
    "data",
    [
        "yes", None, 3, [], {}, {"all": "a"}, {"all": {"fact": "a"}}, {"either": []}, {"fact": 3}, {"fact": ["a"]},
        {"tier_at_least": "3"}, {"score_at_least": 3}, {"score_at_least": [1]}, {"score_at_least": [1, 2, 3]},
        {"score_at_least": ["1", "2"]}, {"fact": "a", "trigger": "b"}, {"question": "a"},
        {"question": "a", "is": "yes"}, {"question": "a", "is": ["yes"], "is_not": "no"},
        {"question": "a", "is_not": ["no"]}, {"question": "a", "at_least": ["no"]}, {"question": "a", "matches": "y"},
        {"question": 3, "is": ["yes"]}, {"tier_at_least": True}, {"tier_at_least": 0}, {"tier_at_least": 5},
        {"score_at_least": [1, 0]}, {"score_at_least": [3, 2]},
    ],
)  # fmt: skip
def test_what_is_not_a_condition_is_refused_with_its_place(data):
    with pytest.raises(BrokenLibrary) as refused:
        condition_from(data, "clause DQ-03")

    assert refused.value.where == "clause DQ-03"
    assert refused.value.problem
