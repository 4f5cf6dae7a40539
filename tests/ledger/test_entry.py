from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ledger.entry import BEGINNING, Entry, NotCanonical, canonical, payload_hash

PAYLOAD = '{"number":1,"title":"Cláusula"}'
ENTRY = Entry(
    seq=1,
    kind="release_published",
    organisation=None,
    actor="a-person",
    subject="a-release",
    payload=PAYLOAD,
    payload_hash=payload_hash(PAYLOAD),
    previous_hash=BEGINNING,
    at=datetime(2026, 1, 2, 3, 4, 5, 678, UTC),
)


def test_the_hashes_of_a_known_entry_are_those_they_have_always_been():
    assert payload_hash(PAYLOAD) == "6af10a2cc94099b5c0aeb7d4100a4bd78f88946200020d35915dc165074ef8d5"
    assert ENTRY.hash == "35d0c3ef18c967134aa470e982ad063e6ab3214ea9b82caad43a887603ba08e5"


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2},
        {"kind": "release_withdrawn"},
        {"organisation": "a-city"},
        {"actor": "another-person"},
        {"subject": "another-release"},
        {"payload_hash": "0" * 64},
        {"previous_hash": "1" * 64},
        {"at": datetime(2026, 1, 2, 3, 4, 5, 679, UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_hash_of_an_entry_depends_on_every_field(change):
    assert replace(ENTRY, **change).hash != ENTRY.hash


def test_the_hash_of_a_payload_is_not_that_of_the_same_bytes_elsewhere():
    assert payload_hash("{}") != replace(ENTRY, payload="{}").hash


def test_the_same_payload_is_written_in_one_way():
    one = {"b": [1, True, None], "a": "Cla\u0301usula", "c": {"z": "", "y": -1}}
    other = {"c": {"y": -1, "z": ""}, "a": "Cláusula", "b": (1, True, None)}

    assert canonical(one) == canonical(other) == '{"a":"Cláusula","b":[1,true,null],"c":{"y":-1,"z":""}}'


@pytest.mark.parametrize(
    "value",
    [0.5, float("nan"), Decimal(1), {1, 2}, b"x", datetime(2026, 1, 1, tzinfo=UTC), "\ud800", "a\0b", {1: "x"},
     {"\u00e1": 1, "a\u0301": 2}],
    ids=repr,
)  # fmt: skip
def test_what_has_no_single_written_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical({"value": value})
