"""Every brief at once: what the engine makes of answers nobody has given yet, as formulas for a solver.

Each option of each question is a Boolean, so a question of several answers is a free set. A verdict is two Booleans,
for it has three values: whether it is certain (yes) and whether it is possible (yes or unknown).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import z3

from rules.conditions import (
    DO_NOT_KNOW,
    INSTRUMENTS,
    All,
    Among,
    AtLeast,
    Condition,
    Instrument,
    IsNot,
    Named,
    Not,
    ScoreAtLeast,
    TierAtLeast,
)
from rules.conditions import Any as AnyOf
from rules.library import STOP, TIERS, Library
from rules.questions import NONE, Answer, Question

Formula: TypeAlias = z3.BoolRef
NEVER, ALWAYS = z3.BoolVal(False), z3.BoolVal(True)
UNKNOWN_YET, COMPUTED, DECIDED = "unknown yet", "computed", "decided"
# The tiers from the mildest to the worst: stop stands above all.
SEVERITY = (*TIERS, max(TIERS) + 1)


class Undecided(Exception):
    """The solver gave a question up."""


class Truth(NamedTuple):
    """The three values of a verdict: certain (yes), possible but not certain (unknown), not possible (no)."""

    certain: Formula
    possible: Formula


def both(parts: Iterable[Formula]) -> Formula:
    """All of them; holds where there are none."""
    found = [part for part in parts if not part.eq(ALWAYS)]
    if any(part.eq(NEVER) for part in found):
        return NEVER
    return z3.And(found) if len(found) > 1 else (found[0] if found else ALWAYS)


def either(parts: Iterable[Formula]) -> Formula:
    """One of them; never where there are none."""
    found = [part for part in parts if not part.eq(NEVER)]
    if any(part.eq(ALWAYS) for part in found):
        return ALWAYS
    return z3.Or(found) if len(found) > 1 else (found[0] if found else NEVER)


class EveryBrief:
    """Every brief, decided tier, form and instrument at once.

    `like` is another whose answers these are too, except those to `but`.
    """

    def __init__(self, library: Library, *, like: "EveryBrief | None" = None, but: str = "") -> None:
        self.library = library
        self.options: dict[str, dict[str, Formula]] = {
            name: like.options[name] if like and name != but else _variables(question, " worse" if like else "")
            for name, question in library.questions.items()
            if not question.may_be_absent
        }
        self.short = z3.Bool("short form")
        self.instruments = {name: z3.Bool(f"instrument {name}") for name in INSTRUMENTS}
        self._decided = {tier: z3.Bool(f"decided tier at least {tier}") for tier in TIERS}
        self._given: dict[tuple[str, Answer], Formula] = {}
        self._asked: dict[str, Formula] = {}
        self._truths: dict[tuple[Condition, str], Truth] = {}

    @property
    def sound(self) -> list[Formula]:
        """What makes it a brief: each question answered as it may be, one tier decided, one instrument."""
        found = [_answered(self.library.questions[name], chosen) for name, chosen in self.options.items()]
        found += [z3.PbEq([(chosen, 1) for chosen in self.instruments.values()], 1), self._decided[TIERS[0]]]
        return found + [z3.Implies(self._decided[higher], self._decided[lower]) for lower, higher in pairwise(TIERS)]

    def given(self, name: str, answer: Answer) -> Formula:
        """Whether this is the answer to a question, asked or not."""
        found = self._given.get((name, answer))
        if found is None:
            chosen = answer if isinstance(answer, tuple) else (answer,)
            options = self.options[name].items()
            found = z3.And([formula if option in chosen else z3.Not(formula) for option, formula in options])
            self._given[name, answer] = found
        return found

    # What the engine makes of it

    def asked(self, name: str) -> Formula:
        """Whether the question is put: always, or unless what it depends on says no for certain."""
        if name not in self._asked:
            condition = self.library.questions[name].ask_when
            self._asked[name] = ALWAYS if condition is None else self.truth(condition, UNKNOWN_YET).possible
        return self._asked[name]

    def truth(self, condition: Condition, tier: str) -> Truth:
        """The verdict of a condition; `tier` says which one it compares with."""
        key = (condition, tier)
        found = self._truths.get(key)
        if found is None:
            found = self._truths[key] = self._truth(condition, tier)
        return found

    @property
    def stopped(self) -> Formula:
        """Whether a red line stops everything."""
        return either(self._holds(STOP))

    def severe(self, level: int) -> Formula:
        """Whether the computed tier is at least this one of SEVERITY."""
        worse = [held for other in TIERS if other >= level for held in self._holds(other)]
        return ALWAYS if level == SEVERITY[0] else either([self.stopped, *worse])

    def decided(self, tier: int) -> Formula:
        """Whether this tier is the decided one: any, where nothing stopped."""
        higher = self._decided.get(tier + 1, NEVER)
        return both([self._decided[tier], z3.Not(higher)])

    def _holds(self, tier: int) -> list[Formula]:
        """The triggers of a tier: each holds unless it certainly does not."""
        return [self.truth(row.when, UNKNOWN_YET).possible for row in self.library.triggers if row.tier == tier]

    def _truth(self, condition: Condition, tier: str) -> Truth:
        match condition:
            case All(parts) | AnyOf(parts):
                join = both if isinstance(condition, All) else either
                truths = [self.truth(part, tier) for part in parts]
                return Truth(join(one.certain for one in truths), join(one.possible for one in truths))
            case Not(part):
                inner = self.truth(part, tier)
                return Truth(z3.Not(inner.possible), z3.Not(inner.certain))
            case Named(kind, name):
                return self.truth(self.library.named_condition(kind, name), tier)
            case Among(question) | IsNot(question) | AtLeast(question):
                return self._known(question, self._answers(condition))
        return _settled(self._fixed(condition, tier))

    def _answers(self, condition: Among | IsNot | AtLeast) -> Formula:
        """Whether what is chosen meets a test of an answer."""
        chosen = self.options[condition.question]
        match condition:
            case Among(_, options):
                return either(chosen[option] for option in options)
            case IsNot(_, option):
                return z3.Not(chosen[option])
        return self._ranked(condition.question, condition.option)

    def _known(self, question: str, holds: Formula) -> Truth:
        """A test of an answer: false where the question is not asked, unknown where the answer is not known."""
        asked, doubt = self.asked(question), self.options[question].get(DO_NOT_KNOW, NEVER)
        return Truth(both([asked, z3.Not(doubt), holds]), both([asked, either([doubt, holds])]))

    def _ranked(self, name: str, least: str) -> Formula:
        """Whether the first option chosen is at least this one in the order of its question."""
        question, chosen = self.library.questions[name], self.options[name]
        first = {
            option: both([chosen[option], *(z3.Not(chosen[before]) for before in question.options[:place])])
            for place, option in enumerate(question.options)
        }
        return either(first[option] for option in question.order[question.ranks[least] :])

    def _fixed(self, condition: Condition, tier: str) -> Formula:
        """A test whose answer is always known: of the tier, the score or the instrument."""
        match condition:
            case Instrument(names):
                return either(self.instruments[name] for name in names)
            case ScoreAtLeast(numerator, denominator):
                return self._scored(-(-numerator * self.library.score_maximum // denominator))
            case TierAtLeast(least) if tier == COMPUTED:
                return both([z3.Not(self.stopped), self.severe(least)])
            case TierAtLeast(least) if tier == DECIDED:
                return self._decided[least]
            case TierAtLeast():
                return NEVER
        raise TypeError(f"no formula for {condition!r}")

    def _scored(self, least: int) -> Formula:
        """Whether the score is at least this."""
        if least <= 0:
            return ALWAYS
        return z3.UGE(self.score, least) if least <= self._most else NEVER

    @cached_property
    def score(self) -> z3.BitVecRef:
        """The score, in binary."""
        return self.points_of(self.options)

    @cached_property
    def _most(self) -> int:
        return sum(max(0, self.library.questions[name].heaviest) for name in self.options)

    def points_of(self, names: Iterable[str]) -> z3.BitVecRef:
        """What these questions add to the score."""
        return sum((self.points(name) for name in names), start=self._number(0))

    def points(self, name: str) -> z3.BitVecRef:
        """What a question adds to the score: the heaviest option chosen, all of it where the answer is not known."""
        weights, chosen = self.library.questions[name].weights, self.options[name]
        points = self._number(0)
        for weight in sorted({weight for weight in weights.values() if weight > 0}):
            heavy = [chosen[option] for option in chosen if weights.get(option) == weight]
            doubt = [chosen[DO_NOT_KNOW]] if DO_NOT_KNOW in chosen and weight == max(weights.values()) else []
            points = z3.If(either([*heavy, *doubt]), self._number(weight), points)
        return z3.If(self.asked(name), points, self._number(0)) if weights else points

    def _number(self, value: int) -> z3.BitVecRef:
        return z3.BitVecVal(value, self._most.bit_length() + 1)


def one_answer_apart(library: Library, question: str) -> tuple[EveryBrief, EveryBrief, Formula]:
    """Two briefs that differ in the answer to one question, and the formula that ties them together.

    The rest of their scores is one number with a name of its own: without it, the solver takes minutes to see that
    what they share does not tell them apart.
    """
    one = EveryBrief(library)
    other = EveryBrief(library, like=one, but=question)
    alike = [name for name in one.options if one.points(name).eq(other.points(name))]
    rest = z3.BitVec("the rest of the score", one.score.size())
    for brief in (one, other):
        brief.score = rest + brief.points_of(name for name in brief.options if name not in alike)
    return one, other, rest == one.points_of(alike)


def _variables(question: Question, mark: str) -> dict[str, Formula]:
    options = (*question.options, *((DO_NOT_KNOW,) if question.do_not_know else ()))
    return {option: z3.Bool(f"{question.id}{mark} = {option}") for option in options}


def _answered(question: Question, chosen: Mapping[str, Formula]) -> Formula:
    """One option, or several; "none" and "I do not know" stand alone."""
    if not chosen:
        return NEVER
    if question.type == "single":
        return z3.PbEq([(one, 1) for one in chosen.values()], 1)
    alone = [
        z3.Implies(chosen[name], z3.Not(either(other for option, other in chosen.items() if option != name)))
        for name in (NONE, DO_NOT_KNOW)
        if name in chosen
    ]
    return both([either(chosen.values()), *alone])


def _settled(formula: Formula) -> Truth:
    return Truth(formula, formula)


class Solver:
    """Asks whether something can be, given what is taken for sure."""

    def __init__(self, given: Iterable[Formula]) -> None:
        self._solver = z3.SolverFor("QF_FD")
        self._solver.add(*given)

    def example(self, *wanted: Formula) -> z3.ModelRef | None:
        """An example in which all that is wanted holds, or None where there is none. Raises Undecided."""
        self._solver.push()
        try:
            self._solver.add(*wanted)
            return self._solver.model() if self._can() else None
        finally:
            self._solver.pop()

    def needed(self, outcome: Formula, facts: Mapping[str, Formula]) -> list[str]:
        """The names of facts that bring the outcome about whatever else is the case; none of them can be left out.

        All the facts together must bring it about.
        """
        marks = {name: z3.Bool(f"fact {name}") for name in facts}
        self._solver.push()
        try:
            self._solver.add(z3.Not(outcome), *(z3.Implies(marks[name], fact) for name, fact in facts.items()))
            if self._can(list(marks.values())):
                raise ValueError("the facts do not bring the outcome about")
            core = {str(mark) for mark in self._solver.unsat_core()}
            kept = [name for name, mark in marks.items() if str(mark) in core]
            for name in tuple(kept):
                others = [other for other in kept if other != name]
                if not self._can([marks[other] for other in others]):
                    kept = others
            return kept
        finally:
            self._solver.pop()

    def _can(self, facts: Sequence[Formula] = ()) -> bool:
        answer = self._solver.check(*facts)
        if answer == z3.unknown:
            raise Undecided(self._solver.reason_unknown())
        return bool(answer == z3.sat)


def answers_in(brief: EveryBrief, example: z3.ModelRef) -> dict[str, Answer]:
    """The answers of an example, asked or not."""
    found: dict[str, Answer] = {}
    for name, chosen in brief.options.items():
        given = tuple(option for option, formula in chosen.items() if holds(example, formula))
        found[name] = given[0] if brief.library.questions[name].type == "single" else given
    return found


def as_formulas(brief: EveryBrief, answers: Mapping[str, Answer]) -> dict[str, Formula]:
    """Answers as formulas, by question."""
    return {name: brief.given(name, answer) for name, answer in answers.items()}


def holds(example: z3.ModelRef, formula: Formula) -> bool:
    """Whether it holds in an example."""
    return bool(z3.is_true(example.eval(formula, model_completion=True)))
