"""A library that still stands on the first release shows all its pages, and drafts go on in it."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.people import Organisation, Person
from accounts.roles import Role
from clause_library.store import enter_release
from database import transaction
from procurement import store
from procurement.draft import ANSWER, PARTICULAR
from tests.clause_library.first_release import first_cases, first_library, first_release

PAGES = ("", "/answers", "/risk", "/selection", "/burden", "/particulars", "/parameters", "/release", "/preview")
FILES = ("/files/tender.docx", "/files/checklist.xlsx")
OF_A_CLAUSE = ("/selection/HUM-02", "/selection/GEN-13")


@pytest.fixture
def officer(app: Flask, add_person: Callable[..., Person]) -> Person:
    with transaction(app.extensions["engine"]) as session:
        enter_release(session, *first_release())
    return add_person(Role.OFFICER)


@pytest.fixture
def desk(officer: Person, signed_in_client: Callable[..., FlaskClient]) -> FlaskClient:
    return signed_in_client(person=officer)


@pytest.fixture
def address(app: Flask, organisation: Organisation, officer: Person) -> str:
    """The address of a tender drafted from a worked case, without the language."""
    case = next(row for row in first_cases() if row["id"] == "S14")
    entries = {(ANSWER, name): value for name, value in case["answers"].items()}
    entries[PARTICULAR, "title"] = "A purchase"
    with transaction(app.extensions["engine"]) as session:
        return "/tenders/" + store.start(
            session, organisation_id=organisation.id, person_id=officer.id, entries=entries
        )


def _library_pages() -> Iterator[str]:
    yield from ("/library", "/library?words=persona&kind=technical&tier=3", "/library/releases", "/library/releases/1")
    for name in list(first_library().clauses)[::20]:
        yield from (f"/library/clauses/{name}", f"/library/clauses/{name}/versions/1")


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_pages_of_the_library_are_shown(desk: FlaskClient, language: str) -> None:
    for page in _library_pages():
        assert desk.get(f"/{language}{page}").status_code == 200, page


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_pages_of_a_tender_are_shown(desk: FlaskClient, address: str, language: str) -> None:
    steps = sorted({question.step for question in first_library().questions.values()})

    for page in (*PAGES, *OF_A_CLAUSE, *(f"/steps/{step}" for step in steps)):
        assert desk.get(f"/{language}{address}{page}").status_code == 200, page


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_its_files_are_handed_out(desk: FlaskClient, address: str, language: str) -> None:
    for name in FILES:
        assert desk.get(f"/{language}{address}{name}?in={language}").status_code == 200, name


@pytest.mark.usefixtures("officer")
def test_a_reviewer_may_still_propose_a_text_for_it(signed_in_client: Callable[..., FlaskClient]) -> None:
    reviewer = signed_in_client(Role.REVIEWER)

    assert reviewer.get("/es/library/clauses/HUM-02/edit").status_code == 200
    assert reviewer.get("/es/library/proposals").status_code == 200
