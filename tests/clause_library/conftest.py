"""A database that holds the shipped edition, and the people of a library."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from accounts import store as accounts_store
from accounts.people import Organisation, new_id
from accounts.roles import Role
from clause_library import store
from clause_library.bundles import bundle_of
from clause_library.releases import shipped_library, shipped_release
from database import engine_for, transaction

CLAUSE = "EXP-02"
REQUIREMENT = "EXP-02.2"


@pytest.fixture(scope="session")
def migrated_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As everywhere, but with the edition entered."""
    path = tmp_path_factory.mktemp("edition") / "edition.sqlite"
    shutil.copy(migrated_sqlite, path)
    engine = engine_for(f"sqlite:///{path}")
    with transaction(engine) as session:
        store.enter_edition(session)
    engine.dispose()
    return path


@pytest.fixture
def library_engine(engine: Engine) -> Engine:
    """A database that holds the edition, once on SQLite and once on PostgreSQL."""
    with transaction(engine) as session:
        store.enter_edition(session)
    return engine


@pytest.fixture
def people(library_engine: Engine) -> dict[str, str]:
    """The ids of an author, of two who may approve, and of nobody else."""
    with transaction(library_engine) as session:
        city = accounts_store.add_organisation(session, _city())
        roles = {"author": Role.REVIEWER, "approver": Role.APPROVER, "colleague": Role.REVIEWER}
        return {
            name: accounts_store.add_person(
                session, organisation_id=city.id, email=f"{name}@city.example", name=name, role=role
            ).id
            for name, role in roles.items()
        }


def _city() -> Organisation:
    return Organisation(
        id=new_id(),
        name="A City",
        identifier="CITY",
        jurisdiction="AR-CABA",
        time_zone="America/Argentina/Buenos_Aires",
        number_series="CITY",
        tier_public=True,
    )


@pytest.fixture
def bundle() -> dict[str, Any]:
    """A copy of the shipped edition as plain data, to plant faults in."""
    return bundle_of(*shipped_release())


@pytest.fixture
def texts() -> dict[str, Any]:
    """A copy of the texts of a clause of the edition."""
    return deepcopy(dict(shipped_library().texts[CLAUSE]))


@pytest.fixture
def base_hash() -> str:
    """The hash of the version of that clause in the edition."""
    return shipped_library().clauses[CLAUSE].hash


@pytest.fixture
def typed() -> Callable[..., dict[str, str]]:
    """What a browser sends for the form of that clause, with some fields different."""

    def fields(base_hash: str = shipped_library().clauses[CLAUSE].hash, **changed: str) -> dict[str, str]:
        sent = {"base_hash": base_hash, "reason": "It reads better."}
        for language, text in shipped_library().texts[CLAUSE].items():
            sent |= {f"{language}-title": text["title"], f"{language}-summary": text["summary"]}
            for name, parts in text["requirements"].items():
                sent |= {f"{language}-{name}-{part}": written for part, written in parts.items()}
        return sent | {name.replace("__", "-"): written for name, written in changed.items()}

    return fields


@pytest.fixture
def command(app: Flask) -> Callable[..., Any]:
    """Runs a command of the library: `command("check")`."""

    def run(*words: str) -> Any:
        return app.test_cli_runner().invoke(args=["library", *words])

    return run
