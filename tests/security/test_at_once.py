"""Many at once, on both databases: what must happen once happens once, and nothing that was confirmed is lost."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text

from accounts.store import people_of
from clause_library import store as library_store
from clause_library.tables import ApprovalRow, ReleaseRow
from database import engine_for, reading, transaction
from ledger.tables import LedgerEntry
from ledger.verify import verify_chain
from procurement.draft import ANSWER
from procurement.tables import EntryRow
from publication.publishing import digest
from publication.tables import PublishedTenderRow
from tests.security.conftest import with_quick_pdf
from tests.security.world import (
    EDITED_CLAUSE,
    ELSEWHERE,
    HOME,
    READY,
    ROWS,
    UNDECIDED,
    Row,
    World,
    fired,
    proposed_texts,
    sound_form,
)

AT_ONCE, ROUNDS = 8, 10
Act = Callable[[], int]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def busy_world(
    request: pytest.FixtureRequest, template: tuple[Path, dict[str, Any]], tmp_path: Path
) -> Iterator[World]:
    """A world of this test alone, once on SQLite and once on PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        with_quick_pdf(patch)
        if request.param == "sqlite":
            world = World.opened(*template, tmp_path)
        else:
            world = World.at(request.getfixturevalue("postgresql_url"), tmp_path)
        world.app.config["PROPAGATE_EXCEPTIONS"] = False
        assert world.token
        yield world
        with reading(world.engine) as session:
            assert verify_chain(session).holds
    world.close()


def _new_database(server: str) -> str:
    engine = engine_for(server)
    name = f"busy_{uuid4().hex}"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated"))
    engine.dispose()
    return re.sub(r"/postgres(?=\?|$)", f"/{name}", server)


