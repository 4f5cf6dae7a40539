"""Reading the ledger from the first entry to the last, and computing every hash again."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.entry import BEGINNING, Entry, payload_hash
from ledger.tables import LedgerEntry


@dataclass(frozen=True)
class Chain:
    """What was found: how many entries hold, the hash of the last that does, and the first that does not."""

    entries: int
    head: str
    broken: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        return self.broken is None


def verify_chain(session: Session) -> Chain:
    """Check every entry and its link to the one before it; stops at the first that fails.

    An empty ledger holds, with 0 entries: whoever asks decides whether that can be true.
    """
    chain, before = Chain(0, BEGINNING), None
    query = select(LedgerEntry).order_by(LedgerEntry.seq).execution_options(yield_per=500, populate_existing=True)
    with closing(session.scalars(query)) as rows:
        for row in rows:
            if reason := _fault(row, chain, before):
                return Chain(chain.entries, chain.head, row.seq, reason)
            chain, before = Chain(chain.entries + 1, row.hash), row.at
    return chain


def _fault(row: LedgerEntry, chain: Chain, before: datetime | None) -> str:
    if row.seq != chain.entries + 1:
        return f"entry {chain.entries + 1} is missing"
    if row.previous_hash != chain.head:
        return "it does not follow from the entry before it"
    if payload_hash(row.payload) != row.payload_hash:
        return "its payload was changed"
    if _entry(row).hash != row.hash:
        return "it was changed"
    if before is not None and row.at < before:
        return "it is dated before the entry before it"
    return ""


def _entry(row: LedgerEntry) -> Entry:
    return Entry(
        seq=row.seq,
        kind=row.kind,
        organisation=row.organisation_id,
        actor=row.actor,
        subject=row.subject,
        payload=row.payload,
        payload_hash=row.payload_hash,
        previous_hash=row.previous_hash,
        at=row.at,
    )
