"""Adding to the ledger."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from database import lock, now
from ledger.entry import BEGINNING, Entry, canonical, payload_hash
from ledger.tables import LedgerEntry


def record(  # each is a field of the entry
    session: Session,
    kind: str,
    actor: str,
    subject: str,
    payload: Mapping[str, Any],
    *,
    organisation: str | None = None,
) -> Entry:
    """Add an entry inside the caller's transaction, so that the act and its record are saved together.

    `kind` names the act (`release_published`); `actor` is the id of a person, or `installation` where nobody signed in
    acted; `subject` is the id of what was acted on; `payload` holds text, whole numbers, lists and mappings, and no
    personal data. Raises NotCanonical. Record last in a transaction: on PostgreSQL others wait from here on.
    """
    lock(session, "ledger")
    last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq.desc()).limit(1)).first()
    written = canonical(payload)
    moment = now()
    entry = Entry(
        seq=last.seq + 1 if last else 1,
        kind=kind,
        organisation=organisation,
        actor=actor,
        subject=subject,
        payload=written,
        payload_hash=payload_hash(written),
        previous_hash=last.hash if last else BEGINNING,
        # The order of the entries is what counts; a clock that was set back does not run against it.
        at=max(moment, last.at) if last else moment,
    )
    session.add(_row(entry))
    session.flush()
    return entry


def _row(entry: Entry) -> LedgerEntry:
    return LedgerEntry(
        seq=entry.seq,
        kind=entry.kind,
        organisation_id=entry.organisation,
        actor=entry.actor,
        subject=entry.subject,
        payload=entry.payload,
        payload_hash=entry.payload_hash,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
        at=entry.at,
    )
