from decimal import Decimal
from typing import Any

import pytest

from clause_library.releases import shipped_library
from procurement.errors import BadInput
from procurement.parameters import LONGEST_WORDS, Filled, fill, parameters_used, read_parameters
from rules.assessment import assess
from rules.questions import read_answers
from rules.selection import select
from tests.rules.briefs import brief
from tests.rules.made_up import library, question

LIBRARY = shipped_library()
PARAMETERS: list[dict[str, Any]] = [
    {"name": "days", "type": "int", "minimum": 1, "maximum": 60, "defaults": {"1": 30, "3": 10}},
    {"name": "share", "type": "decimal", "minimum": "0.5", "maximum": 10, "defaults": {"2": "2.5"}},
    {"name": "kept", "type": "int", "minimum": 0, "maximum": 365, "defaults": {"1": 30, "4": 30},
     "conditional": [{"when": {"question": "secret", "is": ["yes"]}, "value": 0}]},
    {"name": "metric", "type": "enum", "choices": ["recall", "precision"]},
    {"name": "grounds", "type": "multi", "in_words": True},
]  # fmt: skip
PLACES = ("here", "strict", "impossible", "nothing", "other")
MADE_UP = library(
    questions=[question("buyer_jurisdiction", options=list(PLACES), order=[]), question("secret")],
    parameters=PARAMETERS,
    jurisdictions={
        "here": {},
        "other": {},
        "strict": {"bounds": [
            {"parameter": "days", "minimum": 5, "maximum": 20, "because_es": "La ley", "because_en": "The law"},
        ]},
        "impossible": {"bounds": [{"parameter": "days", "minimum": 0, "maximum": 100}]},
        "nothing": {"bounds": [{"parameter": "kept", "maximum": 0}]},
    },
)  # fmt: skip


def filled(name: str, given: object = None, *, place: str = "here", confidential: str = "no", tier: int = 1) -> Filled:
    assessment = assess(MADE_UP, {"buyer_jurisdiction": place, "secret": confidential}, tier)
    return fill(MADE_UP, assessment, [name], {} if given is None else {name: given})[name]


def refusal(name: str, given: object, place: str = "here") -> BadInput:
    with pytest.raises(BadInput) as refused:
        filled(name, given, place=place)
    return refused.value


@pytest.mark.parametrize(("tier", "value"), [(1, 30), (2, 10), (3, 10)])
def test_the_default_is_that_of_the_tier_or_of_the_next_one_above(tier, value):
    found = filled("days", tier=tier)

    assert (found.value, found.default, found.origin) == (value, value, "default")


def test_a_parameter_without_a_default_is_unfilled():
    found = filled("days", tier=4)

    assert (found.value, found.default, found.origin) == (None, None, "unfilled")
    assert filled("metric").origin == "unfilled"


def test_a_default_said_in_words_is_no_gap():
    found = filled("grounds")

    assert (found.value, found.origin) == (None, "words")
    assert filled("grounds", ["age", " sex "]).value == ("age", "sex")


def test_a_value_given_comes_before_the_default():
    found = filled("days", 45)

    assert (found.value, found.default, found.origin) == (45, 30, "given")


