"""What Word would stumble over in a package and no schema tells."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLED = {f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle"}
PARTS = ("word/document.xml", "word/header1.xml", "word/header2.xml", "word/footer1.xml", "word/footer2.xml")


def word_faults(content: bytes) -> tuple[str, ...]:
    """What is wrong with a .docx, one sentence each; nothing if Word will take it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: _tree(package.read(name)) for name in package.namelist() if name.endswith((".xml", ".rels"))}
    faults = [*_styles(parts), *_body(parts["word/document.xml"]), *_numbers(parts), *_fields(parts)]
    return tuple(faults)


def _tree(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _styles(parts: dict[str, etree._Element]) -> Iterator[str]:
    known = {style.get(f"{W}styleId") for style in parts["word/styles.xml"].iter(f"{W}style")}
    for name in PARTS:
        for element in parts[name].iter(*STYLED):
            if element.get(f"{W}val") not in known:
                yield f"{name} uses the style {element.get(f'{W}val')}, which does not exist."


def _body(body: etree._Element) -> Iterator[str]:
    bookmarks = list(body.iter(f"{W}bookmarkStart"))
    changes = list(body.iter(f"{W}ins", f"{W}del"))
    yield from _repeated("The id", [str(one.get(f"{W}id")) for one in (*bookmarks, *changes)])
    names = [str(one.get(f"{W}name")) for one in bookmarks]
    yield from _repeated("The bookmark", names)
    for link in body.iter(f"{W}hyperlink"):
        anchor = link.get(f"{W}anchor")
        if anchor and anchor not in names:
            yield f"A link leads to the bookmark {anchor}, which does not exist."
    for cell in body.iter(f"{W}tc"):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            yield "A table cell does not end with a paragraph."


def _repeated(what: str, values: list[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{what} {value} stands {times} times."


def _numbers(parts: dict[str, etree._Element]) -> Iterator[str]:
    numbering = parts["word/numbering.xml"]
    known = {one.get(f"{W}numId") for one in numbering.iter(f"{W}num")} | {"0"}
    for used in (*parts["word/document.xml"].iter(f"{W}numId"), *parts["word/styles.xml"].iter(f"{W}numId")):
        if used.get(f"{W}val") not in known:
            yield f"The list {used.get(f'{W}val')} is not defined."
    yield from _repeated("The list pattern", [str(one.get(f"{W}val")) for one in numbering.iter(f"{W}nsid")])


def _fields(parts: dict[str, etree._Element]) -> Iterator[str]:
    for name in PARTS:
        kinds = Counter(one.get(f"{W}fldCharType") for one in parts[name].iter(f"{W}fldChar"))
        if kinds["begin"] != kinds["end"] or kinds["begin"] != kinds["separate"]:
            yield f"A field in {name} is not closed."
