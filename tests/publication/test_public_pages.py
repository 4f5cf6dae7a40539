import re
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event

from accounts.roles import Role
from procurement import store
from publication.publishing import digest

PAGES = ("/en/published", "/es/published", "/en/verify", "/pt/verify?sha256=" + "0" * 64)


def test_a_draft_is_nowhere_to_be_seen(client, start):
    tender_id = start(particular__title="Nobody knows of this")

    assert "Nobody knows" not in client.get("/en/published").text
    for address in (f"/en/published/{tender_id}", f"/en/published/{tender_id}/tender-es.pdf"):
        assert client.get(address).status_code == 404
    for address in ("preview", "publish", "files/tender.pdf", "files/internal.docx", "stop/stop.pdf"):
        answer = client.get(f"/en/tenders/{tender_id}/{address}")
        assert answer.status_code == 303
        assert "/sign-in" in answer.location


def test_another_organisation_finds_no_draft(signed_in_client, other_organisation, start, look, officer):
    tender_id, stranger = start(), signed_in_client(Role.OFFICER, other_organisation)
    form = {"confirmed": "y", "read": digest(look(store.draft, officer.organisation.id, tender_id))}

    for address in ("preview", "publish", "files/tender.docx", "files/internal.docx", "stop/stop.pdf"):
        assert stranger.get(f"/en/tenders/{tender_id}/{address}").status_code == 404
    assert stranger.post(f"/en/tenders/{tender_id}/publish", data=form).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR])
def test_only_an_officer_publishes(signed_in_client, start, publish, role):
    tender_id, browser = start(), signed_in_client(role)

    assert browser.get(f"/en/tenders/{tender_id}/publish").status_code == 403
    assert publish(browser, tender_id).status_code == 403


def test_published_tenders_are_listed_the_newest_first(desk, client, start, publish):
    for title in ("The first", "The second"):
        publish(desk, start(particular__title=title))

    page = client.get("/en/published").text

    assert page.index("The second") < page.index("The first")
    assert "EX-2026/7" in page
    assert "A City" in page
    assert client.get("/en/published?page=2").status_code == 404
    assert client.get("/en/published?page=99999999999999999999").status_code == 404
    assert client.get("/en/published?page=-1").status_code == 200


def test_a_page_says_what_is_asked_and_how_to_prove_it(published, client):
    page = client.get(f"/en{published}").text

    assert re.search(r"GOV-03\.1</span> Inventory of AI components", page)
    assert "How to prove it" in page
    assert "Risk level 2" in page
    assert "Release 1" in page
    assert '<span lang="es">Asistente de redacción</span>' in page


def test_no_link_of_a_public_page_asks_for_an_account(published, client):
    page = client.get(f"/en{published}").text

    links = set(re.findall(r'href="(/en/(?:published|verify|library/clauses/)[^"#]*)"', page))
    assert f"/en{published}/record.json" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_page_in_the_language_of_the_tender_marks_nothing_as_foreign(published, client):
    page = client.get(f"/es{published}").text

    assert '<html lang="es">' in page
    assert '<span lang="es">Asistente' not in page


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_no_id_stands_twice_and_no_heading_is_skipped(published, client, language):
    page = client.get(f"/{language}{published}").text

    ids = re.findall(r'\sid="([^"]+)"', page)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert len(ids) == len(set(ids))
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_file_may_be_kept_by_anybody_and_is_known_by_its_hash(published, client):
    answer = client.get(f"/en{published}/tender-es.docx")
    known = sha256(answer.data).hexdigest()
    again = client.get(f"/en{published}/tender-es.docx", headers={"If-None-Match": f'"{known}"'})

    assert answer.headers["ETag"] == f'"{known}"'
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == "attachment; filename=EX-2026-7-tender-es.docx"
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize(
    "name",
    ["tender-en.docx", "internal.docx", "..%2F..%2Fapp.py", "%2Fetc%2Fpasswd", "record.json%00", "0" * 64],
)
def test_what_was_not_published_is_not_there(published, client, name):
    assert client.get(f"/en{published}/{name}").status_code == 404


def test_a_file_that_was_tampered_with_is_not_handed_out(app, published, client):
    content = client.get(f"/en{published}/record.json").data
    name = sha256(content).hexdigest()
    (Path(app.config["FILES"]) / name[:2] / name[2:]).write_bytes(content.replace(b"supplier", b"nobody!!"))

    answer = client.get(f"/en{published}/record.json")

    assert answer.status_code == 500
    assert "This file is not handed out" in answer.text
    assert client.get(f"/en{published}/tender-es.pdf").status_code == 200


@pytest.mark.parametrize("written", [str, str.upper, lambda known: f" {known[:32]} {known[32:]}\n"])
def test_a_hash_says_which_file_it_is(published, client, written):
    known = sha256(client.get(f"/en{published}/checklist-pt.xlsx").data).hexdigest()

    page = client.get("/en/verify", query_string={"sha256": written(known)})

    assert page.status_code == 200
    assert "Published here" in page.text
    assert f'href="/en{published}"' in page.text
    assert "Checklist to fill in, Excel" in page.text


def test_another_hash_is_none_of_ours(published, client):
    known = sha256(client.get(f"/en{published}/record.json").data + b" ").hexdigest()

    assert "None of ours" in client.get(f"/en/verify?sha256={known}").text


@pytest.mark.parametrize("typed", ["tender.pdf", "0" * 63, "<script>alert(1)</script>", "%' OR 1=1 --"])
def test_what_is_no_hash_is_said_to_be_none(client, typed):
    page = client.get("/en/verify", query_string={"sha256": typed})

    assert page.status_code == 422
    assert "This is not a SHA-256" in page.text
    assert "<script>alert" not in page.text


def test_looking_writes_nothing(app, published, client, desk, start):
    tender_id, statements = start(), []
    files = sorted(Path(app.config["FILES"]).rglob("*"))
    event.listen(
        app.extensions["engine"],
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement.split()[0].upper()),
    )

    for address in (*PAGES, f"/en{published}", f"/en{published}/record.json"):
        assert client.get(address).status_code == 200
    for address in ("preview", "publish", "files/tender.pdf", "files/checklist.xlsx", "files/internal.docx"):
        assert desk.get(f"/en/tenders/{tender_id}/{address}").status_code == 200

    assert set(statements) <= {"SELECT", "PRAGMA", "BEGIN"}
    assert sorted(Path(app.config["FILES"]).rglob("*")) == files
