"""An officer means to buy what may not be bought: the pages say so, say why, and let nothing be published."""

from pathlib import Path

import pytest
from browser import screens
from drafting import LIVE_FACE_RECOGNITION, start_from

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), screens(narrow="en"))
def test_an_officer_is_stopped_told_why_and_shown_what_is_lawful(site, open_window, language, width):
    officer = open_window(site, language, width)
    officer.enter_as("officer")
    tender = start_from(officer, LIVE_FACE_RECOGNITION)

    officer.follow("/risk")
    officer.sound("risk of what is stopped")
    report = {name: downloaded(officer, f"{tender}/stop/{name}") for name in ("stop.docx", "stop.pdf")}

    red_line = officer.find('section[aria-labelledby="red-lines"] li').first
    assert all(said.strip() for said in red_line.locator("p").all_inner_texts())
    assert red_line.locator("ul li").count()
    assert report["stop.docx"].startswith(b"PK")
    assert report["stop.pdf"].startswith(b"%PDF-")
    for page in ("", "/risk", "/preview"):
        officer.open(f"{tender}{page}")
        assert not officer.find('main [href$="/publish"]').count()
    officer.sound("preview of what is stopped")
    officer.open(f"{tender}/publish")
    officer.sound("publish what is stopped")
    assert not officer.find("main form").count()
    for page in ("/selection", "/parameters", "/selection/DQ-01"):
        officer.open(f"{tender}{page}")
        assert officer.path == f"{tender}/risk"


def downloaded(officer, ending):
    with officer.page.expect_download() as download:
        officer.find(f'main a[href$="{ending}"]').click()
    return Path(download.value.path()).read_bytes()
