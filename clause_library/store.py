"""Keeping versions, releases and proposals. Functions take a session and never commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

import ledger
from clause_library.errors import NoSuchClause, NoSuchRelease, NotAllowed, Overtaken
from clause_library.releases import (
    Release,
    Version,
    canonical,
    library_of,
    release_from,
    shipped_library,
    shipped_release,
    version_from,
)
from clause_library.review import (
    APPROVED,
    OPEN,
    Proposal,
    Texts,
    check_may_approve,
    check_texts,
    content_hash,
)
from clause_library.tables import ApprovalRow, ClauseVersionRow, ProposalRow, ReleaseRow
from database import lock, now, reading
from rules.library import Library

INSTALLATION = "installation"
_KEPT = 16
_libraries: dict[str, Library] = {}


@dataclass(frozen=True)
class ReleaseNote:
    """A release as it is listed: number, hash, origin, reason and instant."""

    number: int
    hash: str
    origin: str
    reason: str
    released_at: datetime


def load_release(release_hash: str, session: Session) -> Library:
    """The library of a release; the newest ones asked for are kept in memory. Raises NoSuchRelease."""
    if release_hash not in _libraries:
        library = library_of(*_release_with_versions(session, release_hash))
        while len(_libraries) >= _KEPT:
            _libraries.pop(next(iter(_libraries)), None)
        _libraries[release_hash] = library
    return _libraries[release_hash]


def newest_release(session: Session) -> ReleaseNote:
    """The release new tenders start from. Raises NoSuchRelease."""
    notes = releases(session)
    if not notes:
        raise NoSuchRelease("no release")
    return notes[0]


def newest_library(session: Session) -> Library:
    """The library of the newest release."""
    return load_release(newest_release(session).hash, session)


def releases(session: Session) -> list[ReleaseNote]:
    """All releases, the newest first."""
    columns = (
        ReleaseRow.number,
        ReleaseRow.hash,
        ReleaseRow.origin,
        ReleaseRow.reason,
        ReleaseRow.released_at,
    )
    rows = session.execute(select(*columns).order_by(ReleaseRow.number.desc()))
    return [ReleaseNote(*row) for row in rows]


def library_for_commands(number: int | None = None) -> Library:
    """The library a command works with: the database's, or the shipped edition where it has none.

    Raises NoSuchRelease for a number that is not there.
    """
    with reading() as session:
        has_tables = inspect(session.connection()).has_table(ReleaseRow.__tablename__)
        notes = releases(session) if has_tables else []
        for note in notes:
            if number is None or note.number == number:
                return load_release(note.hash, session)
    if notes or number not in (None, 1):
        raise NoSuchRelease(str(number))
    return shipped_library()


def enter_edition(session: Session) -> bool:
    """Enter the shipped edition as release 1, where there is no release yet. True if it was entered."""
    lock(session, "releases")
    if releases(session):
        return False
    release, versions = shipped_release()
    session.add_all(_version_row(version) for version in versions.values())
    session.flush()
    _publish(session, release, "edition", release.manifest["edition"]["name"], INSTALLATION)
    return True


def version(session: Session, version_hash: str) -> Version:
    """One version by its hash. Raises NoSuchClause."""
    row = session.get(ClauseVersionRow, version_hash)
    if row is None:
        raise NoSuchClause(version_hash)
    return _as_version(row)


def versions_of(session: Session, clause_id: str) -> list[Version]:
    """All versions of a clause, the newest first."""
    query = select(ClauseVersionRow).where(ClauseVersionRow.clause_id == clause_id)
    rows = session.scalars(query.order_by(ClauseVersionRow.number.desc()))
    return [_as_version(row) for row in rows]


def proposals(session: Session, state: str | None = None) -> list[Proposal]:
    """Proposals, the newest first; only those in one state if it is given."""
    query = select(ProposalRow).order_by(ProposalRow.proposed_at.desc(), ProposalRow.id)
    if state:
        query = query.where(ProposalRow.state == state)
    return [_as_proposal(row) for row in session.scalars(query)]


def proposal(session: Session, proposal_id: str) -> Proposal:
    """One proposal. Raises NoSuchClause."""
    row = session.get(ProposalRow, proposal_id)
    if row is None:
        raise NoSuchClause(proposal_id)
    return _as_proposal(row)


def propose(session: Session, *, clause_id: str, base_hash: str, texts: Texts, reason: str, author_id: str) -> Proposal:
    """Propose new texts for a clause, starting from its newest version.

    Raises NoSuchClause, Overtaken where `base_hash` is no longer the newest, BadWording and NothingChanged.
    """
    lock(session, "releases")
    library = newest_library(session)
    if clause_id not in library.clauses:
        raise NoSuchClause(clause_id)
    if library.clauses[clause_id].hash != base_hash:
        raise Overtaken(clause_id)
    check_texts(version(session, base_hash).body, texts, frozenset(library.parameters))
    row = ProposalRow(
        id=str(uuid4()),
        clause_id=clause_id,
        base_hash=base_hash,
        texts=canonical(texts),
        content_hash=content_hash(clause_id, base_hash, texts),
        reason=reason,
        author_id=author_id,
        state=OPEN,
        revision=1,
        proposed_at=now(),
    )
    session.add(row)
    session.flush()
    payload = {"clause": clause_id, "base": base_hash, "content": row.content_hash}
    ledger.record(session, "clause_proposed", author_id, row.id, payload)
    return _as_proposal(row)


def approve(session: Session, proposal_id: str, *, approver_id: str, read_hash: str) -> ReleaseNote:
    """Approve the text that was read, into a new version and a new release.

    Raises NotAllowed (four eyes, or not open) and Overtaken where the text or the clause changed since.
    """
    lock(session, "releases")
    row = session.get(ProposalRow, proposal_id, with_for_update=True)
    if row is None:
        raise NoSuchClause(proposal_id)
    found = _as_proposal(row)
    check_may_approve(found, approver_id)
    library = newest_library(session)
    if read_hash != found.content_hash or library.clauses[found.clause_id].hash != found.base_hash:
        raise Overtaken(found.clause_id)
    note = _release_with(session, library, found, approver_id)
    row.state, row.revision = APPROVED, row.revision + 1
    session.add(
        ApprovalRow(
            proposal_id=proposal_id,
            content_hash=found.content_hash,
            approver_id=approver_id,
            release=note.number,
            approved_at=now(),
        )
    )
    payload = {"clause": found.clause_id, "content": found.content_hash, "release": note.number}
    ledger.record(session, "clause_approved", approver_id, proposal_id, payload)
    return note


def close_proposal(session: Session, proposal_id: str, *, state: str, person_id: str) -> Proposal:
    """Reject or withdraw an open proposal: only its author withdraws, only somebody else rejects."""
    lock(session, "releases")
    row = session.get(ProposalRow, proposal_id, with_for_update=True)
    if row is None:
        raise NoSuchClause(proposal_id)
    is_author = row.author_id == person_id
    if row.state != OPEN or is_author != (state == "withdrawn"):
        raise NotAllowed(state)
    row.state, row.revision = state, row.revision + 1
    ledger.record(session, f"clause_{state}", person_id, proposal_id, {"clause": row.clause_id})
    return _as_proposal(row)


def _release_with(session: Session, library: Library, found: Proposal, actor: str) -> ReleaseNote:
    base = version(session, found.base_hash)
    changed = version_from(base.body | {"texts": found.texts}, base.number + 1)
    session.add(_version_row(changed))
    session.flush()
    current, versions = _release_with_versions(session, library.hash)
    rows = [changed if row["id"] == changed.clause_id else versions[row["hash"]] for row in current.manifest["clauses"]]
    rules = {key: value for key, value in current.manifest.items() if key != "clauses"}
    release = release_from(rules, current.number + 1, rows)
    return _publish(session, release, "approval", found.reason, actor)


def _publish(session: Session, release: Release, origin: str, reason: str, actor: str) -> ReleaseNote:
    row = ReleaseRow(
        number=release.number,
        hash=release.hash,
        canonical=release.canonical,
        origin=origin,
        reason=reason,
        released_at=now(),
    )
    session.add(row)
    session.flush()
    payload = {"number": release.number, "hash": release.hash, "origin": origin}
    ledger.record(session, "library_released", actor, str(release.number), payload)
    return ReleaseNote(row.number, row.hash, row.origin, row.reason, row.released_at)


def _release_with_versions(session: Session, release_hash: str) -> tuple[Release, Mapping[str, Version]]:
    row = session.scalars(select(ReleaseRow).where(ReleaseRow.hash == release_hash)).first()
    if row is None:
        raise NoSuchRelease(release_hash)
    release = Release(row.number, row.canonical, row.hash)
    hashes = [entry["hash"] for entry in release.manifest["clauses"]]
    rows = session.scalars(select(ClauseVersionRow).where(ClauseVersionRow.hash.in_(hashes)))
    return release, {row.hash: _as_version(row) for row in rows}


def _version_row(made: Version) -> ClauseVersionRow:
    return ClauseVersionRow(hash=made.hash, clause_id=made.clause_id, number=made.number, canonical=made.canonical)


def _as_version(row: ClauseVersionRow) -> Version:
    return Version(row.clause_id, row.number, row.canonical, row.hash)


def _as_proposal(row: ProposalRow) -> Proposal:
    return Proposal(
        row.id,
        row.clause_id,
        row.base_hash,
        json.loads(row.texts),
        row.content_hash,
        row.reason,
        row.author_id,
        row.state,
        row.revision,
        row.proposed_at,
    )
