"""The database: one engine, and two ways in.

A view that only reads takes the request's reading session; it cannot write, and it closes by itself:

    session = request_session()
    return render_template("tender.html", tender=store.tender(session, tender_id))

A view that changes something says so in plain sight, and everything in the block is saved together or not at all:

    with transaction() as session:
        store.rename(session, tender_id, title)
        ledger.record(session, "tender_renamed", actor, tender_id, {"title": title})

Leave the block before rendering or calculating anything slow: on SQLite only one transaction can write at a time.
Commands and workers use `transaction()` and `reading()` in the same way, inside an application context or with
an engine handed in.

A table whose rows never change is registered where it is defined, with every key it has, and guarded in the
migration that creates it:

    insert_only(Version.__table__, "id", ("clause_id", "number"))

    for statement in guard_statements("versions", ["id", ("clause_id", "number")], op.get_bind().dialect.name):
        op.execute(statement)
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any, TypeAlias

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_WAIT_MILLISECONDS = 10_000
# A request that writes may hold one connection to read and one to write: fewer would let requests wait for each other.
POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 48}
METHODS_THAT_READ = frozenset({"GET", "HEAD", "OPTIONS"})

Key: TypeAlias = str | tuple[str, ...]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class DatabaseError(Exception):
    """Something was asked of the database that this house does not do."""


class RowNeverChanges(DatabaseError):
    """An update or a deletion was asked of a table that only takes new rows."""


class WriteDuringRead(DatabaseError):
    """A request that may only read opened a writing transaction."""


class GuardsMissing(DatabaseError):
    """The database would let a row be changed that must never change."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: an aware datetime goes in, an aware datetime comes out, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


# Engine


def engine_for(url: str) -> Engine:
    """An engine for a database address; nothing is opened until it is used."""
    address = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, **POOL)
    in_memory = address.database in (None, "", ":memory:")
    engine = create_engine(address) if in_memory else create_engine(address, **POOL)
    event.listen(engine, "do_connect", _make_folder)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(_dialect: Dialect, _record: ConnectionPoolEntry, arguments: list[Any], _options: object) -> None:
    if arguments and arguments[0] != ":memory:":
        Path(arguments[0]).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: SQLiteConnection, _record: ConnectionPoolEntry) -> None:
    # The driver would otherwise begin transactions of its own, too late to hold what was read.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {LOCK_WAIT_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _that_reads(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reads=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


# Transactions


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Session]:
    """A session that writes: committed at the end of the block, rolled back when it fails.

    Without an engine, that of the current application. Raises WriteDuringRead inside a GET request.
    """
    if engine is None and has_request_context() and request.method in METHODS_THAT_READ:
        raise WriteDuringRead(request.path)
    if engine is None:
        _let_go()
    with Session(engine or current_engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine | None = None) -> Iterator[Session]:
    """A session that sees one state of the database and cannot write."""
    if engine is None:
        _let_go()
    with Session(_that_reads(engine or current_engine()), autoflush=False) as session:
        yield session


def request_session() -> Session:
    """The reading session of this request, opened when first asked for and closed with the request."""
    if "reading_session" not in g:
        g.reading_session = Session(_that_reads(current_engine()), autoflush=False)
    session: Session = g.reading_session
    return session


def _let_go() -> None:
    """Give back the connection this request reads with.

    A request holds one at a time: many that each held one and waited for another would wait for ever.
    """
    if has_request_context() and "reading_session" in g:
        request_session().close()


def current_engine() -> Engine:
    """The engine of the current application."""
    engine: Engine = current_app.extensions["engine"]
    return engine


def connect(app: Flask, url: str) -> None:
    """Give the application its engine, and close what a request has read with."""
    app.extensions["engine"] = engine_for(url)
    app.teardown_appcontext(_close_request_session)


def _close_request_session(_error: BaseException | None) -> None:
    session: Session | None = g.pop("reading_session", None)
    if session is not None:
        session.close()


