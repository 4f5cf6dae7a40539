"""Tenders to publish, and a small program in place of the renderer of PDF, which has tests of its own."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from accounts.roles import Role
from clause_library.store import enter_edition
from database import transaction
from exports.pdf import DEFAULT_LIMITS, Limits, pdf_bytes, pdf_with_pages
from procurement import store
from procurement.worked import worked_purchases
from publication.publishing import digest

WRITES_PDF = r"""
import hashlib, sys
html = sys.stdin.buffer.read()
sys.stdout.buffer.write(b'{"": 1}\n%PDF-1.7\n' + hashlib.sha256(html).hexdigest().encode() + b"\n%%EOF\n")
"""
PARTICULARS = {
    "title": "Asistente de redacción",
    "reference": "EX-2026/7",
    "buyer": "Ciudad de Prueba",
    "date": "2026-11-20",
    "bids_until": "2026-12-20",
}
PARAMETERS = {
    "primary_metric": "precision",
    "primary_metric_threshold": "90",
    "consumption_cap": "1000",
    "max_false_positive_rate": "2",
    "max_false_negative_rate": "2",
}


@pytest.fixture(autouse=True)
def render_with(monkeypatch) -> Callable[..., None]:
    """Has PDF made by a program, or within limits; at first by one that is quick."""

    def use(program: str = WRITES_PDF, limits: Limits = DEFAULT_LIMITS, command: tuple[str, ...] = ()) -> None:
        renderer = command or (sys.executable, "-S", "-c", program)
        for function in (pdf_bytes, pdf_with_pages):
            monkeypatch.setattr(function, "__defaults__", (limits, renderer))

    use()
    return use


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path) -> Flask:
    """The application with the edition in its library, keeping its files in a folder of this test alone."""
    made = make_app(DEMONSTRATION=False, FILES=str(tmp_path / "files"))
    with transaction(made.extensions["engine"]) as session:
        enter_edition(session)
    return made


@pytest.fixture
def officer(add_person):
    return add_person(Role.OFFICER)


@pytest.fixture
def desk(signed_in_client, officer):
    """The browser of the officer."""
    return signed_in_client(person=officer)


@pytest.fixture
def start(app: Flask, officer) -> Callable[..., str]:
    """Starts a worked purchase with everything that publishing needs, less or more of it as asked. Gives its id."""

    def begin(worked: str = "S11", *, without: tuple[str, ...] = (), person: Any = officer, **more: Any) -> str:
        entries: dict[tuple[str, str], Any] = {
            ("answer", name): value for name, value in worked_purchases()[worked].answers_in("es").items()
        }
        entries |= {("particular", name): value for name, value in PARTICULARS.items()}
        entries |= {("parameter", name): value for name, value in PARAMETERS.items()}
        entries |= {tuple(name.split("__")): value for name, value in more.items()}
        kept = {key: value for key, value in entries.items() if key[1] not in without}
        with transaction(app.extensions["engine"]) as session:
            return store.start(session, organisation_id=person.organisation.id, person_id=person.id, entries=kept)

    return begin


@pytest.fixture
def publish(look, officer) -> Callable[..., Any]:
    """Publishes a tender in a browser as somebody does who has just read the page."""

    def post(browser: Any, tender_id: str, language: str = "en", **other: str) -> Any:
        read = look(store.draft, officer.organisation.id, tender_id)
        form = {"confirmed": "y", "read": digest(read), **other}
        return browser.post(f"/{language}/tenders/{tender_id}/publish", data=form)

    return post


@pytest.fixture
def published(desk, start, publish) -> str:
    """The address of the page of a published tender, without the language."""
    answer = publish(desk, start(answer__tender_languages=["es", "pt"]))
    assert answer.status_code == 303
    return answer.location.removeprefix("/en")


@pytest.fixture
def browser_of() -> Callable[[Flask], Any]:
    """A browser of an application, in which nobody is signed in."""

    def open_browser(app: Flask) -> Any:
        client = app.test_client()
        client.environ_base["wsgi.url_scheme"] = "https"
        client.environ_base["HTTP_HOST"] = "localhost"
        return client

    return open_browser
