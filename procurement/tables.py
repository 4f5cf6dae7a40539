"""The tables of procurement: tenders, and every entry ever made in one, each change a new revision."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant, insert_only


class TenderRow(Base):
    """A purchase being drafted or published. `revision` counts the changes to this row itself."""

    __tablename__ = "tenders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    created_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    release_hash: Mapped[str] = mapped_column(ForeignKey("releases.hash"))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)


class EntryRow(Base):
    """One answer, particular, parameter or decision as somebody left it: the newest revision counts.

    `value` is JSON, or null where it was withdrawn. `ground` is what a decision rested on, hashed.
    """

    __tablename__ = "tender_entries"

    tender_id: Mapped[str] = mapped_column(ForeignKey("tenders.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[str | None] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(Instant)


insert_only(EntryRow.__table__, ("tender_id", "kind", "subject", "revision"))
