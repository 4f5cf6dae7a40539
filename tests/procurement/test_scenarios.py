"""The worked cases a lawyer can write: answers in; tier, triggers, score and clauses out."""

import json
from pathlib import Path
from typing import Any

import pytest

from clause_library.releases import shipped_library
from procurement.worked import worked_purchases
from rules.assessment import assess
from rules.library import LANGUAGES
from rules.questions import read_answers
from rules.selection import select

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.json"))


def test_there_are_twelve_scenarios() -> None:
    assert len(SCENARIOS) == 12


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_comes_out_as_the_lawyers_wrote_it(path: Path) -> None:
    library, scenario = shipped_library(), _read(path)
    expected = scenario["expected"]

    assessment = assess(library, read_answers(library.questions, scenario["answers"]))
    chosen = {entry.clause.id for entry in select(library, assessment).clauses}

    assert assessment.tier == expected["tier"]
    assert list(assessment.triggers) == expected["triggers"]
    assert assessment.score == expected["score"]
    assert set(expected["must"]) <= chosen
    assert not set(expected["must_not"]) & chosen
    assert not assessment.ignored


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_is_told_in_every_language(path: Path) -> None:
    scenario = _read(path)

    assert all(set(scenario[part]) == set(LANGUAGES) for part in ("title", "summary", "problem"))


def test_the_eight_worked_purchases_are_scenarios_too() -> None:
    scenarios = {row["id"]: row for row in map(_read, SCENARIOS)}

    purchases = worked_purchases()

    assert len(purchases) == 8
    assert all(dict(row.answers) == scenarios[name]["answers"] for name, row in purchases.items())
    assert all(row.tier == scenarios[name]["expected"]["tier"] for name, row in purchases.items())


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
