"""How long an assessment takes, as ratios: `python bench/assess.py`.

Two questions. How far is the engine, which also says on what each clause rests and with which requirements it stands,
from one Python function generated from the same conditions, which says only what holds? And how does it grow from the
clauses there are to a thousand? Rounds are interleaved, so that whatever else the machine does falls on all alike;
medians are compared.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from clause_library.releases import shipped_library  # noqa: E402 (the project is found first)
from rules.assessment import assess  # noqa: E402
from rules.conditions import (  # noqa: E402
    DO_NOT_KNOW,
    All,
    Among,
    AtLeast,
    Condition,
    IsNot,
    Named,
    Not,
    ScoreAtLeast,
    TierAtLeast,
)
from rules.conditions import Any as AnyOf  # noqa: E402
from rules.library import Clause, Library  # noqa: E402
from rules.questions import Answer, Question, read_answers  # noqa: E402
from rules.selection import select  # noqa: E402

ROUNDS = 60
MANY_CLAUSES = 1_000
Brief = Mapping[str, Answer]
Assessed = Callable[[Brief], Any]


class Generator:
    """Writes the conditions of a library as one Python function.

    Each condition is two expressions: what holds for certain, and what holds if the unknown were as bad as can be.
    """

    def __init__(self, library: Library) -> None:
        self.library = library

    def function(self) -> Assessed:
        """A function from answers to the tier and the ids of triggers, flags, conflicts and clauses that hold."""
        namespace: dict[str, Any] = {}
        exec(compile("\n".join(self._lines()), "<generated>", "exec"), namespace)  # noqa: S102 (our own source)
        generated: Assessed = namespace["generated"]
        return generated

    def _lines(self) -> Iterator[str]:
        library = self.library
        yield "def generated(answers):"
        yield "    score = 0"
        for question in self._in_order_of_asking():
            yield from self._question(question)
        for name in self._facts_in_order():
            yield from self._pair(f"fact_{name}", library.facts[name])
        yield "    stopped, tier = False, 1"
        for trigger in library.triggers:
            yield from self._pair(f"trigger_{trigger.id}", trigger.when)
            effect = "stopped = True" if trigger.tier == 0 else f"tier = max(tier, {trigger.tier})"
            yield f"    if trigger_{trigger.id}_possible: {effect}"
        yield "    if stopped: tier = 0"
        for flag in library.flags:
            yield from self._pair(f"flag_{flag.id}", flag.when)
        rows = [(row.id, f"trigger_{row.id}_possible") for row in library.triggers]
        rows += [(_name(row.id), f"{_name(f'flag_{row.id}')}_possible") for row in library.flags]
        rows += [(row.id, self._certain(row.when)) for row in library.conflicts]
        rows += [(row.id, f"tier and {self._possible(row.when)}") for row in library.clauses.values()]
        yield "    held = []"
        for name, test in rows:
            yield f"    if {test}: held.append({name!r})"
        yield "    return tier, held"

    def _question(self, question: Question) -> Iterator[str]:
        name = f"q_{question.id}"
        yield f"    {name} = answers.get({question.id!r})"
        if question.ask_when is not None:
            yield f"    if not ({self._possible(question.ask_when)}): {name} = None"
        if question.weights:
            weights = {**question.weights, DO_NOT_KNOW: question.heaviest}
            if question.type == "multiple":
                yield f"    if {name}: score += max({weights}.get(option, 0) for option in {name})"
            else:
                yield f"    score += {weights}.get({name}, 0)"
        if question.type == "multiple":
            yield f"    {name} = frozenset({name} or ())"

    def _pair(self, name: str, condition: Condition) -> Iterator[str]:
        yield f"    {_name(name)}_certain = {self._certain(condition)}"
        yield f"    {_name(name)}_possible = {self._possible(condition)}"

    def _certain(self, condition: Condition) -> str:
        return self._expression(condition, certain=True)

    def _possible(self, condition: Condition) -> str:
        return self._expression(condition, certain=False)

    def _expression(self, condition: Condition, *, certain: bool) -> str:
        match condition:
            case All() | AnyOf():
                word = " and " if isinstance(condition, All) else " or "
                parts = (self._expression(part, certain=certain) for part in condition.conditions)
                return f"({word.join(parts)})" if condition.conditions else str(isinstance(condition, All))
            case Not():
                return f"(not {self._expression(condition.condition, certain=not certain)})"
            case Named():
                return f"{_name(f'{condition.kind}_{condition.name}')}_{'certain' if certain else 'possible'}"
            case TierAtLeast():
                return f"tier >= {condition.tier}"
            case ScoreAtLeast():
                return f"score * {condition.denominator} >= {condition.numerator * self.library.score_maximum}"
            case Among():
                return self._among(condition.question, condition.options, certain=certain)
            case AtLeast():
                order = self.library.questions[condition.question].order
                return self._among(condition.question, order[order.index(condition.option) :], certain=certain)
            case IsNot():
                return self._is_not(condition, certain=certain)
        raise TypeError(condition)

    def _among(self, question: str, options: tuple[str, ...], *, certain: bool) -> str:
        wanted = options if certain else (*options, DO_NOT_KNOW)
        if self.library.questions[question].type == "multiple":
            return f"(not q_{question}.isdisjoint({wanted!r}))"
        return f"q_{question} in {wanted!r}"

    def _is_not(self, condition: IsNot, *, certain: bool) -> str:
        name, refused = f"q_{condition.question}", (condition.option, *((DO_NOT_KNOW,) if certain else ()))
        if self.library.questions[condition.question].type == "multiple":
            return f"({name} and {name}.isdisjoint({refused!r}))"
        return f"({name} is not None and {name} not in {refused!r})"

    def _in_order_of_asking(self) -> list[Question]:
        questions = list(self.library.questions.values())
        return sorted(questions, key=lambda question: question.ask_when is not None)

    def _facts_in_order(self) -> list[str]:
        """The facts, each after those it leans on."""
        ordered: dict[str, None] = {}

        def add(condition: Condition) -> None:
            for part in condition.parts():
                add(part)
            if isinstance(condition, Named) and condition.kind == "fact":
                add(self.library.facts[condition.name])
                ordered.setdefault(condition.name)

        for name in self.library.facts:
            add(Named("fact", name))
        return list(ordered)


def _name(text: str) -> str:
    return text.replace("-", "_")


def briefs_of(library: Library) -> list[Brief]:
    """The scenarios' answers."""
    paths = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
    return [read_answers(library.questions, json.loads(path.read_text(encoding="utf-8"))["answers"]) for path in paths]


