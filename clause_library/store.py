"""Keeping versions, releases and proposals. Functions take a session and never commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

import ledger
from clause_library.bundles import bundle_of
from clause_library.errors import Fault, HasReleases, NoSuchClause, NoSuchRelease, Overtaken
from clause_library.proof import APPROVAL, Act, Approval, Evidence
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
    check_may_close,
    check_texts,
    content_hash,
    faults_in,
    known_in,
)
from clause_library.tables import ApprovalRow, ClauseVersionRow, ProposalRow, ReleaseRow
from database import current_engine, is_there, lock, now, reading
from ledger.tables import LedgerEntry
from rules.library import Library

INSTALLATION = "installation"
FROM_THE_EDITION = (None, 1)
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


def release(session: Session, number: int) -> tuple[Release, Mapping[str, Version]]:
    """A release by its number, with its versions by hash. Raises NoSuchRelease."""
    return _release_with_versions(session, release_note(session, number).hash)


def release_note(session: Session, number: int) -> ReleaseNote:
    """How a release is listed. Raises NoSuchRelease."""
    for note in releases(session):
        if note.number == number:
            return note
    raise NoSuchRelease(str(number))


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
    if number in FROM_THE_EDITION and not is_there(current_engine()):
        return shipped_library()
    with reading() as session:
        note = _note_for_commands(session, number)
        return load_release(note.hash, session) if note else shipped_library()


def release_for_commands(number: int | None = None) -> tuple[Release, Mapping[str, Version]]:
    """The release a command works with, with its versions by hash, chosen as the library is. Raises NoSuchRelease."""
    if number in FROM_THE_EDITION and not is_there(current_engine()):
        return shipped_release()
    with reading() as session:
        note = _note_for_commands(session, number)
        return _release_with_versions(session, note.hash) if note else shipped_release()


def _note_for_commands(session: Session, number: int | None) -> ReleaseNote | None:
    notes = releases(session) if has_tables(session) else []
    for note in notes:
        if number is None or note.number == number:
            return note
    if notes or number not in FROM_THE_EDITION:
        raise NoSuchRelease(str(number))
    return None


def has_tables(session: Session) -> bool:
    """Whether the database was ever migrated to hold a library."""
    return inspect(session.connection()).has_table(ReleaseRow.__tablename__)


def enter_edition(session: Session) -> bool:
    """Enter the shipped edition as release 1, where there is no release yet. True if it was entered."""
    lock(session, "releases")
    if releases(session):
        return False
    _enter(session, *shipped_release(), origin="edition")
    return True


def enter_release(session: Session, entered: Release, versions: Mapping[str, Version]) -> ReleaseNote:
    """Enter a release that was read from a file, where there is no release yet. Raises HasReleases."""
    lock(session, "releases")
    if releases(session):
        raise HasReleases
    return _enter(session, entered, versions, origin="import")


def _enter(session: Session, entered: Release, versions: Mapping[str, Version], origin: str) -> ReleaseNote:
    session.add_all(_version_row(version) for version in versions.values())
    session.flush()
    return _publish(session, entered, origin, entered.manifest["edition"]["name"], INSTALLATION)


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


def version_of(session: Session, clause_id: str, number: int) -> Version:
    """One version of a clause by its number. Raises NoSuchClause."""
    query = select(ClauseVersionRow).where(ClauseVersionRow.clause_id == clause_id, ClauseVersionRow.number == number)
    row = session.scalars(query).first()
    if row is None:
        raise NoSuchClause(f"{clause_id}@{number}")
    return _as_version(row)


def first_release_of(session: Session, found: Version) -> ReleaseNote:
    """The release a version first came with. Raises NoSuchRelease."""
    query = (
        select(ApprovalRow.release)
        .join(ProposalRow, ProposalRow.id == ApprovalRow.proposal_id)
        .join(ClauseVersionRow, ClauseVersionRow.hash == ProposalRow.base_hash)
        .where(ProposalRow.clause_id == found.clause_id, ClauseVersionRow.number == found.number - 1)
    )
    approved_in = session.scalars(query).first()
    return release_note(session, approved_in) if approved_in else releases(session)[-1]


def approval_of(session: Session, proposal_id: str) -> Approval | None:
    """The approval of a proposal, where it was approved."""
    row = session.get(ApprovalRow, proposal_id)
    return _as_approval(row) if row else None


def approval_in(session: Session, number: int) -> Approval | None:
    """The approval a release came from, where one did."""
    row = session.scalars(select(ApprovalRow).where(ApprovalRow.release == number)).first()
    return _as_approval(row) if row else None


def proposals(session: Session, state: str | None = None, clause_id: str | None = None) -> list[Proposal]:
    """Proposals, the newest first; only those in one state, or about one clause, if it is given."""
    query = select(ProposalRow).order_by(ProposalRow.proposed_at.desc(), ProposalRow.id)
    if state:
        query = query.where(ProposalRow.state == state)
    if clause_id:
        query = query.where(ProposalRow.clause_id == clause_id)
    return [_as_proposal(row) for row in session.scalars(query)]


def proposal(session: Session, proposal_id: str) -> Proposal:
    """One proposal. Raises NoSuchClause."""
    row = session.get(ProposalRow, proposal_id)
    if row is None:
        raise NoSuchClause(proposal_id)
    return _as_proposal(row)


def propose(  # each is a fact about the proposal, named where it is given
    session: Session, *, clause_id: str, base_hash: str, texts: Texts, reason: str, author_id: str
) -> Proposal:
    """Propose new texts for a clause, starting from its newest version.

    Raises NoSuchClause, Overtaken where `base_hash` is no longer the newest, BadTexts and NothingChanged.
    """
    lock(session, "releases")
    library = newest_library(session)
    if clause_id not in library.clauses:
        raise NoSuchClause(clause_id)
    if library.clauses[clause_id].hash != base_hash:
        raise Overtaken(clause_id)
    known = known_in(bundle_of(*_release_with_versions(session, library.hash)))
    check_texts(version(session, base_hash).body, texts, known)
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


def faults_in_texts(session: Session, clause_id: str, texts: Texts) -> tuple[Fault, ...]:
    """What is wrong with texts for a clause, were they proposed now. Raises NoSuchClause."""
    library = newest_library(session)
    if clause_id not in library.clauses:
        raise NoSuchClause(clause_id)
    known = known_in(bundle_of(*_release_with_versions(session, library.hash)))
    return tuple(faults_in(version(session, library.clauses[clause_id].hash).body, texts, known))


def texts_of(session: Session, clause_id: str, version_hash: str) -> Texts:
    """The texts of the version of a clause with this hash; none where there is no such version."""
    row = session.get(ClauseVersionRow, version_hash)
    found: Texts = _as_version(row).body["texts"] if row and row.clause_id == clause_id else {}
    return found


def approve(session: Session, proposal_id: str, *, approver_id: str, read_hash: str) -> ReleaseNote:
    """Approve the text that was read, into a new version and a new release.

    Raises AlreadyClosed, NotAllowed (four eyes) and Overtaken where the text or the clause changed since.
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
    """Reject or withdraw an open proposal: only its author withdraws, only somebody else rejects.

    Raises NoSuchClause, AlreadyClosed and NotAllowed.
    """
    lock(session, "releases")
    row = session.get(ProposalRow, proposal_id, with_for_update=True)
    if row is None:
        raise NoSuchClause(proposal_id)
    check_may_close(_as_proposal(row), state, person_id)
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
    made = release_from(rules, current.number + 1, rows)
    return _publish(session, made, APPROVAL, found.reason, actor)