def lock(session: Session, name: str) -> None:
    """Let one transaction at a time past this point, until it ends.

    SQLite has a single writer already.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


# Rows that never change

_insert_only: dict[str, tuple[Key, ...]] = {}


def insert_only(table: Any, *keys: Key) -> None:
    """Register a table whose rows are never updated or deleted.

    `keys` are all its unique keys: a column name, or a tuple of names for a key of several columns.
    """
    if not isinstance(table, Table) or not keys:
        raise TypeError("an insert-only table is registered with its keys")
    _insert_only[table.name] = keys


def guard_statements(table: str, keys: Sequence[Key], dialect: str) -> tuple[str, ...]:
    """The statements that make a table refuse every change but a new row.

    `keys` as in `insert_only`; `dialect` is `sqlite` or `postgresql`.
    """
    if dialect == "sqlite":
        return tuple(_sqlite_guards(table, keys).values())
    return _postgresql_guards(table)


def _sqlite_guards(table: str, keys: Sequence[Key]) -> dict[str, str]:
    refusal = f"SELECT RAISE(ABORT, 'rows of {table} never change')"
    same = " OR ".join(_same_key((key,) if isinstance(key, str) else key) for key in keys)
    # INSERT OR REPLACE deletes without firing a delete trigger, so a row with the same key is refused on entry.
    conditions = {
        "update": "UPDATE ON {0}",
        "delete": "DELETE ON {0}",
        "replace": f"INSERT ON {{0}} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})",  # noqa: S608  # our own names
    }
    return {
        f"{table}_no_{change}": f"CREATE TRIGGER {table}_no_{change} BEFORE {when.format(table)} BEGIN {refusal}; END"
        for change, when in conditions.items()
    }


def _same_key(columns: tuple[str, ...]) -> str:
    return "(" + " AND ".join(f"{column} = NEW.{column}" for column in columns) + ")"


def _postgresql_guards(table: str) -> tuple[str, ...]:
    change, truncate = f"{table}_no_change", f"{table}_no_truncate"
    return (
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME; END $$"
        ),
        f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        # Otherwise a superuser replaying a replica's log walks past them.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {change}",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {truncate}",
    )


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """The registered tables, among those in this database, that would let a row be changed."""
    present = set(inspect(connection).get_table_names())
    return tuple(sorted(table for table in _insert_only if table in present and not _guarded(connection, table)))


def _guarded(connection: Connection, table: str) -> bool:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}
        )
        return _sqlite_guards(table, _insert_only[table]).items() <= {row.name: row.sql for row in rows}.items()
    names = connection.scalars(
        text(
            "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = to_regclass(:table) AND tgenabled = 'A' AND proname = 'refuse_change'"
        ),
        {"table": table},
    )
    return {f"{table}_no_change", f"{table}_no_truncate"} <= set(names)


@event.listens_for(Session, "before_flush")
def _refuse_changed_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*changed, *session.deleted]:
        if row.__table__.name in _insert_only:
            raise RowNeverChanges(row.__table__.name)


@event.listens_for(Session, "do_orm_execute")
def _refuse_changing_statements(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is not None:
        table = state.bind_mapper.local_table
        if isinstance(table, Table) and table.name in _insert_only:
            raise RowNeverChanges(table.name)


# Migrations


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision, and make sure what must never change is guarded there."""
    command.upgrade(_migration_settings(engine), revision)
    with reading(engine) as session:
        if absent := missing_guards(session.connection()):
            raise GuardsMissing(", ".join(absent))


def migrate_back(engine: Engine, revision: str) -> None:
    """Take the database down to an earlier revision, or to `base`, which is an empty database."""
    command.downgrade(_migration_settings(engine), revision)


def is_there(engine: Engine) -> bool:
    """Whether there is a database to open: a SQLite file that is not there yet would be made by looking."""
    name = engine.url.database
    return engine.dialect.name != "sqlite" or not name or name == ":memory:" or Path(name).exists()


def is_migrated(engine: Engine) -> bool:
    """Whether the database stands at the newest revision."""
    newest = ScriptDirectory.from_config(_migration_settings(engine)).get_current_head()
    with reading(engine) as session:
        return MigrationContext.configure(session.connection()).get_current_revision() == newest


def _migration_settings(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config
