"""A city with an officer at work: the edition is entered, and tenders are started from worked purchases."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.people import Organisation, Person
from accounts.roles import Role
from clause_library.store import enter_edition
from database import transaction
from procurement import store
from procurement.draft import ANSWER, PARTICULAR
from procurement.worked import worked_purchases


@pytest.fixture
def officer(app: Flask, add_person: Callable[..., Person]) -> Person:
    """An officer of a city whose library holds the edition."""
    with transaction(app.extensions["engine"]) as session:
        enter_edition(session)
    return add_person(Role.OFFICER)


@pytest.fixture
def desk(officer: Person, signed_in_client: Callable[..., FlaskClient]) -> FlaskClient:
    """The officer's browser."""
    return signed_in_client(person=officer)


@pytest.fixture
def start(app: Flask, organisation: Organisation, officer: Person) -> Callable[..., str]:
    """Starts a tender from a worked purchase, or blank, and gives its address without the language."""

    def started(worked: str = "", **answers: Any) -> str:
        given = {**(worked_purchases()[worked].answers_in("en") if worked else {}), **answers}
        entries = {(ANSWER, name): value for name, value in given.items() if value is not None}
        entries[PARTICULAR, "title"] = "A purchase"
        with transaction(app.extensions["engine"]) as session:
            return "/tenders/" + store.start(
                session, organisation_id=organisation.id, person_id=officer.id, entries=entries
            )

    return started


@pytest.fixture
def draft(organisation: Organisation, look: Callable[..., Any]) -> Callable[[str], Any]:
    """The tender at an address, as it is stored now."""
    return lambda address: look(store.draft, organisation.id, address.removeprefix("/tenders/"))
