"""A reviewer proposes another text, a second person approves it, and a draft takes the new release knowingly."""

import pytest
from browser import LANGUAGES, Window, screens
from drafting import CHAT_ASSISTANT, start_from

pytestmark = pytest.mark.browser

CLAUSE, REQUIREMENT = "DQ-01", "DQ-01.1"
ADDED = {
    "es": "Lo hace antes de la primera entrega.",
    "pt": "Fá-lo antes da primeira entrega.",
    "en": "It does so before the first delivery.",
}
REASON = "Faltaba decir para cuándo."


@pytest.mark.parametrize(("language", "width"), screens(narrow="es"))
def test_a_draft_takes_the_text_a_second_person_approved(site_of_its_own, open_window, language, width):
    officer, reviewer, approver = (open_window(site_of_its_own, language, width) for _ in range(3))
    officer.enter_as("officer")
    tender = start_from(officer, CHAT_ASSISTANT)
    assert not officer.find(f'a[href$="{tender}/release"]').count()

    proposal = propose(reviewer)
    nobody_approves_their_own(reviewer)
    approve(approver, proposal)
    assert approver.path == "/library/releases/2"
    approver.sound("release")

    officer.open(tender)
    officer.sound("tender on an older release")
    officer.follow("/release")
    officer.sound("what a release would change")
    assert any(ADDED[language] in text for text in officer.find("main ins").all_inner_texts())
    officer.send()
    officer.sound("tender moved to the release")
    assert not officer.find(f'a[href$="{tender}/release"]').count()
    officer.open(f"{tender}/selection/{CLAUSE}")
    assert f"{CLAUSE}@2" in officer.find("main .over-title").inner_text()


def propose(reviewer: Window) -> str:
    """Change a text in three languages. Gives the address of the proposal."""
    reviewer.enter_as("reviewer")
    reviewer.open("/library")
    reviewer.sound("library")
    reviewer.follow(f"/clauses/{CLAUSE}")
    reviewer.sound("clause of the library")
    reviewer.follow("/edit")
    reviewer.sound("propose a change")
    for language in LANGUAGES:
        field = reviewer.find(f'[name="{language}-{REQUIREMENT}-text"]')
        field.fill(f"{field.input_value()} {ADDED[language]}")
    reviewer.fill(reason=REASON)
    reviewer.send("main form[method=post] button")
    return reviewer.path


def nobody_approves_their_own(reviewer: Window) -> None:
    reviewer.sound("proposal as its author sees it")
    assert reviewer.find('form[action$="/withdraw"]').count()
    assert not reviewer.find('form[action$="/approve"]').count()


def approve(approver: Window, proposal: str) -> None:
    approver.enter_as("approver")
    approver.open("/library/proposals")
    approver.sound("proposals")
    approver.follow(proposal)
    approver.sound("proposal as another person reads it")
    inserted = approver.find("ins").all_inner_texts()
    assert all(any(sentence in text for text in inserted) for sentence in ADDED.values())
    approver.send('form[action$="/approve"] button')
