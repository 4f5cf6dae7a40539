"""From an assessment to clauses in and out, each with what it rests on."""

from dataclasses import dataclass

from rules.assessment import Assessment, Judgement
from rules.conditions import Ground, Verdict
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
# The rows a bidder is asked at most, by tier: the proofs say that what guarantees protect never goes beyond.
MANDATORY_ROWS = {1: 12, 2: 20, 3: 30, 4: 40}
SCORED_ROWS = {1: 4, 2: 6, 3: 8, 4: 10}


def select(library: Library, assessment: Assessment, *, short: bool | None = None) -> Selection:
    """The clauses for this assessment. Nothing is in at stop; what is unknown is in.

    The short form keeps every clause and, of each, its essential requirement and those a guarantee
    protects; it is the default at tiers 1 and 2.
    """
    kept = protected(library) if (assessment.tier in SHORT_FORM_TIERS if short is None else short) else None
    clauses: list[ClauseIn] = []
    excluded: list[ClauseOut] = []
    for clause in library.clauses.values():
        judged = judgement_of(assessment, clause)
        if judged.verdict is False or assessment.tier == STOP:
            excluded.append(ClauseOut(clause, judged.grounds))
        else:
            clauses.append(clause_in(assessment, clause, judged.verdict, kept))
    return Selection(tuple(clauses), tuple(excluded))


def clause_in(assessment: Assessment, clause: Clause, verdict: Verdict, kept: frozenset[str] | None) -> ClauseIn:
    """The clause as it stands in this tender. `kept` are the requirements a short form keeps beside the essential."""
    requirements = requirements_for(assessment, clause)
    if kept is not None:
        requirements = tuple(one for one in requirements if one.requirement.essential or one.requirement.id in kept)
    return ClauseIn(clause, verdict is None, judgement_of(assessment, clause).grounds, requirements)


def protected(library: Library) -> frozenset[str]:
    """The requirements a guarantee protects."""
    return frozenset(name for guarantee in library.guarantees for name in guarantee.requirements)


def judgement_of(assessment: Assessment, clause: Clause) -> Judgement:
    """The verdict on a clause and what it rests on; at stop, of the trigger that stopped everything."""
    reading = assessment.reading
    return reading.judged(clause.when if assessment.tier != STOP else reading.named_condition("trigger", "STOP"))


def requirements_for(assessment: Assessment, clause: Clause) -> tuple[Selected, ...]:
    """The requirements that apply, each with its strength.

    A clause brought in by hand below its own tiers keeps its essential requirement, at the strength of the lowest.
    """
    found = clause.at_tier[assessment.tier]
    if not clause.whole:
        found = tuple(one for one in found if one.requirement.when.verdict(assessment.reading) is not False)
    if found:
        return found
    return tuple(
        Selected(requirement, requirement.strength[min(requirement.strength)])
        for requirement in clause.requirements
        if requirement.essential
    )
