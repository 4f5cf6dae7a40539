"""An officer drafts a tender and publishes it; a vendor without an account takes what it needs to bid."""

import hashlib
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from browser import Window, screens
from drafting import (
    CHAT_ASSISTANT,
    PARAMETERS,
    SPARE_CLAUSE,
    drop_and_restore,
    fill_in_particulars,
    go_through_the_steps,
    publish,
    read_why_one_is_out,
    start_from,
    switch_the_form,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), screens(narrow="pt"))
def test_a_vendor_downloads_what_an_officer_published(site, open_window, language, width):
    officer, vendor = open_window(site, language, width), open_window(site, language, width)
    officer.open("/")
    officer.sound("first page")
    officer.enter_as("officer")
    tender = start_from(officer, CHAT_ASSISTANT)

    describe(officer, tender)
    decide(officer, tender)
    read_the_preview(officer, tender)
    published = publish(officer, tender)
    officer.sound("published as the officer sees it")
    officer.open(tender)
    officer.sound("tender that is published")
    officer.sign_out()
    officer.sound("signed out")

    found_by(vendor, published)
    files = downloaded(vendor)
    vendor.follow("/verify")
    vendor.sound("check a file")
    holds_a_checklist(files["checklist-es.xlsx"])
    holds_a_document(files["tender-es.docx"])
    assert files["tender-es.pdf"].startswith(b"%PDF-")


def describe(officer: Window, tender: str) -> None:
    fill_in_particulars(officer, tender)
    go_through_the_steps(officer, changing=("pilot", "yes"), in_step=9)
    officer.sound("check your answers")
    officer.open(f"{tender}/steps/9")
    assert officer.find('input[name="pilot"][value="yes"]').is_checked()


def decide(officer: Window, tender: str) -> None:
    officer.open(f"{tender}/answers")
    officer.follow("/risk")
    officer.sound("risk")
    officer.follow("/selection")
    officer.sound("clauses")
    switch_the_form(officer)
    drop_and_restore(officer, SPARE_CLAUSE)
    officer.open(f"{tender}/selection")
    read_why_one_is_out(officer)
    officer.open(f"{tender}/parameters")
    officer.sound("parameters")
    officer.fill(**PARAMETERS)
    officer.send("button[name=return]")
    officer.sound("tender ready to publish")


def read_the_preview(officer: Window, tender: str) -> None:
    officer.open(tender)
    officer.follow("/preview")
    officer.sound("preview")
    officer.follow("in=pt")
    officer.sound("preview in another language")
    assert officer.find("article.text").get_attribute("lang") == "pt"


def found_by(vendor: Window, published: str) -> None:
    vendor.open("/")
    with vendor.page.expect_navigation():
        vendor.find('header a[href$="/published"]').click()
    vendor.sound("published tenders")
    vendor.follow(published)
    vendor.sound("published tender")


def downloaded(vendor: Window) -> dict[str, bytes]:
    """Every file of the page of a tender, each the same as the page says it is."""
    files = {}
    for row in vendor.find(".file-list li").all():
        with vendor.page.expect_download() as download:
            row.locator("a.file-link").click()
        content = Path(download.value.path()).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.locator("code").inner_text()
        files[row.locator("a.file-link").get_attribute("href").rpartition("/")[2]] = content
    return files


def holds_a_checklist(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert "Checklist" in book.sheetnames


def holds_a_document(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert "DQ-" in package.read("word/document.xml").decode()
