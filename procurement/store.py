"""Keeping tenders. A tender is looked for inside one organisation only. Functions never commit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger
from clause_library.store import load_release, newest_release
from database import now
from procurement.draft import CLAUSE, CONFLICT, DRAFT, PARTICULAR, PUBLISHED, TIER, Draft, Entry
from procurement.errors import NoSuchTender, NotAllowed, Overtaken
from procurement.tables import EntryRow, TenderRow

OVERRIDES = (TIER, CLAUSE, CONFLICT)


@dataclass(frozen=True)
class Change:
    """What somebody left in a form: the value, and the revision the form was read at."""

    value: Any
    read_revision: int
    ground: str = ""


@dataclass(frozen=True)
class Listed:
    """A tender as it is listed."""

    id: str
    title: str
    reference: str
    state: str
    created_at: datetime


def start(session: Session, *, organisation_id: str, person_id: str, entries: Mapping[tuple[str, str], Any]) -> str:
    """A new draft on the newest release with these entries ((kind, subject): value). Gives its id."""
    row = TenderRow(
        id=str(uuid4()),
        organisation_id=organisation_id,
        created_by=person_id,
        created_at=now(),
        release_hash=newest_release(session).hash,
        state=DRAFT,
        revision=1,
    )
    session.add(row)
    session.flush()
    for (kind, subject), value in entries.items():
        _add_entry(session, row.id, kind, subject, 1, Change(value, 0), person_id)
    return row.id


def tenders_of(session: Session, organisation_id: str) -> list[Listed]:
    """The tenders of an organisation, the newest first."""
    rows = session.scalars(
        select(TenderRow)
        .where(TenderRow.organisation_id == organisation_id)
        .order_by(TenderRow.created_at.desc(), TenderRow.id)
    ).all()
    named = _newest_particulars(session, [row.id for row in rows])
    return [
        Listed(
            row.id,
            named.get((row.id, "title"), ""),
            named.get((row.id, "reference"), ""),
            row.state,
            row.created_at,
        )
        for row in rows
    ]


def draft(session: Session, organisation_id: str, tender_id: str, *, for_update: bool = False) -> Draft:
    """One tender of an organisation. Raises NoSuchTender, also for a tender of another organisation."""
    row = _row(session, organisation_id, tender_id, for_update=for_update)
    return Draft(
        id=row.id,
        organisation_id=row.organisation_id,
        created_by=row.created_by,
        created_at=row.created_at,
        release_hash=row.release_hash,
        state=row.state,
        revision=row.revision,
        library=load_release(row.release_hash, session),
        entries=_entries(session, tender_id),
    )


def save(session: Session, found: Draft, kind: str, changes: Mapping[str, Change], person_id: str) -> tuple[str, ...]:
    """Save what changed in a form; `found` was read for update. Gives the subjects that were written.

    A subject left as it was when the form was read is untouched, unless a decision rests on new ground.
    Raises Overtaken, and writes nothing, where somebody else changed a subject since: `theirs` maps each
    such subject to the Entry stored now. Raises NotAllowed once the tender is published.
    """
    if found.state != DRAFT:
        raise NotAllowed(found.state)
    read = _values_at(session, found.id, kind, changes)
    touched = {
        name: change
        for name, change in changes.items()
        if read.get(name) != change.value or (change.ground and change.ground != found.entry(kind, name).ground)
    }
    overtaken = {
        name: found.entry(kind, name)
        for name, change in touched.items()
        if found.entry(kind, name).revision != change.read_revision and found.entry(kind, name).value != change.value
    }
    if overtaken:
        raise Overtaken(overtaken)
    for name, change in touched.items():
        revision = found.entry(kind, name).revision + 1
        _add_entry(session, found.id, kind, name, revision, change, person_id)
        if kind in OVERRIDES:
            _record_override(session, found, kind, name, change, person_id)
    return tuple(touched)


def move_to_release(session: Session, found: Draft, release_hash: str, person_id: str) -> None:
    """Pin a draft to another release. Its decisions are kept; those whose ground changed show as such.

    Where it stands on that release already, nothing is written. Raises NotAllowed once the tender is published.
    """
    if found.state != DRAFT:
        raise NotAllowed(found.state)
    if release_hash == found.release_hash:
        return
    row = session.get_one(TenderRow, found.id)
    row.release_hash, row.revision = release_hash, row.revision + 1
    ledger.record(
        session,
        "tender_moved_to_release",
        person_id,
        found.id,
        {"from": found.release_hash, "to": release_hash},
        organisation=found.organisation_id,
    )


def mark_published(session: Session, found: Draft) -> None:
    """Close a draft for good. Raises NotAllowed where it is closed already."""
    row = session.get_one(TenderRow, found.id)
    if row.state != DRAFT:
        raise NotAllowed(row.state)
    row.state, row.revision = PUBLISHED, row.revision + 1


def _row(session: Session, organisation_id: str, tender_id: str, *, for_update: bool) -> TenderRow:
    query = select(TenderRow).where(TenderRow.id == tender_id, TenderRow.organisation_id == organisation_id)
    row = session.scalars(query.with_for_update() if for_update else query).first()
    if row is None:
        raise NoSuchTender(tender_id)
    return row


def _entries(session: Session, tender_id: str) -> dict[str, dict[str, Entry]]:
    rows = session.scalars(
        select(EntryRow)
        .where(EntryRow.tender_id == tender_id)
        .order_by(EntryRow.kind, EntryRow.subject, EntryRow.revision)
    )
    entries: dict[str, dict[str, Entry]] = {}
    for row in rows:
        entry = Entry(_value(row.value), row.revision, row.ground, row.person_id)
        entries.setdefault(row.kind, {})[row.subject] = entry
    return entries


def _values_at(session: Session, tender_id: str, kind: str, changes: Mapping[str, Change]) -> dict[str, Any]:
    rows = session.scalars(
        select(EntryRow).where(EntryRow.tender_id == tender_id, EntryRow.kind == kind, EntryRow.subject.in_(changes))
    )
    return {row.subject: _value(row.value) for row in rows if row.revision == changes[row.subject].read_revision}


def _newest_particulars(session: Session, tender_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    newest = (
        select(EntryRow.tender_id, EntryRow.subject, func.max(EntryRow.revision).label("revision"))
        .where(
            EntryRow.tender_id.in_(list(tender_ids)),
            EntryRow.kind == PARTICULAR,
            EntryRow.subject.in_(("title", "reference")),
        )
        .group_by(EntryRow.tender_id, EntryRow.subject)
        .subquery()
    )
    rows = session.scalars(
        select(EntryRow)
        .join(
            newest,
            (EntryRow.tender_id == newest.c.tender_id)
            & (EntryRow.subject == newest.c.subject)
            & (EntryRow.revision == newest.c.revision),
        )
        .where(EntryRow.kind == PARTICULAR)
    )
    return {(row.tender_id, row.subject): _value(row.value) or "" for row in rows}


def _add_entry(
    session: Session, tender_id: str, kind: str, subject: str, revision: int, change: Change, person_id: str
) -> None:
    value = None if change.value is None else json.dumps(change.value, ensure_ascii=False, sort_keys=True)
    session.add(
        EntryRow(
            tender_id=tender_id,
            kind=kind,
            subject=subject,
            revision=revision,
            value=value,
            ground=change.ground,
            person_id=person_id,
            at=now(),
        )
    )


def _record_override(session: Session, found: Draft, kind: str, subject: str, change: Change, person_id: str) -> None:
    payload = {"kind": kind, "subject": subject, "value": change.value, "release": found.release_hash}
    ledger.record(session, "decision_taken", person_id, found.id, payload, organisation=found.organisation_id)


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
