import json
import sys
import threading
import zipfile
from hashlib import sha256
from io import BytesIO

import openpyxl
import pypdf
import pytest
from defusedxml import ElementTree
from sqlalchemy import func, select

from accounts import store as accounts_store
from accounts.people import Organisation, new_id
from accounts.roles import Role
from clause_library import store as clause_store
from database import transaction
from exports.pdf import RENDERER, Limits
from ledger.tables import LedgerEntry
from procurement import store
from procurement.decisions import decisions_from
from procurement.draft import ground
from publication.publishing import digest
from publication.store import PublishedTenderRow

NAMES = ("tender-es.docx", "tender-es.pdf", "checklist-es.xlsx", "record.json")
HOSTILE = {
    "title": "=cmd|'/C calc'!A0 <script>alert(1)</script>\x0b\u202eyas",
    "reference": '+1+1"><img src=x onerror=alert(2)>',
    "buyer": "@SUM(A1) \u202e{{ 7*7 }}</title><script>alert(3)</script>",
    "contact": "-2+3 javascript:alert(4)",
    "lots": '=HYPERLINK("http://192.0.2.1")\x00\x1b[31m',
}


def _published_rows(session):
    return session.scalar(select(func.count()).select_from(PublishedTenderRow))


def _ledger(session, kind):
    return list(session.scalars(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.seq)))


def _state(look, officer, tender_id):
    return look(store.draft, officer.organisation.id, tender_id).state


def _bytes(client, page, names=NAMES):
    return {name: client.get(f"/en{page}/{name}").data for name in names}


def test_a_tender_is_published_and_everybody_can_read_and_download_it(desk, client, start, publish, look):
    tender_id = start()
    offered = desk.get(f"/en/tenders/{tender_id}/publish")
    answer = publish(desk, tender_id)
    page = client.get(answer.location)
    files = _bytes(client, answer.location.removeprefix("/en"))

    assert "Nothing stands in the way" in offered.text
    assert answer.status_code == 303
    assert page.status_code == 200
    assert "Asistente de redacción" in page.text
    assert all(sha256(content).hexdigest() in page.text for content in files.values())
    assert json.loads(files["record.json"])["files"] == {
        name: sha256(content).hexdigest() for name, content in files.items() if name != "record.json"
    }
    (entry,) = look(_ledger, "tender_published")
    assert json.loads(entry.payload)["files"] == {name: sha256(content).hexdigest() for name, content in files.items()}


@pytest.mark.parametrize(
    ("worked", "options", "said", "place"),
    [
        ("S11", {"without": ("title",)}, "Fill in: Title of the purchase", "/particulars"),
        ("S11", {"without": ("reference",)}, "Fill in: Reference", "/particulars"),
        ("S11", {"without": ("buyer",)}, "Fill in: Organisation that buys", "/particulars"),
        ("S11", {"without": ("date",)}, "Fill in: Date of the tender", "/particulars"),
        ("S11", {"without": ("consumption_cap",)}, "Give a value: ", "/parameters"),
        ("S11", {"parameter__consumption_cap": "-5"}, "does not fit here any more", "/parameters"),
        ("S11", {"without": ("sensors",)}, "Answer the question: ", "/steps/"),
        ("S18", {}, "Justify or resolve the contradiction: ", "/risk"),
        ("S05", {}, "A red line stops this purchase", "/risk"),
    ],
)
def test_what_stands_in_the_way_is_said_and_blocks(desk, start, publish, look, officer, worked, options, said, place):
    tender_id = start(worked, **options)

    page, answer = desk.get(f"/en/tenders/{tender_id}/publish"), publish(desk, tender_id)

    assert said in page.text
    assert f'href="/en/tenders/{tender_id}{place}' in page.text
    assert answer.status_code == 422
    assert said in answer.text
    assert look(_published_rows) == 0
    assert _state(look, officer, tender_id) == "draft"


def _decide(app, officer, tender_id, kind, subject, value, *, on=None):
    with transaction(app.extensions["engine"]) as session:
        found = store.draft(session, officer.organisation.id, tender_id, for_update=True)
        rests_on = ground(found.library, found.assessment, kind, subject) if on is None else on
        store.save(session, found, kind, {subject: store.Change(value, 0, rests_on)}, officer.id)
        assert decisions_from(found.library, {})


def _mandatory_clause(look, officer, tender_id):
    tender = look(store.draft, officer.organisation.id, tender_id).drawn_up()
    mandatory = (row for row in tender.clauses if any(one.strength == "mandatory" for one in row.requirements))
    return next(mandatory).clause.id


def test_a_dropped_mandatory_clause_waits_for_an_opinion(app, desk, start, publish, look, officer):
    tender_id = start()
    clause = _mandatory_clause(look, officer, tender_id)
    _decide(app, officer, tender_id, "clause", clause, {"way": "out", "reason": "not wanted"})

    answer = publish(desk, tender_id)

    assert answer.status_code == 422
    assert "only a legal opinion could let it through" in answer.text
    assert f"/selection/{clause}" in answer.text
    assert look(_published_rows) == 0


