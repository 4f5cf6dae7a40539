import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from accounts.tables import AttemptsRow
from database import (
    MIGRATIONS,
    Base,
    GuardsMissing,
    RowNeverChanges,
    guard_statements,
    is_migrated,
    migrate,
    migrate_back,
    missing_guards,
    now,
    reading,
    transaction,
)
from ledger import record
from ledger.tables import LedgerEntry


def _attempts(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(AttemptsRow.tried).order_by(AttemptsRow.tried)))


def _attempt(name: str) -> AttemptsRow:
    return AttemptsRow(tried=name, count=1, since=now())


def test_what_a_transaction_did_is_saved_together(engine):
    with transaction(engine) as session:
        session.add_all([_attempt("one"), _attempt("two")])

    assert _attempts(engine) == ["one", "two"]


def test_what_a_failing_transaction_did_is_not_saved(engine):
    def fail() -> None:
        with transaction(engine) as session:
            session.add(_attempt("one"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert _attempts(engine) == []


def test_a_reading_session_cannot_write(engine):
    with pytest.raises(DBAPIError), reading(engine) as session:
        session.execute(insert(AttemptsRow).values(tried="one", count=1, since=now()))

    assert _attempts(engine) == []


def test_whoever_reads_does_not_keep_the_next_from_writing(engine):
    with reading(engine) as session:
        session.scalars(select(AttemptsRow)).all()

    with transaction(engine) as session:
        session.add(_attempt("one"))

    assert _attempts(engine) == ["one"]


def test_a_reading_session_sees_one_state(engine):
    with reading(engine) as session:
        before = session.scalars(select(AttemptsRow.tried)).all()
        with transaction(engine) as other:
            other.add(_attempt("one"))
        after = session.scalars(select(AttemptsRow.tried)).all()

    assert before == after == []


def test_two_who_read_and_then_write_do_so_one_after_the_other(sqlite_engine):
    with transaction(sqlite_engine) as session:
        session.add(_attempt("one"))
    start = threading.Barrier(8)

    def count() -> None:
        start.wait()
        for _ in range(10):
            with transaction(sqlite_engine) as session:
                row = session.get_one(AttemptsRow, "one")
                row.count += 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(sqlite_engine) as session:
        assert session.get_one(AttemptsRow, "one").count == 81


def test_sqlite_keeps_what_it_confirmed_and_checks_what_it_refers_to(sqlite_engine):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }

    with sqlite_engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}

    assert found == wanted


def test_an_instant_comes_back_in_utc_as_it_went_in(engine):
    madrid = datetime(2026, 7, 1, 9, 30, 15, 123456, timezone(timedelta(hours=2)))
    with transaction(engine) as session:
        session.add(AttemptsRow(tried="one", count=1, since=madrid))

    with reading(engine) as session:
        found = session.get_one(AttemptsRow, "one").since

    assert found == madrid
    assert found.tzinfo is UTC


def test_an_instant_without_a_time_zone_is_refused(engine):
    with pytest.raises(Exception, match="needs a time zone"), transaction(engine) as session:
        session.add(AttemptsRow(tried="one", count=1, since=datetime(2026, 7, 1)))  # noqa: DTZ001  # the point


COLUMNS = "'other', organisation_id, actor, subject, payload, payload_hash, previous_hash, hash, at FROM ledger_entries"
ON_BOTH = {
    "update": "UPDATE ledger_entries SET kind = 'other'",
    "update of the key": "UPDATE ledger_entries SET seq = seq + 10 WHERE seq = 1",
    "delete": "DELETE FROM ledger_entries",
    "upsert": (
        f"INSERT INTO ledger_entries SELECT seq, {COLUMNS} WHERE true ON CONFLICT (seq) DO UPDATE SET kind = 'other'"
    ),
}
ON_SQLITE = {
    "replace": f"INSERT OR REPLACE INTO ledger_entries SELECT seq, {COLUMNS}",
    "replace by another key": f"REPLACE INTO ledger_entries SELECT seq + 10, {COLUMNS}",
    "update or replace": "UPDATE OR REPLACE ledger_entries SET kind = 'other'",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE ledger_entries",
    "truncate among others": "TRUNCATE organisations, people, ledger_entries CASCADE",
    "merge": (
        "MERGE INTO ledger_entries USING (SELECT 1 AS first) AS wanted ON seq = first "
        "WHEN MATCHED THEN UPDATE SET kind = 'other'"
    ),
    "replaying a replica": "SET LOCAL session_replication_role = replica; UPDATE ledger_entries SET kind = 'other'",
}


