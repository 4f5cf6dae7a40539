"""The way from the first page to a published tender and its checklist, by keyboard alone."""

import pytest
from browser import WIDE
from keyboard import Keyboard

pytestmark = pytest.mark.browser

TITLE = "Chat assistant for city services"


def test_a_tender_is_drafted_published_and_downloaded_by_keyboard_alone(site, open_window):
    window = open_window(site, "en", WIDE)
    keys = Keyboard(window)
    window.open("/")

    step_into_a_role(keys)
    start(keys)
    describe(keys)
    decide(keys)
    publish(keys)
    assert window.path.startswith("/published/")

    keys.go("Sign out", "Space")
    keys.go("Published tenders")
    keys.skip()
    keys.go(TITLE)
    keys.skip()
    keys.reach("Checklist to fill in")
    with window.page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith("checklist-es.xlsx")
    assert keys.stops > 300


def step_into_a_role(keys: Keyboard) -> None:
    keys.skip()
    keys.go("Sign in")
    keys.skip()
    keys.go("Enter as Procurement officer", "Space")
    assert keys.window.find('header form[action$="/sign-out"]').count()


def start(keys: Keyboard) -> None:
    keys.go("Tenders")
    keys.skip()
    keys.go("Start a tender")
    keys.skip()
    keys.go(f"Start from this: {TITLE}", "Space")


def describe(keys: Keyboard) -> None:
    keys.skip()
    keys.go("Particulars")
    keys.skip()
    keys.reach("Date of the tender")
    keys.type("11202026")
    keys.reach("Reference", "Shift+Tab")
    keys.turn_page()
    for _ in range(1, 9):
        keys.skip()
        keys.reach("Why we ask")
        keys.press("Enter")
        keys.move()
        keys.reach("Save and continue")
        keys.turn_page("Space")
    change_the_last_answer(keys)


def change_the_last_answer(keys: Keyboard) -> None:
    """Among the answers of a question, go with the arrows; to another question and back, with Tab."""
    chosen = keys.window.find('input[name="pilot"][value="yes"]')
    assert not chosen.is_checked()
    keys.skip()
    keys.reach("Why we ask: Pilot")
    keys.move()
    keys.press("ArrowDown")
    assert chosen.is_checked()
    keys.reach("Why we ask: Pilot", "Shift+Tab")
    keys.reach("Save and continue")
    keys.turn_page()


def decide(keys: Keyboard) -> None:
    keys.skip()
    keys.go("Continue to the risk")
    keys.skip()
    keys.go("Continue to the clauses")
    keys.skip()
    keys.reach("Why: ")
    keys.press("Space")
    assert keys.window.find(".clause-list details[open] .reason").first.is_visible()
    keys.go("Continue to the parameters")
    keys.skip()
    keys.reach("Main performance metric")
    keys.press("ArrowDown")
    keys.reach("Threshold of the main metric")
    keys.type("90")
    keys.reach("Monthly cap on consumption")
    keys.type("20000")
    keys.go("Save and return to the list", "Space")


def publish(keys: Keyboard) -> None:
    keys.skip()
    keys.go("Publish")
    keys.skip()
    keys.reach("I have read the preview")
    keys.press("Space")
    keys.reach("Publish")
    keys.page.set_default_timeout(120_000)
    keys.turn_page("Space")
