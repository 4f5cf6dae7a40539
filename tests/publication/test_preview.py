import re
import zipfile
from io import BytesIO
from itertools import pairwise

import pytest

from exports.pdf import Limits
from exports.turns import turn


def _plain(docx: bytes) -> str:
    with zipfile.ZipFile(BytesIO(docx)) as package:
        return re.sub(r"<[^>]+>", " ", package.read("word/document.xml").decode())


def test_a_draft_is_read_as_a_page_with_what_is_missing_marked(desk, start):
    tender_id = start(without=("reference", "consumption_cap"))

    page = desk.get(f"/en/tenders/{tender_id}/preview?in=es").text

    assert "2 things stand in the way of publishing" in page
    assert f'href="/en/tenders/{tender_id}/parameters"' in page
    assert re.search(r'<mark class="unfilled">\[.+?\]<span class="visually-hidden"> \(Sin completar\)', page)
    assert '<article class="text" lang="es' in page
    assert 'id="text-requirement-GOV-03.1"' in page
    assert "style=" not in page


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("worked", ["S11", "S18", "S05"])
def test_the_page_is_sound_in_every_language(desk, start, worked, language):
    page = desk.get(f"/en/tenders/{start(worked)}/preview?in={language}").text

    ids = re.findall(r'\sid="([^"]+)"', page)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert f'class="text" lang="{language}' in page
    assert len(ids) == len(set(ids))
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= {*ids, "content"}


def test_the_page_is_in_the_language_of_the_reader_unless_another_is_asked_for(desk, start):
    tender_id = start()

    assert 'class="text" lang="pt' in desk.get(f"/pt/tenders/{tender_id}/preview").text
    assert 'class="text" lang="pt' in desk.get(f"/pt/tenders/{tender_id}/preview?in=../../etc").text


def test_an_unfinished_brief_leads_to_its_questions(desk, start):
    tender_id = start(without=("sensors",))

    page = desk.get(f"/en/tenders/{tender_id}/preview")

    assert page.status_code == 200
    assert "Answer the question" in page.text
    assert desk.get(f"/en/tenders/{tender_id}/files/tender.pdf").location.endswith(f"{tender_id}/preview")


@pytest.mark.parametrize(
    ("name", "saved_as", "beginning"),
    [
        ("tender.docx", "EX-2026-7-draft-tender-pt.docx", b"PK"),
        ("tender.pdf", "EX-2026-7-draft-tender-pt.pdf", b"%PDF"),
        ("checklist.xlsx", "EX-2026-7-draft-checklist-pt.xlsx", b"PK"),
        ("internal.docx", "EX-2026-7-internal-pt.docx", b"PK"),
        ("internal.pdf", "EX-2026-7-internal-pt.pdf", b"%PDF"),
    ],
)
def test_a_draft_is_downloaded_and_kept_by_nobody_on_the_way(desk, start, name, saved_as, beginning):
    answer = desk.get(f"/en/tenders/{start()}/files/{name}?in=pt")

    assert answer.status_code == 200
    assert answer.data.startswith(beginning)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={saved_as}"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_draft_says_that_it_is_one(desk, start):
    tender_id = start()

    assert "Borrador sin valor contractual" in _plain(desk.get(f"/en/tenders/{tender_id}/files/tender.docx").data)


def test_the_tender_holds_no_reasons_and_the_internal_file_does(desk, start):
    tender_id = start()

    tender = _plain(desk.get(f"/en/tenders/{tender_id}/files/tender.docx").data)
    internal = _plain(desk.get(f"/en/tenders/{tender_id}/files/internal.docx").data)

    assert "Razones del nivel" not in tender
    assert "Razones del nivel" in internal


@pytest.mark.parametrize("name", ["stop.pdf", "record.json", "tender.xlsx", "..%2Fapp.py", "tender"])
def test_no_other_file_is_there(desk, start, name):
    assert desk.get(f"/en/tenders/{start()}/files/{name}").status_code == 404


def test_a_red_line_gives_a_stop_report_and_no_tender(desk, start):
    tender_id = start("S05")

    page = desk.get(f"/en/tenders/{tender_id}/preview").text

    assert "A red line stops this purchase" in page
    assert desk.get(f"/en/tenders/{tender_id}/stop/stop.docx").data.startswith(b"PK")
    assert desk.get(f"/en/tenders/{tender_id}/stop/stop.pdf").data.startswith(b"%PDF")
    assert desk.get(f"/en/tenders/{tender_id}/files/tender.docx").status_code == 303


def test_a_purchase_that_is_not_stopped_has_no_stop_report(desk, start):
    assert desk.get(f"/en/tenders/{start()}/stop/stop.docx").status_code == 303


def test_after_publishing_the_draft_files_are_gone_and_the_internal_file_stays(desk, start, publish):
    tender_id = start()
    published = publish(desk, tender_id).location

    assert desk.get(f"/en/tenders/{tender_id}/files/tender.docx").status_code == 404
    assert desk.get(f"/en/tenders/{tender_id}/files/internal.docx").status_code == 200
    assert "This tender is published" in desk.get(f"/en/tenders/{tender_id}/preview").text
    assert desk.get(f"/en/tenders/{tender_id}/publish").location == published


def test_a_draft_too_large_for_a_pdf_is_said_to_be_and_the_site_goes_on(desk, start, render_with):
    tender_id = start()
    render_with(limits=Limits(html=10))

    answer = desk.get(f"/en/tenders/{tender_id}/files/tender.pdf")

    assert answer.status_code == 422
    assert "more memory, time or pages" in answer.text
    assert f'href="/en/tenders/{tender_id}/preview"' in answer.text
    assert desk.get(f"/en/tenders/{tender_id}/files/tender.docx").status_code == 200


def test_a_title_nobody_can_see_is_said_to_be_unprintable(desk, start):
    answer = desk.get(f"/en/tenders/{start(particular__title=chr(0x200B))}/files/tender.docx")

    assert answer.status_code == 422
    assert "Check the particulars" in answer.text


def test_whoever_comes_third_is_asked_to_wait(desk, start, monkeypatch):
    tender_id = start()
    monkeypatch.setattr(turn.__wrapped__, "__defaults__", (0.01,))

    with turn(), turn():
        answer = desk.get(f"/en/tenders/{tender_id}/files/tender.pdf")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert desk.get(f"/en/tenders/{tender_id}/files/tender.pdf").status_code == 200
