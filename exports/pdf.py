"""A document as a PDF, rendered in a process that can fail without hurting anybody."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from exports.document import Document, check
from exports.errors import PdfUnavailable, RenderFailed, RenderTooLarge
from exports.html import html_text
from exports.render import TOO_LARGE, UNAVAILABLE

ROOT = Path(__file__).parent.parent
RENDERER = (sys.executable, "-m", "exports.render")
# How a process over its limits ends: by the kernel, or by a library that got no memory.
OVER_LIMIT = (TOO_LARGE, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP)
# What the child may know of our surroundings: where its libraries and font caches are, and no secret.
PASSED_ON = (
    "PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
    "TMPDIR",
)
MISSING = "PDF needs system libraries that are not installed here: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one render may take: bytes of HTML and of memory, processor and wall seconds, pages."""

    html: int = 12_000_000
    memory: int = 1_500_000_000
    processor: int = 240
    wall: int = 360
    pages: int = 1_500


DEFAULT_LIMITS = Limits()


def pdf_bytes(document: Document, limits: Limits = DEFAULT_LIMITS, renderer: tuple[str, ...] = RENDERER) -> bytes:
    """The document as a tagged PDF, the same bytes each time on the same libraries.

    Raises FaultyDocument, RenderTooLarge, PdfUnavailable or RenderFailed.
    """
    return pdf_with_pages(document, limits, renderer)[0]


def pdf_with_pages(
    document: Document, limits: Limits = DEFAULT_LIMITS, renderer: tuple[str, ...] = RENDERER
) -> tuple[bytes, dict[str, int]]:
    """The PDF, and the page of each anchor with the number of pages under ALL_PAGES, as word_bytes takes it."""
    check(document)
    html = html_text(document).encode("utf-8")
    if len(html) > limits.html:
        raise RenderTooLarge(f"The document has {len(html)} bytes of text and marks; {limits.html} are allowed.")
    return _parted(_rendered(html, limits, renderer))


def _rendered(html: bytes, limits: Limits, renderer: tuple[str, ...]) -> bytes:
    command = [*renderer, str(limits.memory), str(limits.processor), str(limits.pages)]
    surroundings = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        command,
        cwd=ROOT,
        env=surroundings | {"PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            written, _ = child.communicate(html, timeout=limits.wall)
        except subprocess.TimeoutExpired:
            raise RenderTooLarge(f"The render took longer than {limits.wall} seconds.") from None
        finally:
            _end(child)
    _raise_for(child.returncode)
    return written


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing of the child is left running, whatever happened."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _raise_for(status: int) -> None:
    if status == UNAVAILABLE:
        raise PdfUnavailable(MISSING)
    if status in OVER_LIMIT:
        raise RenderTooLarge("The document needs more memory, time or pages than a render may take.")
    if status != 0:
        raise RenderFailed(f"The renderer ended with status {status}.")


def _parted(written: bytes) -> tuple[bytes, dict[str, int]]:
    pages, _, pdf = written.partition(b"\n")
    if not pdf.startswith(b"%PDF-"):
        raise RenderFailed("The renderer gave no PDF.")
    return pdf, json.loads(pages)
