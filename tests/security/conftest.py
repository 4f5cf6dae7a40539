"""One world for all, made once; each module works on a copy of its own."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exports.pdf import DEFAULT_LIMITS, pdf_bytes, pdf_with_pages
from tests.security.world import World, make_world

WRITES_PDF = r"""
import hashlib, sys
html = sys.stdin.buffer.read()
sys.stdout.buffer.write(b'{"": 1}\n%PDF-1.7\n' + hashlib.sha256(html).hexdigest().encode() + b"\n%%EOF\n")
"""
QUICK = (DEFAULT_LIMITS, (sys.executable, "-S", "-c", WRITES_PDF))


@pytest.fixture(scope="session")
def template(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a whole world, and its ids and tokens."""
    folder = tmp_path_factory.mktemp("world")
    path = folder / "library.sqlite"
    path.write_bytes(migrated_sqlite.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        with_quick_pdf(patch)
        made = make_world(f"sqlite:///{path}", folder / "files")
    return folder, made


def with_quick_pdf(patch: pytest.MonkeyPatch) -> None:
    """Has PDF made by a program that takes no time; the renderer has tests of its own."""
    for function in (pdf_bytes, pdf_with_pages):
        patch.setattr(function, "__defaults__", QUICK)


@pytest.fixture(scope="module")
def shared_world(template: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened = World.opened(*template, tmp_path_factory.mktemp("copy"))
    with pytest.MonkeyPatch.context() as patch:
        with_quick_pdf(patch)
        yield opened
    opened.close()


@pytest.fixture(scope="module")
def open_world(
    template: tuple[Path, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., World]]:
    """Opens a copy of the world with some settings different, which is never put back."""
    opened: list[World] = []

    def opening(**settings: Any) -> World:
        opened.append(World.opened(*template, tmp_path_factory.mktemp("copy"), **settings))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        with_quick_pdf(patch)
        yield opening
    for world in opened:
        world.close()


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """The world as it was made, whatever the test before this one did."""
    shared_world.writes.clear()
    yield shared_world
    if shared_world.writes:
        shared_world.put_back()
