import threading
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text

import ledger
from database import reading, transaction
from ledger.entry import BEGINNING, Entry, payload_hash
from ledger.tables import LedgerEntry
from ledger.verify import Chain, verify_chain


def _recorded(engine, count=3):
    for number in range(1, count + 1):
        with transaction(engine) as session:
            ledger.record(session, "release_published", "a-person", f"release-{number}", {"number": number})


def _chain(engine) -> Chain:
    with reading(engine) as session:
        return verify_chain(session)


def test_each_entry_carries_the_hash_of_the_one_before_it(engine):
    _recorded(engine)

    with reading(engine) as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.seq)).all()

    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries] == [BEGINNING, entries[0].hash, entries[1].hash]
    assert entries[0].payload == '{"number":1}'


def test_an_act_that_fails_leaves_no_entry_and_no_gap(engine):
    _recorded(engine, 1)

    def fail() -> None:
        with transaction(engine) as session:
            ledger.record(session, "release_published", "a-person", "never", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with transaction(engine) as session:
        entry = ledger.record(session, "release_published", "a-person", "release-2", {})

    assert entry.seq == 2
    assert _chain(engine).holds


def test_several_entries_of_one_transaction_follow_each_other(engine):
    with transaction(engine) as session:
        for _ in range(3):
            ledger.record(session, "opinion_given", "a-person", "a-tender", {}, organisation="a-city")

    assert _chain(engine).entries == 3


def test_those_who_record_at_once_leave_one_chain_without_gaps(engine):
    start = threading.Barrier(8)

    def record_some() -> None:
        start.wait()
        _recorded(engine, 5)

    threads = [threading.Thread(target=record_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _chain(engine).entries == 40
    assert _chain(engine).holds


def test_a_clock_that_was_set_back_does_not_run_against_the_order(engine):
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    with transaction(engine) as session:
        session.add(_first_entry(at=ahead))

    _recorded(engine, 1)

    with reading(engine) as session:
        first, second = session.scalars(select(LedgerEntry.at).order_by(LedgerEntry.seq))

    assert first == second == ahead
    assert _chain(engine).holds


def _first_entry(at: datetime) -> LedgerEntry:
    entry = Entry(
        seq=1,
        kind="release_published",
        organisation=None,
        actor="a-person",
        subject="a-release",
        payload="{}",
        payload_hash=payload_hash("{}"),
        previous_hash=BEGINNING,
        at=at,
    )
    fields = {name: value for name, value in asdict(entry).items() if name != "organisation"}
    return LedgerEntry(**fields, hash=entry.hash)


def test_an_empty_ledger_holds_with_no_entries(engine):
    assert _chain(engine) == Chain(0, BEGINNING)


TAMPERING = {
    "payload": ("UPDATE ledger_entries SET payload = '{\"number\":9}' WHERE seq = 2", 2),
    "payload and its hash": (
        "UPDATE ledger_entries SET payload = '{}', payload_hash = 'HASH' WHERE seq = 2".replace(
            "HASH", payload_hash("{}")
        ),
        2,
    ),
    "kind": ("UPDATE ledger_entries SET kind = 'other' WHERE seq = 3", 3),
    "organisation": ("UPDATE ledger_entries SET organisation_id = 'a-city' WHERE seq = 1", 1),
    "actor": ("UPDATE ledger_entries SET actor = 'nobody' WHERE seq = 1", 1),
    "subject": ("UPDATE ledger_entries SET subject = 'release-9' WHERE seq = 1", 1),
    "time": ("UPDATE ledger_entries SET at = '2031-01-01 00:00:00.000000' WHERE seq = 3", 3),
    "hash": ("UPDATE ledger_entries SET hash = payload_hash WHERE seq = 3", 3),
    "link": ("UPDATE ledger_entries SET previous_hash = payload_hash WHERE seq = 3", 3),
    "first gone": ("DELETE FROM ledger_entries WHERE seq = 1", 2),
    "middle gone": ("DELETE FROM ledger_entries WHERE seq = 2", 3),
    "renumbered": ("UPDATE ledger_entries SET seq = 4 WHERE seq = 3", 4),
}


@pytest.mark.parametrize(("statement", "broken"), TAMPERING.values(), ids=TAMPERING.keys())
def test_whoever_gets_past_the_guards_is_found_out_at_the_first_entry_touched(engine, statement, broken):
    _recorded(engine)
    _take_guards_away(engine)

    with transaction(engine) as session:
        session.connection().exec_driver_sql(statement)

    assert _chain(engine).broken == broken
    assert not _chain(engine).holds


def _take_guards_away(engine) -> None:
    statements = {
        "sqlite": [f"DROP TRIGGER ledger_entries_no_{change}" for change in ("update", "delete", "replace")],
        "postgresql": ["ALTER TABLE ledger_entries DISABLE TRIGGER ALL"],
    }
    with transaction(engine) as session:
        for statement in statements[engine.dialect.name]:
            session.execute(text(statement))
