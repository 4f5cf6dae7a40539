"""The tables of the clause library. Versions, releases and approvals are rows that never change."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import Base, Instant, insert_only


class ClauseVersionRow(Base):
    """One version of one clause, all languages together, as the text its hash was taken over."""

    __tablename__ = "clause_versions"
    __table_args__ = (UniqueConstraint("clause_id", "number"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(10))
    number: Mapped[int] = mapped_column(Integer)
    canonical: Mapped[str] = mapped_column(Text)


class ReleaseRow(Base):
    """One release: the text of its manifest, and where it came from ("edition" or "approval")."""

    __tablename__ = "releases"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    canonical: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    released_at: Mapped[datetime] = mapped_column(Instant)


class ProposalRow(Base):
    """A proposed change to the texts of one clause. `revision` counts the changes to this row."""

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    clause_id: Mapped[str] = mapped_column(String(10), index=True)
    base_hash: Mapped[str] = mapped_column(ForeignKey("clause_versions.hash"))
    texts: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)
    proposed_at: Mapped[datetime] = mapped_column(Instant)


class ApprovalRow(Base):
    """Who approved exactly which text, and the release it went into."""

    __tablename__ = "approvals"

    proposal_id: Mapped[str] = mapped_column(ForeignKey("proposals.id"), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    approver_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    release: Mapped[int] = mapped_column(ForeignKey("releases.number"), unique=True)
    approved_at: Mapped[datetime] = mapped_column(Instant)


insert_only(ClauseVersionRow.__table__, "hash", ("clause_id", "number"))
insert_only(ReleaseRow.__table__, "number", "hash")
insert_only(ApprovalRow.__table__, "proposal_id", "release")