def _publish(session: Session, made: Release, origin: str, reason: str, actor: str) -> ReleaseNote:
    row = ReleaseRow(
        number=made.number,
        hash=made.hash,
        canonical=made.canonical,
        origin=origin,
        reason=reason,
        released_at=now(),
    )
    session.add(row)
    session.flush()
    payload = {"number": made.number, "hash": made.hash, "origin": origin}
    ledger.record(session, "library_released", actor, str(made.number), payload)
    return ReleaseNote(row.number, row.hash, row.origin, row.reason, row.released_at)


def _release_with_versions(session: Session, release_hash: str) -> tuple[Release, Mapping[str, Version]]:
    row = session.scalars(select(ReleaseRow).where(ReleaseRow.hash == release_hash)).first()
    if row is None:
        raise NoSuchRelease(release_hash)
    found = Release(row.number, row.canonical, row.hash)
    hashes = [entry["hash"] for entry in found.manifest["clauses"]]
    rows = session.scalars(select(ClauseVersionRow).where(ClauseVersionRow.hash.in_(hashes)))
    return found, {row.hash: _as_version(row) for row in rows}


def evidence(session: Session) -> Evidence:
    """Everything the library keeps about itself, as it is stored, in a stated order."""
    versions = session.scalars(select(ClauseVersionRow).order_by(ClauseVersionRow.clause_id, ClauseVersionRow.number))
    rows = session.scalars(select(ReleaseRow).order_by(ReleaseRow.number)).all()
    approvals = session.scalars(select(ApprovalRow).order_by(ApprovalRow.release))
    entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq))
    return Evidence(
        versions=tuple(_as_version(row) for row in versions),
        releases=tuple(Release(row.number, row.canonical, row.hash) for row in rows),
        origins={row.number: row.origin for row in rows},
        proposals=tuple(proposals(session)),
        approvals=tuple(_as_approval(row) for row in approvals),
        acts=tuple(Act(row.kind, row.actor, row.subject, json.loads(row.payload)) for row in entries),
    )


def _as_approval(row: ApprovalRow) -> Approval:
    return Approval(row.proposal_id, row.content_hash, row.approver_id, row.release, row.approved_at)


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
