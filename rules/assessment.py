"""From answers to tier: which answers count, which triggers, flags and conflicts hold, and the score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.conditions import TENDER, Condition, Ground, Verdict
from rules.errors import BadAnswer
from rules.library import STOP, Library
from rules.questions import Answer, Answers


class Reading:
    """One brief read with one library: the state conditions ask. Answers not asked count for nothing.

    `tier` is the tier conditions compare with; it is 0 until the tier is known. `instrument` is what is drafted.
    """

    def __init__(self, library: Library, answers: Answers, instrument: str = TENDER) -> None:
        self.library = library
        self.answers = answers
        self.instrument = instrument
        self.tier = STOP
        self.score = 0
        self._asked: dict[str, bool] = {}
        self._named: dict[tuple[str, str, int], Verdict] = {}
        self._judged: dict[tuple[int, int], Judgement] = {}
        self._chosen: dict[str, tuple[str, ...] | None] = {}
        self.score = sum(
            library.questions[name].weight(answer) for name, answer in answers.items() if self.is_asked(name)
        )

    def is_asked(self, name: str) -> bool:
        """Whether the question is put: always, or unless what it depends on says no for certain."""
        if name not in self._asked:
            condition = self.library.questions[name].ask_when
            self._asked[name] = condition is None or condition.verdict(self) is not False
        return self._asked[name]

    def chosen(self, question: str) -> tuple[str, ...] | None:
        """The options that count, or None where the question is not asked or not answered."""
        if question not in self._chosen:
            answer = self.answers.get(question) if self.is_asked(question) else None
            self._chosen[question] = answer if answer is None or isinstance(answer, tuple) else (str(answer),)
        return self._chosen[question]

    def rank(self, question: str, option: str) -> int:
        """The place of an option, from least to most demanding."""
        return self.library.questions[question].ranks[option]

    def named(self, kind: str, name: str) -> Verdict:
        """The verdict of a fact, trigger or flag; remembered per tier."""
        key = (kind, name, self.tier)
        if key not in self._named:
            self._named[key] = self.named_condition(kind, name).verdict(self)
        return self._named[key]

    def grounds_of_named(self, kind: str, name: str) -> tuple[Ground, ...]:
        """The answers behind that verdict, each once; remembered per tier."""
        return self.judged(self.named_condition(kind, name)).grounds

    def judged(self, condition: Condition) -> "Judgement":
        """The verdict of a condition and what it rests on; remembered per tier, for many clauses share a condition."""
        key = (id(condition), self.tier)
        found = self._judged.get(key)
        if found is None:
            grounds = tuple(dict.fromkeys(condition.grounds(self)))
            found = self._judged[key] = Judgement(condition, condition.verdict(self), grounds)
        return found

    def named_condition(self, kind: str, name: str) -> Condition:
        """The condition behind a fact, trigger or flag."""
        return self.library.named_condition(kind, name)

    def share_reached(self, numerator: int, denominator: int) -> bool:
        """Whether the score is at least this share of its maximum, in whole numbers."""
        return denominator * self.score >= numerator * self.library.score_maximum


class Judgement(NamedTuple):
    """What a condition comes to in one brief: its verdict, and what that rests on, each thing once."""

    condition: Condition
    verdict: Verdict
    grounds: tuple[Ground, ...]


@dataclass(frozen=True)
class Assessment:
    """What the answers say: score, tier with its triggers, flags and conflicts (ids in library order).

    `computed_tier` comes from the answers; `tier` is the decided one, which clauses follow.
    `uncertain` are the triggers that hold only because an answer is not known.
    """

    reading: Reading
    score: int
    computed_tier: int
    tier: int
    triggers: tuple[str, ...]
    uncertain: tuple[str, ...]
    flags: tuple[str, ...]
    conflicts: tuple[str, ...]
    ignored: tuple[str, ...]


def missing_answers(library: Library, answers: Answers) -> tuple[str, ...]:
    """The questions asked and not answered, without those that may be absent."""
    return _missing(Reading(library, answers))


def _missing(reading: Reading) -> tuple[str, ...]:
    return tuple(
        name
        for name, question in reading.library.questions.items()
        if name not in reading.answers and not question.may_be_absent and reading.is_asked(name)
    )


def assess(
    library: Library,
    answers: Mapping[str, Answer],
    decided_tier: int | None = None,
    instrument: str = TENDER,
) -> Assessment:
    """Assess one complete brief. `decided_tier` replaces the computed tier unless that is stop.

    `instrument` is what is drafted, one of INSTRUMENTS.

    Raises BadAnswer("missing_answer") for the first asked question without an answer.
    Source of the rule: the tier rule every release reproduces (content/tiers.toml).
    """
    reading = Reading(library, answers, instrument)
    missing = _missing(reading)
    if missing:
        raise BadAnswer("missing_answer", missing[0])
    verdicts = {trigger.id: reading.named("trigger", trigger.id) for trigger in library.triggers}
    held = [trigger for trigger in library.triggers if verdicts[trigger.id] is not False]
    computed = tier_of([trigger.tier for trigger in held])
    reading.tier = computed
    flags = tuple(flag.id for flag in library.flags if reading.named("flag", flag.id) is not False)
    conflicts = tuple(row.id for row in library.conflicts if row.when.verdict(reading) is True)
    tier = computed if decided_tier is None or computed == STOP else decided_tier
    reading.tier = tier
    return Assessment(
        reading=reading,
        score=reading.score,
        computed_tier=computed,
        tier=tier,
        triggers=tuple(trigger.id for trigger in held),
        uncertain=tuple(trigger.id for trigger in held if verdicts[trigger.id] is None),
        flags=flags,
        conflicts=conflicts,
        ignored=tuple(name for name in library.questions if name in answers and not reading.is_asked(name)),
    )


def tier_of(tiers: list[int]) -> int:
    """The highest of the triggers' tiers, stop (0) above all; minimal (1) where there is none."""
    return STOP if STOP in tiers else max(tiers, default=1)
