"""The people of a demonstration: one for each role, named after it, who sign in with one click."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import store
from accounts.people import Organisation, Person, new_id
from accounts.roles import Role
from accounts.tables import PersonRow

IDENTIFIER = "DEMONSTRATION"
DOMAIN = "demonstration.invalid"
NAMES = {
    Role.OFFICER: "Compras (demo)",
    Role.REVIEWER: "Revisión jurídica (demo)",
    Role.APPROVER: "Aprobación (demo)",
    Role.ADMINISTRATOR: "Administración (demo)",
}


def demonstration_people(session: Session) -> list[Person]:
    """The people of the demonstration, in the order of the roles; none where it was never set up."""
    query = select(PersonRow).where(PersonRow.email.endswith(f"@{DOMAIN}"), PersonRow.active)
    people = {row.role: row.as_person() for row in session.scalars(query)}
    return [people[role.value] for role in Role if role.value in people]


def set_up_demonstration(session: Session) -> list[Person]:
    """Add the organisation of the demonstration and its people, where they are not there yet."""
    if people := demonstration_people(session):
        return people
    home = _organisation(session)
    for role, name in NAMES.items():
        store.add_person(session, organisation_id=home.id, email=f"{role}@{DOMAIN}", name=name, role=role)
    return demonstration_people(session)


def _organisation(session: Session) -> Organisation:
    city = Organisation(
        id=new_id(),
        name="Ciudad de Demostración",
        identifier=IDENTIFIER,
        jurisdiction="AR-CABA",
        time_zone="America/Argentina/Buenos_Aires",
        number_series="DEMO",
        tier_public=True,
    )
    return store.add_organisation(session, city)
