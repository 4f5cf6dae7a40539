"""Conditions: a closed little language over answers, facts and the tier.

A condition evaluates itself to yes (True), no (False) or unknown (None), names the answers it rests on,
and can be read back as data. There is no expression language and nothing to escape.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rules.errors import BrokenLibrary

Verdict = bool | None
Data = Mapping[str, object]

DO_NOT_KNOW = "do_not_know"
# What is drafted: a tender unless the officer says otherwise.
TENDER, REQUEST_FOR_INFORMATION, PARTNERSHIP_AGREEMENT = INSTRUMENTS = (
    "tender",
    "request_for_information",
    "partnership_agreement",
)


class State(Protocol):
    """What a condition may ask about one brief."""

    tier: int
    instrument: str

    def chosen(self, question: str) -> tuple[str, ...] | None:
        """The options chosen, or None where the question is not asked or not answered."""

    def rank(self, question: str, option: str) -> int:
        """The place of an option in the order of its question, from least to most demanding."""

    def named(self, kind: str, name: str) -> Verdict:
        """The verdict of a fact, trigger or flag of the library."""

    def grounds_of_named(self, kind: str, name: str) -> "tuple[Ground, ...]":
        """The answers behind that verdict."""

    def share_reached(self, numerator: int, denominator: int) -> bool:
        """Whether the score is at least this share of its maximum."""


class Ground(NamedTuple):
    """One thing a verdict rests on: an answer (with its question), the tier, the score or the instrument."""

    kind: str
    question: str = ""


TIER_GROUND = Ground("tier")
SCORE_GROUND = Ground("score")
INSTRUMENT_GROUND = Ground("instrument")


class Condition:
    """A test of a brief; the classes below are all there are."""

    __slots__ = ()

    def verdict(self, state: State) -> Verdict:
        """True, False, or None where an answer it needs is not known."""
        raise NotImplementedError

    def grounds(self, state: State) -> tuple[Ground, ...]:
        """The answers behind the verdict: those that held where it is yes, those that failed where it is no."""
        raise NotImplementedError

    def parts(self) -> tuple["Condition", ...]:
        """The conditions inside this one."""
        return ()


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds; holds for every brief where it has no parts."""

    conditions: tuple[Condition, ...]

    def verdict(self, state: State) -> Verdict:
        unknown = False
        for condition in self.conditions:
            verdict = condition.verdict(state)
            if verdict is False:
                return False
            unknown = unknown or verdict is None
        return None if unknown else True

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return _grounds_of(self.conditions, state, self.verdict(state), everything_when=True)

    def parts(self) -> tuple[Condition, ...]:
        return self.conditions


@dataclass(frozen=True, slots=True)
class Any(Condition):
    """At least one part holds."""

    conditions: tuple[Condition, ...]

    def verdict(self, state: State) -> Verdict:
        unknown = False
        for condition in self.conditions:
            verdict = condition.verdict(state)
            if verdict is True:
                return True
            unknown = unknown or verdict is None
        return None if unknown else False

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return _grounds_of(self.conditions, state, self.verdict(state), everything_when=False)

    def parts(self) -> tuple[Condition, ...]:
        return self.conditions


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    condition: Condition

    def verdict(self, state: State) -> Verdict:
        verdict = self.condition.verdict(state)
        return None if verdict is None else not verdict

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return self.condition.grounds(state)

    def parts(self) -> tuple[Condition, ...]:
        return (self.condition,)


@dataclass(frozen=True, slots=True)
class Among(Condition):
    """The answer is, or includes, one of the options."""

    question: str
    options: tuple[str, ...]

    def verdict(self, state: State) -> Verdict:
        chosen = state.chosen(self.question)
        if chosen is None:
            return False
        if DO_NOT_KNOW in chosen:
            return None
        return any(option in self.options for option in chosen)

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (Ground("answer", self.question),)


@dataclass(frozen=True, slots=True)
class IsNot(Condition):
    """The question is answered, and with anything but this option. False where it is not asked."""

    question: str
    option: str

    def verdict(self, state: State) -> Verdict:
        chosen = state.chosen(self.question)
        if chosen is None:
            return False
        return None if DO_NOT_KNOW in chosen else self.option not in chosen

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (Ground("answer", self.question),)


@dataclass(frozen=True, slots=True)
class AtLeast(Condition):
    """The answer is this option or a more demanding one."""

    question: str
    option: str

    def verdict(self, state: State) -> Verdict:
        chosen = state.chosen(self.question)
        if chosen is None:
            return False
        if DO_NOT_KNOW in chosen:
            return None
        return state.rank(self.question, chosen[0]) >= state.rank(self.question, self.option)

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (Ground("answer", self.question),)


