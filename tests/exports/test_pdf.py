import hashlib
import io
import os
import re
import select
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest

from exports import pdf, render
from exports.document import ALL_PAGES, Column, Document, Heading, Paragraph, Requirement, Run, Table, plain_text
from exports.errors import FaultyDocument, PdfUnavailable, RenderFailed, RenderTooLarge
from exports.html import html_text
from exports.pdf import Limits, pdf_bytes, pdf_with_pages
from tests.exports.sample_document import sample_document, words

ROOT = Path(__file__).parent.parent.parent
VOID = {"meta", "br", "col"}
HOSTILE = (
    "a\x0bb \x00 \ud800 \ufffe =cmd() <w:p> {{ 7*7 }} \u202eevil\u202c <script>alert(1)</script> "
    "<img src='file:///etc/passwd'> <link rel=attachment href=file:///etc/passwd> </p></div></body> "
    '<style>*{background:url(http://127.0.0.1:1/x)}</style> &lt; " onload="x'
)


@pytest.fixture(scope="module")
def sample() -> tuple[bytes, dict[str, int]]:
    try:
        return pdf_with_pages(sample_document())
    except PdfUnavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def reader(sample: tuple[bytes, dict[str, int]]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(sample[0]))


def lines(reader: pypdf.PdfReader) -> list[str]:
    return [line.strip() for page in reader.pages for line in page.extract_text().splitlines()]


