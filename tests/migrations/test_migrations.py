"""Every revision, up and down, with a row in every table, on both databases."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, DateTime, Engine, MetaData, Table, insert, inspect, select, text

import app  # noqa: F401  # every room registers its tables
from app import UnsafeSettings, serving
from database import MIGRATIONS, Base, engine_for, guard_statements, is_migrated, migrate, migrate_back, missing_guards

AT = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)
CITY, PERSON, TENDER, PROPOSAL, PUBLISHED = (str(uuid4()) for _ in range(5))
VERSION, RELEASE, PAYLOAD, ENTRY, FILE = ("1" * 64, "2" * 64, "3" * 64, "4" * 64, "5" * 64)

# One row for each table, under the revision that adds it, in an order in which each finds what it refers to.
ROWS: dict[str, dict[str, dict[str, Any]]] = {
    "001": {
        "organisations": {
            "id": CITY,
            "name": "A City",
            "identifier": "CITY",
            "jurisdiction": "AR-CABA",
            "time_zone": "America/Argentina/Buenos_Aires",
            "number_series": "TEST",
            "tier_public": True,
        },
        "people": {
            "id": PERSON,
            "organisation_id": CITY,
            "email": "officer@city.example",
            "name": "An officer",
            "role": "officer",
            "active": True,
            "password_hash": None,
            "reset_token_hash": "6" * 64,
            "reset_token_expires_at": AT,
        },
        "sign_ins": {"token_hash": "7" * 64, "person_id": PERSON, "expires_at": AT},
        "sign_in_attempts": {"tried": "8" * 64, "count": 2, "since": AT},
        "ledger_entries": {
            "seq": 1,
            "kind": "organisation_added",
            "organisation_id": CITY,
            "actor": "installation",
            "subject": CITY,
            "payload": "{}",
            "payload_hash": PAYLOAD,
            "previous_hash": "0" * 64,
            "hash": ENTRY,
            "at": AT,
        },
    },
    "002": {
        "clause_versions": {"hash": VERSION, "clause_id": "DQ-03", "number": 1, "canonical": '{"título":"Ñandú"}'},
        "releases": {
            "number": 1,
            "hash": RELEASE,
            "canonical": "{}",
            "origin": "edition",
            "reason": "A reason",
            "released_at": AT,
        },
        "proposals": {
            "id": PROPOSAL,
            "clause_id": "DQ-03",
            "base_hash": VERSION,
            "texts": "{}",
            "content_hash": PAYLOAD,
            "reason": "A reason",
            "author_id": PERSON,
            "state": "approved",
            "revision": 2,
            "proposed_at": AT,
        },
        "approvals": {
            "proposal_id": PROPOSAL,
            "content_hash": PAYLOAD,
            "approver_id": PERSON,
            "release": 1,
            "approved_at": AT,
        },
    },
    "003": {
        "tenders": {
            "id": TENDER,
            "organisation_id": CITY,
            "created_by": PERSON,
            "created_at": AT,
            "release_hash": RELEASE,
            "state": "draft",
            "revision": 1,
        },
        "tender_entries": {
            "tender_id": TENDER,
            "kind": "answer",
            "subject": "sector",
            "revision": 1,
            "value": '"health"',
            "ground": "",
            "person_id": PERSON,
            "at": AT,
        },
    },
    "004": {
        "published_tenders": {
            "id": PUBLISHED,
            "tender_id": TENDER,
            "organisation_id": CITY,
            "summary": "{}",
            "record": "{}",
            "published_by": PERSON,
            "published_at": AT,
        },
        "published_files": {
            "published_id": PUBLISHED,
            "place": 1,
            "name": "tender.docx",
            "kind": "tender",
            "language": "es",
            "media_type": "application/octet-stream",
            "sha256": FILE,
            "size": 3,
        },
    },
}


def _script_settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return settings


REVISIONS = [step.revision for step in ScriptDirectory.from_config(_script_settings()).walk_revisions()][::-1]
STEPS = list(itertools.pairwise(["base", *REVISIONS]))


@pytest.fixture
def empty_sqlite(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
def empty_postgresql(postgresql) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    _execute(postgresql, f"CREATE DATABASE {name}")
    yield re.sub(r"/postgres(?=\?|$)", f"/{name}", postgresql)
    _execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(address: str, statement: str) -> None:
    engine = engine_for(address)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request) -> Iterator[Engine]:
    """A database with nothing in it, once on SQLite and once on PostgreSQL."""
    engine = engine_for(request.getfixturevalue(f"empty_{request.param}"))
    yield engine
    engine.dispose()


def rows_until(revision: str) -> dict[str, dict[str, Any]]:
    """The rows of every table there is at a revision."""
    known = REVISIONS[: REVISIONS.index(revision) + 1] if revision != "base" else []
    return {table: row for step in known for table, row in ROWS[step].items()}


def fill(engine: Engine, rows: dict[str, dict[str, Any]]) -> None:
    with engine.begin() as connection:
        for name, row in rows.items():
            connection.execute(insert(_table(connection, name)), row)


def stored(engine: Engine, tables: Any) -> dict[str, list[dict[str, Any]]]:
    with engine.begin() as connection:
        return {name: [_in_utc(row) for row in _all_rows(connection, name)] for name in tables}


def _all_rows(connection: Connection, name: str) -> Any:
    return connection.execute(select(_table(connection, name))).mappings()


def _table(connection: Connection, name: str) -> Table:
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    for column in table.columns:
        if column.type.python_type is datetime:
            column.type = DateTime(timezone=True)
    return table


def _in_utc(row: Any) -> dict[str, Any]:
    return {
        name: (value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC) if isinstance(value, datetime) else value)
        for name, value in row.items()
    }


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def shape_of(engine: Engine) -> list[tuple[Any, ...]]:
    """Everything the database says about its tables, in a stable order."""
    asked = inspect(engine)
    return [
        (
            name,
            [(column["name"], str(column["type"]), column["nullable"]) for column in asked.get_columns(name)],
            asked.get_pk_constraint(name),
            sorted(map(str, asked.get_foreign_keys(name))),
            sorted(map(str, asked.get_unique_constraints(name))),
            sorted(map(str, asked.get_check_constraints(name))),
            sorted(map(str, asked.get_indexes(name))),
        )
        for name in sorted(tables_of(engine))
    ]


def unguarded(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return missing_guards(connection)


def guarded_tables() -> list[str]:
    """The tables whose rows never change, as the rooms have registered them."""
    engine = engine_for("sqlite://")
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            connection.execute(text(f"CREATE TABLE {table.name} (id INTEGER)"))
        found = list(missing_guards(connection))
    engine.dispose()
    return found


def test_there_is_a_row_for_every_table_of_every_revision(empty):
    migrate(empty)

    assert list(ROWS) == REVISIONS
    assert set(rows_until(REVISIONS[-1])) == tables_of(empty) == set(Base.metadata.tables)


@pytest.mark.parametrize(("earlier", "revision"), STEPS)
def test_going_up_a_revision_keeps_every_row_and_guards_what_never_changes(empty, earlier, revision):
    if earlier != "base":
        migrate(empty, earlier)
    rows = rows_until(earlier)
    fill(empty, rows)

    migrate(empty, revision)

    assert stored(empty, rows) == {table: [row] for table, row in rows.items()}
    assert tables_of(empty) == set(rows_until(revision))
    assert unguarded(empty) == ()


@pytest.mark.parametrize(("earlier", "revision"), STEPS)
def test_going_down_a_revision_takes_its_tables_and_leaves_every_other_row(empty, earlier, revision):
    migrate(empty, revision)
    fill(empty, rows_until(revision))
    shape = shape_of(empty)

    migrate_back(empty, earlier)

    kept = rows_until(earlier)
    assert tables_of(empty) == set(kept)
    assert stored(empty, kept) == {table: [row] for table, row in kept.items()}
    assert unguarded(empty) == ()
    migrate(empty, revision)
    assert shape_of(empty) == shape


def test_the_migrated_database_is_what_the_rooms_expect(empty):
    migrate(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_a_database_is_at_the_newest_revision_only_at_the_last_step(empty):
    at_each = []
    for revision in REVISIONS:
        migrate(empty, revision)
        at_each.append(is_migrated(empty))

    assert at_each == [False] * (len(REVISIONS) - 1) + [True]


@pytest.mark.parametrize("table", guarded_tables())
def test_a_table_that_lost_a_guard_is_found(empty, table):
    migrate(empty)
    guards = [
        statement for statement in guard_statements(table, ["any"], empty.dialect.name) if "CREATE T" in statement
    ]
    names = [statement.split()[2] for statement in guards]
    assert names

    found = []
    for name in names:
        with empty.connect() as connection, connection.begin() as attempt:
            on = f" ON {table}" if empty.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
            found.append(missing_guards(connection))
            attempt.rollback()

    assert found == [(table,)] * len(names)


def test_the_site_does_not_start_where_a_guard_is_missing(empty):
    migrate(empty)
    first = "releases_no_update" if empty.dialect.name == "sqlite" else "releases_no_change ON releases"
    with empty.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {first}"))
    settings = {
        "DATABASE_URL": empty.url.render_as_string(hide_password=False),
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "TRUSTED_HOSTS": ["localhost"],
        "DEMONSTRATION": False,
    }

    with pytest.raises(UnsafeSettings, match="rows of releases could be changed"):
        serving(settings)


def test_the_site_does_not_start_before_the_newest_revision(empty):
    migrate(empty, REVISIONS[-2])
    settings = {"DATABASE_URL": empty.url.render_as_string(hide_password=False), "DEMONSTRATION": True}

    with pytest.raises(UnsafeSettings, match="not at the newest revision"):
        serving(settings)
