"""Hostile texts through every field of every form: on every page and in every file they are text."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

import docx
import openpyxl
import pypdf
import pytest
from lxml import etree
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts import sign_ins
from accounts import store as people_store
from accounts.people import Organisation, new_id
from accounts.roles import Role
from accounts.tables import PersonRow
from clause_library.review import LONGEST_TITLE
from clause_library.store import newest_library
from clause_library.wording import stray_marks
from database import transaction
from exports.errors import PdfUnavailable
from exports.pdf import DEFAULT_LIMITS, RENDERER, pdf_bytes, pdf_with_pages
from procurement.particulars import LONGEST
from procurement.worked import worked_purchases
from publication.publishing import digest
from rules.text import clean
from tests.exports.sample_document import sample_document
from tests.security import hostile
from tests.security.hostile import PAYLOADS, ROUNDS, Marks, faults, joined, marks, payloads, printed
from tests.security.world import (
    CLAUSE_ID,
    CONFLICT_ID,
    EDITED_CLAUSE,
    HOME,
    NOBODY,
    PARAMETERS,
    POSTS,
    ROLES,
    World,
    edit_form,
    sound_form,
)

HARMLESS = -1
TURNS = (HARMLESS, *range(ROUNDS))
PAGES = ("", "/particulars", "/answers", "/risk", "/selection", f"/selection/{CLAUSE_ID}", "/parameters", "/release")
PAGES += ("/steps/1", "/steps/3", "/preview", "/publish", "/risk?question=pilot&answer=yes")


def words(turn: int, longest: int, first: int = 0) -> str:
    return "Harmless words\nof two lines" if turn == HARMLESS else joined(turn, longest, first)


def encoded(form: dict[str, str]) -> str:
    """A form as a browser could send it that keeps to no rules: lone surrogates included."""
    raw = {name: value.encode("utf-8", "surrogatepass") for name, value in form.items()}
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in raw.items())


def post(world: World, caller: str, address: str, form: dict[str, str], city: str = HOME) -> TestResponse:
    body = encoded({"csrf_token": world.token, **form})
    kind = "application/x-www-form-urlencoded"
    return world.ask(caller, "POST", address, body, content_type=kind, city=city)


# A city whose every text is hostile


def city_of(world: World, turn: int) -> str:
    """An organisation of that name with people of that name, who fill in every form. Gives its name in the world."""
    name = f"city {turn}"
    with transaction(world.engine) as session:
        city = people_store.add_organisation(
            session,
            Organisation(
                id=new_id(),
                name=clean(words(turn, 200)),
                identifier=name,
                jurisdiction="AR-CABA",
                time_zone="America/Argentina/Buenos_Aires",
                number_series="TEST",
                tier_public=True,
            ),
        )
        first = people_store.add_person(
            session, organisation_id=city.id, email=f"first@{turn}.example", name="First", role=Role.ADMINISTRATOR
        )
        token = sign_ins.open_sign_in(session, first.id)
    people = {"administrator": {"id": first.id, "token": token}}
    world.made["cities"][name] = {"id": city.id, "people": people, "tenders": {}}
    for place, role in enumerate((*ROLES[:3], "author")):
        known = Role.REVIEWER if role == "author" else Role(role)
        people[role] = _added(world, name, words(turn, 200, place), f"{role}@{turn}.example", known)
    return name


def _added(world: World, city: str, name: str, email: str, role: Role) -> dict[str, str]:
    form = {"name": name, "email": email, "role": role.value}
    assert post(world, "administrator", "/en/people/add", form, city).status_code == 200
    with transaction(world.engine) as session:
        person = session.scalars(select(PersonRow).where(PersonRow.email == email)).one()
        return {"id": person.id, "token": sign_ins.open_sign_in(session, person.id)}


def started(world: World, city: str, turn: int, worked: str) -> str:
    """A tender filled in through its forms by an officer of the city. Gives its address."""
    given = worked_purchases()[worked]
    answer = post(world, "officer", "/es/tenders", {"worked": worked, "title": words(turn, 200)}, city)
    assert answer.status_code == 303
    address = answer.location.removeprefix("/es")
    particulars = {"date": "2026-11-20", "bids_until": "2026-12-20", "amount": "1500", "currency": "EUR"}
    particulars |= {name: words(turn, longest, place) for place, (name, longest) in enumerate(LONGEST.items())}
    steps = [
        ("particulars", particulars, {"title": "1"}),
        ("steps/1", {"problem": words(turn, 5000)}, {"problem": "1"}),
        ("parameters", {name: words(turn, 500) for name in _parameters(world, city, address)} | PARAMETERS, {}),
    ]
    for page, form, revisions in steps:
        read = {f"revision-{name}": revisions.get(name, "0") for name in form}
        saved = post(world, "officer", f"/en{address}/{page}", form | read, city)
        assert saved.status_code == 303, (worked, page, saved.status_code, given.tier)
    return address


def _parameters(world: World, city: str, address: str) -> list[str]:
    page = world.ask("officer", "GET", f"/en{address}/parameters", city=city).text
    return re.findall(r'<textarea[^>]*name="([^"]+)"', page)


@pytest.fixture(scope="module")
def hostile_world(open_world: Callable[..., World]) -> World:
    return open_world()


@pytest.fixture(scope="module")
def cities(hostile_world: World) -> dict[int, dict[str, str]]:
    """For the harmless round and each hostile one: the city, a tender in dispute and a published one."""
    world = hostile_world
    made: dict[int, dict[str, str]] = {}
    for turn in TURNS:
        city = city_of(world, turn)
        disputed, ready = started(world, city, turn, "S02"), started(world, city, turn, "S11")
        _dispute(world, city, turn, disputed)
        read = digest(world.draft(ready.removeprefix("/tenders/"), city))
        published = post(world, "officer", f"/en{ready}/publish", {"confirmed": "y", "read": read}, city)
        assert published.status_code == 303
        made[turn] = {"city": city, "disputed": disputed, "ready": ready}
        made[turn]["page"] = published.location.removeprefix("/en")
        made[turn]["proposal"] = _proposed(world, city, turn)
    return made


def _dispute(world: World, city: str, turn: int, address: str) -> None:
    """Answers that do not fit together, justified; another level asked for; a clause left out. All with reasons."""
    step = {"supervision_capacity": "low", "revision-supervision_capacity": "1"}
    page = next(n for n in range(1, 10) if _asks(world, city, address, n, "supervision_capacity"))
    saved = post(world, "officer", f"/en{address}/steps/{page}", step, city)
    assert saved.status_code == 303
    for act, prefix, more in (
        (f"conflicts/{CONFLICT_ID}", f"{CONFLICT_ID}-", {}),
        ("tier", "tier-", {"tier-tier": "2"}),
        (f"selection/{CLAUSE_ID}", "", {}),
    ):
        form = {f"{prefix}revision": "0", f"{prefix}reason": words(turn, 2000)} | more
        assert post(world, "officer", f"/en{address}/{act}", form, city).status_code == 303


def _asks(world: World, city: str, address: str, step: int, question: str) -> bool:
    return f'name="revision-{question}"' in world.ask("officer", "GET", f"/en{address}/steps/{step}", city=city).text


def _proposed(world: World, city: str, turn: int) -> str:
    """A proposal with what wordings let through, approved at once. Gives its address."""
    refused = ("{{", "[[", "#")
    kept = [text for text in payloads(max(turn, 0)) if not any(mark in text for mark in (*refused, *stray_marks(text)))]
    text = "Harmless words" if turn == HARMLESS else " · ".join(kept)
    with transaction(world.engine) as session:
        base = newest_library(session).clauses[EDITED_CLAUSE].hash
    titles = {f"{language}-title": text[: LONGEST_TITLE - 2] + f" {turn}" for language in ("es", "pt", "en")}
    parts = {f"{language}-summary": text for language in ("es", "pt", "en")}
    form = edit_form(base_hash=base, reason=words(turn, 2000), **titles, **parts)
    requirement = next(name for name in form if name.startswith("en-EXP") and name.endswith("-text"))
    for language in ("es", "pt", "en"):
        form[language + requirement.removeprefix("en")] += f"\n\n{text}"
    answer = post(world, "author", f"/en/library/clauses/{EDITED_CLAUSE}/edit", form, city)
    assert answer.status_code == 303, re.findall(r'<li><a href="#[^>]*>([^<]*)', answer.text)
    address = answer.location.removeprefix("/en")
    content = re.findall(r'name="read_hash"[^>]*value="([0-9a-f]{64})"', _page(world, "approver", address, city))
    approved = post(world, "approver", f"/en{address}/approve", {"read_hash": content[0]}, city)
    assert approved.status_code == 303
    return address


def _page(world: World, caller: str, address: str, city: str) -> str:
    answer = world.ask(caller, "GET", f"/en{address}", city=city)
    assert answer.status_code in (200, 303), (address, answer.status_code)
    return answer.text


# Pages


def pages_of(world: World, found: dict[str, str], *callers: str) -> Iterator[tuple[str, str]]:
    """Every page on which a text of this city stands, with the name it is compared by."""
    city = found["city"]
    for caller in callers:
        for shape in ("disputed", "ready"):
            for page in PAGES:
                if page == "/publish" and caller != "officer":
                    continue
                yield f"{shape}{page}", _page(world, caller, f"{found[shape]}{page}", city)
        yield "tenders", _page(world, caller, "/tenders", city)
        yield "proposal", _page(world, caller, found["proposal"], city)
    yield "people", _page(world, "administrator", "/people", city)
    yield "person", _page(world, "administrator", f"/people/{world.person('officer', city)}", city)
    yield "published", _page(world, NOBODY, found["page"], city)


@pytest.fixture(scope="module")
def expected(hostile_world: World, cities: dict[int, dict[str, str]]) -> dict[str, Marks]:
    """The elements of each page with harmless texts."""
    found: dict[str, Marks] = {}
    for name, page in pages_of(hostile_world, cities[HARMLESS], "officer", "reviewer", "approver"):
        found[name] = found.get(name, set()) | marks(page)
    return found


def test_there_are_forty_payloads_and_each_comes_in_a_round() -> None:
    assert len(PAYLOADS) >= 40
    assert sorted(text for turn in range(ROUNDS) for text in payloads(turn)) == sorted(PAYLOADS)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_no_page_has_an_element_from_a_text(
    hostile_world: World, cities: dict[int, dict[str, str]], expected: dict[str, Marks], turn: int
) -> None:
    callers = ("officer", "reviewer", "approver") if turn == 0 else ("officer",)
    pages = list(pages_of(hostile_world, cities[turn], *callers))

    found = {name: faults(page, expected[name]) for name, page in pages}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    # And they are there, as text.
    assert "alert(1)" in pages[1][1] or turn


@pytest.mark.usefixtures("cities")
def test_pages_about_everything_have_no_element_from_a_text(hostile_world: World, expected: dict[str, Marks]) -> None:
    world, known = hostile_world, set().union(*expected.values())
    newest = len(TURNS) + 1
    harmless = ["/library", "/library/clauses/HUM-02", "/library/clauses/DP-02", "/library/releases/2"]
    harmless += ["/library?q=zzz", f"/verify?sha256={'1' * 64}"]
    harmless += [f"/library/clauses/{EDITED_CLAUSE}/versions/{number}" for number in (1, 2)]
    known |= {("br", "")}.union(*(marks(_page(world, "officer", path, HOME)) for path in harmless))
    addresses = [
        "/published",
        "/library",
        f"/library/clauses/{EDITED_CLAUSE}",
        "/library/releases",
        "/library/proposals",
    ]
    addresses += [f"/library/clauses/{EDITED_CLAUSE}/versions/{number}" for number in range(2, newest + 1)]
    addresses += [f"/library/releases/{number}" for number in range(2, newest + 1)]
    addresses += [f"/verify?sha256={'0' * 64}", "/library?q=alert"]

    found = {path: faults(_page(world, "officer", path, HOME), known) for path in addresses}

    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert "alert(1)" in _page(world, NOBODY, "/published", HOME)


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.name)
def test_a_form_that_is_hostile_in_every_field_is_refused_or_shown_again_as_text(world: World, row: Any) -> None:
    caller = min(row.callers - {NOBODY})
    tender_id = world.tender(row.shape) if row.shape else ""
    form = sound_form(world, row, tender_id)
    address = world.address(
        row.endpoint, row.values(world) | ({"tender_id": tender_id} if tender_id else {}), method="POST"
    )
    typed = [name for name in form if "revision" not in name and name not in ("base_hash", "read", "read_hash")]
    harmless = post(world, caller, address, form | dict.fromkeys(typed, "x"))
    known = marks(harmless.text) if harmless.text else set()

    # Hashing a password takes long on purpose.
    for text in PAYLOADS[::9] if "password" in row.endpoint else PAYLOADS[POSTS.index(row) % 5 :: 5]:
        world.writes.clear()
        answer = post(world, caller, address, form | dict.fromkeys(typed, text))
        echoed = answer.status_code >= 300 and answer.status_code != 422
        assert answer.status_code < 500, text
        if harmless.status_code == answer.status_code and not echoed:
            wrong = [fault for fault in faults(answer.text, known) if not fault.startswith("unseen")]
            assert wrong == [], text
        if world.writes:
            world.put_back()
    world.writes.append("")


def test_what_somebody_else_saved_first_is_shown_as_text(
    hostile_world: World, cities: dict[int, dict[str, str]]
) -> None:
    world = hostile_world
    pages = {"particulars": "title", "steps/1": "problem", "parameters": "allowed_processing_countries"}
    known = {}

    for turn in TURNS:
        found = cities[turn]
        for page, name in pages.items():
            form = {name: "mine", f"revision-{name}": "0"}
            answer = post(world, "officer", f"/en{found['disputed']}/{page}", form, found["city"])
            assert answer.status_code == 409, page
            if turn == HARMLESS:
                known[page] = marks(answer.text)
            assert faults(answer.text, known[page]) == [], (turn, page)


def test_a_page_that_let_a_text_be_an_element_would_be_seen() -> None:
    harmless = marks("<!doctype html><html lang=en><body><p>x</p></body></html>")

    for text in PAYLOADS[:4]:
        assert faults(f"<!doctype html><html lang=en><body><p>{text}</p></body></html>", harmless)
    assert faults('<!doctype html><html lang=en><body><p onclick="x">x</p></body></html>', harmless)
    assert faults("<!doctype html><html lang=en><body><p>9359</p></body></html>", harmless)
    assert faults("<!doctype html><html lang=en><body><p>\u202ex</p></body></html>", harmless)


# Files


def file(world: World, address: str, city: str, caller: str = "officer") -> bytes:
    answer = world.ask(caller, "GET", f"/en{address}", city=city)
    assert answer.status_code == 200, address
    return answer.data


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_word_files_carry_every_text_as_text(
    hostile_world: World, cities: dict[int, dict[str, str]], turn: int
) -> None:
    found = cities[turn]
    asked = {
        f"{found['page']}/tender-es.docx": (words(turn, 200), words(turn, 5000)),
        f"{found['disputed']}/files/internal.docx": (words(turn, 2000),),
    }

    for address, texts in asked.items():
        content = file(hostile_world, address, found["city"])
        said = "".join(_texts_of_word(content).split())
        assert [text for text in texts if printed(text) not in said] == [], address
        assert hostile.MULTIPLIED not in said
        assert not hostile.UNSEEN & set(said)
        assert _leading_out(content) == []
        assert docx.Document(BytesIO(content)).paragraphs


def _texts_of_word(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert not [name for name in package.namelist() if name.startswith(("/", "..")) or "vba" in name.lower()]
        parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
    trees = {name: etree.fromstring(part) for name, part in parts.items()}
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    # What breaks a line is written as an element of its own.
    return "".join(
        element.text or "" if element.tag == f"{space}t" else " "
        for element in trees["word/document.xml"].iter(f"{space}t", f"{space}br", f"{space}p")
    )


def _leading_out(content: bytes) -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        rels = [etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".rels")]
    targets = [one.get("Target", "") for tree in rels for one in tree if one.get("TargetMode") == "External"]
    return [target for target in targets if not target.startswith(("https://", "mailto:"))]


def test_a_checklist_has_the_formulas_of_ours_and_none_of_theirs(
    hostile_world: World, cities: dict[int, dict[str, str]]
) -> None:
    books = {
        turn: openpyxl.load_workbook(BytesIO(file(hostile_world, f"{found['page']}/checklist-es.xlsx", found["city"])))
        for turn, found in cities.items()
    }
    ours = _formulas(books[HARMLESS])

    assert ours
    for turn in range(ROUNDS):
        assert _formulas(books[turn]) == ours
        cells = [str(cell.value or "") for sheet in books[turn] for row in sheet.iter_rows() for cell in row]
        assert printed(words(turn, 200)) in {"".join(cell.split()) for cell in cells}
        assert not hostile.UNSEEN & set("".join(cells))
        assert not [cell for sheet in books[turn] for row in sheet.iter_rows() for cell in row if cell.hyperlink]


FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    '=HYPERLINK("http://evil.example","x")',
    "\t=1+1",
    "＝1+1",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_begins_like_a_formula_is_text(world: World, text: str) -> None:
    tender = f"/tenders/{world.tender('ready')}"
    ours = _formulas(openpyxl.load_workbook(BytesIO(file(world, f"{tender}/files/checklist.xlsx", HOME))))
    typed = dict.fromkeys(("title", "reference", "buyer", "contact"), text)
    read = {
        f"revision-{name}": str(world.draft(world.tender("ready")).entry("particular", name).revision) for name in typed
    }
    assert post(world, "officer", f"/en{tender}/particulars", typed | read).status_code == 303

    book = openpyxl.load_workbook(BytesIO(file(world, f"{tender}/files/checklist.xlsx", HOME)))

    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert _formulas(book) == ours
    assert text.strip() in cells


def _formulas(book: Any) -> list[tuple[str, str, str]]:
    return [
        (sheet.title, cell.coordinate, str(cell.value))
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_records_carry_every_text_as_text(hostile_world: World, cities: dict[int, dict[str, str]], turn: int) -> None:
    record = json.loads(file(hostile_world, f"{cities[turn]['page']}/record.json", cities[turn]["city"]))

    for place, (name, longest) in enumerate(LONGEST.items()):
        assert printed(words(turn, longest, place)) == "".join(record["particulars"][name].split()), name
    assert not hostile.UNSEEN & set(json.dumps(record, ensure_ascii=False))


# With no fonts but the packaged ones, what this text is set in cannot be read back; an office suite brings others.
@pytest.mark.office
def test_a_printed_file_carries_every_text_as_text(template: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    try:
        pdf_bytes(sample_document(()), DEFAULT_LIMITS, RENDERER)
    except PdfUnavailable as missing:
        pytest.skip(str(missing))
    world = World.opened(*template, tmp_path)
    everything = " · ".join(PAYLOADS)
    with pytest.MonkeyPatch.context() as patch:
        for function in (pdf_bytes, pdf_with_pages):
            patch.setattr(function, "__defaults__", (DEFAULT_LIMITS, RENDERER))
        content = _printed_file(world, everything)
    world.close()

    reader = pypdf.PdfReader(BytesIO(content))
    said = "".join("".join(page.extract_text() for page in reader.pages).split())
    actions = [
        action["/A"]
        for page in reader.pages
        for action in (one.get_object() for one in page.get("/Annots", ()))
        if "/A" in action
    ]
    root = reader.trailer["/Root"]
    assert [text for text in ("alert(1)", "{{1337*7}}", "=cmd|", "<imgsrc=x", "</w:t>") if text not in said] == []
    assert hostile.MULTIPLIED not in said
    assert "root:" not in said
    assert not [name for name in ("/OpenAction", "/AA", "/AcroForm") if name in root]
    assert not [one for one in actions if not str(one.get("/URI", "https://")).startswith(("https://", "mailto:"))]


def _printed_file(world: World, text: str) -> bytes:
    form = {"worked": "S11", "title": "x"}
    address = post(world, "officer", "/es/tenders", form).location.removeprefix("/es")
    typed = {"lots": text[:2000], "title": joined(0, 200), "contact": joined(1, 200), "reference": joined(2, 80)}
    read = {f"revision-{name}": "1" if name == "title" else "0" for name in typed}
    assert post(world, "officer", f"/en{address}/particulars", typed | read).status_code == 303
    problem = {"problem": text[:5000], "revision-problem": "1"}
    assert post(world, "officer", f"/en{address}/steps/1", problem).status_code == 303
    return file(world, f"{address}/files/tender.pdf", HOME)


def test_texts_longer_than_a_field_are_refused_and_kept_in_it(world: World) -> None:
    tender = world.tender("ready")
    long = "x" * 5001
    forms = {f"/en/tenders/{tender}/particulars": dict.fromkeys(LONGEST, long)}
    forms |= {f"/en/tenders/{tender}/steps/1": {"problem": long}}

    for address, form in forms.items():
        answer = post(world, "officer", address, form | {f"revision-{name}": "1" for name in form})
        assert answer.status_code == 422
        assert answer.text.count(long) >= len(form)
    assert world.writes == []