class Outline(HTMLParser):
    """The tags of a page, checked to be closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_has_a_title_a_language_and_no_skipped_heading():
    page = Outline(html_text(sample_document()))

    levels = [int(tag[1]) for tag, _ in page.seen if re.fullmatch("h[1-6]", tag)]

    assert page.open == []
    assert page.seen[0] == ("html", {"lang": "es-AR"})
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_column_of_a_table_has_a_heading_with_scope():
    page = Outline(html_text(sample_document()))

    heads = [attributes for tag, attributes in page.seen if tag == "th"]

    assert heads
    assert all(attributes == {"scope": "col"} for attributes in heads)
    assert sum(tag == "caption" for tag, _ in page.seen) == 2


def test_hostile_text_adds_no_element_and_no_address():
    document = sample_document()
    hostile = replace(
        document, title=HOSTILE, subtitle=HOSTILE, reference=HOSTILE, header_text=HOSTILE, cover=((HOSTILE, HOSTILE),),
        machine={HOSTILE: HOSTILE}, blocks=(*document.blocks, Paragraph((Run(HOSTILE, target=HOSTILE),))),
    )  # fmt: skip

    seen = Outline(html_text(hostile)).seen

    assert not {tag for tag, _ in seen} & {"script", "img", "style", "link", "iframe", "object"}
    assert not [name for _, attributes in seen for name in attributes if name.startswith("on")]
    addresses = {attributes["href"] for tag, attributes in seen if tag == "a"}
    assert all(address and address.startswith(("#", "https://")) for address in addresses)


def test_the_file_is_tagged_titled_and_dated_by_the_document(reader: pypdf.PdfReader):
    information = reader.metadata

    assert information is not None
    assert information.title == "Pliego de especificaciones técnicas"
    assert information.author == "Dirección General de Compras"
    assert information["/CreationDate"].startswith("D:20260312")
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "es-AR"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert information["/sha256"] == "9f" * 32


def test_the_outline_holds_the_headings(reader: pypdf.PdfReader):
    top = [one.title for one in reader.outline if not isinstance(one, list)]

    assert top == ["1 Objeto y alcance", "2 Requisitos", "Anexo A. Finalidad prevista", "Anexo B. Ficha del sistema"]


def test_a_requirement_id_stands_whole_in_one_line(reader: pypdf.PdfReader):
    found = lines(reader)

    for wanted in ("GOV-01.1", "DQ-03.1", "DQ-03.2", "EXI-02.1"):
        assert any(line.startswith(wanted) for line in found)


def test_an_id_stays_whole_in_a_narrow_place():
    ids = tuple(Requirement(f"{letter * 50}-07.1", "Obligatorio" * 3, "mandatory", words("Debe.")) for letter in "AB")

    found = lines(pypdf.PdfReader(io.BytesIO(pdf_bytes(sample_document((Heading(1, "Ids"), *ids))))))

    assert any("A" * 50 + "-07.1" in line for line in found)


def test_the_contents_tells_the_page_of_each_heading(sample: tuple[bytes, dict[str, int]], reader: pypdf.PdfReader):
    pages = sample[1]

    contents = reader.pages[1].extract_text()

    assert pages[ALL_PAGES] == len(reader.pages)
    assert "Devolución de los datos" in reader.pages[pages["EXI-02"] - 1].extract_text()
    assert re.search(rf"Devolución de los datos al terminar\s+{pages['EXI-02']}\b", contents)


def test_it_says_what_the_document_says(reader: pypdf.PdfReader):
    said = re.sub(r"\W+", "", "".join(page.extract_text() for page in reader.pages)).lower()

    for line in plain_text(sample_document()).splitlines():
        wanted = re.sub(r"\W+", "", line).lower()
        assert wanted in said or "cinco" in wanted, line


def test_the_same_document_gives_the_same_bytes_whatever_the_zone_and_the_hash_seed(
    sample: tuple[bytes, dict[str, int]],
):
    script = (
        "import hashlib; from tests.exports.sample_document import sample_document; "
        "from exports.pdf import pdf_bytes; print(hashlib.sha256(pdf_bytes(sample_document())).hexdigest())"
    )
    surroundings = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT), "LC_ALL": "C"}

    elsewhere = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=surroundings, capture_output=True, check=True
    )

    assert elsewhere.stdout.decode().strip() == hashlib.sha256(sample[0]).hexdigest()


def test_our_own_faces_are_in_the_file(sample: tuple[bytes, dict[str, int]]):
    names = set(re.findall(rb"/BaseFont /[A-Z]{6}\+([A-Za-z0-9-]+)", _uncompressed(sample[0])))

    assert names
    assert all(name.startswith(b"Source-S") for name in names)


def _uncompressed(content: bytes) -> bytes:
    reader = pypdf.PdfReader(io.BytesIO(content))
    fonts = (font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values())
    return b"".join(f"/BaseFont {font['/BaseFont']}\n".encode() for font in fonts)


def test_hostile_text_is_printed_as_text():
    document = replace(
        sample_document(), blocks=(Heading(1, HOSTILE), Paragraph(words("fin"), "lead"), Paragraph((Run(HOSTILE),)))
    )

    content = pdf_bytes(document)

    said = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "{{ 7*7 }}" in said
    assert "<script>" in said
    assert b"root:" not in content


def test_a_word_of_five_thousand_letters_is_broken_into_lines():
    content = pdf_bytes(sample_document((Paragraph((Run("w" * 5000),)),)))

    assert content.startswith(b"%PDF-")


def test_only_packaged_files_are_fetched():
    typeset = pytest.importorskip("exports.typeset", exc_type=OSError)
    fetcher = typeset.PackagedFiles(allowed_protocols=())

    for address in (
        "file:///etc/passwd", "http://169.254.169.254/", "https://example.org/x.woff2", "data:text/plain,x", "ftp://x/y",
        "packaged:../../../etc/passwd", "packaged:", "packaged:/etc/passwd", "source-serif-4-latin-400-normal.woff2",
    ):  # fmt: skip
        with pytest.raises(PermissionError):
            fetcher.fetch(address)
    assert fetcher.fetch("packaged:source-serif-4-latin-400-normal.woff2")


def table_of(rows: int, columns: int) -> Document:
    row = tuple(words("celda de prueba") for _ in range(columns))
    table = Table("Enorme", tuple(Column("c") for _ in range(columns)), (row,) * rows)
    return sample_document((table,))


@pytest.mark.parametrize(
    ("document", "limits"),
    [
        (sample_document((Paragraph((Run("x" * 200_000),)),)), Limits(html=100_000)),
        (table_of(3_000, 8), Limits(processor=3)),
        (table_of(3_000, 8), Limits(wall=3)),
        (table_of(3_000, 8), Limits(memory=200_000_000)),
        (sample_document(tuple(Heading(1, "t") for _ in range(2_000))), Limits(processor=3)),
        (sample_document(), Limits(pages=2)),
    ],
    ids=["html", "processor", "wall", "memory", "headings", "pages"],
)
def test_a_document_too_large_to_render_is_refused_within_seconds(document: Document, limits: Limits):
    began = time.monotonic()

    with pytest.raises(RenderTooLarge):
        pdf_bytes(document, limits)

    assert time.monotonic() - began < 15


def test_a_faulty_document_is_refused_before_anything_is_rendered():
    with pytest.raises(FaultyDocument):
        pdf_bytes(sample_document((Heading(4, "Salto"), Heading(1, "x"), Heading(3, "Salto"))))


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("import sys; sys.exit(3)", PdfUnavailable),
        ("import sys; sys.exit(4)", RenderTooLarge),
        ("import sys; sys.exit(1)", RenderFailed),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", RenderTooLarge),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", RenderFailed),
        ("print('{}'); print('no pdf')", RenderFailed),
        ("pass", RenderFailed),
        ("import time; time.sleep(60)", RenderTooLarge),
    ],
)
def test_a_renderer_that_ends_badly_is_one_plain_error(script: str, error: type[RenderFailed]):
    renderer = (sys.executable, "-c", script)

    with pytest.raises(error) as caught:
        pdf_bytes(sample_document(), Limits(wall=2), renderer)

    assert type(caught.value) is error


def test_nothing_of_a_render_that_took_too_long_is_left(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    helper = f"import time; held = open({str(pipe)!r}, 'w'); print('held', file=held, flush=True); time.sleep(60)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {helper!r}])"

    with pytest.raises(RenderTooLarge):
        pdf_bytes(sample_document(), Limits(wall=2), (sys.executable, "-c", script))

    # The pipe hangs up when the last process that held it is gone.
    waiting = select.poll()
    waiting.register(reading, select.POLLHUP)
    assert os.read(reading, 10) == b"held\n"
    assert waiting.poll(10_000)
    os.close(reading)


def test_missing_libraries_are_named_in_one_message():
    with pytest.raises(PdfUnavailable, match=r"libpango-1\.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"):
        pdf._raise_for(render.UNAVAILABLE)


def test_a_secret_of_ours_is_not_told_to_the_renderer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    script = "import os, sys; sys.exit(3 if 'SECRET_KEY' in os.environ else 4)"
    renderer = (sys.executable, "-c", script)

    with pytest.raises(RenderTooLarge):
        pdf_bytes(sample_document(), renderer=renderer)