def _refused(engine: Engine, change: str) -> None:
    with transaction(engine) as session:
        record(session, "release_published", "a-person", "a-release", {"number": 1})

    with pytest.raises(DBAPIError, match="never change"), transaction(engine) as session:
        session.connection().exec_driver_sql(change)

    with reading(engine) as session:
        assert session.execute(text("SELECT seq, kind FROM ledger_entries")).all() == [(1, "release_published")]


@pytest.mark.parametrize("change", ON_BOTH.values(), ids=ON_BOTH.keys())
def test_the_database_refuses_to_change_what_never_changes(engine, change):
    _refused(engine, change)


@pytest.mark.parametrize("change", ON_SQLITE.values(), ids=ON_SQLITE.keys())
def test_sqlite_refuses_to_change_what_never_changes(sqlite_engine, change):
    _refused(sqlite_engine, change)


@pytest.mark.postgresql
@pytest.mark.parametrize("change", ON_POSTGRESQL.values(), ids=ON_POSTGRESQL.keys())
def test_postgresql_refuses_to_change_what_never_changes(postgresql_engine, change):
    _refused(postgresql_engine, change)


def test_sqlite_refuses_it_also_to_a_program_that_sets_nothing_up(sqlite_url, sqlite_engine):
    with transaction(sqlite_engine) as session:
        record(session, "release_published", "a-person", "a-release", {"number": 1})
    plain = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))

    with pytest.raises(sqlite3.IntegrityError, match="never change"):
        plain.execute(ON_SQLITE["replace"])

    plain.close()


@pytest.mark.parametrize("statement", [update(LedgerEntry).values(kind="other"), delete(LedgerEntry)])
def test_the_code_refuses_it_before_the_database_is_asked(engine, statement):
    with pytest.raises(RowNeverChanges), transaction(engine) as session:
        session.execute(statement)


def test_the_code_refuses_a_changed_row_and_a_deleted_one(engine):
    with transaction(engine) as session:
        record(session, "release_published", "a-person", "a-release", {"number": 1})

    with pytest.raises(RowNeverChanges), transaction(engine) as session:
        session.get_one(LedgerEntry, 1).kind = "other"
    with pytest.raises(RowNeverChanges), transaction(engine) as session:
        session.delete(session.get_one(LedgerEntry, 1))


def test_a_guard_that_is_gone_is_noticed(engine):
    names = {"sqlite": "ledger_entries_no_replace", "postgresql": "ledger_entries_no_truncate ON ledger_entries"}
    with engine.connect() as connection:
        assert missing_guards(connection) == ()

    with transaction(engine) as session:
        session.execute(text(f"DROP TRIGGER {names[engine.dialect.name]}"))

    with engine.connect() as connection:
        assert missing_guards(connection) == ("ledger_entries",)
    with pytest.raises(GuardsMissing):
        migrate(engine)


def test_a_guard_that_was_weakened_is_noticed(engine):
    weaker = {
        "sqlite": [
            "DROP TRIGGER ledger_entries_no_update",
            "CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries BEGIN SELECT 1; END",
        ],
        "postgresql": ["ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_no_change"],
    }
    with transaction(engine) as session:
        for statement in weaker[engine.dialect.name]:
            session.execute(text(statement))

    with engine.connect() as connection:
        assert missing_guards(connection) == ("ledger_entries",)


def test_a_key_of_several_columns_is_guarded_as_one():
    replace = guard_statements("versions", ["id", ("clause_id", "number")], "sqlite")[-1]

    assert "(id = NEW.id) OR (clause_id = NEW.clause_id AND number = NEW.number)" in replace


def test_the_migrations_make_the_tables_the_code_describes(engine):
    for file in sorted(MIGRATIONS.parent.glob("*/tables.py")):
        import_module(f"{file.parent.name}.tables")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


def test_the_migrations_go_down_to_nothing_and_up_again(engine):
    migrate_back(engine, "base")
    emptied = not is_migrated(engine)
    migrate(engine)

    assert emptied
    assert is_migrated(engine)