@dataclass(frozen=True, slots=True)
class Named(Condition):
    """A fact, trigger or flag of the library holds."""

    kind: str
    name: str

    def verdict(self, state: State) -> Verdict:
        return state.named(self.kind, self.name)

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return state.grounds_of_named(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class TierAtLeast(Condition):
    """The decided tier is this one or a higher one. Never at stop, where nothing is tendered."""

    tier: int

    def verdict(self, state: State) -> Verdict:
        return state.tier >= self.tier

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (TIER_GROUND,)


@dataclass(frozen=True, slots=True)
class ScoreAtLeast(Condition):
    """The score is at least this share of its maximum, compared in whole numbers."""

    numerator: int
    denominator: int

    def verdict(self, state: State) -> Verdict:
        return state.share_reached(self.numerator, self.denominator)

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (SCORE_GROUND,)


@dataclass(frozen=True, slots=True)
class Instrument(Condition):
    """What is drafted is one of these."""

    names: tuple[str, ...]

    def verdict(self, state: State) -> Verdict:
        return state.instrument in self.names

    def grounds(self, state: State) -> tuple[Ground, ...]:
        return (INSTRUMENT_GROUND,)


ALWAYS = All(())


def _grounds_of(
    conditions: tuple[Condition, ...], state: State, verdict: Verdict, *, everything_when: bool
) -> tuple[Ground, ...]:
    """The grounds of the parts that made the verdict: all of them, or only those that agree with it."""
    found: list[Ground] = []
    for condition in conditions:
        if verdict is everything_when or condition.verdict(state) is verdict:
            found += condition.grounds(state)
    return tuple(found)


def names_in(condition: Condition) -> Iterator[Named]:
    """Every named condition this one leans on directly."""
    if isinstance(condition, Named):
        yield condition
    for part in condition.parts():
        yield from names_in(part)


def questions_in(condition: Condition) -> Iterator[str]:
    """Every question this condition tests directly."""
    if isinstance(condition, (Among, IsNot, AtLeast)):
        yield condition.question
    for part in condition.parts():
        yield from questions_in(part)


def condition_from(data: object, where: str) -> Condition:
    """Read a condition from its data form.

    Forms: {all: [...]}, {any: [...]}, {not: ...}, {fact|trigger|flag: name}, {tier_at_least: 1-4},
    {score_at_least: [n, d]}, {question: id, is|includes: [options]}, {question, is_not: option},
    {question, at_least: option}, {instrument: [names]}. Raises BrokenLibrary, naming `where`.
    """
    if not isinstance(data, Mapping):
        raise BrokenLibrary(where, f"a condition is a table, not {data!r}")
    if "question" in data:
        return _test_of_an_answer(data, where)
    if len(data) != 1:
        raise BrokenLibrary(where, f"a condition has one verb, not {sorted(data)}")
    verb, body = next(iter(data.items()))
    if verb in ("all", "any"):
        parts = tuple(condition_from(part, where) for part in _list(body, where))
        return All(parts) if verb == "all" else Any(parts)
    if verb == "not":
        return Not(condition_from(body, where))
    if verb in ("fact", "trigger", "flag") and isinstance(body, str):
        return ALWAYS if (verb, body) == ("fact", "always") else Named(verb, body)
    return _test_of_the_whole(verb, body, where)


def _test_of_the_whole(verb: str, body: object, where: str) -> Condition:
    """A test of the tier, the score or the instrument."""
    if verb == "tier_at_least" and type(body) is int and body in (1, 2, 3, 4):
        return TierAtLeast(body)
    if verb == "instrument":
        names = tuple(str(name) for name in _list(body, where))
        if names and set(names) <= set(INSTRUMENTS):
            return Instrument(names)
    if verb == "score_at_least":
        match _list(body, where):
            case [int(numerator), int(denominator)] if 0 < numerator <= denominator:
                return ScoreAtLeast(numerator, denominator)
    raise BrokenLibrary(where, f"unknown condition {{{verb!r}: {body!r}}}")


def _test_of_an_answer(data: Data, where: str) -> Condition:
    question = data["question"]
    verbs = [verb for verb in data if verb != "question"]
    if not isinstance(question, str) or len(verbs) != 1:
        raise BrokenLibrary(where, f"a test of an answer has a question and one verb, not {sorted(data)}")
    verb, body = verbs[0], data[verbs[0]]
    if verb in ("is", "includes"):
        return Among(question, tuple(str(option) for option in _list(body, where)))
    if verb == "is_not" and isinstance(body, str):
        return IsNot(question, body)
    if verb == "at_least" and isinstance(body, str):
        return AtLeast(question, body)
    raise BrokenLibrary(where, f"unknown test {verb!r} of {question}")


def _list(body: object, where: str) -> Sequence[object]:
    if not isinstance(body, Sequence) or isinstance(body, str):
        raise BrokenLibrary(where, f"a list is wanted, not {body!r}")
    return body
