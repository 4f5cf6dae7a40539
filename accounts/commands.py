"""Organisations and people from the command line."""

from typing import Any
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import AppGroup

from accounts import store
from accounts.demonstration import set_up_demonstration
from accounts.people import EmailTaken, IdentifierTaken, NotFound, Organisation, new_id
from accounts.roles import Role
from database import transaction

organisations = AppGroup("organisations", help="The organisations of this installation.")
people = AppGroup("people", help="People, and links for choosing a password.")


@organisations.command("add")
@click.argument("identifier")
@click.option("--name", required=True, help="As it is printed on tenders.")
@click.option("--jurisdiction", required=True, help="Such as AR-CABA, BR or ES.")
@click.option("--time-zone", type=click.Choice(sorted(available_timezones())), required=True, metavar="ZONE")
@click.option("--number-series", required=True, help="What the numbers of its tenders begin with.")
@click.option("--tier-public", is_flag=True, help="Publish the tier of a tender with it.")
def add_organisation(identifier: str, **particulars: Any) -> None:
    """Add an organisation under IDENTIFIER."""
    try:
        with transaction() as session:
            store.add_organisation(session, Organisation(id=new_id(), identifier=identifier, **particulars))
    except IdentifierTaken:
        raise click.ClickException(f"there is an organisation {identifier} already") from None
    click.echo(f"added {identifier}")


@people.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--organisation", required=True, help="The identifier of the organisation.")
def add_person(email: str, name: str, role: str, organisation: str) -> None:
    """Add a person and print the link with which they choose a password."""
    try:
        with transaction() as session:
            home = store.organisation(session, organisation)
            added = store.add_person(session, organisation_id=home.id, email=email, name=name, role=Role(role))
            link = store.give_link(session, added.id)
    except NotFound:
        raise click.ClickException(f"there is no organisation {organisation}") from None
    except EmailTaken:
        raise click.ClickException(f"somebody has the address {email} already") from None
    click.echo(_address(link))


@people.command("link")
@click.argument("email")
def give_link(email: str) -> None:
    """Print a new link with which a person chooses a password."""
    with transaction() as session:
        found = store.person_by_email(session, email)
        link = store.give_link(session, found.id) if found else ""
    if not link:
        raise click.ClickException(f"nobody has the address {email}")
    click.echo(_address(link))


@people.command("demonstration")
def demonstration() -> None:
    """Add the people of a demonstration, who sign in without a password."""
    with transaction() as session:
        for person in set_up_demonstration(session):
            click.echo(person.name)


def _address(link: str) -> str:
    # The command line does not know under which host the site is reached.
    addresses = current_app.url_map.bind("")
    return addresses.build("accounts.choose_password", {"language": "es", "link": link})
