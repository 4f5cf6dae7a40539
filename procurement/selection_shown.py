"""What the page about clauses shows: those in and out with their reasons, and what a bidder will be asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from clause_library.places import place_of
from clause_library.wording import PARTS
from procurement.asked import Asked, Row
from procurement.clause_words import ClauseWords, Reader
from procurement.draft import CLAUSE, Draft, Entry
from procurement.tender import Tender
from rules.conditions import Verdict
from rules.library import STRENGTHS
from rules.selection import MANDATORY_ROWS, SCORED_ROWS, ClauseIn, ClauseOut, requirements_for


@dataclass(frozen=True)
class ClauseShown:
    """A clause in a list. `strengths` counts its requirements; `decided` is "in", "out" or "" (by the rules)."""

    id: str
    title: str
    reasons: tuple[str, ...]
    strengths: tuple[tuple[str, int], ...]
    triggered_by_bid: bool
    decided: str
    stale: bool


@dataclass(frozen=True)
class CategoryShown:
    """A category with some of its clauses."""

    id: str
    name: str
    clauses: tuple[ClauseShown, ...]


@dataclass(frozen=True)
class RowShown:
    """A requirement a bidder answers."""

    id: str
    title: str
    strength: str


@dataclass(frozen=True)
class AskedShown:
    """What a bidder answers, against the budgets; and how many requirements moved elsewhere, and where."""

    rows: tuple[RowShown, ...]
    counts: Mapping[str, int]
    mandatory_budget: int
    scored_budget: int
    later: int
    owed_by_buyer: int
    proof_moved: tuple[str, ...]
    became_terms: tuple[str, ...]
    informative_dropped: tuple[str, ...]


@dataclass(frozen=True)
class SelectionShown:
    """The whole page."""

    inside: tuple[CategoryShown, ...]
    outside: tuple[CategoryShown, ...]
    clauses_in: int
    clauses_out: int
    requirements: int
    asked: AskedShown | None


@dataclass(frozen=True)
class RequirementShown:
    """A requirement as plain words, its parts by name. `strength` is empty where it does not apply here."""

    id: str
    strength: str
    kind: str
    owed_by: str
    moment: str
    text: str
    parts: Mapping[str, str]


@dataclass(frozen=True)
class ClausePage:
    """One clause: its texts, why it is in or out, and what was decided. `would_drop_mandatory` asks for an opinion."""

    clause: ClauseShown
    category: str
    version: int
    summary: str
    notes: Mapping[str, str]
    is_in: bool
    requirements: tuple[RequirementShown, ...]
    entry: Entry
    would_drop_mandatory: bool


def selection_shown(draft: Draft, tender: Tender, speaker: Reader) -> SelectionShown:
    """The clauses of the tender, in and out, by category."""
    stale = {subject for kind, subject in draft.to_confirm_again() if kind == CLAUSE}
    inside = [_clause_shown(tender, entry, speaker, stale) for entry in tender.clauses]
    outside = [_clause_shown(tender, entry, speaker, stale) for entry in tender.excluded]
    return SelectionShown(
        inside=_by_category(tender, inside, speaker),
        outside=_by_category(tender, outside, speaker),
        clauses_in=len(inside),
        clauses_out=len(outside),
        requirements=sum(len(entry.requirements) for entry in tender.clauses),
        asked=_asked_shown(tender, tender.asked, speaker) if tender.asked else None,
    )


def clause_page(draft: Draft, tender: Tender, speaker: Reader, clause_id: str) -> ClausePage:
    """One clause of the library as it stands in this tender. Raises KeyError where there is none."""
    clause = draft.library.clauses[clause_id]
    every: tuple[ClauseIn | ClauseOut, ...] = (*tender.clauses, *tender.excluded)
    entry = next(row for row in every if row.clause.id == clause_id)
    stale = {subject for kind, subject in draft.to_confirm_again() if kind == CLAUSE}
    place = place_of(draft.library, speaker.language, tender.assessment)
    words = ClauseWords(draft.library, speaker.language, place, tender.parameters)
    here = requirements_for(tender.assessment, clause)
    texts = draft.library.texts[clause_id][speaker.language]
    strengths = {row.requirement.id: row.strength for row in getattr(entry, "requirements", ())}
    return ClausePage(
        clause=_clause_shown(tender, entry, speaker, stale),
        category=str(speaker.words["categories"][clause.category]),
        version=clause.version,
        summary=words.say(texts["summary"]),
        notes={note: words.say(text) for note, text in texts.get("notes", {}).items()},
        is_in=isinstance(entry, ClauseIn),
        requirements=tuple(
            RequirementShown(
                row.id,
                strengths.get(row.id, ""),
                row.kind,
                row.owed_by,
                row.moment,
                words.say(texts["requirements"][row.id]["text"]),
                {part: words.say(written) for part, written in texts["requirements"][row.id].items() if part in PARTS},
            )
            for row in clause.requirements
        ),
        entry=draft.entry(CLAUSE, clause_id),
        would_drop_mandatory=_by_rules(tender, clause_id) and any(row.strength == "mandatory" for row in here),
    )


def _by_rules(tender: Tender, clause_id: str) -> bool:
    verdict: Verdict = tender.library.clauses[clause_id].when.verdict(tender.assessment.reading)
    return verdict is not False


def _clause_shown(tender: Tender, entry: ClauseIn | ClauseOut, speaker: Reader, stale: set[str]) -> ClauseShown:
    clause_id, inside = entry.clause.id, isinstance(entry, ClauseIn)
    made = tender.decisions.clauses.get(clause_id)
    counted = Counter(row.strength for row in entry.requirements) if isinstance(entry, ClauseIn) else Counter[str]()
    # A decision that the rules have since caught up with is not why the clause stands where it does.
    decided = made.way if made and _by_rules(tender, clause_id) != inside else ""
    return ClauseShown(
        clause_id,
        str(tender.library.texts[clause_id][speaker.language]["title"]),
        tuple(_reasons(tender, entry, speaker, decided)),
        tuple((strength, counted[strength]) for strength in STRENGTHS if counted[strength]),
        isinstance(entry, ClauseIn) and entry.triggered_by_bid and not decided,
        decided,
        clause_id in stale,
    )


def _reasons(tender: Tender, entry: ClauseIn | ClauseOut, speaker: Reader, decided: str) -> list[str]:
    if decided:
        sentence = speaker.sentences["added" if decided == "in" else "dropped"]
        return [sentence.format(reason=tender.decisions.clauses[entry.clause.id].reason)]
    if isinstance(entry, ClauseIn):
        return speaker.why_in(entry, tender.assessment)
    return speaker.why_out(entry, tender.assessment)


def _by_category(tender: Tender, shown: list[ClauseShown], speaker: Reader) -> tuple[CategoryShown, ...]:
    found: dict[str, list[ClauseShown]] = {}
    for row in shown:
        found.setdefault(tender.library.clauses[row.id].category, []).append(row)
    names = speaker.words["categories"]
    return tuple(CategoryShown(code, names[code], tuple(rows)) for code, rows in found.items())


def _asked_shown(tender: Tender, found: Asked, speaker: Reader) -> AskedShown:
    tier = tender.assessment.tier
    rows = tuple(_row_shown(tender, row, speaker) for row in found.rows)
    return AskedShown(
        rows=rows,
        counts=Counter(row.strength for row in rows),
        mandatory_budget=MANDATORY_ROWS[tier],
        scored_budget=SCORED_ROWS[tier],
        later=len(found.later),
        owed_by_buyer=len(found.owed_by_buyer),
        proof_moved=tuple(sorted(found.proof_moved)),
        became_terms=tuple(sorted(found.became_terms)),
        informative_dropped=tuple(sorted(found.informative_dropped)),
    )


def _row_shown(tender: Tender, row: Row, speaker: Reader) -> RowShown:
    title = tender.library.texts[row.clause.clause.id][speaker.language]["title"]
    return RowShown(row.id, str(title), row.selected.strength)