def test_a_lowered_tier_waits_for_an_opinion(app, desk, start, publish, look, officer):
    tender_id = start()
    lowered = {"tier": 1, "reason": "it is small", "approved_by": "another person"}
    _decide(app, officer, tender_id, "tier", "tier", lowered)

    answer = publish(desk, tender_id)

    assert answer.status_code == 422
    assert "The risk level is lower than the computed one" in answer.text
    assert look(_published_rows) == 0


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("tier", {"tier": 3, "reason": "to be sure"}, "Confirm the decision on the risk level again"),
        ("clause", {"way": "in", "reason": "wanted"}, "Confirm the decision on a clause again"),
    ],
)
def test_a_decision_on_other_ground_is_confirmed_again_first(
    app, desk, start, publish, look, officer, kind, value, said
):
    tender_id = start()
    subject = kind if kind == "tier" else _mandatory_clause(look, officer, tender_id)
    _decide(app, officer, tender_id, kind, subject, value, on="other ground")

    answer = publish(desk, tender_id)

    assert answer.status_code == 422
    assert said in answer.text
    assert look(_published_rows) == 0


def test_publishing_is_confirmed_by_ticking_the_box(desk, start, publish, look):
    answer = publish(desk, start(), confirmed="")

    assert answer.status_code == 422
    assert "Tick the box to publish" in answer.text
    assert look(_published_rows) == 0


def test_a_tender_is_published_once(desk, start, publish, look):
    tender_id = start()
    first = publish(desk, tender_id)

    again = publish(desk, tender_id)

    assert again.status_code == 409
    assert first.location in again.text
    assert desk.get(f"/en/tenders/{tender_id}/publish").location == first.location
    assert look(_published_rows) == 1


