import threading
from contextlib import nullcontext
from copy import deepcopy

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from clause_library import store
from clause_library.errors import (
    AlreadyClosed,
    BadTexts,
    HasReleases,
    NoSuchClause,
    NoSuchRelease,
    NotAllowed,
    NothingChanged,
    Overtaken,
)
from clause_library.releases import shipped_release
from clause_library.review import APPROVED, OPEN, REJECTED, WITHDRAWN
from clause_library.tables import ApprovalRow, ClauseVersionRow, ReleaseRow
from database import RowNeverChanges, reading, transaction

CLAUSE = "EXP-02"
GUARDED = {"clause_versions": "canonical", "releases": "reason", "approvals": "content_hash"}


@pytest.fixture
def proposed(library_engine, people, texts, base_hash):
    """An open proposal of the author's, with another title in English."""
    return _propose(library_engine, people["author"], texts, base_hash)


@pytest.fixture
def approved(library_engine, people, proposed):
    """The same proposal after somebody approved it."""
    _approve(library_engine, proposed, people["approver"])
    return proposed


def _propose(engine, author, texts, base_hash, title="Another title"):
    changed = deepcopy(texts)
    changed["en"]["title"] = title
    with transaction(engine) as session:
        return store.propose(
            session, clause_id=CLAUSE, base_hash=base_hash, texts=changed, reason="Clearer", author_id=author
        )


def _approve(engine, proposal, approver, read_hash=None):
    with transaction(engine) as session:
        return store.approve(session, proposal.id, approver_id=approver, read_hash=read_hash or proposal.content_hash)


def _close(engine, proposal, state, person):
    with transaction(engine) as session:
        return store.close_proposal(session, proposal.id, state=state, person_id=person)


def _numbers(engine):
    with reading(engine) as session:
        return [note.number for note in store.releases(session)]


def test_a_fresh_database_holds_the_shipped_edition_under_the_hash_it_ships_with(library_engine):
    with reading(library_engine) as session:
        note, library = store.newest_release(session), store.newest_library(session)

    assert (note.number, note.hash) == (1, shipped_release()[0].hash)
    assert library.hash == note.hash


def test_the_edition_is_entered_once(library_engine):
    with transaction(library_engine) as session:
        assert not store.enter_edition(session)

    assert _numbers(library_engine) == [1]


def test_what_a_second_person_approves_is_the_next_release(library_engine, people, proposed):
    note = _approve(library_engine, proposed, people["approver"])

    with reading(library_engine) as session:
        library = store.newest_library(session)
        before = store.release(session, 1)[0].manifest
        after = store.release(session, 2)[0].manifest
        state = store.proposal(session, proposed.id).state
    assert (note.number, state) == (2, APPROVED)
    assert library.texts[CLAUSE]["en"]["title"] == "Another title"
    assert library.clauses[CLAUSE].version == 2
    changed = [row["id"] for row, old in zip(after["clauses"], before["clauses"], strict=True) if row != old]
    assert changed == [CLAUSE]


def test_an_earlier_release_reads_as_it_did(library_engine, approved, texts):
    with reading(library_engine) as session:
        first = store.load_release(store.release_note(session, 1).hash, session)

    assert first.texts[CLAUSE] == texts
    assert approved.texts != texts


def test_the_author_never_approves(library_engine, people, proposed):
    with pytest.raises(NotAllowed):
        _approve(library_engine, proposed, people["author"])

    assert _numbers(library_engine) == [1]


@pytest.mark.parametrize(
    "steps", [("approve",), ("reject", "approve"), ("withdraw", "approve"), ("approve", "approve")]
)
def test_no_order_of_steps_lets_the_author_approve(library_engine, people, proposed, steps):
    for step in steps:
        with pytest.raises(NotAllowed) if step != "withdraw" else nullcontext():
            if step == "approve":
                _approve(library_engine, proposed, people["author"])
            else:
                _close(library_engine, proposed, {"reject": REJECTED, "withdraw": WITHDRAWN}[step], people["author"])

    assert _numbers(library_engine) == [1]


def test_two_who_approve_at_once_make_one_release(library_engine, people, proposed):
    start, outcomes = threading.Barrier(2), []

    def approve(person):
        start.wait()
        try:
            outcomes.append(_approve(library_engine, proposed, person).number)
        except AlreadyClosed:
            outcomes.append("closed")

    threads = [threading.Thread(target=approve, args=(people[name],)) for name in ("approver", "colleague")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, outcomes)) == ["2", "closed"]
    assert _numbers(library_engine) == [2, 1]


