"""What must hold for every brief; `promises.py` says each in words."""

import json
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings

from clause_library.releases import shipped_library
from procurement.commands import assessed_line
from rules.sentences import Speaker
from tests.rules.briefs import brief, briefs, random_briefs
from tests.rules.oracle import CLAUSE_RULES
from tests.rules.promises import (
    Engine,
    broken_guarantees,
    departures,
    echoes,
    falls,
    gaps,
    loose_grounds,
    losses,
    poor_reasons,
    rash_doubts,
)

ENGINE = Engine(shipped_library())
PROMISES = [
    (falls, 40),
    (echoes, 60),
    (rash_doubts, 25),
    (losses, 60),
    (gaps, 200),
    (broken_guarantees, 60),
    (poor_reasons, 30),
    (loose_grounds, 60),
]


@pytest.mark.parametrize(("promise", "count"), PROMISES, ids=[promise.__name__ for promise, _ in PROMISES])
def test_a_promise_is_kept_for_many_briefs(promise, count):
    assert list(islice(promise(ENGINE, random_briefs(count, seed=count)), 3)) == []


@settings(max_examples=25, deadline=None)
@given(briefs)
def test_the_promises_are_kept_for_whatever_brief_is_thought_of(answers):
    for promise in (departures, falls, echoes, losses, gaps):
        assert list(promise(ENGINE, [answers])) == []


def in_language(answers: dict[str, Any], language: str) -> dict[str, Any]:
    return assessed_line(ENGINE.library, json.dumps(answers).encode(), 1, language)


def without_words(record: dict[str, Any]) -> dict[str, Any]:
    clauses = [entry | {"reasons": len(entry["reasons"])} for entry in record["clauses"]]
    excluded = [entry | {"reasons": len(entry["reasons"])} for entry in record["excluded"]]
    return record | {"tier_name": "", "clauses": clauses, "excluded": excluded}


def test_the_language_changes_words_and_nothing_else():
    for answers in random_briefs(40, seed=3):
        spanish, portuguese, english = (in_language(answers, language) for language in ("es", "pt", "en"))

        assert without_words(spanish) == without_words(portuguese) == without_words(english)
        assert list(spanish) == list(portuguese) == list(english)
        assert len({record["tier_name"] for record in (spanish, portuguese, english)}) > 1


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_clause_says_why_it_is_in_why_it_is_out_and_why_it_may_come_with_the_bid(language):
    found: dict[str, set[str]] = {"in": set(), "out": set(), "by_bid": set()}

    for answers in random_briefs(150, seed=5):
        record = in_language(answers, language)
        found["in"] |= {entry["id"] for entry in record["clauses"] if entry["reasons"] != [""]}
        found["out"] |= {entry["id"] for entry in record["excluded"] if entry["reasons"] != [""]}
        found["by_bid"] |= {entry["id"] for entry in record["clauses"] if entry["triggered_by_bid"]}

    of_agreements = {name for name, rule in CLAUSE_RULES.items() if rule == "partnership"}
    assert found["out"] == set(ENGINE.library.clauses)
    assert found["in"] == found["out"] - of_agreements
    assert len(found["by_bid"]) > 20


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_trigger_says_its_title_and_the_answers_behind_it(language):
    words = ENGINE.library.words[language]
    speaker, said = Speaker(ENGINE.library, language), dict[str, str]()

    for answers in random_briefs(2_000):
        assessment = ENGINE.assessment(answers)
        said |= {name: speaker.why_trigger(name, assessment) for name in assessment.triggers if name not in said}

    assert set(said) == {trigger.id for trigger in ENGINE.library.triggers}
    for name, sentence in said.items():
        assert sentence.startswith(words["triggers"][name]["title"])
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_a_reason_reads_as_a_sentence_a_person_would_say():
    record = in_language(brief(safety_component="yes"), "en")
    reasons = {entry["id"]: entry["reasons"] for entry in (*record["clauses"], *record["excluded"])}

    assert reasons["USE-01"] == ["It applies to every purchase."]
    assert reasons["GOV-07"] == [f"Included because the risk level is 3 ({record['tier_name']})."]
