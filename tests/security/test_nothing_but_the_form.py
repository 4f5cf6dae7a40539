"""Fields that no form has, named like columns and like fields of other forms, change nothing whoever sends them."""

import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text

from database import Base
from procurement.particulars import LISTS
from procurement.worked import worked_purchases
from tests.security.world import (
    ELSEWHERE,
    PARAMETERS,
    PARTICULARS,
    POSTS,
    PUBLISHED,
    READY,
    Row,
    World,
    fired,
    sound_form,
)

# Buttons that forms have: sending them is not the same as not sending them.
LONG = 2000
BUTTONS = {"return", "undo"}
# New at every run: ids, instants, tokens, and the hashes that take them in.
NEW = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[ T][\d:.+]+|[0-9a-f]{64}|\$argon2\S+"
)
EVERYWHERE = {"csrf_token"}
Rows = dict[str, list[dict[str, Any]]]


def test_every_form_that_is_posted_is_tried(world: World) -> None:
    posted = {rule.endpoint for rule in world.app.url_map.iter_rules() if "POST" in rule.methods}

    assert {row.endpoint for row in POSTS} == posted


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.name)
def test_a_form_changes_what_it_asks_for_and_nothing_else(world: World, row: Row) -> None:
    caller = min(row.callers - {"nobody"})
    tender_id = world.tender(row.shape) if row.shape else ""
    form = sound_form(world, row, tender_id)
    before = rows_of(world)

    plain = fired(world, row, caller, tender_id, form=form)
    wanted = changes(before, rows_of(world))
    world.put_back()
    extended = fired(world, row, caller, tender_id, form=extra_fields(world, row, form) | form)
    world.writes.append("")

    assert extended.status_code == plain.status_code
    assert changes(before, rows_of(world)) == wanted


@pytest.mark.parametrize("row", [row for row in POSTS if row.shape], ids=lambda row: row.name)
def test_the_tender_is_that_of_the_address_whatever_the_form_says(world: World, row: Row) -> None:
    caller = min(row.callers)
    mine, theirs = world.tender(row.shape), world.tender(row.shape, ELSEWHERE)
    named = {"tender_id": mine, "id": mine, "organisation_id": world.made["cities"]["home"]["id"]}

    answer = fired(world, row, caller, theirs, city=ELSEWHERE, form=sound_form(world, row, mine) | named)

    assert answer.status_code == 404
    assert world.writes == []


def extra_fields(world: World, row: Row, form: Mapping[str, Any]) -> dict[str, Any]:
    """Every column there is, and every field of the other forms, with what an intruder would like to see there."""
    own = set(form) | BUTTONS | EVERYWHERE | own_fields(row)
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    wanted = {name: wish(world, name) for name in columns | {"approved_by", "tender_id", "published", "actor"}}
    prefixes = ("tier-", "approval-", "low-capacity-high-tier-")
    wanted |= {f"{prefix}{name}": value for prefix in prefixes for name, value in wanted.items()}
    for other in POSTS:
        tender_id = world.tender(other.shape) if other.shape else ""
        wanted |= sound_form(world, other, tender_id)
    wanted |= {f"revision-{name}": "0" for name in (*PARTICULARS, *PARAMETERS, "approved_by", "state", "pilot")}
    return {name: value for name, value in wanted.items() if name not in own}


def own_fields(row: Row) -> set[str]:
    """The fields of a form that a sound one may leave out."""
    if row.endpoint == "procurement.particulars":
        names = {*PARTICULARS, "file_number", "contact", "questions_until", "currency", "amount", "lots", "price_only"}
        names |= {"instrument", *LISTS}
    elif row.endpoint == "procurement.parameters":
        names = set(PARAMETERS)
    elif row.endpoint == "procurement.step":
        names = set(worked_purchases()["S02"].answers)
    else:
        own = {"procurement.start": {"worked", "title"}, "accounts.sign_in": {"next"}, "accounts.person": {"active"}}
        return own.get(row.endpoint, set()) | prefixed(row)
    return names | {f"revision-{name}" for name in names}


def prefixed(row: Row) -> set[str]:
    fields = {"revision", "reason", "tier", "ground"}
    prefixes = {"procurement.tier": "tier-", "procurement.tier_approval": "approval-"}
    prefix = prefixes.get(row.endpoint)
    if row.endpoint in ("procurement.clause", "procurement.withdrawal", "procurement.form"):
        return fields
    return {f"{prefix}{name}" for name in fields} if prefix else set()


def wish(world: World, column: str) -> str:
    wishes = {
        "organisation_id": world.made["cities"][ELSEWHERE]["id"],
        "role": "administrator",
        "state": PUBLISHED,
        "active": "y",
        "approved_by": world.person("approver"),
        "tender_id": world.tender(READY, ELSEWHERE),
        "published": world.page(ELSEWHERE),
        "email": "colleague@elsewhere.example",
    }
    if column.endswith(("_by", "person_id", "author_id", "approver_id", "actor")):
        return world.person("colleague")
    return wishes.get(column, world.tender(READY, ELSEWHERE) if column == "id" else "999")


# What is in the database, and what became of it


def rows_of(world: World) -> Rows:
    with world.engine.connect() as connection:
        return {
            name: [_short(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
            for name in _tables()
        }


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its long texts, such as those of clauses, hashed."""
    return {name: sha256(value.encode()).digest() if len(str(value)) > LONG else value for name, value in row.items()}


@cache
def _tables() -> tuple[str, ...]:
    return tuple(sorted(Base.metadata.tables))


def changes(before: Rows, after: Rows) -> dict[str, list[str]]:
    """The rows that came and went, what is new at every run written as such."""
    old = set(NEW.findall(str(before)))
    found: dict[str, list[str]] = {}
    for table, rows in after.items():
        was = [str(row) for row in before[table]]
        now = [str(row) for row in rows]
        came = [f"+ {row}" for row in now if row not in was]
        went = [f"- {row}" for row in was if row not in now]
        if came or went:
            found[table] = sorted(NEW.sub(lambda one: one[0] if one[0] in old else "new", line) for line in came + went)
    return found
