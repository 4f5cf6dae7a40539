"""Each check finds the fault it is there for: faults are planted in copies of the rules, and in the engine."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from clause_library.releases import shipped_library, shipped_release
from rules import conditions, selection
from rules.assessment import Assessment
from rules.library import library_from
from rules.selection import Selection
from tests.rules.briefs import random_briefs
from tests.rules.oracle import QUESTIONS, Expected
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

Bundle = dict[str, Any]
BRIEFS = list(random_briefs(1_000))
NEVER: dict[str, Any] = {"any": []}


def copy_of_the_edition() -> Bundle:
    release, versions = shipped_release()
    bodies = [versions[row["hash"]].body | {"hash": row["hash"]} for row in release.manifest["clauses"]]
    return release.manifest | {"clauses": bodies}


def row(bundle: Bundle, part: str, name: str) -> Any:
    (found,) = (row for row in bundle[part] if row["id"] == name)
    return found


def rewrite(value: Any, old: Any, new: Any) -> Any:
    """The value with every part equal to `old` replaced by `new`."""
    if value == old:
        return new
    if isinstance(value, dict):
        return {key: rewrite(part, old, new) for key, part in value.items()}
    return [rewrite(part, old, new) for part in value] if isinstance(value, list) else value


def all_for_any(value: Any) -> Any:
    """The condition with every "any" of it made an "all"."""
    if isinstance(value, dict):
        return {"all" if key == "any" else key: all_for_any(part) for key, part in value.items()}
    return [all_for_any(part) for part in value] if isinstance(value, list) else value


def drop(part: str, name: str) -> Callable[[Bundle], None]:
    return lambda bundle: bundle[part].remove(row(bundle, part, name))


def change(part: str, name: str, **facts: Any) -> Callable[[Bundle], None]:
    return lambda bundle: row(bundle, part, name).update(facts)


def flip(part: str, name: str) -> Callable[[Bundle], None]:
    def plant(bundle: Bundle) -> None:
        found = row(bundle, part, name)
        found["when"] = all_for_any(found["when"])

    return plant


def swap(part: str, name: str, old: Any, new: Any) -> Callable[[Bundle], None]:
    def plant(bundle: Bundle) -> None:
        found = row(bundle, part, name)
        found |= rewrite(found, old, new)

    return plant


def fact(name: str, condition: Any) -> Callable[[Bundle], None]:
    return lambda bundle: bundle["facts"].update({name: condition})


def invert(name: str) -> Callable[[Bundle], None]:
    return lambda bundle: bundle["facts"].update({name: {"not": bundle["facts"][name]}})


def soften(clause: str, requirement: str) -> Callable[[Bundle], None]:
    def plant(bundle: Bundle) -> None:
        (found,) = (one for one in row(bundle, "clauses", clause)["requirements"] if one["id"] == requirement)
        found["strength"] = dict.fromkeys(found["strength"], "informative")

    return plant


def ask_always(name: str) -> Callable[[Bundle], None]:
    return lambda bundle: row(bundle, "questions", name).pop("ask_when") and None


def reverse_clauses(bundle: Bundle) -> None:
    bundle["clauses"].reverse()


def say(name: str, text: str) -> Callable[[Bundle], None]:
    return lambda bundle: bundle["words"]["pt"]["sentences"].update({name: text})


IN_DATA = [
    ("a trigger is dropped", drop("triggers", "H4"), departures),
    ("a trigger brings a lower tier", change("triggers", "V1", tier=3), departures),
    ("a stop brings the lowest tier", change("triggers", "STOP", tier=1), departures),
    ("any of a trigger becomes all", flip("triggers", "H7"), departures),
    ("any of a flag becomes all", flip("flags", "dpia"), departures),
    ("at least becomes more than", swap("triggers", "H5", "10k_100k", "gt100k"), departures),
    ("half of the score becomes more than half", swap("triggers", "H9", [1, 2], [25, 48]), departures),
    ("a weight is lost", swap("questions", "non_ai_channel", {"no": 2}, {}), departures),
    ("a weight is one too low", swap("questions", "reversibility", 4, 3), departures),
    ("a condition of asking is lost", ask_always("narrow_task"), echoes),
    ("an answer to what is not asked counts", ask_always("training_on_buyer_data"), echoes),
    ("a fact is inverted", invert("generative"), departures),
    ("a red line is thought to have an exception", fact("red_line_without_exception", NEVER), departures),
    ("an implied red line is forgotten", fact("red_line", {"question": "red_lines", "is_not": "none"}), departures),
    ("a narrow task exempts although it recommends", fact("narrow_exempt", {"question": "narrow_task", "is": ["yes"]}),
     departures),
    ("a conflict is dropped", drop("conflicts", "services-with-system"), departures),
    ("a flag is raised by fewer answers", swap("flags", "eu-art-50", {"trigger": "L1"}, NEVER), departures),
    ("a clause comes one tier too late", swap("clauses", "HUM-02", {"tier_at_least": 3}, {"tier_at_least": 4}),
     broken_guarantees),
    ("a clause applies to fewer purchases", change("clauses", "GEN-02", when=NEVER), broken_guarantees),
    ("a clause applies to more purchases", change("clauses", "SEC-09", when={"fact": "always"}), departures),
    ("a guaranteed requirement is made informative", soften("SEC-01", "SEC-01.1"), broken_guarantees),
    ("a clause goes out at a higher tier", change("clauses", "RSK-01", when={"not": {"tier_at_least": 3}}), losses),
    ("a clause is lost", drop("clauses", "EXI-04"), gaps),
    ("the clauses change their order", reverse_clauses, gaps),
    ("the order of an answer is turned round",
     swap("questions", "worst_harm", ["negligible", "moderate", "serious", "very_serious"],
          ["very_serious", "serious", "moderate", "negligible"]), departures),
    ("a trigger holds for the middle answer only",
     change("triggers", "H3", when={"question": "effect_on_people", "is": ["limited"]}), falls),
    ("a clause is left out by what is not known",
     change("clauses", "CHG-04", when={"all": [{"question": "learns_in_production", "is": ["yes"]},
            {"not": {"trigger": "L5"}}]}), rash_doubts),
    ("a sentence has a placeholder nobody fills", say("in_because", "Incluída porque {{grounds}}."), poor_reasons),
    ("a sentence does not say what is behind it", say("out_because", "Não incluída: não se aplica."), poor_reasons),
    ("a sentence is empty", say("in_always", ""), poor_reasons),
]  # fmt: skip


def caught(check: Callable[..., Iterator[str]], engine: Engine) -> str | None:
    return next(check(engine, BRIEFS), None)


@pytest.mark.parametrize(("plant", "check"), [fault[1:] for fault in IN_DATA], ids=[fault[0] for fault in IN_DATA])
def test_a_fault_in_the_rules_is_found(plant, check):
    bundle = copy_of_the_edition()

    plant(bundle)

    assert caught(check, Engine(library_from(bundle, "planted")))


class LowestTriggerWins(Engine):
    def assessment(self, answers: Any, decided: int | None = None) -> Assessment:
        found = super().assessment(answers, decided)
        tiers = [trigger.tier for trigger in self.library.triggers if trigger.id in found.triggers]
        lowest = min(tiers, default=1)
        return replace(found, computed_tier=lowest, tier=lowest)


class NotKnownIsNo(Engine):
    def assessment(self, answers: Any, decided: int | None = None) -> Assessment:
        known = {
            name: (QUESTIONS[name].get("order") or ["rules"])[0] if answer == "do_not_know" else answer
            for name, answer in answers.items()
        }
        return super().assessment(known, decided)


class OnlyCertainTriggersHold(Engine):
    def said(self, answers: Any, decided: int | None = None) -> Expected:
        uncertain = self.assessment(answers, decided).uncertain
        found = super().said(answers, decided)
        return replace(found, triggers=tuple(name for name in found.triggers if name not in uncertain))


class UncertainConflictsAreRaised(Engine):
    def assessment(self, answers: Any, decided: int | None = None) -> Assessment:
        found = super().assessment(answers, decided)
        raised = [rule.id for rule in self.library.conflicts if rule.when.verdict(found.reading) is not False]
        return replace(found, conflicts=tuple(raised))


class DecidedTierIsForgotten(Engine):
    def assessment(self, answers: Any, _decided: int | None = None) -> Assessment:
        return super().assessment(answers)


class WhatIsNotKnownIsOut(Engine):
    def selection(self, assessment: Assessment) -> Selection:
        found = super().selection(assessment)
        return replace(found, clauses=tuple(entry for entry in found.clauses if not entry.triggered_by_bid))


class SelectsAtStop(Engine):
    def selection(self, assessment: Assessment) -> Selection:
        assessment.reading.tier = 1
        return super().selection(replace(assessment, tier=1))


@pytest.mark.parametrize(
    ("faulty", "check"),
    [
        (LowestTriggerWins, departures),
        (LowestTriggerWins, falls),
        (NotKnownIsNo, departures),
        (NotKnownIsNo, rash_doubts),
        (OnlyCertainTriggersHold, departures),
        (UncertainConflictsAreRaised, departures),
        (DecidedTierIsForgotten, departures),
        (WhatIsNotKnownIsOut, gaps),
        (WhatIsNotKnownIsOut, rash_doubts),
        (SelectsAtStop, gaps),
    ],
)
def test_a_fault_in_the_engine_is_found(faulty, check):
    assert caught(check, faulty(shipped_library()))


def test_grounds_that_leave_an_answer_out_are_found(monkeypatch):
    whole = conditions._grounds_of

    def first_ground(*arguments: Any, **options: Any) -> Iterator[conditions.Ground]:
        yield from list(whole(*arguments, **options))[:1]

    monkeypatch.setattr(conditions, "_grounds_of", first_ground)

    assert caught(loose_grounds, Engine(shipped_library()))


def test_a_short_form_that_forgets_what_a_guarantee_protects_is_found(monkeypatch):
    bundle = copy_of_the_edition()
    for one in row(bundle, "clauses", "AUD-01")["requirements"]:
        one["essential"] = False
    library = library_from(bundle, "planted")
    assert next(broken_guarantees(Engine(library), BRIEFS[:30]), None) is None

    monkeypatch.setattr(selection, "protected", lambda _library: frozenset())

    assert caught(broken_guarantees, Engine(library))


def test_rules_without_a_fault_pass_the_same_checks():
    engine = Engine(library_from(copy_of_the_edition(), "whole"))

    for check in (departures, gaps, losses):
        assert next(check(engine, BRIEFS[:60]), None) is None
