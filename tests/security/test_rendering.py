"""What a render may fetch, and what a render that never ends does to everybody else."""

import io
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pypdf
import pytest

from exports.errors import PdfUnavailable
from exports.pdf import RENDERER, ROOT, Limits, pdf_bytes, pdf_with_pages
from exports.render import UNAVAILABLE
from procurement.draft import ANSWER
from tests.exports.sample_document import sample_document
from tests.security.world import READY, World

SECRET = "the-canary-in-the-file"
REFUSED = (
    "file:///etc/passwd", "file:/etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "file:///proc/self/environ",
    "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0/", "http://2130706433/",
    "https://example.org/x.woff2", "//example.org/x", "ftp://example.org/x", "gopher://example.org/", "dict://127.0.0.1:6379/",
    "data:text/plain,x", "data:text/html;base64,PHA+eDwvcD4=", "data:image/svg+xml,<svg/>", "javascript:alert(1)", "jar:file:///x!/",
    "packaged:../../../etc/passwd", "packaged:", "packaged:/etc/passwd", "packaged:..", "packaged://etc/passwd",
    "packaged:%2e%2e/app.py", "packaged:source-serif-4-latin-400-normal.woff2/../../app.py", "PACKAGED:../app.py",
    "packaged:source-serif-4-latin-400-normal.woff2\x00.ttf", "packaged:*.woff2", "packaged:licence.txt", "app.py", "/etc/passwd", "",
    " packaged:source-serif-4-latin-400-normal.woff2", "packaged:SOURCE-SERIF-4-LATIN-400-NORMAL.WOFF2",
)  # fmt: skip
# As if every escape had failed: what each would fetch is put where {} stands.
VECTORS = (
    '<img src="{}">', '<img srcset="{} 2x">', '<object data="{}"></object>', '<embed src="{}">', '<iframe src="{}"></iframe>',
    '<link rel="stylesheet" href="{}">', '<link rel="attachment" href="{}">', '<a rel="attachment" href="{}">x</a>',
    '<link rel="icon" href="{}">', '<base href="{}"><img src="x.png">', '<style>@import url("{}");</style>',
    '<style>@font-face{{font-family:x;src:url("{}")}} p{{font-family:x}}</style><p>x</p>',
    '<style>p{{background:url("{}")}}</style><p>x</p>', '<p style="background-image:url({})">x</p>',
    '<p style="list-style-image:url({});display:list-item">x</p>', '<p style="border-image:url({}) 1">x</p>',
    '<style>p::before{{content:url("{}")}}</style><p>x</p>', '<style>@page{{background:url("{}")}}</style>',
    '<svg><image href="{}" width="9" height="9"/></svg>', '<svg><image xlink:href="{}" width="9" height="9"/></svg>',
    '<svg><use href="{}#x"/></svg>', '<svg><foreignObject><img src="{}"></foreignObject></svg>',
    '<svg><style>@import url("{}");</style></svg>', '<svg><rect fill="url({}#x)" width="9" height="9"/></svg>',
    '<video poster="{}"></video>', '<input type="image" src="{}">', '<body background="{}">', '<meta http-equiv="refresh" content="0;url={}">',
    '<style>@color-profile x{{src:url("{}")}}</style>', '<p style="mask:url({});cursor:url({})">x</p>',
)  # fmt: skip


def test_nothing_but_packaged_files_is_fetched() -> None:
    typeset = pytest.importorskip("exports.typeset", exc_type=OSError)
    fetcher = typeset.PackagedFiles(allowed_protocols=())

    assert len(REFUSED) >= 25
    for address in REFUSED:
        with pytest.raises(PermissionError):
            fetcher.fetch(address)


