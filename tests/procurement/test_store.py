"""Two people in one tender lose nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine

from accounts import store as accounts
from accounts.people import Organisation, new_id
from accounts.roles import Role
from clause_library.store import enter_edition
from database import reading, transaction
from procurement import store
from procurement.draft import ANSWER
from procurement.errors import NoSuchTender, NotAllowed, Overtaken
from procurement.store import Change

Save = Callable[..., tuple[str, ...]]


@pytest.fixture
def city(engine: Engine) -> Organisation:
    added = Organisation(
        id=new_id(), name="A City", identifier="A", jurisdiction="ES", time_zone="Europe/Madrid", number_series="A",
        tier_public=False,
    )  # fmt: skip
    with transaction(engine) as session:
        enter_edition(session)
        return accounts.add_organisation(session, added)


@pytest.fixture
def people(engine: Engine, city: Organisation) -> tuple[str, str]:
    with transaction(engine) as session:
        first, second = (
            accounts.add_person(
                session, organisation_id=city.id, email=f"{name}@city.example", name=name, role=Role.OFFICER
            )
            for name in ("first", "second")
        )
        return first.id, second.id


@pytest.fixture
def tender_id(engine: Engine, city: Organisation, people: tuple[str, str]) -> str:
    entries = {(ANSWER, "pilot"): "no"}
    with transaction(engine) as session:
        return store.start(session, organisation_id=city.id, person_id=people[0], entries=entries)


@pytest.fixture
def save(engine: Engine, city: Organisation, tender_id: str) -> Save:
    def saved(person: str, **changes: Change) -> tuple[str, ...]:
        with transaction(engine) as session:
            found = store.draft(session, city.id, tender_id, for_update=True)
            return store.save(session, found, ANSWER, changes, person)

    return saved


@pytest.fixture
def answer(engine: Engine, city: Organisation, tender_id: str) -> Callable[[str], object]:
    def read(name: str) -> object:
        with reading(engine) as session:
            return store.draft(session, city.id, tender_id).entry(ANSWER, name).value

    return read


def test_two_people_who_answer_different_questions_at_once_both_keep_their_answers(
    people: tuple[str, str], save: Save, answer: Callable[[str], object]
) -> None:
    save(people[0], pilot=Change("yes", 1), footprint=Change(None, 0))
    save(people[1], pilot=Change("no", 1), footprint=Change("yes", 0))

    assert answer("pilot") == "yes"
    assert answer("footprint") == "yes"


def test_whoever_saves_the_same_question_second_is_told_and_overwrites_nothing(
    people: tuple[str, str], save: Save, answer: Callable[[str], object]
) -> None:
    save(people[0], availability=Change("low", 0))

    with pytest.raises(Overtaken) as told:
        save(people[1], availability=Change("medium", 0), footprint=Change("yes", 0))

    theirs = told.value.theirs
    assert isinstance(theirs, dict)
    assert (theirs["availability"].value, theirs["availability"].revision) == ("low", 1)
    assert answer("availability") == "low"
    assert answer("footprint") is None


def test_saving_again_with_the_new_revision_is_a_knowing_choice(
    people: tuple[str, str], save: Save, answer: Callable[[str], object]
) -> None:
    save(people[0], pilot=Change("yes", 1))

    written = save(people[1], pilot=Change("no", 2))

    assert written == ("pilot",)
    assert answer("pilot") == "no"


def test_two_who_chose_the_same_answer_do_not_stand_in_each_others_way(people: tuple[str, str], save: Save) -> None:
    save(people[0], pilot=Change("yes", 1))

    assert save(people[1], pilot=Change("yes", 1)) == ("pilot",)


def test_of_many_who_save_one_question_at_the_same_moment_exactly_one_goes_first(
    people: tuple[str, str], save: Save, answer: Callable[[str], object]
) -> None:
    together = Barrier(4)

    def attempt(months: int) -> int | None:
        together.wait()
        try:
            save(people[months % 2], contract_months=Change(months, 0))
        except Overtaken:
            return None
        return months

    with ThreadPoolExecutor(4) as pool:
        won = [months for months in pool.map(attempt, (12, 24, 36, 48)) if months]

    assert len(won) == 1
    assert answer("contract_months") == won[0]


def test_a_published_tender_takes_no_answer(
    engine: Engine, city: Organisation, tender_id: str, people: tuple[str, str], save: Save
) -> None:
    with transaction(engine) as session:
        store.mark_published(session, store.draft(session, city.id, tender_id, for_update=True))

    with pytest.raises(NotAllowed):
        save(people[0], pilot=Change("yes", 1))


def test_a_tender_is_not_there_for_another_organisation(engine: Engine, tender_id: str) -> None:
    with reading(engine) as session, pytest.raises(NoSuchTender):
        store.draft(session, new_id(), tender_id)