def test_of_two_who_publish_at_once_one_does(signed_in_client, desk, start, look, officer, render_with, tmp_path):
    meeting = tmp_path / "meeting"
    meeting.mkdir()
    # Both have read the draft and neither has written when each waits here for the other.
    render_with(f"""
import os, sys, time
sys.stdin.buffer.read()
open({str(meeting)!r} + "/" + str(os.getpid()), "w").close()
until = time.monotonic() + 30
while len(os.listdir({str(meeting)!r})) < 2 and time.monotonic() < until:
    pass
sys.stdout.buffer.write(b'{{"": 1}}' + b"\\n%PDF-1.7\\n")
""")
    tender_id = start()
    browsers = [desk, signed_in_client(person=officer)]
    form = {"confirmed": "y", "read": digest(look(store.draft, officer.organisation.id, tender_id))}
    forms = [{**form, "csrf_token": browser.form_token()} for browser in browsers]
    answers = []

    def press(browser, data):
        answers.append(browser.post(f"/en/tenders/{tender_id}/publish", data=data, token=False).status_code)

    people = [threading.Thread(target=press, args=pair) for pair in zip(browsers, forms, strict=True)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(answers) == [303, 409]
    assert look(_published_rows) == 1
    assert len(look(_ledger, "tender_published")) == 1


def test_a_change_while_the_files_are_made_publishes_nothing(app, desk, start, publish, look, officer, render_with):
    tender_id = start()
    render_with(
        command=(
            sys.executable,
            "-c",
            f"""
import sys
import accounts.tables, clause_library.tables
from database import engine_for, transaction
from procurement import store
with transaction(engine_for({app.config["DATABASE_URL"]!r})) as session:
    found = store.draft(session, {officer.organisation.id!r}, {tender_id!r}, for_update=True)
    if found.title != "Another title":
        change = store.Change("Another title", found.entry("particular", "title").revision)
        store.save(session, found, "particular", {{"title": change}}, {officer.id!r})
sys.stdin.buffer.read()
sys.stdout.buffer.write(b'{{"": 1}}' + b"\\n%PDF-1.7\\n")
""",
        )
    )

    answer = publish(desk, tender_id)

    assert answer.status_code == 409
    assert "Nothing was published" in answer.text
    assert look(_published_rows) == 0
    assert look(_ledger, "tender_published") == []
    assert _state(look, officer, tender_id) == "draft"


def test_a_change_after_the_page_was_read_publishes_nothing(desk, start, publish, look):
    answer = publish(desk, start(), read="of an older page")

    assert answer.status_code == 409
    assert look(_published_rows) == 0


@pytest.mark.parametrize(
    ("renderer", "status", "said"),
    [
        ({"limits": Limits(html=10)}, 422, "more memory, time or pages"),
        ({"command": ("/bin/false",)}, 503, "ended before it was done"),
        ({"command": ("/bin/sh", "-c", "exit 3")}, 503, "PDF cannot be made on this server"),
    ],
)
def test_a_render_that_fails_is_said_and_publishes_nothing(
    desk, start, publish, look, officer, render_with, renderer, status, said
):
    tender_id = start()
    render_with(**renderer)

    answer = publish(desk, tender_id)
    render_with()

    assert answer.status_code == status
    assert said in answer.text
    assert look(_published_rows) == 0
    assert _state(look, officer, tender_id) == "draft"
    assert publish(desk, tender_id).status_code == 303


def test_what_was_published_stays_the_same_when_the_library_changes_and_the_site_starts_again(
    app, make_app, published, client, add_person, browser_of
):
    before, page = _bytes(client, published), client.get(f"/en{published}").text
    author, approver = add_person(Role.REVIEWER), add_person(Role.APPROVER)
    with transaction(app.extensions["engine"]) as session:
        library = clause_store.newest_library(session)
        clause_id = next(iter(library.clauses))
        texts = json.loads(json.dumps(library.texts[clause_id]))
        for text in texts.values():
            text["title"] += " 2"
        proposal = clause_store.propose(
            session,
            clause_id=clause_id,
            base_hash=library.clauses[clause_id].hash,
            texts=texts,
            reason="other words",
            author_id=author.id,
        )
        clause_store.approve(session, proposal.id, approver_id=approver.id, read_hash=proposal.content_hash)

    again = browser_of(make_app(DEMONSTRATION=False, FILES=app.config["FILES"]))

    assert _bytes(again, published) == before
    assert again.get(f"/en{published}").text == page


def test_the_public_record_says_what_is_asked_and_not_why(published, client):
    record = json.loads(client.get(f"/en{published}/record.json").data)

    assert set(record) == {
        "tier", "organisation", "particulars", "languages", "library", "clauses", "counts", "parameters", "files",
    }  # fmt: skip
    assert record["library"]["release"] == 1
    assert record["clauses"][0]["requirements"][0].keys() >= {"id", "kind", "strength", "moment"}
    assert set(record["files"]) == {
        f"{name}-{language}.{ending}"
        for language in ("es", "pt")
        for name, ending in (("tender", "docx"), ("tender", "pdf"), ("checklist", "xlsx"))
    }


def test_an_organisation_that_does_not_show_the_tier_does_not_show_it(
    app, add_person, signed_in_client, client, start, look
):
    city = Organisation(
        id=new_id(), name="A Quiet City", identifier="QUIET", jurisdiction="CL", time_zone="America/Santiago",
        number_series="Q", tier_public=False,
    )  # fmt: skip
    with transaction(app.extensions["engine"]) as session:
        accounts_store.add_organisation(session, city)
    officer = add_person(Role.OFFICER, city)
    tender_id = start(person=officer)
    form = {"confirmed": "y", "read": digest(look(store.draft, city.id, tender_id))}

    answer = signed_in_client(person=officer).post(f"/en/tenders/{tender_id}/publish", data=form)

    assert answer.status_code == 303
    assert "Tier" not in client.get(answer.location).text
    assert "tier" not in json.loads(client.get(f"{answer.location}/record.json").data)


def test_hostile_words_do_no_harm_on_any_page_or_in_any_file(desk, client, start, publish, render_with):
    render_with(command=RENDERER)
    more = {f"particular__{name}": value for name, value in HOSTILE.items()}
    tender_id = start(answer__problem="<script>alert(5)</script>\x0b\u202e ={cmd}", **more)
    preview, before = (
        desk.get(f"/en/tenders/{tender_id}/preview"),
        desk.get(f"/en/tenders/{tender_id}/publish"),
    )
    address = publish(desk, tender_id).location
    files = _bytes(client, address.removeprefix("/en"))

    for page in (preview, before, client.get(address), client.get("/en/published")):
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert not {"\u202e", "\x0b", "\x00", "\x1b"} & set(page.text)
    with zipfile.ZipFile(BytesIO(files["tender-es.docx"])) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
    for content in parts.values():
        ElementTree.fromstring(content)
        assert "\u202e".encode() not in content
    workbook = openpyxl.load_workbook(BytesIO(files["checklist-es.xlsx"]))
    hostile = [
        cell
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and any(word in str(cell.value) for word in ("cmd", "HYPERLINK", "SUM(A1)", "+1"))
    ]
    assert hostile == []
    reader = pypdf.PdfReader(BytesIO(files["tender-es.pdf"]))
    assert "/OpenAction" not in reader.trailer["/Root"]
    assert "alert(1)" in reader.pages[0].extract_text()
    assert "\u202e" not in files["record.json"].decode()
    assert "\\u000b" not in files["record.json"].decode()


def test_a_file_is_saved_under_a_name_that_we_make(desk, client, start, publish):
    tender_id = start(particular__reference='../../../x"\r\nSet-Cookie: a=b; \u202eÑandú/' + "7" * 40)
    address = publish(desk, tender_id).location

    answer = client.get(f"{address}/record.json")

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=x-Set-Cookie-a-b-Nandu-7777777777777777-record.json"
    )
    assert "Set-Cookie" not in answer.headers
