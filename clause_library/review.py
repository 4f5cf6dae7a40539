"""Proposals and the rule of four eyes: whoever wrote a text never approves it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clause_library.errors import AlreadyClosed, BadTexts, Fault, NotAllowed, NothingChanged
from clause_library.releases import canonical, hashed
from clause_library.wording import (
    NEEDED_PARTS,
    PARTS,
    PLACEHOLDER,
    is_term,
    parameters_in,
    references_in,
    stray_marks,
    terms_in,
)
from rules.library import LANGUAGES, TIERS

OPEN, APPROVED, REJECTED, WITHDRAWN = "open", "approved", "rejected", "withdrawn"
LONGEST_TITLE = 200
LONGEST_PART = 6000
TITLE, SUMMARY, TEXT = "title", "summary", "text"
Texts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Proposal:
    """A proposed change: the version it starts from, the new texts, why, by whom (an opaque id), and its state."""

    id: str
    clause_id: str
    base_hash: str
    texts: Texts
    content_hash: str
    reason: str
    author_id: str
    state: str
    revision: int
    proposed_at: datetime


@dataclass(frozen=True)
class Known:
    """What a text may use: parameters, each with the tiers at which it has no value, and clauses to refer to."""

    parameters: Mapping[str, frozenset[int]]
    clauses: frozenset[str]


def known_in(bundle: Mapping[str, Any]) -> Known:
    """What the texts of a release may use."""
    parameters = {row["name"]: _tiers_without_value(row) for row in bundle["parameters"]}
    return Known(parameters, frozenset(row["id"] for row in bundle["clauses"]))


def _tiers_without_value(row: Mapping[str, Any]) -> frozenset[int]:
    barred = set(row.get("not_at_tiers", ()))
    given = {int(tier) for tier in row.get("defaults", {})}
    # Without any default the buyer fills it in; with some, a tier takes the nearest one from its own upwards.
    return frozenset(tier for tier in TIERS if tier in barred or (given and tier > max(given)))


def content_hash(clause_id: str, base_hash: str, texts: Texts) -> str:
    """The hash an approval is bound to: the clause, the version it starts from, and the texts."""
    return hashed("proposal-1", canonical({"clause": clause_id, "base": base_hash, "texts": texts}))


def check_texts(before: Mapping[str, Any], texts: Texts, known: Known) -> None:
    """Check new texts of a clause against its version `before` (its body).

    Raises NothingChanged, and BadTexts with every fault found.
    """
    if canonical({"texts": texts}) == canonical({"texts": before["texts"]}):
        raise NothingChanged(before["id"])
    if faults := tuple(faults_in(before, texts, known)):
        raise BadTexts(faults)


def check_may_approve(proposal: Proposal, approver_id: str) -> None:
    """Raises AlreadyClosed, and NotAllowed where the approver wrote it."""
    if proposal.state != OPEN:
        raise AlreadyClosed(proposal.state)
    if proposal.author_id == approver_id:
        raise NotAllowed("whoever wrote a text never approves it")


def check_may_close(proposal: Proposal, state: str, person_id: str) -> None:
    """Raises AlreadyClosed, and NotAllowed: only the author withdraws, only somebody else rejects."""
    if proposal.state != OPEN:
        raise AlreadyClosed(proposal.state)
    if (proposal.author_id == person_id) != (state == WITHDRAWN):
        raise NotAllowed(state)


def steps_for(proposal: Proposal, person_id: str, newest_hash: str) -> frozenset[str]:
    """The states this person may bring the proposal to, where `newest_hash` is the clause's newest version.

    A text that starts from an older version is approved no longer.
    """
    if proposal.state != OPEN:
        return frozenset()
    if proposal.author_id == person_id:
        return frozenset({WITHDRAWN})
    return frozenset({APPROVED, REJECTED}) if proposal.base_hash == newest_hash else frozenset({REJECTED})


# What a text must satisfy


def faults_in(body: Mapping[str, Any], texts: Texts, known: Known) -> Iterator[Fault]:
    """Everything wrong with the texts of a clause, whose facts are in `body`."""
    requirements = {row["id"]: row for row in body["requirements"]}
    whole = True
    for language in LANGUAGES:
        text = texts.get(language, {"requirements": {}})
        for name in sorted(set(requirements) ^ set(text["requirements"])):
            whole = False
            yield Fault(language, name, TEXT, "missing", name)
        for requirement, part, written in parts_of(text):
            yield from _faults_in_part(Fault(language, requirement, part, ""), written, known)
    if whole:
        for name, row in requirements.items():
            yield from _faults_in_parity(name, texts)
            yield from _faults_in_values(row, texts, known)


def parts_of(text: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The parts of a clause's text in one language: requirement (empty for the clause's own), part, words.

    What every clause has is listed even where it is missing; the rest only where it is there.
    """
    found = [("", part, text.get(part, "")) for part in (TITLE, SUMMARY)]
    for name, requirement in text["requirements"].items():
        needed = (TEXT, *NEEDED_PARTS)
        found += [
            (name, part, requirement.get(part, "")) for part in (TEXT, *PARTS) if part in needed or part in requirement
        ]
    return found + [("", note, words) for note, words in text.get("notes", {}).items()]


def _faults_in_part(at: Fault, written: str, known: Known) -> Iterator[Fault]:
    def fault(code: str, mark: str = "") -> Fault:
        return Fault(at.language, at.requirement, at.part, code, mark)

    longest = LONGEST_TITLE if at.part == TITLE else LONGEST_PART
    if not written.strip():
        yield fault("empty")
    if len(written) > longest:
        yield fault("long", str(longest))
    if any(line.lstrip().startswith("#") for line in written.splitlines()):
        yield fault("heading", "#")
    yield from (fault("stray", mark) for mark in dict.fromkeys(stray_marks(written)))
    names, references = dict.fromkeys(PLACEHOLDER.findall(written)), references_in(written)
    if not at.requirement:
        unfit = references if at.part in (TITLE, SUMMARY) else ()
        yield from (fault("plain", name) for name in (*names, *sorted(unfit)))
        yield from (fault("no_clause", name) for name in sorted(references - known.clauses))
        return
    yield from (fault("unknown", name) for name in names if not _is_known(name, known))
    yield from (fault("no_clause", name) for name in sorted(references - known.clauses))


def _is_known(name: str, known: Known) -> bool:
    return is_term(name) if name.startswith("term.") else name in known.parameters


_Finder = Callable[[str], frozenset[str]]
_COMPARED: tuple[tuple[str, _Finder], ...] = (
    *((part, parameters_in) for part in (TEXT, *PARTS)),
    (TEXT, terms_in),
    *((part, references_in) for part in (TEXT, *PARTS)),
)


def _faults_in_parity(requirement: str, texts: Texts) -> Iterator[Fault]:
    """What a language uses must be used in every other: parameters and references per part, terms in the text."""
    for part, found in _COMPARED:
        used = {language: found(texts[language]["requirements"][requirement].get(part, "")) for language in LANGUAGES}
        everything = frozenset[str]().union(*used.values())
        for language in LANGUAGES:
            yield from (
                Fault(language, requirement, part, "lacking", name) for name in sorted(everything - used[language])
            )


def _faults_in_values(row: Mapping[str, Any], texts: Texts, known: Known) -> Iterator[Fault]:
    first = LANGUAGES[0]
    tiers = {int(tier) for tier in row["strength"]}
    for part in (TEXT, *PARTS):
        for name in sorted(parameters_in(texts[first]["requirements"][row["id"]].get(part, ""))):
            if tiers & known.parameters.get(name, frozenset()):
                yield Fault(first, row["id"], part, "no_value", name)
