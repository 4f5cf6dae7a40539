"""Organisations, people and sign-ins as they are stored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.people import Organisation, Person
from accounts.roles import Role
from database import Base, Instant


class OrganisationRow(Base):
    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    identifier: Mapped[str] = mapped_column(String(60), unique=True)
    jurisdiction: Mapped[str] = mapped_column(String(40))
    time_zone: Mapped[str] = mapped_column(String(60))
    number_series: Mapped[str] = mapped_column(String(40))
    tier_public: Mapped[bool] = mapped_column(default=False)

    def as_organisation(self) -> Organisation:
        return Organisation(
            id=self.id,
            name=self.name,
            identifier=self.identifier,
            jurisdiction=self.jurisdiction,
            time_zone=self.time_zone,
            number_series=self.number_series,
            tier_public=self.tier_public,
        )


class PersonRow(Base):
    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("role IN ('officer', 'reviewer', 'approver', 'administrator')", name="role_is_known"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    reset_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    reset_token_expires_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[OrganisationRow] = relationship(lazy="joined", innerjoin=True)

    def as_person(self) -> Person:
        return Person(
            id=self.id,
            email=self.email,
            name=self.name,
            role=Role(self.role),
            active=self.active,
            organisation=self.organisation.as_organisation(),
        )


class SignInRow(Base):
    """Somebody is signed in for as long as this row is here and has not expired."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AttemptsRow(Base):
    """How often signing in was tried lately, for one account or from one address, named by its hash."""

    __tablename__ = "sign_in_attempts"

    tried: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(Instant, index=True)
