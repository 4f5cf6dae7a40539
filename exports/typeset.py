"""HTML of ours to PDF with WeasyPrint. Imported only in the process of exports/render.py."""

import gc
import logging
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from exports.document import ALL_PAGES
from exports.errors import RenderTooLarge

LOOKS = Path(__file__).parent / "looks" / "document.css"
PACKAGED = Path(__file__).parent.parent / "static" / "fonts"
SCHEME = "packaged:"
PDF: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "custom_metadata": True}


class PackagedFiles(URLFetcher):
    """Gives the packaged fonts by name, and nothing else whatever the address."""

    def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - weasyprint calls it so
        """The file; PermissionError, which weasyprint takes for a file that is not there, for any other address."""
        name = url.removeprefix(SCHEME)
        known = {file.name: file for file in PACKAGED.glob("*.woff2")}
        if not url.startswith(SCHEME) or name not in known:
            raise PermissionError("Only packaged files are given.")
        return URLFetcherResponse(url, known[name].read_bytes())


def typeset(html: str, most_pages: int) -> tuple[bytes, dict[str, int]]:
    """The PDF, and the page of each anchor with the number of pages under ALL_PAGES. Raises RenderTooLarge."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher = PackagedFiles(allowed_protocols=())
    fonts, counters = FontConfiguration(), CounterStyle()
    shared = {"font_config": fonts, "counter_style": counters}
    looks = CSS(string=LOOKS.read_text("utf-8"), url_fetcher=fetcher, base_url=SCHEME, **shared)
    page = HTML(string=html, url_fetcher=fetcher, base_url=SCHEME)
    # A render makes millions of objects and few cycles: without collection it takes a tenth less time.
    gc.freeze()
    gc.disable()
    document = page.render(stylesheets=[looks], **shared, **PDF)
    if len(document.pages) > most_pages:
        raise RenderTooLarge(f"The document has more than {most_pages} pages.")
    anchors = {name: number for number, one in enumerate(document.pages, start=1) for name in one.anchors}
    return document.write_pdf(**PDF), anchors | {ALL_PAGES: len(document.pages)}
