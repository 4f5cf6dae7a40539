"""Every address and method, asked with sound arguments by everybody, for a tender of theirs and of others."""

import re
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from accounts.policy import POLICY, PUBLIC
from accounts.roles import Role
from tests.security.world import (
    CALLERS,
    ELSEWHERE,
    EVERYBODY,
    HOME,
    NOBODY,
    OTHER_ROWS,
    PUBLISHED,
    ROLES,
    ROWS,
    TENDER_ROWS,
    Row,
    World,
    fired,
)

SIGN_IN = "/en/sign-in"
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FORM_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
# What is counted although the request is refused: attempts to sign in.
COUNTED = {"POST accounts.sign_in", "POST accounts.change_password"}


def by_name(row: Row) -> str:
    return row.name


def turned_away(answer: TestResponse, caller: str) -> bool:
    """Whether the policy refused: to sign in for nobody, with 403 for anybody else."""
    if caller == NOBODY:
        return answer.status_code == 303 and answer.location.split("?")[0] == SIGN_IN
    return answer.status_code == 403


def test_every_address_is_in_the_table_once(world: World) -> None:
    addresses = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    rows = Counter((row.endpoint, row.method) for row in ROWS)

    assert set(rows) == addresses
    assert max(rows.values()) == 1


@pytest.mark.parametrize("row", ROWS, ids=by_name)
def test_the_policy_lets_in_whom_it_should_and_nobody_else(row: Row) -> None:
    allowed = POLICY[row.endpoint, row.method]

    told = EVERYBODY if PUBLIC in allowed else {caller.value for caller in allowed if isinstance(caller, Role)}
    assert told == row.callers


def test_every_address_about_a_tender_is_asked_about_tenders_of_others(world: World) -> None:
    about = {rule.endpoint for rule in world.app.url_map.iter_rules() if "tender_id" in rule.arguments}

    assert about == {row.endpoint for row in TENDER_ROWS}


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("row", OTHER_ROWS, ids=by_name)
def test_only_whoever_may_is_answered(world: World, row: Row, caller: str) -> None:
    answer = fired(world, row, caller)

    if caller in row.callers:
        assert answer.status_code == row.status
    else:
        assert turned_away(answer, caller)
    if answer.status_code >= 400 and row.name not in COUNTED:
        assert world.writes == []


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("row", TENDER_ROWS, ids=by_name)
def test_a_tender_answers_its_own_people_in_their_roles(world: World, row: Row, caller: str) -> None:
    answer = fired(world, row, caller, world.tender(row.shape))

    if caller in row.callers:
        assert answer.status_code == row.status
        assert bool(world.writes) == (row.method == "POST" and row.endpoint != "procurement.release")
    else:
        assert turned_away(answer, caller)
        assert world.writes == []


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("row", TENDER_ROWS, ids=by_name)
def test_a_published_tender_is_read_and_never_written(world: World, row: Row, caller: str) -> None:
    answer = fired(world, row, caller, world.tender(PUBLISHED))

    if caller in row.callers:
        # There is no such decision in it to withdraw.
        assert answer.status_code == (400 if row.endpoint == "procurement.withdrawal" else row.published)
    else:
        assert turned_away(answer, caller)
    assert world.writes == []


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("row", TENDER_ROWS, ids=by_name)
def test_a_tender_of_another_organisation_is_not_there(world: World, row: Row, caller: str) -> None:
    nowhere = fired(world, row, caller, str(uuid4()))
    shapes = (row.shape, PUBLISHED)
    answers = [fired(world, row, caller, world.tender(shape, ELSEWHERE), city=ELSEWHERE) for shape in shapes]

    for answer in answers:
        assert answer.status_code == nowhere.status_code
        assert answer.status_code == 404 if caller in row.callers else turned_away(answer, caller)
        assert _told(answer) == _told(nowhere)
    assert world.writes == []


def _told(answer: TestResponse) -> str:
    """The page without the id that was asked for, in its links, and without its token, which changes with the second."""
    return FORM_TOKEN.sub("", ID.sub("", answer.text)) if answer.status_code != 303 else ""


@pytest.mark.parametrize("row", [row for row in TENDER_ROWS if row.method == "GET"], ids=by_name)
def test_what_hides_behind_a_head_request_is_no_more_than_behind_the_page(world: World, row: Row) -> None:
    address = world.address(row.endpoint, row.values(world) | {"tender_id": world.tender(row.shape, ELSEWHERE)})

    assert world.ask("officer", "HEAD", address).status_code == 404
    assert world.ask(NOBODY, "HEAD", address).status_code == 303


def test_no_other_method_is_answered(world: World) -> None:
    asked = {(row.endpoint, row.method) for row in ROWS}
    answered: dict[str, Any] = {}

    for row in ROWS:
        values = row.values(world) | ({"tender_id": world.tender(row.shape)} if row.shape else {})
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "MADE-UP"):
            if (row.endpoint, method) in asked:
                continue
            address = world.address(row.endpoint, values, method=row.method)
            # The list of tenders and the form that starts one share an address.
            if address == "/en/tenders" and method in ("GET", "POST"):
                continue
            answered[f"{method} {address}"] = world.ask("officer", method, address, {}).status_code

    # Files of the style know a method of their own, for which there is no row.
    assert {name: status for name, status in answered.items() if status not in (403, 405)} == {}
    assert world.writes == []


# People


@pytest.mark.parametrize("caller", ROLES)
def test_people_of_another_organisation_are_not_there(world: World, caller: str) -> None:
    stranger = world.person("colleague", ELSEWHERE)
    requests = [("GET", ""), ("POST", ""), ("POST", "/link")]

    answers = [
        world.ask(caller, method, f"/en/people/{stranger}{ending}", {"role": "administrator", "active": "y"})
        for method, ending in requests
    ]

    assert {answer.status_code for answer in answers} == {404 if caller == "administrator" else 403}
    assert world.writes == []


def test_nobody_reads_a_person_or_a_tender_of_another_organisation_on_any_page(world: World) -> None:
    secrets = {person["id"] for person in world.made["cities"][ELSEWHERE]["people"].values()}
    secrets |= {world.tender(shape, ELSEWHERE) for shape in ("ready", "undecided", "stopped", "published")}

    read = {
        f"{caller} {row.name}": fired(world, row, caller, world.tender(row.shape) if row.shape else "").text
        for row in ROWS
        if row.method == "GET" and not row.endpoint.endswith("file")
        for caller in row.callers & set(ROLES)
    }

    assert [where for where, text in read.items() if any(secret in text for secret in secrets)] == []
    assert any(world.person("colleague", HOME) in text for text in read.values())


def test_who_wrote_and_approved_is_told_to_people_with_an_account_only(world: World) -> None:
    approve = next(row for row in ROWS if row.endpoint == "clause_library.approve")
    assert fired(world, approve, "approver").status_code == 303

    pages = {caller: world.ask(caller, "GET", "/en/library/releases/2").text for caller in (NOBODY, "officer")}

    assert "The approver" in pages["officer"]
    assert "The approver" not in pages[NOBODY]