def at_once(acts: Sequence[Act]) -> list[int]:
    """The statuses of these acts, all begun at the same moment."""
    ready, statuses = Barrier(len(acts)), [0] * len(acts)

    def do(place: int) -> None:
        ready.wait(30)
        statuses[place] = acts[place]()

    threads = [Thread(target=do, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return statuses


def posting(world: World, caller: str, address: str, form: dict[str, Any], city: str = HOME) -> Act:
    return lambda: world.ask(caller, "POST", address, form, city=city).status_code


def count(world: World, row: Any, *conditions: Any) -> int:
    with reading(world.engine) as session:
        return session.scalar(select(func.count()).select_from(row).where(*conditions)) or 0


def proposed(world: World, number: int) -> Any:
    with transaction(world.engine) as session:
        return library_store.propose(
            session,
            clause_id=EDITED_CLAUSE,
            base_hash=library_store.newest_library(session).clauses[EDITED_CLAUSE].hash,
            texts=proposed_texts(es=f"Título {number}"),
            reason=f"Round {number}",
            author_id=world.person("author"),
        )


def test_a_proposal_approved_by_many_at_once_makes_one_release(busy_world: World) -> None:
    world = busy_world
    before = count(world, ReleaseRow)

    for number in range(ROUNDS):
        made = proposed(world, number)
        address, form = f"/en/library/proposals/{made.id}/approve", {"read_hash": made.content_hash}
        callers = ["approver", "reviewer"] * (AT_ONCE // 2)
        statuses = at_once([posting(world, caller, address, form) for caller in callers])
        assert Counter(statuses) == {303: 1, 409: AT_ONCE - 1}
        assert count(world, ApprovalRow, ApprovalRow.proposal_id == made.id) == 1
        approved = count(world, LedgerEntry, LedgerEntry.subject == made.id, LedgerEntry.kind == "clause_approved")
        assert approved == 1

    assert count(world, ReleaseRow) == before + ROUNDS


def test_of_two_proposals_for_one_clause_approved_at_once_one_is_overtaken(busy_world: World) -> None:
    world = busy_world

    for number in range(ROUNDS // 3):
        both = [proposed(world, 100 + number), proposed(world, 200 + number)]
        acts = [
            posting(world, "approver", f"/en/library/proposals/{one.id}/approve", {"read_hash": one.content_hash})
            for one in both
        ]
        assert sorted(at_once(acts)) == [303, 409]


def test_a_proposal_is_approved_rejected_or_withdrawn_and_only_one_of_them(busy_world: World) -> None:
    world = busy_world

    for number in range(ROUNDS // 3):
        made = proposed(world, number)
        steps = [("approver", "approve"), ("reviewer", "reject"), ("author", "withdraw")] * 2
        acts = [
            posting(world, caller, f"/en/library/proposals/{made.id}/{step}", {"read_hash": made.content_hash})
            for caller, step in steps
        ]
        statuses = at_once(acts)
        with reading(world.engine) as session:
            state = library_store.proposal(session, made.id).state
        assert Counter(statuses) == {303: 1, 409: 5}
        assert (
            state
            == {"approve": "approved", "reject": "rejected", "withdraw": "withdrawn"}[steps[statuses.index(303)][1]]
        )


def test_a_tender_published_by_many_at_once_is_published_once(busy_world: World) -> None:
    world, tender_id = busy_world, busy_world.tender(READY)
    form = {"confirmed": "y", "read": digest(world.draft(tender_id))}
    callers = ["officer", "colleague"] * (AT_ONCE // 2)

    statuses = at_once([posting(world, caller, f"/en/tenders/{tender_id}/publish", form) for caller in callers])

    assert Counter(statuses) == {303: 1, 409: AT_ONCE - 1}
    assert count(world, PublishedTenderRow, PublishedTenderRow.tender_id == tender_id) == 1
    assert count(world, LedgerEntry, LedgerEntry.subject == tender_id, LedgerEntry.kind == "tender_published") == 1


def test_of_two_who_save_the_same_answer_one_is_shown_the_other(busy_world: World) -> None:
    world, tender_id = busy_world, busy_world.tender(UNDECIDED)
    address = f"/en/tenders/{tender_id}/particulars"

    for number in range(ROUNDS):
        revision = world.draft(tender_id).entry("particular", "title").revision
        forms = [{"title": f"{who} {number}", "revision-title": str(revision)} for who in ("officer", "colleague")]
        acts = [posting(world, form["title"].split()[0], address, form) for form in forms]
        statuses = at_once(acts)
        kept = world.draft(tender_id).entry("particular", "title")
        assert sorted(statuses) == [303, 409]
        assert (kept.value, kept.revision) == (forms[statuses.index(303)]["title"], revision + 1)


def test_a_decision_taken_by_two_at_once_is_taken_by_one(busy_world: World) -> None:
    world, tender_id = busy_world, busy_world.tender(UNDECIDED)
    address = f"/en/tenders/{tender_id}/selection/EXP-05"

    for number in range(ROUNDS):
        revision = str(world.draft(tender_id).entry("clause", "EXP-05").revision)
        acts = [
            posting(world, who, address, {"revision": revision, "reason": f"{who} {number}"})
            for who in ("officer", "colleague")
        ]
        assert sorted(at_once(acts)) == [303, 409]


def test_different_answers_saved_at_once_are_all_kept(busy_world: World) -> None:
    world, tender_id = busy_world, busy_world.tender(UNDECIDED)
    wanted = other_answers(world, tender_id)
    library = world.draft(tender_id).library

    acts = [
        posting(
            world,
            ("officer", "colleague")[place % 2],
            f"/en/tenders/{tender_id}/steps/{library.questions[name].step}",
            {name: value, f"revision-{name}": str(world.draft(tender_id).entry(ANSWER, name).revision)},
        )
        for place, (name, value) in enumerate(wanted.items())
    ]
    statuses = at_once(acts)

    after = world.draft(tender_id)
    assert len(acts) == 20
    assert Counter(statuses) == {303: 20}
    assert {name: after.entry(ANSWER, name).value for name in wanted} == wanted
    assert (
        count(world, EntryRow, EntryRow.tender_id == tender_id, EntryRow.revision == 2, EntryRow.kind == ANSWER) == 20
    )


def other_answers(world: World, tender_id: str) -> dict[str, str]:
    """Another answer to each of twenty questions with one option."""
    found = world.draft(tender_id)
    single = [row for row in found.library.questions.values() if row.type == "single" and row.id in found.answers]
    return {row.id: next(option for option in row.options if option != found.answers[row.id]) for row in single[:20]}


def test_the_last_two_administrators_cannot_both_leave_at_once(busy_world: World) -> None:
    world, people = busy_world, "/en/people/"
    first, second = world.person("administrator", ELSEWHERE), world.person("colleague", ELSEWHERE)
    joining = {"role": "administrator", "active": "y"}
    joined = world.ask("administrator", "POST", people + second, joining, city=ELSEWHERE)
    leaving = {"role": "officer", "active": "y"}

    acts = [posting(world, "administrator", people + one, leaving, ELSEWHERE) for one in (first, second)]
    statuses = at_once(acts)

    with reading(world.engine) as session:
        left = [one for one in people_of(session, world.made["cities"][ELSEWHERE]["id"]) if one.role == "administrator"]
    assert joined.status_code == 303
    assert 303 in statuses
    assert set(statuses) <= {303, 403, 422}
    assert left


def test_more_people_than_connections_wait_for_nobody(busy_world: World) -> None:
    world = busy_world
    address = f"/en/library/clauses/{EDITED_CLAUSE}/edit"

    statuses = at_once([lambda: world.ask("reviewer", "GET", address).status_code] * 24)

    assert Counter(statuses) == {200: 24}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_request_holds_one_connection_at_a_time(world: World, row: Row) -> None:
    held, most = 0, 0

    def taken(*_about: object) -> None:
        nonlocal held, most
        held += 1
        most = max(most, held)

    def given_back(*_about: object) -> None:
        nonlocal held
        held -= 1

    tender_id = world.tender(row.shape) if row.shape else ""
    form = sound_form(world, row, tender_id) if row.method == "POST" else {}
    event.listen(world.engine, "checkout", taken)
    event.listen(world.engine, "checkin", given_back)
    fired(world, row, min(row.callers - {"nobody"}), tender_id, form=form)
    event.remove(world.engine, "checkout", taken)
    event.remove(world.engine, "checkin", given_back)

    assert held == 0
    assert most <= 1