def test_an_approval_holds_for_the_text_that_was_read_and_no_other(library_engine, people, proposed):
    with pytest.raises(Overtaken):
        _approve(library_engine, proposed, people["approver"], read_hash="0" * 64)

    assert _numbers(library_engine) == [1]


def test_a_proposal_that_another_overtook_is_approved_no_longer(library_engine, people, texts, base_hash):
    first = _propose(library_engine, people["author"], texts, base_hash, "First")
    second = _propose(library_engine, people["author"], texts, base_hash, "Second")
    _approve(library_engine, first, people["approver"])

    with pytest.raises(Overtaken):
        _approve(library_engine, second, people["approver"])

    assert _numbers(library_engine) == [2, 1]


def test_a_text_that_starts_from_an_older_version_is_not_taken(library_engine, people, texts, base_hash, approved):
    with pytest.raises(Overtaken):
        _propose(library_engine, people["colleague"], texts, base_hash, "Mine")

    with reading(library_engine) as session:
        assert [one.id for one in store.proposals(session)] == [approved.id]


def test_a_text_with_faults_is_not_taken(library_engine, people, texts, base_hash):
    with pytest.raises(BadTexts):
        _propose(library_engine, people["author"], texts, base_hash, "{{ 7 }}")
    with pytest.raises(NothingChanged):
        _propose(library_engine, people["author"], texts, base_hash, texts["en"]["title"])

    with reading(library_engine) as session:
        assert store.proposals(session) == []


def test_only_the_author_withdraws_and_somebody_else_rejects(library_engine, people, texts, base_hash, proposed):
    other = _propose(library_engine, people["author"], texts, base_hash, "Other")
    for state, person in ((WITHDRAWN, "colleague"), (REJECTED, "author")):
        with pytest.raises(NotAllowed):
            _close(library_engine, proposed, state, people[person])

    assert _close(library_engine, proposed, WITHDRAWN, people["author"]).state == WITHDRAWN
    assert _close(library_engine, other, REJECTED, people["colleague"]).state == REJECTED
    with reading(library_engine) as session:
        assert store.proposals(session, OPEN) == []


def test_a_version_says_which_release_it_first_came_with(library_engine, approved):
    with reading(library_engine) as session:
        first, second = (store.version_of(session, approved.clause_id, number) for number in (1, 2))

        assert store.first_release_of(session, first).number == 1
        assert store.first_release_of(session, second).number == 2
        with pytest.raises(NoSuchClause):
            store.version_of(session, CLAUSE, 3)
        with pytest.raises(NoSuchRelease):
            store.release(session, 3)


def test_a_release_is_entered_only_where_there_is_none(library_engine):
    with pytest.raises(HasReleases), transaction(library_engine) as session:
        store.enter_release(session, *shipped_release())


@pytest.mark.parametrize("table", GUARDED)
def test_the_database_refuses_to_change_what_was_released(library_engine, approved, table):
    assert approved
    column = GUARDED[table]
    before = _rows(library_engine, table)
    statements = [
        f"UPDATE {table} SET {column} = 'x'",  # noqa: S608  # names of this test
        f"DELETE FROM {table}",  # noqa: S608
    ]
    if library_engine.dialect.name == "sqlite":
        columns = ", ".join(f"'x' AS {name}" if name == column else name for name in before[0]._fields)
        statements += [
            f"INSERT OR REPLACE INTO {table} SELECT {columns} FROM {table}",  # noqa: S608
            f"REPLACE INTO {table} SELECT {columns} FROM {table}",  # noqa: S608
            f"UPDATE OR REPLACE {table} SET {column} = 'x'",  # noqa: S608
        ]
    else:
        statements += [f"TRUNCATE {table} CASCADE"]

    for statement in statements:
        with pytest.raises(DBAPIError), transaction(library_engine) as session:
            session.execute(text(statement))

    assert _rows(library_engine, table) == before


def _rows(engine, table):
    with reading(engine) as session:
        return session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()  # noqa: S608


@pytest.mark.parametrize("row_class", [ClauseVersionRow, ReleaseRow, ApprovalRow])
def test_the_code_refuses_to_change_what_was_released(library_engine, approved, row_class):
    assert approved
    column = GUARDED[row_class.__tablename__]
    with pytest.raises(RowNeverChanges), transaction(library_engine) as session:
        setattr(session.query(row_class).first(), column, "x")
    with pytest.raises(RowNeverChanges), transaction(library_engine) as session:
        session.delete(session.query(row_class).first())
    with pytest.raises(RowNeverChanges), transaction(library_engine) as session:
        session.execute(update(row_class).values({column: "x"}))
    with pytest.raises(RowNeverChanges), transaction(library_engine) as session:
        session.execute(delete(row_class))
