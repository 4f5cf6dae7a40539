"""Proposals and the rule of four eyes: whoever wrote a text never approves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clause_library.errors import BadWording, NotAllowed, NothingChanged
from clause_library.releases import canonical, hashed
from clause_library.wording import (
    PARTS,
    PLACEHOLDER,
    TERM_FORMS,
    parameters_in,
    references_in,
    stray_marks,
    terms_in,
)
from rules.library import LANGUAGES

OPEN, APPROVED, REJECTED, WITHDRAWN = "open", "approved", "rejected", "withdrawn"
LONGEST_PART = 6000
TERMS = ("supplier", "buyer", "bidder")
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


def content_hash(clause_id: str, base_hash: str, texts: Texts) -> str:
    """The hash an approval is bound to: the clause, the version it starts from, and the texts."""
    return hashed("proposal-1", canonical({"clause": clause_id, "base": base_hash, "texts": texts}))


def check_texts(before: Mapping[str, Any], texts: Texts, parameters: frozenset[str]) -> None:
    """Check new texts of a clause against its version `before` (its body).

    Raises BadWording, naming language and part, for an empty or overlong part, a stray mark, an unknown parameter
    or term, or languages that do not use the same parameters, terms and references. Raises NothingChanged.
    """
    if canonical({"texts": texts}) == canonical({"texts": before["texts"]}):
        raise NothingChanged(before["id"])
    for language in LANGUAGES:
        for where, part in _parts(texts[language]):
            _check_part(f"{language}, {where}", part, parameters)
    for requirement in before["requirements"]:
        _check_parity(requirement["id"], texts)


def check_may_approve(proposal: Proposal, approver_id: str) -> None:
    """Raises NotAllowed where the proposal is not open or the approver wrote it."""
    if proposal.state != OPEN:
        raise NotAllowed("the proposal is not open")
    if proposal.author_id == approver_id:
        raise NotAllowed("whoever wrote a text never approves it")


def _parts(text: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [("title", text["title"]), ("summary", text["summary"])]
    for name, requirement in text["requirements"].items():
        found += [(f"{name}, {part}", requirement[part]) for part in ("text", *PARTS)]
    return found


def _check_part(where: str, part: str, parameters: frozenset[str]) -> None:
    if not part.strip():
        raise BadWording(where, "empty")
    if len(part) > LONGEST_PART:
        raise BadWording(where, "too long")
    if any(line.startswith("#") for line in part.splitlines()):
        raise BadWording(where, "#")
    for mark in stray_marks(part):
        raise BadWording(where, mark)
    for name in PLACEHOLDER.findall(part):
        if not _known(name, parameters):
            raise BadWording(where, name)


def _known(name: str, parameters: frozenset[str]) -> bool:
    if not name.startswith("term."):
        return name in parameters
    _, term, *form = name.split(".")
    return term in TERMS and (not form or (len(form) == 1 and form[0] in TERM_FORMS))


def _check_parity(requirement: str, texts: Texts) -> None:
    first, *others = LANGUAGES
    for language in others:
        for what, found in (("{{ }}", parameters_in), ("term", terms_in), ("[[ ]]", references_in)):
            here, there = (found(texts[which]["requirements"][requirement]["text"]) for which in (first, language))
            if here != there:
                raise BadWording(f"{language}, {requirement}", f"{what}: {', '.join(sorted(here ^ there))}")
