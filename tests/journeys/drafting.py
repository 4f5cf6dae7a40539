"""What an officer does on the pages of a tender, one function for each page."""

from browser import Window

PARTICULARS = {
    "file_number": "EX-2026-00012345",
    "contact": "compras@ciudad.example",
    "date": "2026-11-20",
    "questions_until": "2026-12-04",
    "bids_until": "2026-12-18",
    "amount": "1500000",
}
# What nobody but the buyer can say, for the worked purchase of the chat assistant.
PARAMETERS = {"primary_metric": "groundedness", "primary_metric_threshold": "90", "consumption_cap": "20000"}
CHAT_ASSISTANT, HOUSING_SUBSIDY, LIVE_FACE_RECOGNITION = "S01", "S02", "S05"
STEPS = range(1, 10)
# A clause of the chat assistant without a mandatory requirement: it can be dropped without a legal opinion.
SPARE_CLAUSE = "COM-09"


def start_from(officer: Window, worked: str) -> str:
    """Start a tender from a worked purchase. Gives its address, without the language."""
    officer.open("/tenders")
    officer.sound("tenders")
    officer.follow("/tenders/new")
    officer.sound("start a tender")
    officer.send(f'form:has(input[value="{worked}"]) button')
    officer.sound(f"tender {worked}")
    return officer.path


def fill_in_particulars(officer: Window, tender: str) -> None:
    officer.open(tender)
    officer.follow("/particulars")
    officer.sound("particulars")
    officer.fill(**PARTICULARS)
    officer.send()
    assert officer.path.endswith("/steps/1")


def go_through_the_steps(officer: Window, changing: tuple[str, str], in_step: int) -> None:
    """Look at every step from the first on, and change one answer."""
    for number in STEPS:
        assert officer.path.endswith(f"/steps/{number}")
        officer.sound(f"step {number}")
        if number == in_step:
            officer.choose(*changing)
        officer.send()
    assert officer.path.endswith("/answers")


def switch_the_form(officer: Window) -> None:
    """Use the other form, look at it, and go back."""
    form, other = 'form[action$="/form"]', 'form[action$="/form"] input[name=form]'
    offered = officer.find(other).input_value()
    officer.send(f"{form} button")
    assert officer.find(other).input_value() != offered
    officer.sound("clauses in the other form")
    officer.send(f"{form} button")
    assert officer.find(other).input_value() == offered


def drop_and_restore(officer: Window, clause: str) -> None:
    officer.follow(f"/selection/{clause}")
    officer.sound("clause that is in")
    officer.fill(reason="La ciudad lo resuelve con personal propio.")
    officer.send()
    officer.sound("clause that was dropped")
    officer.send("button[name=undo]")


def read_why_one_is_out(officer: Window) -> None:
    officer.find('section[aria-labelledby="out"] > details > summary').click()
    left_out = officer.find('section[aria-labelledby="out"] li').first
    left_out.locator("details summary").click()
    assert left_out.locator(".reason").first.inner_text().strip()
    with officer.page.expect_navigation():
        left_out.locator("a").first.click()
    officer.sound("clause that is out")


def publish(officer: Window, tender: str) -> str:
    """Publish a tender knowingly. Gives the address of the page everybody sees."""
    officer.open(f"{tender}/publish")
    officer.sound("publish")
    officer.find("input[name=confirmed]").check()
    officer.page.set_default_timeout(120_000)
    officer.send()
    return officer.path
