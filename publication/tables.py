"""What is public: a published tender and its files. Rows that never change."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant, insert_only


class PublishedTenderRow(Base):
    """A tender as it was published. `record` is the JSON text of its record, `summary` what the page shows."""

    __tablename__ = "published_tenders"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tender_id: Mapped[str] = mapped_column(ForeignKey("tenders.id"), unique=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    summary: Mapped[str] = mapped_column(Text)
    record: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime] = mapped_column(Instant, index=True)


class PublishedFileRow(Base):
    """One file of a published tender: its bytes are kept in the store under `sha256`."""

    __tablename__ = "published_files"
    __table_args__ = (UniqueConstraint("published_id", "name"),)

    published_id: Mapped[str] = mapped_column(ForeignKey("published_tenders.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5))
    media_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)


insert_only(PublishedTenderRow.__table__, "id", "tender_id")
insert_only(PublishedFileRow.__table__, ("published_id", "place"), ("published_id", "name"))
