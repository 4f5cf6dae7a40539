"""Small conditions answered by the engine, one brief after the other, to see that the formulas say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from rules.assessment import Reading
from rules.conditions import (
    DO_NOT_KNOW,
    INSTRUMENTS,
    TENDER,
    Condition,
    Instrument,
    ScoreAtLeast,
    TierAtLeast,
    names_in,
    questions_in,
)
from rules.library import TIERS, Library
from rules.questions import NONE, Answer, Question
from rules.solver import DECIDED, EveryBrief, Formula, Solver, as_formulas, both, either

# How many briefs may differ to a small condition.
SMALL = 100


@dataclass(frozen=True)
class Scope:
    """What a condition rests on, through names and through what makes a question asked."""

    questions: tuple[str, ...]
    tier: bool
    instrument: bool
    score: bool


def disagreements(brief: EveryBrief, solver: Solver) -> Iterator[str]:
    """The small conditions of which engine and formula do not say the same of every brief, as "kind name"."""
    for condition, where in conditions_in(brief.library).items():
        scope = scope_of(brief.library, condition)
        if scope.score or _size(brief.library, scope) > SMALL:
            continue
        truth = brief.truth(condition, DECIDED)
        certain, possible = _by_the_engine(brief, condition, scope)
        if solver.example(either([truth.certain != either(certain), truth.possible != either(possible)])):
            yield where


def conditions_in(library: Library) -> dict[Condition, str]:
    """Each condition of a library once, with one of the places where it stands."""
    found: dict[Condition, str] = {}
    for kind, named in library.conditions.items():
        found |= {condition: f"{kind} {name}" for name, condition in named.items()}
    found |= {rule.when: f"conflict {rule.id}" for rule in library.conflicts}
    found |= {clause.when: f"clause {clause.id}" for clause in library.clauses.values()}
    found |= {guarantee.when: f"guarantee {guarantee.id}" for guarantee in library.guarantees}
    return found


def scope_of(library: Library, condition: Condition) -> Scope:
    """What a condition rests on."""
    parts = set(_parts(library, condition))
    questions = {name for part in parts for name in questions_in(part)}
    kinds = {type(part) for part in parts}
    return Scope(tuple(sorted(questions)), TierAtLeast in kinds, Instrument in kinds, ScoreAtLeast in kinds)


def briefs_in(library: Library, scope: Scope) -> Iterator[tuple[dict[str, Answer], int, str]]:
    """Every brief that can differ to a condition: answers, tier and instrument."""
    tiers = TIERS if scope.tier else TIERS[:1]
    instruments = INSTRUMENTS if scope.instrument else (TENDER,)
    given = (_answers(library.questions[name]) for name in scope.questions)
    for answers in product(*given):
        for tier, instrument in product(tiers, instruments):
            yield dict(zip(scope.questions, answers, strict=True)), tier, instrument


def _parts(library: Library, condition: Condition) -> Iterator[Condition]:
    yield condition
    for name in questions_in(condition):
        asked = library.questions[name].ask_when
        if asked is not None:
            yield from _parts(library, asked)
    for named in names_in(condition):
        yield from _parts(library, library.named_condition(named.kind, named.name))
    for part in condition.parts():
        yield from _parts(library, part)


def _by_the_engine(brief: EveryBrief, condition: Condition, scope: Scope) -> tuple[list[Formula], list[Formula]]:
    """The briefs of which the engine says yes, and those of which it does not say no."""
    certain, possible = [], []
    for answers, tier, instrument in briefs_in(brief.library, scope):
        reading = Reading(brief.library, answers, instrument)
        reading.tier = tier
        verdict = condition.verdict(reading)
        given = list(as_formulas(brief, answers).values())
        given += [brief.decided(tier)] * scope.tier + [brief.instruments[instrument]] * scope.instrument
        certain += [both(given)] * (verdict is True)
        possible += [both(given)] * (verdict is not False)
    return certain, possible


def _size(library: Library, scope: Scope) -> int:
    tiers = len(TIERS) if scope.tier else 1
    instruments = len(INSTRUMENTS) if scope.instrument else 1
    return tiers * instruments * prod(_ways(library.questions[name]) for name in scope.questions)


def _ways(question: Question) -> int:
    """How many answers a question can have."""
    if question.type == "single":
        return len(question.options) + question.do_not_know
    several = len([option for option in question.options if option != NONE])
    return (1 << several) - 1 + (NONE in question.options) + question.do_not_know


def _answers(question: Question) -> Iterator[Answer]:
    if question.type == "single":
        yield from question.options
        yield from [DO_NOT_KNOW] * question.do_not_know
        return
    several = [option for option in question.options if option != NONE]
    for count in range(1, len(several) + 1):
        yield from combinations(several, count)
    yield from [(NONE,)] * (NONE in question.options)
    yield from [(DO_NOT_KNOW,)] * question.do_not_know
