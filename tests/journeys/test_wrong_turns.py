"""What goes wrong at a form: it is said where, nothing typed is lost, and nobody overwrites anybody."""

import pytest
from browser import NARROW, WIDE, Window
from drafting import CHAT_ASSISTANT, PARAMETERS, PARTICULARS, start_from

pytestmark = pytest.mark.browser

SCREENS = pytest.mark.parametrize(("language", "width"), [("es", WIDE), ("pt", NARROW), ("en", WIDE)])
WITH_A_PARAMETER, FIELD = "CHG-01", "es-CHG-01.1-text"


@pytest.fixture
def officer(site, open_window, language, width) -> Window:
    window = open_window(site, language, width)
    window.enter_as("officer")
    return window


def says_what_is_wrong(window: Window, state: str, field: str) -> None:
    """The summary has the focus and leads to the field, which says what is wrong with it."""
    window.sound(state, status=422)
    summary = window.find(".error-summary")
    assert summary.evaluate("summary => summary === document.activeElement")
    summary.locator("a").first.click()
    assert window.page.evaluate("document.activeElement.name") == field
    told = window.page.evaluate("document.activeElement.closest('[aria-describedby]').getAttribute('aria-describedby')")
    assert window.find(f"[id='{told.split()[-1]}'].error").inner_text().strip()


@SCREENS
def test_a_wrong_answer_a_wrong_date_and_a_figure_out_of_bounds_are_said_where_they_are(officer):
    tender = start_from(officer, CHAT_ASSISTANT)

    officer.open(f"{tender}/steps/2")
    officer.choose("red_lines", "social_scoring")
    officer.send()
    says_what_is_wrong(officer, "step with a wrong answer", "red_lines")
    assert officer.find('input[name="red_lines"]:checked').count() == 2

    officer.open(f"{tender}/particulars")
    officer.fill(**{**PARTICULARS, "bids_until": "2026-11-01"})
    officer.send()
    says_what_is_wrong(officer, "particulars with a wrong date", "bids_until")
    assert officer.find('[name="bids_until"]').input_value() == "2026-11-01"

    officer.open(f"{tender}/parameters")
    officer.fill(**{**PARAMETERS, "primary_metric_threshold": "101"})
    officer.send()
    says_what_is_wrong(officer, "parameter out of bounds", "primary_metric_threshold")
    assert officer.find('[name="consumption_cap"]').input_value() == PARAMETERS["consumption_cap"]


@SCREENS
def test_two_officers_who_save_the_same_answer_see_both_texts(officer, site, open_window, language, width):
    tender = start_from(officer, CHAT_ASSISTANT)
    other = open_window(site, language, width)
    other.enter_as("officer")
    for window in (officer, other):
        window.open(f"{tender}/steps/1")

    other.fill(problem="Hay que contestar de noche.")
    other.send()
    officer.fill(problem="Hay que contestar los domingos.")
    officer.send()

    officer.sound("step somebody else saved meanwhile", status=409)
    assert officer.find(".error-summary").evaluate("summary => summary === document.activeElement")
    assert "Hay que contestar de noche." in officer.find("#overtaken-problem").inner_text()
    assert officer.find('[name="problem"]').input_value() == "Hay que contestar los domingos."
    officer.send()
    assert officer.path == f"{tender}/steps/2"
    officer.open(f"{tender}/steps/1")
    assert officer.find('[name="problem"]').input_value() == "Hay que contestar los domingos."


@SCREENS
def test_a_proposal_without_a_reason_or_with_a_parameter_lost_in_one_language_is_not_taken(
    site, open_window, language, width
):
    reviewer = open_window(site, language, width)
    reviewer.enter_as("reviewer")
    reviewer.open(f"/library/clauses/{WITH_A_PARAMETER}/edit")
    kept = reviewer.find(f'[name="{FIELD}"]').input_value()
    assert "{{ model_change_notice_days }}" in kept

    changed = kept.replace("{{ model_change_notice_days }}", "treinta")
    reviewer.fill(**{FIELD: changed})
    reviewer.send("main form[method=post] button")

    says_what_is_wrong(reviewer, "proposal that lost a parameter", FIELD)
    assert "model_change_notice_days" in reviewer.find(f"[id='{FIELD}-error']").inner_text()
    assert reviewer.find(f'[name="{FIELD}"]').input_value() == changed
    assert reviewer.find("#reason-error").count() == 1


@SCREENS
def test_nobody_publishes_without_saying_that_they_read_what_they_publish(officer, site, open_window, language, width):
    tender = start_from(officer, CHAT_ASSISTANT)
    officer.open(f"{tender}/publish")
    officer.sound("publish with things in the way")
    assert not officer.find("main form").count()
    officer.open(f"{tender}/particulars")
    officer.fill(**PARTICULARS)
    officer.send()
    officer.open(f"{tender}/parameters")
    officer.fill(**PARAMETERS)
    officer.send()

    officer.open(f"{tender}/publish")
    officer.send()
    says_what_is_wrong(officer, "publish without a tick", "confirmed")
    other = open_window(site, language, width)
    other.enter_as("officer")
    other.open(f"{tender}/steps/9")
    other.choose("footprint", "yes")
    other.send()
    officer.find("input[name=confirmed]").check()
    officer.send()
    officer.sound("publish what changed meanwhile", status=409)


@SCREENS
def test_whoever_has_no_way_in_is_told_so(site, open_window, language, width):
    visitor = open_window(site, language, width)

    visitor.open("/tenders")
    assert visitor.path == "/sign-in"
    visitor.fill(email="nobody@city.example", password="not the password")
    visitor.send("form[action$='/sign-in'] button")
    visitor.sound("sign in with a wrong password", status=422)
    visitor.open("/no-such-page")
    visitor.sound("page that is not there", status=404)
    visitor.open("/verify?sha256=12")
    visitor.sound("check what is no SHA-256", status=422)
    visitor.enter_as("administrator")
    visitor.open("/people")
    visitor.sound("people")
    visitor.open("/tenders")
    visitor.sound("page for others", status=403)
