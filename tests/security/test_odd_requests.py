"""Whatever is sent, of whatever kind and to whatever address: an answer that is meant, and never a fault of ours."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from werkzeug.test import TestResponse

from accounts.demonstration import set_up_demonstration
from database import reading, transaction
from ledger.verify import verify_chain
from publication.tables import PublishedFileRow, PublishedTenderRow
from tests.security.conftest import with_quick_pdf
from tests.security.fuzzing import BODIES, HUGE, ODD, QUERY_NAMES, TYPES, Fuzzer, Shot
from tests.security.hostile import faults, marks
from tests.security.world import (
    GETS,
    NOBODY,
    POSTS,
    READY,
    ROWS,
    SITE,
    STOPPED,
    UNDECIDED,
    Row,
    World,
    fired,
    sound_form,
)

TRACES = ("Traceback", 'File "', "sqlalchemy", "werkzeug.", "site-packages", "/work/", "sqlite3.")


def wrong(answer: TestResponse) -> list[str]:
    """What is wrong with an answer, whatever was asked."""
    found = [f"status {answer.status_code}"] * (answer.status_code >= 500)
    text = answer.get_data(as_text=True) if (answer.mimetype or "").startswith("text/html") else ""
    found += [f"tells {trace}" for trace in TRACES if trace in text]
    if answer.location:
        found += [f"leads to {answer.location}"] * (urlsplit(urljoin(SITE, answer.location)).netloc != "localhost")
    found += ["a header of theirs"] * any(name in answer.headers for name in ("X-Injected",))
    return found


def spread(row: Row) -> tuple[str, ...]:
    """A fifth of the odd values, another one for each row, and those that no row does without."""
    return (*ODD[ROWS.index(row) % 5 :: 5], HUGE, "2147483648", "9223372036854775808", "a\x00b")


# Where somebody is led after signing in

OUTSIDE = (
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://evil.example", "mailto:x@evil.example",
    "/en//evil.example", "/en/\\evil.example", "/en/..//evil.example", "/en/%2f%2fevil.example", "/%2f/evil.example",
    "/%5cevil.example", "/en@evil.example", "@evil.example", "evil.example", ".evil.example", "/.evil.example",
    "//localhost@evil.example", "https://localhost.evil.example", "https://localhost\\@evil.example", "//localhost%00.evil.example",
    "/en/people\r\nX-Injected: 1", "/en/people%0d%0aX-Injected: 1", "/en/\x00", "/en/\u2028", "/en/é", "/en/\u202e",
    "／／evil.example", "//evil。example", "//①.example", "http:\\\\evil.example", "?next=//evil.example", "#", "*",
    "/en/x#//evil.example", "/en/x?//evil.example", "/en/x?a=//evil.example", "/fr/", "/es", "/EN/", "/static/x", "/",
    "/en/" + "a" * 10_000, " https://evil.example", "\thttps://evil.example", "\x01https://evil.example",
)  # fmt: skip


@pytest.fixture(scope="module")
def demonstration(open_world: Callable[..., World]) -> tuple[World, str]:
    """A demonstration, in which signing in takes no password, and the officer of it."""
    world = open_world(DEMONSTRATION=True)
    with transaction(world.engine) as session:
        return world, set_up_demonstration(session)[0].id


@pytest.mark.parametrize("form", ["{}", "{}?x=1", "{}#x", " {}", "{} ", "{}\n"])
def test_signing_in_leads_to_pages_of_this_site_only(demonstration: tuple[World, str], form: str) -> None:
    world, officer = demonstration
    led = {}

    for address in OUTSIDE:
        sent = {"person": officer, "next": form.format(address)}
        answer = world.ask(NOBODY, "POST", "/en/sign-in/demonstration", sent)
        led[address] = (answer.status_code, urlsplit(urljoin(f"{SITE}/en/", answer.location)))

    assert {status for status, _ in led.values()} == {303}
    assert {target.netloc for _, target in led.values()} == {"localhost"}
    assert {target.scheme for _, target in led.values()} == {"https"}
    assert [target for _, target in led.values() if not target.path.startswith(("/en", "/es", "/pt"))] == []


def test_the_page_that_was_wanted_is_kept_as_text(world: World) -> None:
    for address in OUTSIDE:
        page = world.ask(NOBODY, "GET", f"/en/sign-in?next={quote(address)}")
        assert wrong(page) == []
        assert not [fault for fault in faults(page.text, marks(page.text)) if fault.startswith("leads")]


# Files

CLIMBING = (
    "app.py", "..", "../..", "../../app.py", "..%2fapp.py", "%2e%2e/app.py", "%2e%2e%2fapp.py", "..\\app.py", "..%5capp.py",
    "....//app.py", "..;/app.py", ".%00./app.py", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd",
    "tender.docx/../../../app.py", "tender-es.docx%00.png", "tender-es.docx\x00.png", "tender-es.docx ", "TENDER-ES.DOCX",
    "tender-es.docx/", "tender-es.docx;x", "tender-es.docx::$DATA", "\x00", "%00", "x" * 10_000, "é.docx", "\u202exslx.docx",
    "~root/.ssh/id_rsa", "C:\\windows\\win.ini", "\\\\evil\\share", "library.sqlite", "../library.sqlite", "con", ".", "",
    "css/../../../app.py", "..%c0%afapp.py", "%252e%252e%252fapp.py", "．．/app.py", "templates/layout.html", "*", "?", "#",
)  # fmt: skip


@pytest.mark.parametrize("place", ["files", "stop", "published", "static", "bootstrap"])
def test_no_path_climbs_out_of_what_is_handed_out(world: World, place: str) -> None:
    folders = {
        "files": f"/en/tenders/{world.tender(READY)}/files/",
        "stop": f"/en/tenders/{world.tender('stopped')}/stop/",
        "published": f"/en/published/{world.page()}/",
        "static": "/static/",
        "bootstrap": "/bootstrap/static/",
    }
    answered = {}

    for name in CLIMBING:
        answer = Shot("officer", "GET", folders[place] + name, "", {}).fire(world)
        answered[name] = answer.status_code
        assert wrong(answer) == []
        assert b"create_app" not in answer.data
        assert b"root:" not in answer.data
        assert not answer.data.startswith((b"SQLite format", b"PK"))

    # With nothing, or only a point, for a name the address is another page of the same site.
    assert {status for name, status in answered.items() if name.strip("/.#?")} <= {404, 308}


# Addresses and queries


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.name)
def test_odd_queries_are_answered(world: World, row: Row) -> None:
    caller = min(row.callers - {NOBODY} or row.callers)
    caller = "officer" if "officer" in row.callers else caller
    values = row.values(world) | ({"tender_id": world.tender(row.shape)} if row.shape else {})
    path = world.address(row.endpoint, values, method="GET")
    sound = fired(world, row, caller, world.tender(row.shape) if row.shape else "")
    known = marks(sound.text) if sound.mimetype == "text/html" and sound.text else set()
    tried = spread(row) if row.endpoint in QUERIED else ODD[:2]
    tried = tried[-5:] if row.endpoint.startswith("exports") else tried

    for turn, value in enumerate(tried):
        quoted = quote(value.encode("utf-8", "surrogatepass"))
        query = "&".join(f"{name}={quoted}" for name in QUERY_NAMES)
        answer = Shot(caller, "GET", path, query, {}).fire(world)
        assert wrong(answer) == [], value
        if answer.mimetype == "text/html" and row.endpoint not in QUERIED and turn < 2:
            assert [fault for fault in faults(answer.text, known) if not fault.startswith("unseen")] == [], value
    assert world.writes == []


QUERIED = {
    "procurement.risk", "clause_library.library", "publication.tenders", "publication.verify", "exports.preview",
    "accounts.sign_in", "exports.draft_file",
}  # fmt: skip


@pytest.mark.parametrize(
    "row", [row for row in GETS if row.values is not GETS[0].values or row.shape], ids=lambda row: row.name
)
def test_odd_arguments_in_an_address_are_answered(world: World, row: Row) -> None:
    caller = "officer" if "officer" in row.callers else min(row.callers - {NOBODY})
    values = row.values(world) | ({"tender_id": world.tender(row.shape)} if row.shape else {})
    path = world.address(row.endpoint, values, method="GET")
    arguments = [str(value) for value in values.values()]

    for value in spread(row):
        for argument in arguments:
            answer = Shot(caller, "GET", path.replace(argument, value.replace("?", "")), "", {}).fire(world)
            assert wrong(answer) == [], value
    assert world.writes == []


# Bodies


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.name)
def test_bodies_no_form_sends_change_nothing(world: World, row: Row) -> None:
    caller = "officer" if "officer" in row.callers else min(row.callers - {NOBODY})
    tender_id = world.tender(row.shape) if row.shape else ""
    values = row.values(world) | ({"tender_id": tender_id} if tender_id else {})
    path = world.address(row.endpoint, values, method="POST")
    form = sound_form(world, row, tender_id)
    files = {name: (BytesIO(b"x"), "x.txt") for name in [*form, "x"]}
    as_json = {"json": {"csrf_token": world.token, **form}, "headers": {"X-CSRFToken": world.token}}
    kinds = [TYPES[(POSTS.index(row) + place) % 7] for place in range(len(BODIES))]
    answers = [
        Shot(caller, "POST", path, "", {"data": body, "content_type": kind}).fire(world)
        for body, kind in zip(BODIES, kinds, strict=True)
    ]
    answers += [
        Shot(caller, "POST", path, "", as_json).fire(world),
        Shot(caller, "POST", path, "", {"data": {"csrf_token": world.token, **files}}).fire(world),
    ]

    assert [wrong(answer) for answer in answers if wrong(answer)] == []
    assert {answer.status_code for answer in answers} <= {400, 413, 415}
    assert world.writes == []


@pytest.mark.parametrize("row", [row for row in POSTS if row.shape], ids=lambda row: row.name)
@pytest.mark.parametrize("revision", ["", "-1", HUGE, "²", None])
def test_a_form_without_the_revision_it_was_read_at_saves_nothing(world: World, row: Row, revision: str | None) -> None:
    form = sound_form(world, row, world.tender(row.shape))
    named = [name for name in form if "revision" in name]
    odd = {name: value for name, value in form.items() if name not in named}
    odd |= dict.fromkeys(named, revision) if revision is not None else {}

    answer = fired(world, row, min(row.callers), world.tender(row.shape), form=odd or {"x": "x"})

    assert wrong(answer) == []
    if named:
        assert world.writes == []


@pytest.mark.parametrize("row", [row for row in POSTS if row.shape], ids=lambda row: row.name)
def test_an_empty_form_is_answered_whatever_the_tender(world: World, row: Row) -> None:
    for shape in (READY, UNDECIDED, STOPPED):
        answer = fired(world, row, min(row.callers), world.tender(shape), form={"x": "x"})

        assert wrong(answer) == []
        assert world.writes == []


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.name)
def test_fields_sent_twice_are_answered(world: World, row: Row) -> None:
    tender_id = world.tender(row.shape) if row.shape else ""
    form = sound_form(world, row, tender_id)
    caller = min(row.callers - {NOBODY})

    answer = fired(
        world, row, caller, tender_id, form={name: [value, "x", ""] for name, value in form.items()} or {"x": ""}
    )

    assert wrong(answer) == []


@pytest.mark.parametrize(
    "path", ["//evil.example/en/", "//evil.example", "/\\evil.example", "/en//evil.example/..", "/en/x//"]
)
def test_an_address_with_too_many_strokes_leads_nowhere_else(world: World, path: str) -> None:
    assert wrong(Shot(NOBODY, "GET", path, "", {}).fire(world)) == []


# Everything at once


def shoot(world: World, seed: int, times: int) -> dict[str, Any]:
    """What was wrong with the answers to so many odd requests, by request."""
    fuzzer, found = Fuzzer(world, seed), {}
    for number in range(times):
        shot = fuzzer.shot()
        world.writes.clear()
        try:
            answer = shot.fire(world)
        except Exception as error:  # noqa: BLE001  # any fault of ours, with the request that found it
            found[f"{seed}/{number} {str(shot)[:600]}"] = repr(error)[:300]
            continue
        faulty = wrong(answer)
        faulty += ["wrote"] * (bool(world.writes) and shot.method != "POST")
        faulty += ["wrote and refused"] * (bool(world.writes) and answer.status_code in (400, 403, 404, 405, 413, 415))
        if faulty:
            found[f"{seed}/{number} {str(shot)[:600]}"] = faulty
    return found


def published(world: World) -> list[Any]:
    with reading(world.engine) as session:
        return [
            [tuple(row.__dict__[column.name] for column in kind.__table__.columns) for row in session.query(kind)]
            for kind in (PublishedTenderRow, PublishedFileRow)
        ]


def check_afterwards(world: World, before: list[Any]) -> None:
    """What was published stands there still, and what was done is told truly."""
    after = published(world)
    assert [row for kept, rows in zip(before, after, strict=True) for row in kept if row not in rows] == []
    with reading(world.engine) as session:
        chain = verify_chain(session)
        assert (chain.holds, chain.reason) == (True, "")


def test_four_hundred_odd_requests_find_no_fault(open_world: Callable[..., World]) -> None:
    world = open_world()
    before = published(world)

    found = shoot(world, seed=1, times=400)

    assert found == {}
    check_afterwards(world, before)


@pytest.mark.postgresql
def test_odd_requests_find_no_fault_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        with_quick_pdf(patch)
        world = World.at(postgresql_url, tmp_path)
        before = published(world)

        found = shoot(world, seed=2, times=150)

    check_afterwards(world, before)
    world.close()
    assert found == {}


@pytest.mark.long
def test_twenty_thousand_odd_requests_find_no_fault(open_world: Callable[..., World]) -> None:
    world = open_world()
    before = published(world)

    found = {name: wrong for seed in range(100, 110) for name, wrong in shoot(world, seed, times=2000).items()}

    assert found == {}
    check_afterwards(world, before)


# What was found by all this


NUMBERS = (
    "1e9",
    "1e400",
    "1e999999999",
    "-1e999999999",
    "1e-400",
    "0." + "0" * 40 + "1",
    HUGE,
    "NaN",
    "inf",
    "1_000",
    "１２",
    "0x1",
)


@pytest.mark.parametrize("number", NUMBERS, ids=range(len(NUMBERS)))
def test_a_number_of_a_few_signs_that_no_memory_holds_is_refused(world: World, number: str) -> None:
    address = f"/en/tenders/{world.tender(READY)}/parameters"

    answer = world.ask("officer", "POST", address, {"consumption_cap": number, "revision-consumption_cap": "1"})

    assert answer.status_code == 422
    assert world.writes == []


@pytest.mark.parametrize(
    "path", ["../app.py", "../../../../../../../../etc/passwd", "../../../../../../../dev/zero", "..", ""]
)
def test_a_page_tells_nothing_of_files_that_are_not_handed_out(world: World, path: str) -> None:
    answer = Shot(NOBODY, "GET", f"/static/{path}", "", {}).fire(world)

    assert answer.status_code in (404, 308)
    languages = [link for link in re.findall(r"<a [^>]*>", answer.text) if "hreflang" in link]
    assert languages or answer.status_code == 308
    assert [link for link in languages if "v=" in link] == []


@pytest.mark.parametrize("date", ["0001-01-01", "1899-12-31", "1979-12-31", "9999-12-31"])
def test_a_tender_of_any_date_can_be_written(world: World, date: str) -> None:
    tender = f"/en/tenders/{world.tender(READY)}"
    form = {"date": date, "revision-date": "1", "bids_until": "", "revision-bids_until": "1"}
    assert world.ask("officer", "POST", f"{tender}/particulars", form).status_code == 303

    pages = ("particulars", "preview", "publish", "files/tender.docx", "files/checklist.xlsx", "files/tender.pdf")

    assert {world.ask("officer", "GET", f"{tender}/{page}").status_code for page in pages} == {200}