class Canary:
    """A server that nobody should ask anything, and how often it was asked."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}/canary.png"
        self.asked = 0
        Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.asked += 1
            connection.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    # Wakes the thread that waits for the next one to ask.
    made.listening.shutdown(socket.SHUT_RDWR)
    made.listening.close()


def rendered(html: str) -> bytes:
    """A page of whatever HTML, by the renderer itself."""
    done = subprocess.run(  # our own renderer
        [*RENDERER, "1500000000", "60", "50"],
        input=html.encode(),
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=100,
    )
    if done.returncode == UNAVAILABLE:
        pytest.skip("the libraries for PDF are not here")
    assert done.returncode == 0, done.stderr[-400:]
    return done.stdout.partition(b"\n")[2]


def test_a_page_that_asks_for_everything_gets_nothing(canary: Canary, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    image = tmp_path / "secret.svg"
    image.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>')
    targets = (canary.address, f"file://{secret}", f"file://{image}", f"packaged:{secret}", str(secret))
    vectors = [vector.format(*[target] * 2) for vector in VECTORS for target in targets]

    content = rendered(f"<!doctype html><html lang=en><title>x</title><body><h1>x</h1>{''.join(vectors)}</body></html>")

    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(vectors) >= 60
    assert canary.asked == 0
    assert SECRET.encode() not in content
    assert SECRET not in "".join(page.extract_text() for page in reader.pages)
    assert not reader.attachments


def test_the_canary_counts_whoever_asks(canary: Canary) -> None:
    with socket.create_connection(canary.listening.getsockname()) as asking:
        asking.recv(1)

    assert canary.asked == 1


# A text that is meant to cost time

BOMBS = {
    "markers": "- " * 2500,
    "nested lists": "\n".join("  " * depth + "- x" for depth in range(60)),
    "numbers": "1. " * 1600,
    "emphasis": "*" * 5000,
    "brackets": "[" * 2500 + "]" * 2500,
    "quotes": "> " * 2500,
    "entities": "&lol;" * 1000,
    "elements": "<div>" * 1000,
    "lines": "\n" * 4999 + "x",
    "one word": "w" * 5000,
    "stacked signs": "Z" + "\u0301" * 4999,
    "two directions": "\u05d0a" * 2500,
    "wide signs": "\U0001f3db\ufe0f\u200d" * 1600,
    "parameters": "{{ primary_metric }}" * 250,
}


@pytest.fixture
def real_renderer(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """The renderer itself, with the limits of a small machine."""
    limits = Limits(processor=30, wall=60)
    for function in (pdf_bytes, pdf_with_pages):
        monkeypatch.setattr(function, "__defaults__", (limits, RENDERER))
    try:
        pdf_bytes(sample_document(()))
    except PdfUnavailable as missing:
        pytest.skip(str(missing))
    return limits


def told(world: World, problem: str, shape: str = READY) -> str:
    """The address of a tender in which this problem is told."""
    tender_id = world.tender(shape)
    revision = str(world.draft(tender_id).entry(ANSWER, "problem").revision)
    form = {"problem": problem, "revision-problem": revision}
    answer = world.ask("officer", "POST", f"/en/tenders/{tender_id}/steps/1", form)
    assert answer.status_code == 303
    return f"/en/tenders/{tender_id}"


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_text_of_the_greatest_length_is_shown_and_written_within_seconds(world: World, bomb: str) -> None:
    address = told(world, bomb)
    began = time.monotonic()

    answers = {
        page: world.ask("officer", "GET", f"{address}{page}").status_code
        for page in ("/answers", "/preview", "/files/tender.docx")
    }

    assert set(answers.values()) == {200}
    assert time.monotonic() - began < 15


def test_a_hostile_text_is_rendered_or_refused_while_the_site_goes_on(world: World, real_renderer: Limits) -> None:
    everything = "\n".join(bomb[:350] for bomb in BOMBS.values())[:5000]
    address = told(world, everything)
    waits: list[float] = []
    done: dict[str, Any] = {}
    thread = Thread(target=lambda: done.update(answer=world.ask("officer", "GET", f"{address}/files/tender.pdf")))

    thread.start()
    while thread.is_alive():
        began = time.monotonic()
        assert world.ask("nobody", "GET", "/healthz").status_code == 200
        waits.append(time.monotonic() - began)
        thread.join(0.05)

    assert done["answer"].status_code in (200, 422)
    assert real_renderer.wall < 100
    assert len(waits) > 1
    assert max(waits) < 5


NEVER_ENDS = (sys.executable, "-S", "-c", "x = 0\nwhile True: x += 1")
EATS_MEMORY = (
    sys.executable,
    "-S",
    "-c",
    "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2); x = bytearray(10**10)",
)


@pytest.mark.parametrize(("renderer", "status"), [(NEVER_ENDS, 422), (EATS_MEMORY, 503)], ids=["time", "memory"])
def test_a_render_over_its_limits_ends_in_a_clear_page_while_the_site_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, renderer: tuple[str, ...], status: int
) -> None:
    for function in (pdf_bytes, pdf_with_pages):
        monkeypatch.setattr(function, "__defaults__", (Limits(memory=300_000_000, wall=2), renderer))
    tender = world.tender(READY)
    answers: dict[str, Any] = {}
    asked = [
        Thread(
            target=lambda name=f"/en/tenders/{tender}/files/{kind}.pdf": answers.update(
                {name: world.ask("officer", "GET", name)}
            )
        )
        for kind in ("tender", "internal")
    ]

    for thread in asked:
        thread.start()
    health = [world.ask("nobody", "GET", "/healthz").status_code for _ in range(5)]
    pages = [world.ask("officer", "GET", f"/en/tenders/{tender}").status_code for _ in range(3)]
    for thread in asked:
        thread.join(30)

    assert set(health + pages) == {200}
    assert {answer.status_code for answer in answers.values()} == {status}
    assert all("<h1>" in answer.text and "Traceback" not in answer.text for answer in answers.values())
    assert all(answer.mimetype == "text/html" for answer in answers.values())
