"""The renderer of PDF, in a process of its own: `python -m exports.render`, HTML in, PDF out.

Arguments: memory in bytes, processor seconds, pages at most. On stdout a line of JSON that gives the page
of each anchor, then the PDF. The exit status says what went wrong; nothing else is said on stderr but why.
"""

import gc
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

LOOKS = Path(__file__).parent / "looks" / "document.css"
PACKAGED = Path(__file__).parent.parent / "static" / "fonts"
SCHEME = "packaged:"
FAILED, UNAVAILABLE, TOO_LARGE = 1, 3, 4


def main(memory: int, seconds: int, most_pages: int) -> int:
    """The exit status, after the PDF has been written to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        import weasyprint  # noqa: PLC0415 - the limits come first, and its absence has a status of its own
    except OSError:
        return UNAVAILABLE
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        return _render(weasyprint, sys.stdin.buffer.read().decode("utf-8"), most_pages)
    except (MemoryError, RecursionError):
        return TOO_LARGE


def _render(weasyprint: Any, html: str, most_pages: int) -> int:
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - see main
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see main

    class PackagedFiles(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        """Gives the packaged fonts by name, and nothing else whatever the address."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            return URLFetcherResponse(url, packaged_file(url))

    fetcher = PackagedFiles(allowed_protocols=())
    fonts = FontConfiguration()
    looks = weasyprint.CSS(
        string=LOOKS.read_text("utf-8"), font_config=fonts, url_fetcher=fetcher, base_url=SCHEME
    )
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=SCHEME)
    gc.disable()
    gc.freeze()
    document = page.render(
        stylesheets=[looks], font_config=fonts, pdf_variant="pdf/ua-1", custom_metadata=True
    )
    if len(document.pages) > most_pages:
        return TOO_LARGE
    written = document.write_pdf(pdf_variant="pdf/ua-1", custom_metadata=True)
    anchors = {name: number for number, one in enumerate(document.pages, start=1) for name in one.anchors}
    anchors[""] = len(document.pages)
    sys.stdout.buffer.write(json.dumps(anchors, sort_keys=True).encode("ascii") + b"\n" + written)
    return 0


def packaged_file(url: str) -> bytes:
    """What a file of ours holds; PermissionError for any other address."""
    name = url.removeprefix(SCHEME)
    known = {file.name: file for file in PACKAGED.glob("*.woff2")}
    if not url.startswith(SCHEME) or name not in known:
        raise PermissionError("Only packaged files are given.")
    return known[name].read_bytes()


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:4])))
