"""What tuning the PDF writer brings: `python -m bench.pdf`.

Stock, measured in the same run: the same HTML in the same process shape, with the usual dotted contents, tables
laid out by their content, and garbage collection on. Goal: at most 0.75 of stock; 2 MB of memory a page.
"""

import resource
import subprocess
import sys
import time

from bench.word import long_document
from exports.html import html_text
from exports.pdf import pdf_with_pages

STOCK = """
import sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from exports.typeset import LOOKS, SCHEME, PackagedFiles
looks = LOOKS.read_text("utf-8").replace("table-layout: fixed;", "")
looks += ".contents a::after { content: leader('.') target-counter(attr(href), page); position: static; }"
fetcher, fonts = PackagedFiles(allowed_protocols=()), FontConfiguration()
page = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=fetcher, base_url=SCHEME)
sheet = CSS(string=looks, url_fetcher=fetcher, font_config=fonts)
page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
"""
ROUNDS = 3


def main() -> None:
    document = long_document(80)
    html = html_text(document).encode("utf-8")
    ours, stock, pages = [], [], 1
    for _ in range(ROUNDS):
        began = time.perf_counter()
        pages = pdf_with_pages(document)[1][""]
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", STOCK], input=html, check=True)  # noqa: S603 - our own script
        stock.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{pages} pages: {min(ours):.1f} s, stock {min(stock):.1f} s, ratio {min(ours) / min(stock):.2f}")
    print(f"peak memory {peak:.0f} MB, {peak / pages:.1f} MB a page")


if __name__ == "__main__":
    main()
