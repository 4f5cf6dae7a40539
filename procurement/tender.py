"""The tender drawn up from a brief: one function of plain values, with what still stands in the way of publishing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from procurement.asked import Asked, asked, market_questions
from procurement.decisions import Decisions
from procurement.parameters import Filled, Value, fill, jurisdiction_of, parameters_used
from procurement.particulars import Particulars
from rules.assessment import Assessment, assess
from rules.conditions import REQUEST_FOR_INFORMATION, TENDER
from rules.library import STOP, Library, Selected
from rules.questions import Answers
from rules.selection import ClauseIn, ClauseOut, clause_in, protected, select


@dataclass(frozen=True)
class Obstacle:
    """What keeps a tender from being published: its code, and what it is about."""

    code: str
    subject: str = ""


@dataclass(frozen=True)
class Tender:
    """A purchase drawn up: the release, the answers and decisions, and everything that follows from them.

    `clauses` and `excluded` are after the officer's decisions; `parameters` are those the texts use.
    """

    library: Library
    answers: Answers
    particulars: Particulars
    decisions: Decisions
    given: Mapping[str, Value]
    assessment: Assessment
    short: bool
    clauses: tuple[ClauseIn, ...]
    excluded: tuple[ClauseOut, ...]
    parameters: Mapping[str, Filled]
    asked: Asked | None

    @property
    def stopped(self) -> bool:
        """Whether a red line stops the purchase: no tender, a stop report instead."""
        return self.assessment.tier == STOP

    @property
    def arrangement(self) -> Mapping[str, Any]:
        """Which parts go into which local document: that of the place for a tender, else that of what is drafted."""
        place = jurisdiction_of(self.library, self.assessment)
        drafted = self.particulars.drafted
        named = place["arrangement"] if drafted == TENDER else place.get("arrangements", {}).get(drafted, drafted)
        # Releases made before there were other instruments know none of their own.
        arrangements = self.library.arrangements
        found: Mapping[str, Any] = arrangements[named if named in arrangements else place["arrangement"]]
        return found

    @property
    def asks_the_market(self) -> bool:
        """Whether this only asks what the market has: nothing is bid for."""
        return self.particulars.drafted == REQUEST_FOR_INFORMATION

    @property
    def unfilled(self) -> tuple[str, ...]:
        """The parameters that have no value and no default in words."""
        return tuple(name for name, filled in self.parameters.items() if filled.origin == "unfilled")

    @property
    def languages(self) -> tuple[str, ...]:
        """The tender's languages, the binding one first: that of the buyer's place, where it is among them."""
        own = jurisdiction_of(self.library, self.assessment)["language"]
        chosen = self.answers.get("tender_languages", ())
        languages = chosen if isinstance(chosen, tuple) and chosen else (own,)
        return tuple(sorted(languages, key=lambda language: language != own))


def draw_up(
    library: Library,
    answers: Answers,
    particulars: Particulars,
    given: Mapping[str, Value],
    decisions: Decisions,
) -> Tender:
    """Draw up the tender. Raises BadAnswer for an incomplete brief and BadInput for a parameter out of bounds."""
    assessment = _assess(library, answers, decisions, particulars.drafted)
    short = (decisions.form or ("short" if assessment.tier in (1, 2) else "full")) == "short"
    clauses, excluded = _decided(library, assessment, decisions, short=short)
    if particulars.drafted == REQUEST_FOR_INFORMATION:
        clauses = tuple(_only_to_know(entry) for entry in clauses)
    return Tender(
        library=library,
        answers=answers,
        particulars=particulars,
        decisions=decisions,
        given=given,
        assessment=assessment,
        short=short,
        clauses=clauses,
        excluded=excluded,
        parameters=fill(library, assessment, parameters_used(library, clauses), given),
        asked=None if assessment.tier == STOP else _asked(library, assessment.tier, clauses, particulars),
    )


def _only_to_know(entry: ClauseIn) -> ClauseIn:
    """A clause of a request for information: nothing of it binds or scores."""
    told = (Selected(selected.requirement, "informative") for selected in entry.requirements)
    return replace(entry, requirements=tuple(told))


def _asked(library: Library, tier: int, clauses: tuple[ClauseIn, ...], particulars: Particulars) -> Asked:
    if particulars.drafted == REQUEST_FOR_INFORMATION:
        return market_questions(tier, clauses)
    return asked(library, tier, clauses, price_only=particulars.price_only)


def obstacles(tender: Tender) -> tuple[Obstacle, ...]:
    """Everything that must be settled before publishing, in the order an officer meets it."""
    if tender.stopped:
        return (Obstacle("stopped"),)
    found = [
        Obstacle("particular", name)
        for name in ("title", "reference", "buyer", "date")
        if not getattr(tender.particulars, name)
    ]
    found += [
        Obstacle("conflict", name) for name in tender.assessment.conflicts if name not in tender.decisions.conflicts
    ]
    if not tender.asks_the_market:
        found += [Obstacle("parameter", name) for name in tender.unfilled]
    found += [Obstacle("approval", "tier")] if awaits_approval(tender) else []
    found += [Obstacle("opinion", name) for name in needs_opinion(tender)]
    return tuple(found)


def awaits_approval(tender: Tender) -> bool:
    """Whether a lower tier was asked for and nobody else has approved it."""
    wanted = tender.decisions.tier
    return wanted is not None and wanted.tier < tender.assessment.computed_tier and not wanted.approved_by


def needs_opinion(tender: Tender) -> tuple[str, ...]:
    """What only a legal opinion could let through: a lowered tier, or a dropped clause with a mandatory requirement."""
    found = ["tier"] if tender.assessment.tier < tender.assessment.computed_tier else []
    selection = select(tender.library, tender.assessment, short=tender.short)
    selected = {entry.clause.id: entry for entry in selection.clauses}
    for name, made in tender.decisions.clauses.items():
        entry = selected.get(name)
        if made.way == "out" and entry and any(one.strength == "mandatory" for one in entry.requirements):
            found.append(name)
    return tuple(found)


def _assess(library: Library, answers: Answers, decisions: Decisions, instrument: str) -> Assessment:
    computed = assess(library, answers, instrument=instrument)
    wanted = decisions.tier
    if wanted is None or computed.tier == STOP:
        return computed
    counts = wanted.tier > computed.tier or bool(wanted.approved_by)
    return assess(library, answers, wanted.tier, instrument) if counts else computed


def _decided(
    library: Library, assessment: Assessment, decisions: Decisions, *, short: bool
) -> tuple[tuple[ClauseIn, ...], tuple[ClauseOut, ...]]:
    selection = select(library, assessment, short=short)
    if assessment.tier == STOP:
        return selection.clauses, selection.excluded
    ways = {name: made.way for name, made in decisions.clauses.items()}
    kept = protected(library) if short else None
    by_id: dict[str, ClauseIn | ClauseOut] = {}
    for entry in selection.clauses:
        out = ways.get(entry.clause.id) == "out"
        by_id[entry.clause.id] = ClauseOut(entry.clause, entry.grounds) if out else entry
    for left in selection.excluded:
        added = ways.get(left.clause.id) == "in"
        by_id[left.clause.id] = clause_in(assessment, left.clause, verdict=True, kept=kept) if added else left
    ordered = [by_id[name] for name in library.clauses]
    return (
        tuple(entry for entry in ordered if isinstance(entry, ClauseIn)),
        tuple(entry for entry in ordered if isinstance(entry, ClauseOut)),
    )
