"""Keeping organisations and people."""

from dataclasses import asdict, replace
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import ledger
from accounts.passwords import new_token, token_hash
from accounts.people import (
    EmailTaken,
    IdentifierTaken,
    NotFound,
    Organisation,
    Person,
    check_an_administrator_stays,
    new_id,
    written_alike,
)
from accounts.roles import Role
from accounts.tables import OrganisationRow, PersonRow, SignInRow
from database import lock, now

LINK_LASTS = timedelta(days=3)
INSTALLATION = "installation"
"""Who acts when a command does."""


def organisations(session: Session) -> list[Organisation]:
    """Every organisation, by name."""
    return [row.as_organisation() for row in session.scalars(select(OrganisationRow).order_by(OrganisationRow.name))]


def organisation(session: Session, identifier: str) -> Organisation:
    """The organisation with this identifier. Raises NotFound."""
    row = session.scalars(select(OrganisationRow).where(OrganisationRow.identifier == identifier)).first()
    if row is None:
        raise NotFound(identifier)
    return row.as_organisation()


def add_organisation(session: Session, added: Organisation, actor: str = INSTALLATION) -> Organisation:
    """Keep a new organisation. Raises IdentifierTaken."""
    lock(session, "organisations")
    if session.scalars(select(OrganisationRow.id).where(OrganisationRow.identifier == added.identifier)).first():
        raise IdentifierTaken(added.identifier)
    session.add(OrganisationRow(**asdict(added)))
    payload = {"identifier": added.identifier, "jurisdiction": added.jurisdiction}
    ledger.record(session, "organisation_added", actor, added.id, payload, organisation=added.id)
    return added


def people_of(session: Session, organisation_id: str) -> list[Person]:
    """The people of an organisation, by name."""
    query = select(PersonRow).where(PersonRow.organisation_id == organisation_id).order_by(PersonRow.name, PersonRow.id)
    return [row.as_person() for row in session.scalars(query)]


def person_of(session: Session, organisation_id: str, person_id: str) -> Person:
    """One person of an organisation. Raises NotFound, also for a person of another organisation."""
    row = session.get(PersonRow, person_id)
    if row is None or row.organisation_id != organisation_id:
        raise NotFound(person_id)
    return row.as_person()


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it is spelled."""
    row = _row_by_email(session, email)
    return row.as_person() if row else None


def password_hash_of(session: Session, email: str) -> str | None:
    """What is kept of the password of the active person with this address, if anything is."""
    row = _row_by_email(session, email)
    return row.password_hash if row and row.active else None


def add_person(  # each is a fact about the person, named where it is given
    session: Session, *, organisation_id: str, email: str, name: str, role: Role, actor: str = INSTALLATION
) -> Person:
    """A new person without a password, who needs a link to choose one. Raises EmailTaken, NotFound."""
    lock(session, "people")
    belongs_to = session.get(OrganisationRow, organisation_id)
    if belongs_to is None:
        raise NotFound(organisation_id)
    if _row_by_email(session, email):
        raise EmailTaken(email)
    row = PersonRow(
        id=new_id(),
        organisation=belongs_to,
        email=written_alike(email),
        name=name.strip(),
        role=role.value,
        active=True,
    )
    session.add(row)
    ledger.record(session, "person_added", actor, row.id, {"role": role.value}, organisation=organisation_id)
    return row.as_person()


def change_person(session: Session, person: Person, *, role: Role, active: bool, actor: str) -> Person:
    """Give a person another role, or close or open their account; they are signed out everywhere.

    Raises LastAdministrator.
    """
    lock(session, "people")
    changed = replace(person, role=role, active=active)
    if changed == person:
        return person
    check_an_administrator_stays(people_of(session, person.organisation.id), changed)
    row = session.get_one(PersonRow, person.id)
    row.role, row.active = role.value, active
    if not active:
        row.reset_token_hash = row.reset_token_expires_at = None
    sign_out_everywhere(session, person.id)
    payload = {"role": role.value, "active": active}
    ledger.record(session, "person_changed", actor, person.id, payload, organisation=person.organisation.id)
    return changed


def set_password(session: Session, person_id: str, password_hash: str) -> None:
    """Keep a new password; the person is signed out everywhere and any link for choosing one is spent."""
    row = session.get_one(PersonRow, person_id, with_for_update=True)
    row.password_hash = password_hash
    row.reset_token_hash = row.reset_token_expires_at = None
    sign_out_everywhere(session, person_id)


def give_link(session: Session, person_id: str) -> str:
    """A new token for choosing a password, good once and for three days; an earlier one dies."""
    token = new_token()
    row = session.get_one(PersonRow, person_id)
    row.reset_token_hash = token_hash(token)
    row.reset_token_expires_at = now() + LINK_LASTS
    return token


def person_with_link(session: Session, token: str) -> Person:
    """The person a token for choosing a password was given to. Raises NotFound if it is spent, late or false."""
    query = select(PersonRow).where(
        PersonRow.reset_token_hash == token_hash(token),
        PersonRow.reset_token_expires_at > now(),
        PersonRow.active,
    )
    row = session.scalars(query).first()
    if row is None:
        raise NotFound("link")
    return row.as_person()


def spend_link(session: Session, token: str, password_hash: str) -> None:
    """Keep the password chosen with a token, which is good no longer. Raises NotFound if it was not good."""
    lock(session, "people")
    set_password(session, person_with_link(session, token).id, password_hash)


def sign_out_everywhere(session: Session, person_id: str) -> None:
    """End every sign-in of a person."""
    session.execute(delete(SignInRow).where(SignInRow.person_id == person_id))


def _row_by_email(session: Session, email: str) -> PersonRow | None:
    return session.scalars(select(PersonRow).where(PersonRow.email == written_alike(email))).first()