@pytest.mark.parametrize("given", [1, 60, "45", " 45 "])
def test_bounds_belong_to_what_is_allowed(given):
    assert filled("days", given).value == int(given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("days", 0), ("days", 61), ("days", -3), ("days", "1.000"), ("days", "1,000"), ("days", "1e1"), ("days", 4.5),
        ("days", True), ("days", "many"), ("days", ""), ("days", [4]), ("days", "9" * 400), ("days", "1e999999"),
        ("share", "0.49"), ("share", 10.01), ("share", "1.000,5"), ("share", "NaN"), ("share", "Infinity"),
        ("share", False), ("share", ""), ("share", "1e999999"),
        ("metric", "Recall"), ("metric", ""), ("metric", ["recall"]),
        ("grounds", []), ("grounds", ""), ("grounds", "  "), ("grounds", ["age", ""]), ("grounds", [["age"]]),
        ("grounds", [3]), ("grounds", 3), ("grounds", {"age": True}), ("grounds", "x" * (LONGEST_WORDS + 1)),
        ("grounds", ["x" * LONGEST_WORDS, "y"]),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_or_out_of_bounds_is_refused(name, given):
    refused = refusal(name, given)

    assert (refused.code, refused.field) == ("bad_value", name)
    assert len(refused.value) <= 120


@pytest.mark.parametrize("given", ["2,75", "2.75", 2.75, " 2,75 "])
def test_a_decimal_is_written_with_a_comma_or_a_point(given):
    assert filled("share", given, tier=2).value == Decimal("2.75")


def test_the_place_of_the_buyer_narrows_the_bounds_and_says_why():
    found = filled("days", place="strict")

    assert (found.minimum, found.maximum) == (5, 20)
    assert found.bounds_because == {"es": "La ley", "en": "The law", "pt": ""}
    assert filled("days").bounds_because == {}


def test_a_default_outside_the_bounds_of_the_place_is_moved_inside():
    assert filled("days", place="strict").value == 20
    assert type(filled("days", place="strict").value) is int


def test_a_value_outside_the_bounds_of_the_place_is_refused_with_the_bounds():
    refused = refusal("days", 30, place="strict")

    assert refused.value == "30 (5 – 20)"


def test_the_place_of_the_buyer_never_widens_the_bounds():
    found = filled("days", place="impossible")

    assert (found.minimum, found.maximum) == (1, 60)


def test_a_place_may_allow_nothing_but_zero():
    found = filled("kept", place="nothing")

    assert (found.maximum, found.value) == (0, 0)
    assert refusal("kept", 1, place="nothing").code == "bad_value"


@pytest.mark.parametrize(("confidential", "value"), [("yes", 0), ("no", 30), ("do_not_know", 30)])
def test_a_conditional_default_comes_first_where_its_condition_holds_for_certain(confidential, value):
    found = filled("kept", confidential=confidential)

    assert (found.value, found.origin) == (value, "default")


@pytest.mark.parametrize(("confidentiality", "days"), [("confidential", 0), ("secret", 0), ("internal", 30)])
def test_the_supplier_keeps_no_prompts_where_information_is_confidential(confidentiality, days):
    answers = brief(techniques=["generative"], functions=["generate_content"], confidentiality=confidentiality)
    assessment = assess(LIBRARY, read_answers(LIBRARY.questions, answers))

    found = fill(LIBRARY, assessment, ["prompt_retention_days"], {})

    assert found["prompt_retention_days"].value == days


def test_an_unknown_parameter_is_refused_by_its_name():
    with pytest.raises(BadInput) as refused:
        read_parameters(MADE_UP, {"hours": 3})

    assert (refused.value.code, refused.value.field) == ("unknown_parameter", "hours")


def test_values_are_read_by_their_type():
    given = {"days": "7", "share": "0,5", "metric": "recall", "grounds": "age"}

    assert read_parameters(MADE_UP, given) == {"days": 7, "share": Decimal("0.5"), "metric": "recall", "grounds": "age"}


def test_the_parameters_of_a_tender_are_those_its_texts_use():
    harmless = assess(LIBRARY, read_answers(LIBRARY.questions, brief()))
    high = assess(LIBRARY, read_answers(LIBRARY.questions, brief(safety_component="yes")))

    few = parameters_used(LIBRARY, select(LIBRARY, harmless).clauses)
    many = parameters_used(LIBRARY, select(LIBRARY, high).clauses)

    assert set(few) < set(many)
    assert list(many) == [name for name in LIBRARY.parameters if name in many]


@pytest.mark.parametrize("place", sorted(LIBRARY.jurisdictions))
@pytest.mark.parametrize("tier", [1, 2, 3, 4])
def test_every_default_of_the_edition_lies_within_its_bounds_everywhere(place, tier):
    assessment = assess(LIBRARY, read_answers(LIBRARY.questions, brief(buyer_jurisdiction=place)), tier)

    for name, found in fill(LIBRARY, assessment, LIBRARY.parameters, {}).items():
        if isinstance(found.value, (int, Decimal)):
            again = fill(LIBRARY, assessment, [name], {name: found.value})[name]
            assert again.value == found.value
