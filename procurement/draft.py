"""A tender as it is being drafted: its entries, what they make, and which decisions must be confirmed again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from clause_library.releases import canonical, hashed
from procurement.decisions import Decisions, decisions_from
from procurement.parameters import read_parameters
from procurement.particulars import Particulars, particulars_from
from procurement.tender import Tender, draw_up
from rules.assessment import Assessment, assess, missing_answers
from rules.conditions import SCORE_GROUND, Condition
from rules.library import Library
from rules.questions import Answer, read_answers

ANSWER, PARTICULAR, PARAMETER = "answer", "particular", "parameter"
TIER, FORM, CLAUSE, CONFLICT = "tier", "form", "clause", "conflict"
KINDS = (ANSWER, PARTICULAR, PARAMETER, TIER, FORM, CLAUSE, CONFLICT)
DRAFT, PUBLISHED = "draft", "published"


@dataclass(frozen=True)
class Entry:
    """The newest revision of one entry. `revision` is 0 where nothing was ever entered."""

    value: Any = None
    revision: int = 0
    ground: str = ""
    person_id: str = ""


NOTHING = Entry()


@dataclass(frozen=True)
class Draft:
    """A tender with its entries, by kind and subject, and the library of the release it is pinned to."""

    id: str
    organisation_id: str
    created_by: str
    created_at: datetime
    release_hash: str
    state: str
    revision: int
    library: Library
    entries: Mapping[str, Mapping[str, Entry]]

    def entry(self, kind: str, subject: str) -> Entry:
        """The newest revision of an entry."""
        return self.entries.get(kind, {}).get(subject, NOTHING)

    def values(self, kind: str) -> dict[str, Any]:
        """The values entered of one kind, without what was withdrawn."""
        return {
            subject: entry.value for subject, entry in self.entries.get(kind, {}).items() if entry.value is not None
        }

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers, in the order of the questions; those of questions the release does not have left out."""
        given = {name: value for name, value in self.values(ANSWER).items() if name in self.library.questions}
        return read_answers(self.library.questions, given)

    @property
    def particulars(self) -> Particulars:
        """The particulars."""
        return particulars_from(self.values(PARTICULAR))

    @property
    def title(self) -> str:
        """The title given, or nothing."""
        return str(self.values(PARTICULAR).get("title", ""))

    @property
    def assessment(self) -> Assessment:
        """What the answers say, whatever was decided. Raises BadAnswer while the brief is incomplete."""
        return assess(self.library, self.answers, instrument=self.particulars.drafted)

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions asked and not yet answered."""
        return missing_answers(self.library, self.answers)

    @property
    def decisions(self) -> Decisions:
        """The decisions taken, without those on what the release does not have."""
        known = {conflict.id for conflict in self.library.conflicts}
        return decisions_from(
            self.library,
            {
                "tier": self.entry(TIER, TIER).value,
                "form": self.entry(FORM, FORM).value,
                "clauses": {name: value for name, value in self.values(CLAUSE).items() if name in self.library.clauses},
                "conflicts": {name: value for name, value in self.values(CONFLICT).items() if name in known},
            },
        )

    def drawn_up(self) -> Tender:
        """The tender as it stands. Raises BadAnswer while the brief is incomplete."""
        given = {name: value for name, value in self.values(PARAMETER).items() if name in self.library.parameters}
        return draw_up(
            self.library,
            self.answers,
            self.particulars,
            read_parameters(self.library, given),
            self._decisions_that_stand(),
        )

    def _decisions_that_stand(self) -> Decisions:
        """The decisions, an approval of another tier having lapsed where an answer under it changed."""
        decisions = self.decisions
        if decisions.tier is None or (TIER, TIER) not in self.to_confirm_again():
            return decisions
        return replace(decisions, tier=replace(decisions.tier, approved_by=""))

    def to_confirm_again(self) -> tuple[tuple[str, str], ...]:
        """The decisions (kind, subject) whose ground has changed since they were taken. Brief must be complete."""
        assessment = self.assessment
        found = []
        for kind in (TIER, CLAUSE, CONFLICT):
            for subject, entry in self.entries.get(kind, {}).items():
                if entry.value is not None and entry.ground != ground(self.library, assessment, kind, subject):
                    found.append((kind, subject))
        return tuple(found)


def ground(library: Library, assessment: Assessment, kind: str, subject: str) -> str:
    """What a decision rests on, hashed: the computed tier, the answers behind it, and the clause's version."""
    rests: dict[str, Any] = {"kind": kind, "subject": subject, "tier": assessment.computed_tier}
    if kind == CLAUSE and subject in library.clauses:
        clause = library.clauses[subject]
        rests |= {"clause": clause.hash, "answers": _answers_behind(assessment, clause.when)}
    if kind == CONFLICT:
        rules = [row for row in library.conflicts if row.id == subject]
        rests |= {"answers": [_answers_behind(assessment, row.when) for row in rules]}
    if kind == TIER:
        conditions = library.conditions["trigger"]
        rests |= {"triggers": {name: _answers_behind(assessment, conditions[name]) for name in assessment.triggers}}
        rests |= {"score": assessment.score if _by_score(assessment) else None}
    return hashed("ground-1", canonical(rests))


def _by_score(assessment: Assessment) -> bool:
    """Whether a trigger rests on the score, and so on every answer that weighs."""
    reading = assessment.reading
    conditions = (reading.named_condition("trigger", name) for name in assessment.triggers)
    return any(one == SCORE_GROUND for condition in conditions for one in condition.grounds(reading))


def _answers_behind(assessment: Assessment, condition: Condition) -> dict[str, Any]:
    reading = assessment.reading
    return {
        one.question or one.kind: list(reading.chosen(one.question) or ()) if one.question else [reading.instrument]
        for one in condition.grounds(reading)
        if one.kind in ("answer", "instrument")
    }
