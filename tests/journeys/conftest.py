"""Journeys share their server and their browser, which stand beside them."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browser import LAUNCH, Seen, Window  # found through the line above
from playwright.sync_api import Browser, sync_playwright
from serving import Server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database of a demonstration nobody has used yet."""
    folder = tmp_path_factory.mktemp("prepared")
    Server(folder).prepare()
    return folder


@pytest.fixture(scope="session")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that journeys share which leave its library as it is."""
    yield from _served(prepared, tmp_path_factory.mktemp("site"))


@pytest.fixture
def site_of_its_own(prepared: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a demonstration of this test alone."""
    yield from _served(prepared, tmp_path / "site")


def _served(prepared: Path, folder: Path) -> Iterator[str]:
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    server = Server(folder)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def checked() -> set[Seen]:
    """The page states axe has seen, by language and width: it looks at each once."""
    return set()


@pytest.fixture
def open_window(chromium: Browser, checked: set[Seen]) -> Iterator[Callable[..., Window]]:
    """Opens somebody's window on a site, in a language, of a width."""
    opened: list[Window] = []

    def window(site: str, language: str, width: int) -> Window:
        opened.append(Window(chromium, site, language, width, checked))
        return opened[-1]

    yield window
    for one in opened:
        one.close()
