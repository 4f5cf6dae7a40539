"""From an assessment to clauses in and out, each with what it rests on."""

from dataclasses import dataclass

from rules.assessment import Assessment
from rules.conditions import ALWAYS, Ground, Verdict
from rules.library import STOP, Clause, Library, Selected


@dataclass(frozen=True)
class ClauseIn:
    """A clause that is in, and why. `triggered_by_bid`: only because an answer is not known."""

    clause: Clause
    triggered_by_bid: bool
    grounds: tuple[Ground, ...]
    requirements: tuple[Selected, ...]


@dataclass(frozen=True)
class ClauseOut:
    """A clause that is out, and why."""

    clause: Clause
    grounds: tuple[Ground, ...]


@dataclass(frozen=True)
class Selection:
    """Clauses in and out, in library order; together they are the library."""

    clauses: tuple[ClauseIn, ...]
    excluded: tuple[ClauseOut, ...]


SHORT_FORM_TIERS = (1, 2)


def select(library: Library, assessment: Assessment, *, short: bool | None = None) -> Selection:
    """The clauses for this assessment. Nothing is in at stop; what is unknown is in.

    The short form keeps every clause and, of each, its essential requirement and those a guarantee
    protects; it is the default at tiers 1 and 2.
    """
    kept = protected(library) if (assessment.tier in SHORT_FORM_TIERS if short is None else short) else None
    clauses: list[ClauseIn] = []
    excluded: list[ClauseOut] = []
    for clause in library.clauses.values():
        verdict = False if assessment.tier == STOP else assessment.reading.judged(clause.when).verdict
        if verdict is False:
            excluded.append(ClauseOut(clause, grounds_of(assessment, clause)))
        else:
            clauses.append(clause_in(assessment, clause, verdict, kept))
    return Selection(tuple(clauses), tuple(excluded))


def clause_in(assessment: Assessment, clause: Clause, verdict: Verdict, kept: frozenset[str] | None) -> ClauseIn:
    """The clause as it stands in this tender. `kept` are the requirements a short form keeps beside the essential."""
    requirements = tuple(
        selected
        for selected in requirements_for(assessment, clause)
        if kept is None or selected.requirement.essential or selected.requirement.id in kept
    )
    return ClauseIn(clause, verdict is None, grounds_of(assessment, clause), requirements)


def protected(library: Library) -> frozenset[str]:
    """The requirements a guarantee protects."""
    return frozenset(name for guarantee in library.guarantees for name in guarantee.requirements)


def grounds_of(assessment: Assessment, clause: Clause) -> tuple[Ground, ...]:
    """What the clause's verdict rests on, each thing once; at stop, the trigger that stopped it."""
    condition = clause.when
    if assessment.tier == STOP:
        condition = assessment.reading.named_condition("trigger", "STOP")
    return assessment.reading.judged(condition).grounds


def requirements_for(assessment: Assessment, clause: Clause) -> tuple[Selected, ...]:
    """The requirements that apply, each with its strength.

    A clause brought in by hand below its own tiers keeps its essential requirement, at the strength of the lowest.
    """
    found = tuple(
        selected
        for selected in clause.at_tier[assessment.tier]
        if selected.requirement.when is ALWAYS or selected.requirement.when.verdict(assessment.reading) is not False
    )
    if found:
        return found
    return tuple(
        Selected(requirement, requirement.strength[min(requirement.strength)])
        for requirement in clause.requirements
        if requirement.essential
    )
