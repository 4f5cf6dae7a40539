"""A document as a Word file: looks from looks/base.docx, words from the document."""

import re
import zipfile
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from exports.document import ALL_PAGES, Document, check
from exports.package import Part, package, part
from exports.word_body import FIRST_LIST, WordBody, escaped, field
from exports.wording import language_tag, long_date
from rules.text import clean

BASE = Path(__file__).parent / "looks" / "base.docx"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PLACE = re.compile(r"\{\{(\w+)\}\}")
PAGE_LABEL_RUN = "<w:r><w:t>{{page_label}}</w:t></w:r>"
ORDERED_PATTERN = 4


FILLED = {"word/document.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "word/header1.xml"}
FILLED |= {
    "word/footer1.xml",
    "word/styles.xml",
    "word/settings.xml",
    "docProps/core.xml",
    "docProps/custom.xml",
}


def word_bytes(document: Document, pages: Mapping[str, int] | None = None) -> bytes:
    """The document as .docx, the same bytes each time.

    `pages` gives the page of each anchor, and under ALL_PAGES how many there are; with it the contents
    shows page numbers before anybody updates it. Raises FaultyDocument.
    """
    check(document)
    base, same = _base()
    shell = base["word/document.xml"]
    body = WordBody(document, pages, _text_width(shell))
    written = {
        "word/document.xml": _whole_document(shell, body.write(), has_cover=bool(document.cover)),
        "word/numbering.xml": _numbering(base["word/numbering.xml"], document, body.lists),
        "word/_rels/document.xml.rels": _relationships(base["word/_rels/document.xml.rels"], body.links),
        "word/header1.xml": _edge(base["word/header1.xml"], document, pages or {}),
        "word/footer1.xml": _edge(base["word/footer1.xml"], document, pages or {}),
        "docProps/core.xml": _core(document),
        "docProps/custom.xml": _custom(document.machine),
    }
    filled = (part(name, text.encode("utf-8")) for name, text in written.items())
    types, *rest = same
    return package((types, *_styles(language_tag(document.language)), *filled, *rest))


@cache
def _base() -> tuple[Mapping[str, str], tuple[Part, ...]]:
    """The parts of base.docx: those we fill in, as text, and those that never change, compressed once."""
    with zipfile.ZipFile(BASE) as base:
        texts = {name: base.read(name).decode("utf-8") for name in base.namelist() if name in FILLED}
        same = tuple(part(name, base.read(name)) for name in base.namelist() if name not in FILLED)
    return texts, same


@lru_cache(maxsize=32)
def _styles(tag: str) -> tuple[Part, ...]:
    texts, _ = _base()
    names = ("word/styles.xml", "word/settings.xml")
    return tuple(part(name, _in_language(texts[name], tag).encode("utf-8")) for name in names)


def _text_width(shell: str) -> int:
    measures = dict(re.findall(r'w:(w|left|right)="(\d+)"', shell[shell.rindex("<w:pgSz") :]))
    return int(measures["w"]) - int(measures["left"]) - int(measures["right"])


def _whole_document(shell: str, body: str, *, has_cover: bool) -> str:
    before, after = shell[: shell.index("<w:body>") + len("<w:body>")], shell[shell.rindex("<w:sectPr") :]
    return before + body + (after if has_cover else after.replace("<w:titlePg/>", ""))


def _filled(part: str, values: Mapping[str, str]) -> str:
    """The part with its places filled in one pass, so that braces in the values stay as they are."""
    return PLACE.sub(lambda place: values.get(place[1], place[0]), part)


def _edge(part: str, document: Document, pages: Mapping[str, int]) -> str:
    label = re.split(r"(\{pages?\})", clean(document.page_label))
    total = str(pages.get(ALL_PAGES, 1))
    written = {"{page}": field("PAGE", "1"), "{pages}": field("NUMPAGES", total)}
    runs = "".join(
        written.get(piece) or f'<w:r><w:t xml:space="preserve">{escaped(piece)}</w:t></w:r>' for piece in label
    )
    stamp = [document.version_label, long_date(document.date, document.language)]
    values = {
        "header_text": _one_line(document.header_text or document.title),
        "reference": _one_line(document.reference),
        "stamp": _one_line("  ·  ".join(piece for piece in stamp if piece)),
    }
    before, _, after = part.partition(PAGE_LABEL_RUN)
    return _filled(before, values) + (runs + after if after else "")


def _one_line(text: str) -> str:
    return escaped(text).replace("\n", " ")


def _numbering(part: str, document: Document, lists: int) -> str:
    """The numbering with the annexes' label, and for each ordered list a pattern and number of its own.

    Word ignores a restart of a shared pattern, so each list gets a copy.
    """
    part = _filled(part, {"annex_label": _one_line(document.annex_label).replace("{letter}", "%1")})
    start = part.index(f'<w:abstractNum w:abstractNumId="{ORDERED_PATTERN}">')
    end = part.index("</w:abstractNum>", start) + len("</w:abstractNum>")
    numbers = range(FIRST_LIST, FIRST_LIST + lists)
    copies = [
        part[start:end]
        .replace('w:abstractNumId="4"', f'w:abstractNumId="{n}"')
        .replace('w:val="5A1C0004"', f'w:val="5A1C{n:04X}"')
        .replace('w:val="7B3E0004"', f'w:val="7B3E{n:04X}"')
        for n in numbers
    ]
    bound = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in numbers)
    part = part[:end] + "".join(copies) + part[end:]
    return part.replace("</w:numbering>", bound + "</w:numbering>")


def _relationships(part: str, links: list[str]) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    written = "".join(
        f'<Relationship Id="link{n}" Type="{kind}" Target="{_one_line(link)}" TargetMode="External"/>'
        for n, link in enumerate(links, start=1)
    )
    return part.replace("</Relationships>", written + "</Relationships>")


def _in_language(part: str, tag: str) -> str:
    return re.sub(r'(<w:(?:lang|themeFontLang) w:val=")[^"]*', rf"\g<1>{tag}", part)


def _core(document: Document) -> str:
    moment = f"{document.date.isoformat()}T00:00:00Z"
    named = [
        ("dc:title", document.title),
        ("dc:subject", document.subject),
        ("dc:creator", document.author),
        ("cp:keywords", ", ".join(document.keywords)),
        ("cp:lastModifiedBy", document.author),
        ("cp:revision", "1"),
        ("dc:identifier", document.reference),
        ("dc:language", language_tag(document.language)),
        ("cp:version", document.version_label),
    ]
    return (
        DECLARATION
        + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + "".join(f"<{tag}>{escaped(text)}</{tag}>" for tag, text in named if text)
        + f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _custom(machine: Mapping[str, str]) -> str:
    written = "".join(
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" '
        f'pid="{pid}" name="{_one_line(name)}"><vt:lpwstr>{escaped(machine[name])}</vt:lpwstr></property>'
        for pid, name in enumerate(sorted(machine), start=2)
    )
    return (
        DECLARATION + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{written}</Properties>'
    )
