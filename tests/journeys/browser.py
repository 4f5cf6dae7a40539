"""A person at a browser on a real server: opens pages, uses what is on them, and finds each of them sound."""

import os
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

LAUNCH = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ],
}
LANGUAGES = ("es", "pt", "en")
WIDE, NARROW, HEIGHT = 1280, 320, 900
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# Where a picture of every page state is saved, if anywhere.
PICTURES = os.environ.get("PICTURES", "")
UNFOLD = "() => document.querySelectorAll('details:not([open])').forEach(one => {one.open = true; one.dataset.was = 1})"
FOLD = "() => document.querySelectorAll('details[data-was]').forEach(one => {one.open = false; delete one.dataset.was})"
TOO_WIDE = """width => [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('.table-frame'))
    .filter(one => one.getBoundingClientRect().right > width || one.scrollWidth > width)
    .slice(-3).map(one => one.outerHTML.slice(0, 150))"""

# A state of a page, a language and a width.
Seen: TypeAlias = tuple[str, str, int]


def screens(narrow: str) -> list[Any]:
    """Every language on a wide and on a narrow screen; on the narrow one, all but one are for a long run."""
    wide = [pytest.param(language, WIDE) for language in LANGUAGES]
    put_off = [pytest.param(language, NARROW, marks=pytest.mark.long) for language in LANGUAGES if language != narrow]
    return [*wide, pytest.param(narrow, NARROW), *put_off]


class Window:
    """One person's window, in a language and of a width. `checked` are the page states axe has seen already."""

    def __init__(self, browser: Browser, site: str, language: str, width: int, checked: set[Seen]) -> None:
        self.site, self.language, self.width = site, language, width
        self.checked = checked
        self.context = browser.new_context(
            viewport={"width": width, "height": HEIGHT}, locale=language, reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.status = 0
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._requested)
        self.page.on("response", self._answered)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self) -> None:
        self.context.close()

    # What happens in the window

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:")):
            self.elsewhere.append(request.url)

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            self.status = response.status

    def _said(self, message: ConsoleMessage) -> None:
        # A page that answers with an error, as it should, is reported as a resource that failed to load.
        about_this_page = message.location.get("url", "").split("#")[0] == self.page.url.split("#")[0]
        if message.type in ("error", "warning") and not (about_this_page and "Failed to load resource" in message.text):
            self.complaints.append(message.text)

    # What a person does

    @property
    def path(self) -> str:
        """The address of the page, without its language."""
        return urlsplit(self.page.url).path.removeprefix(f"/{self.language}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site}/{self.language}{path}")

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def follow(self, ending: str) -> None:
        """Follow the first link of the page that leads to an address with this ending."""
        with self.page.expect_navigation():
            self.find(f'main a[href$="{ending}"]').first.click()

    def send(self, button: str = "main form[method=post] button:not([name])") -> None:
        """Press the button that sends a form."""
        with self.page.expect_navigation():
            self.find(button).first.click()

    def fill(self, **typed: str) -> None:
        """Type into fields, or choose from their lists, by name."""
        for name, text in typed.items():
            field = self.find(f'main [name="{name}"]')
            is_list = field.evaluate("field => field.localName") == "select"
            _ = field.select_option(text) if is_list else field.fill(text)

    def choose(self, name: str, value: str) -> None:
        self.find(f'input[name="{name}"][value="{value}"]').check()

    def enter_as(self, role: str, state: str = "sign in") -> None:
        """Step into a role of the demonstration with one click."""
        self.open("/sign-in")
        self.sound(state)
        self.send(f"button[aria-describedby~=role-{role}]")

    def sign_out(self) -> None:
        self.send('header form[action$="/sign-out"] button')

    # What must be so on every page

    def sound(self, state: str, status: int = 200) -> None:
        """Check that this page is whole, in its language, accessible, narrow enough, silent, and keeps to itself."""
        assert self.status == status, f"{state}: {self.status} at {self.page.url}"
        assert self.page.evaluate("document.documentElement.lang") == self.language
        assert self.page.title().strip(" –")
        assert self.find("h1").count() == 1, state
        self._save_picture(state)
        self.page.evaluate(UNFOLD)
        self._fits(state)
        self._is_accessible(state)
        self.page.evaluate(FOLD)
        assert not self.elsewhere, f"{state} asks elsewhere: {self.elsewhere}"
        assert not self.complaints, f"{state}: {self.complaints}"

    def _fits(self, state: str) -> None:
        self.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW, f"{state} is {width} wide: {self.page.evaluate(TOO_WIDE, NARROW)}"
        self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def _is_accessible(self, state: str) -> None:
        if (state, self.language, self.width) in self.checked:
            return
        found = Axe().run(self.page, options=RULES)
        assert not found.violations_count, f"{state}: {found.generate_report()}"
        self.checked.add((state, self.language, self.width))

    def _save_picture(self, state: str) -> None:
        if PICTURES and (state, self.language, self.width) not in self.checked:
            name = f"{state.replace(' ', '-')}-{self.language}-{self.width}.png"
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