def engine(library: Library) -> Assessed:
    """The engine: from answers to clauses in and out."""
    return lambda brief: select(library, assess(library, brief))


def with_clauses(library: Library, count: int) -> Library:
    """The library with as many clauses, each under a condition of its own made of two of those there are."""
    every = list(library.clauses.values())

    def made(place: int) -> Clause:
        first, second = every[place % len(every)], every[(place * 7 + place // len(every)) % len(every)]
        return replace(first, id=f"X-{place}", when=(All, AnyOf)[place % 2]((first.when, second.when)))

    copies = [made(place) for place in range(count)]
    return replace(library, clauses={clause.id: clause for clause in copies})


def medians(subjects: Mapping[str, Assessed], briefs: list[Brief]) -> dict[str, float]:
    """The median time of one brief, in microseconds, per subject; rounds interleaved."""
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(ROUNDS):
        for name, assessed in subjects.items():
            begun = time.perf_counter()
            for brief in briefs:
                assessed(brief)
            times[name].append((time.perf_counter() - begun) / len(briefs) * 1e6)
    return {name: median(rounds) for name, rounds in times.items()}


def check(library: Library, generated: Assessed, briefs: list[Brief]) -> None:
    """Both must say the same, or the comparison is of two different things."""
    for brief in briefs:
        assessment = assess(library, brief)
        held = [*assessment.triggers, *map(_name, assessment.flags), *assessment.conflicts]
        held += [entry.clause.id for entry in select(library, assessment).clauses]
        assert generated(brief) == (assessment.tier, held)


def main() -> None:
    library = shipped_library()
    briefs = briefs_of(library)
    generated = Generator(library).function()
    check(library, generated, briefs)
    small, large = with_clauses(library, len(library.clauses)), with_clauses(library, MANY_CLAUSES)
    found = medians(
        {"generated": generated, "engine": engine(library), "small": engine(small), "large": engine(large)},
        briefs,
    )
    clauses = len(library.clauses)
    print(f"generated function, {clauses} clauses: {found['generated']:8.0f} µs a brief")
    print(f"engine, {clauses} clauses:             {found['engine']:8.0f} µs a brief")
    print(f"engine, {clauses} made-up clauses:     {found['small']:8.0f} µs a brief")
    print(f"engine, {MANY_CLAUSES} made-up clauses:    {found['large']:8.0f} µs a brief")
    print(f"engine over generated function: {found['engine'] / found['generated']:.1f}")
    growth, more = found["large"] / found["small"], MANY_CLAUSES / clauses
    print(
        f"growth from {clauses} to {MANY_CLAUSES} made-up clauses: {growth:.1f} times for {more:.1f} times the clauses"
    )


if __name__ == "__main__":
    main()
