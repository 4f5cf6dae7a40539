import pytest

from rules.errors import BrokenLibrary
from rules.library import library_from
from tests.rules.made_up import bundle, clause, question, requirement

YES = {"question": "a", "is": ["yes"]}
A = question("a")


def refusal(**parts: object) -> BrokenLibrary:
    with pytest.raises(BrokenLibrary) as refused:
        library_from(bundle(**({"questions": [A]} | parts)), "made up")
    return refused.value


LEANING = [
    ("fact F", lambda test: {"facts": {"F": test}}),
    ("trigger T", lambda test: {"triggers": [{"id": "T", "tier": 2, "when": test}]}),
    ("flag R", lambda test: {"flags": [{"id": "R", "when": test}]}),
    ("conflict K", lambda test: {"conflicts": [{"id": "K", "when": test}]}),
    ("guarantee G", lambda test: {"guarantees": [{"id": "G", "when": test, "requirements": []}]}),
    ("question b", lambda test: {"questions": [A, question("b", ask_when=test)]}),
    ("clause AA-01", lambda test: {"clauses": [clause("AA-01", when=test)]}),
    ("requirement AA-01.1", lambda test: {"clauses": [clause("AA-01", requirement("AA-01.1", when=test))]}),
]


@pytest.mark.parametrize(("where", "parts"), LEANING)
@pytest.mark.parametrize(
    ("test", "problem"),
    [
        ({"question": "z", "is": ["yes"]}, "there is no question z"),
        ({"not": {"any": [YES, {"question": "z", "is_not": "no"}]}}, "there is no question z"),
        ({"question": "a", "is": ["yes", "perhaps"]}, "question a has no option perhaps"),
        ({"question": "a", "is_not": "perhaps"}, "question a has no option perhaps"),
        ({"question": "a", "at_least": "perhaps"}, "question a has no option perhaps"),
        ({"fact": "unheard"}, "there is no fact unheard"),
        ({"all": [YES, {"not": {"trigger": "unheard"}}]}, "there is no trigger unheard"),
        ({"flag": "unheard"}, "there is no flag unheard"),
    ],
)
def test_a_library_that_leans_on_what_is_not_there_is_refused_with_the_place(where, parts, test, problem):
    refused = refusal(**parts(test))

    assert refused.where == where
    assert refused.problem == problem


@pytest.mark.parametrize(
    "facts",
    [
        {"F": {"fact": "F"}},
        {"F": {"all": [YES, {"not": {"fact": "G"}}]}, "G": {"any": [{"fact": "H"}]}, "H": {"fact": "F"}},
    ],
)
def test_facts_that_lean_on_themselves_are_refused(facts):
    refused = refusal(facts=facts)

    assert "leans on itself" in refused.problem


def test_a_circle_through_facts_triggers_and_flags_is_refused():
    refused = refusal(
        facts={"F": {"trigger": "T"}},
        triggers=[{"id": "T", "tier": 2, "when": {"flag": "R"}}],
        flags=[{"id": "R", "when": {"fact": "F"}}],
    )

    assert "leans on itself" in refused.problem


@pytest.mark.parametrize(
    "parts",
    [
        {"questions": [question("a", ask_when={"question": "a", "is": ["yes"]})]},
        {"questions": [question("a", ask_when={"question": "b", "is": ["yes"]}), question("b", ask_when=YES)]},
        {"questions": [question("a", ask_when={"fact": "F"})], "facts": {"F": YES}},
    ],
)
def test_questions_asked_depending_on_themselves_are_refused(parts):
    refused = refusal(**parts)

    assert refused.where == "question a"
    assert "depending on itself" in refused.problem


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("trigger T", {"triggers": [{"id": "T", "tier": 2, "when": {"tier_at_least": 2}}]}),
        ("trigger T", {"triggers": [{"id": "T", "tier": 2, "when": {"flag": "R"}}]}),
        ("question b", {"questions": [A, question("b", ask_when={"any": [YES, {"score_at_least": [1, 2]}]})]}),
        ("question b", {"questions": [A, question("b", ask_when={"not": {"flag": "R"}})]}),
    ],
)
def test_what_decides_the_tier_or_the_score_cannot_ask_for_them(where, parts):
    refused = refusal(**({"flags": [{"id": "R", "when": {"any": [YES, {"tier_at_least": 2}]}}]} | parts))

    assert refused.where == where
    assert "tier" in refused.problem


def test_at_least_needs_a_question_with_an_order():
    refused = refusal(questions=[question("a", order=[])], facts={"F": {"question": "a", "at_least": "yes"}})

    assert (refused.where, refused.problem) == ("fact F", "question a has no order")


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("question a", {"questions": [question("a", type="colour")]}),
        ("requirement AA-01.1", {"clauses": [clause("AA-01", requirement("AA-01.1", kind="nice"))]}),
        ("requirement AA-01.1", {"clauses": [clause("AA-01", requirement("AA-01.1", owed_by="nobody"))]}),
        ("requirement AA-01.1", {"clauses": [clause("AA-01", requirement("AA-01.1", moment="never"))]}),
        ("requirement AA-01.1", {"clauses": [clause("AA-01", requirement("AA-01.1", strength={"3": "weak"}))]}),
        ("parameter days", {"parameters": [{"name": "days", "type": "colour"}]}),
        ("parameter days", {"parameters": [
            {"name": "days", "type": "int", "conditional": [{"when": {"fact": "unheard"}, "value": 1}]}
        ]}),
    ],
)  # fmt: skip
def test_a_value_outside_its_closed_list_is_refused_with_the_place(where, parts):
    assert refusal(**parts).where == where
