"""Keeping published tenders. Nothing here is ever changed once it is in. Functions never commit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger
from database import now
from exports.data import canonical_json
from procurement.draft import DRAFT, Draft
from procurement.particulars import Particulars, particulars_from
from procurement.store import mark_published
from publication.errors import AlreadyPublished, NoSuchPublication
from publication.publishing import Prepared
from publication.tables import PublishedFileRow, PublishedTenderRow

ON_A_PAGE = 20


@dataclass(frozen=True)
class PublishedFile:
    """A published file without its bytes, which are kept under `sha256`; `language` is empty for the record."""

    published_id: str
    name: str
    kind: str
    language: str
    media_type: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Published:
    """A tender as everybody sees it. `summary` holds what its page shows, as it was on the day."""

    id: str
    published_at: datetime
    summary: Mapping[str, Any]
    files: tuple[PublishedFile, ...]

    @property
    def particulars(self) -> Particulars:
        """The particulars, as published."""
        return particulars_from(self.summary["particulars"])

    @property
    def binding(self) -> str:
        """The language whose text prevails, in which the particulars are written."""
        return str(self.summary["languages"][0])

    @property
    def local_time(self) -> datetime:
        """The moment of publication, in the time zone of the organisation."""
        return self.published_at.astimezone(ZoneInfo(self.summary["time_zone"]))

    def files_in(self, language: str) -> tuple[PublishedFile, ...]:
        """The files of one language; those of none with an empty one."""
        return tuple(file for file in self.files if file.language == language)


def publish(session: Session, found: Draft, prepared: Prepared, person_id: str) -> str:
    """Publish a tender that was read for update; its bytes are kept already. Gives the id of its page.

    Raises AlreadyPublished.
    """
    if found.state != DRAFT:
        raise AlreadyPublished(published_id_of(session, found.id) or "")
    row = PublishedTenderRow(
        id=str(uuid4()),
        tender_id=found.id,
        organisation_id=found.organisation_id,
        summary=_text(prepared.summary),
        record=_text(prepared.record),
        published_by=person_id,
        published_at=now(),
    )
    session.add(row)
    session.flush()
    session.add_all(_file_rows(row.id, prepared))
    mark_published(session, found)
    payload = {
        "published": row.id,
        "release": found.release_hash,
        "summary": sha256(row.summary.encode()).hexdigest(),
        "record": sha256(row.record.encode()).hexdigest(),
        "files": {file.name: file.sha256 for file in prepared.files},
    }
    ledger.record(session, "tender_published", person_id, found.id, payload, organisation=found.organisation_id)
    return row.id


def published_id_of(session: Session, tender_id: str) -> str | None:
    """The id of the public page of a tender, if it is published."""
    return session.scalars(select(PublishedTenderRow.id).where(PublishedTenderRow.tender_id == tender_id)).first()


def published(session: Session, published_id: str) -> Published:
    """One published tender. Raises NoSuchPublication."""
    row = session.get(PublishedTenderRow, published_id)
    if row is None:
        raise NoSuchPublication(published_id)
    return _as_published(row, _files(session, [row.id]))


def published_tenders(session: Session, page: int = 1) -> tuple[list[Published], int]:
    """One page of the published tenders, the newest first, and how many pages there are; without files."""
    count = session.scalar(select(func.count()).select_from(PublishedTenderRow)) or 0
    rows = session.scalars(
        select(PublishedTenderRow)
        .order_by(PublishedTenderRow.published_at.desc(), PublishedTenderRow.id)
        .limit(ON_A_PAGE)
        .offset(ON_A_PAGE * (page - 1))
    )
    return [_as_published(row, ()) for row in rows], max(1, -(-count // ON_A_PAGE))


def file(session: Session, published_id: str, name: str) -> PublishedFile:
    """One published file. Raises NoSuchPublication."""
    query = select(PublishedFileRow).where(PublishedFileRow.published_id == published_id, PublishedFileRow.name == name)
    row = session.scalars(query).first()
    if row is None:
        raise NoSuchPublication(name)
    return _as_file(row)


def files_with(session: Session, sha256: str) -> list[tuple[Published, PublishedFile]]:
    """The published files with this hash, each with its tender, the oldest first."""
    rows = session.execute(
        select(PublishedTenderRow, PublishedFileRow)
        .join(PublishedFileRow, PublishedFileRow.published_id == PublishedTenderRow.id)
        .where(PublishedFileRow.sha256 == sha256)
        .order_by(PublishedTenderRow.published_at, PublishedTenderRow.id, PublishedFileRow.place)
    )
    return [(_as_published(tender, ()), _as_file(row)) for tender, row in rows]


def _files(session: Session, published_ids: Iterable[str]) -> tuple[PublishedFile, ...]:
    rows = session.scalars(
        select(PublishedFileRow)
        .where(PublishedFileRow.published_id.in_(list(published_ids)))
        .order_by(PublishedFileRow.published_id, PublishedFileRow.place)
    )
    return tuple(_as_file(row) for row in rows)


def _file_rows(published_id: str, prepared: Prepared) -> list[PublishedFileRow]:
    return [
        PublishedFileRow(
            published_id=published_id,
            place=place,
            name=made.name,
            kind=made.kind,
            language=made.language,
            media_type=made.media_type,
            sha256=made.sha256,
            size=len(made.content),
        )
        for place, made in enumerate(prepared.files)
    ]


def _text(value: Mapping[str, Any]) -> str:
    return canonical_json(value).decode("utf-8")


def _as_published(row: PublishedTenderRow, files: tuple[PublishedFile, ...]) -> Published:
    return Published(row.id, row.published_at, json.loads(row.summary), files)


def _as_file(row: PublishedFileRow) -> PublishedFile:
    return PublishedFile(row.published_id, row.name, row.kind, row.language, row.media_type, row.sha256, row.size)
