"""The body of a Word document, written as escaped text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from xml.sax.saxutils import escape

from exports.document import (
    Block,
    Change,
    Document,
    Entry,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paragraph,
    Requirement,
    Run,
    Runs,
    Table,
    outline,
)
from rules.text import clean

PARAGRAPH_STYLES = {
    "body": "BodyText",
    "lead": "Lead",
    "note": "Remark",
    "caption": "Caption",
    "meta": "Meta",
}
RUN_STYLES = {"strong": "Strong", "emphasis": "Emphasis", "value": "Value", "unfilled": "Unfilled"}
RUN_STYLES |= {"reference": "Reference"}
STRENGTH_STYLES = {"mandatory": "StrengthMandatory", "scored": "StrengthScored"}
NOTE_TONES = {"neutral": "Neutral", "caution": "Caution", "stop": "Stop"}
LINK_SCHEMES = ("https://", "mailto:")
BULLETS, ANNEXES, FIRST_LIST = 3, 2, 10
KEEP = "<w:keepNext/>"
# A duty stays with its id and the first of its details; the details may run on to the next page.
KEPT_WITH_NEXT = ("RequirementHead", "RequirementText", "RequirementItem")
# Word joins the rule beside two blocks whose borders are alike. A shade nobody sees keeps neighbours apart.
OTHER_EDGE = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="1F3A57"/></w:pBdr>'
PAGE_BREAK = '<w:p><w:pPr><w:pStyle w:val="ContentsEnd"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'


def escaped(text: str) -> str:
    """Clean text, safe inside an element or a double-quoted attribute."""
    return escape(clean(text)).replace('"', "&quot;")


def field(instruction: str, cached: str) -> str:
    """A field of Word with the result that readers who do not compute fields see."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{escaped(cached)}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark_names(anchors: Iterable[str]) -> dict[str, str]:
    """For each anchor a name that Word takes: a letter first, letters, digits and _, at most 40, no two alike."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in anchors:
        stem = "_" + re.sub(r"[^A-Za-z0-9]", "_", anchor)[:32]
        name, count = stem, 1
        while name.lower() in taken:
            count += 1
            name = f"{stem}_{count}"
        taken.add(name.lower())
        names[anchor] = name
    return names


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of a requirement block, before it is known whether another follows."""

    style: str
    content: str
    change: Change | None
    number: str = ""
    indent: str = ""


class WordBody:
    """Writes the blocks of one document in order and remembers what other parts of the package need.

    After `write`, `links` holds the addresses outside the document, in the order of their relationship
    ids, and `lists` the number of ordered lists, each of which needs a numbering of its own.
    """

    def __init__(self, document: Document, pages: Mapping[str, int] | None, text_width: int) -> None:
        self.document = document
        self.pages = pages or {}
        self.text_width = text_width
        self.entries = outline(document)
        requirements = [block.anchor for block in document.blocks if isinstance(block, Requirement)]
        self.names = bookmark_names([*(entry.anchor for entry in self.entries), *requirements])
        self.links: list[str] = []
        self.lists = 0
        self.last_id = 0
        self.in_annex = False

    def write(self) -> str:
        document = self.document
        written = [self._cover() if document.cover else self._opening()]
        if document.control:
            written.append(self._table(document.control))
        if document.contents_title:
            written.append(self._contents())
        if document.cover or document.contents_title:
            written.append(PAGE_BREAK)
        entries = iter(self.entries)
        neighbours = 0
        for block, following in zip_longest(document.blocks, document.blocks[1:]):
            neighbours = neighbours + 1 if isinstance(block, Requirement) else 0
            if isinstance(block, Heading):
                written.append(self._heading(next(entries)))
            elif isinstance(block, Requirement):
                written.append(self._requirement(block, "" if neighbours % 2 else OTHER_EDGE))
            else:
                written.append(self._block(block, before_requirement=isinstance(following, Requirement)))
        return "".join(written)

    def _next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    # Beginning of the document

    def _opening(self) -> str:
        document = self.document
        line = "  ·  ".join(text for text in (document.reference, document.version_label) if text)
        return (
            (self._paragraph("OpeningReference", _run(line)) if line else "")
            + self._paragraph("Title", _run(document.title))
            + (self._paragraph("Subtitle", _run(document.subtitle)) if document.subtitle else "")
        )

    def _cover(self) -> str:
        document = self.document
        written = [self._paragraph("CoverReference", _run(document.reference))]
        written.append(self._paragraph("Title", _run(document.title)))
        if document.subtitle:
            written.append(self._paragraph("Subtitle", _run(document.subtitle)))
        for label, value in document.cover:
            written.append(
                self._paragraph("CoverLine", _run(label, "CoverLabel") + "<w:r><w:tab/></w:r>" + _run(value))
            )
        return "".join(written) + PAGE_BREAK

    def _contents(self) -> str:
        document = self.document
        shown = [entry for entry in self.entries if entry.heading.level <= document.contents_depth]
        start = (
            '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> '
            f'TOC \\o "1-{document.contents_depth}" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        lines = [
            self._paragraph(f"TOC{entry.heading.level}", (start if not n else "") + self._contents_line(entry))
            for n, entry in enumerate(shown)
        ]
        end = (start if not lines else "") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        return (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
            "</w:docPartObj></w:sdtPr><w:sdtContent>"
            + self._paragraph("TOCHeading", _run(document.contents_title))
            + "".join(lines)
            + self._paragraph("ContentsEnd", end)
            + "</w:sdtContent></w:sdt>"
        )

    def _contents_line(self, entry: Entry) -> str:
        name = self.names[entry.anchor]
        annex = entry.heading.annex and entry.heading.level == 1
        gap = '<w:r><w:t xml:space="preserve"> </w:t></w:r>' if annex else "<w:r><w:tab/></w:r>"
        number = _run(entry.number) + gap if entry.number else ""
        page = self.pages.get(entry.anchor)
        reference = "<w:r><w:tab/></w:r>" + field(f"PAGEREF {name} \\h", str(page)) if page else ""
        return (
            f'<w:hyperlink w:anchor="{name}" w:history="1">{number}{_run(entry.heading.text)}{reference}</w:hyperlink>'
        )

    # Blocks

    def _block(self, block: Block, *, before_requirement: bool) -> str:
        match block:
            case Paragraph():
                keep = KEEP if before_requirement else ""
                return self._paragraph(PARAGRAPH_STYLES[block.style], self._runs(block.runs), keep, _whole(block.runs))
            case ItemList():
                return self._list(block, "ListNumber" if block.ordered else "ListBullet")
            case Table():
                return self._table(block)
            case Note():
                return self._note(block)
            case PageBreak():
                return PAGE_BREAK
            case _:
                raise TypeError(f"{type(block).__name__} is not a block of the body")

    def _paragraph(self, style: str, content: str, extra: str = "", change: Change | None = None) -> str:
        mark = f"<w:rPr>{self._mark(change)}</w:rPr>" if change else ""
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{extra}{mark}</w:pPr>{content}</w:p>'

    def _heading(self, entry: Entry) -> str:
        heading = entry.heading
        if heading.level == 1:
            self.in_annex = heading.annex
        properties = ""
        if not heading.numbered:
            properties = '<w:numPr><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>'
        elif self.in_annex:
            properties = f'<w:numPr><w:ilvl w:val="{heading.level - 1}"/><w:numId w:val="{ANNEXES}"/></w:numPr>'
            properties += '<w:ind w:left="0" w:firstLine="0"/>' if heading.level == 1 else ""
        text = self._changed(_run(heading.text, deleted=heading.change == "deleted"), heading.change)
        content = self._bookmarked(entry.anchor, text)
        return self._paragraph(f"Heading{heading.level}", content, properties, heading.change)

    def _bookmarked(self, anchor: str, content: str) -> str:
        number = self._next_id()
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{self.names[anchor]}"/>{content}<w:bookmarkEnd w:id="{number}"/>'
        )

    def _requirement(self, requirement: Requirement, edge: str) -> str:
        change = requirement.change
        deleted = change == "deleted"
        style = STRENGTH_STYLES.get(requirement.strength, "StrengthOther")
        head = _run(requirement.id, "RequirementId", deleted=deleted) + "<w:r><w:tab/></w:r>"
        head += _run(requirement.strength_label, style, deleted=deleted)
        head = self._bookmarked(requirement.anchor, self._changed(head, change))
        lines = [_Line("RequirementHead", head, change)]
        lines.append(_Line("RequirementText", self._runs(requirement.runs, change), change or _whole(requirement.runs)))
        for inner in requirement.continued:
            lines += self._continued(inner, change)
        for label, runs in requirement.details:
            content = self._changed(_run(f"{label}. ", "DetailLabel", deleted=deleted), change) + self._runs(
                runs, change
            )
            lines.append(_Line("RequirementDetail", content, change or _whole(runs)))
        return "".join(
            self._paragraph(
                line.style,
                line.content,
                (KEEP if line.style in KEPT_WITH_NEXT else "") + line.number + edge + line.indent,
                line.change,
            )
            for line in lines
        )

    def _continued(self, inner: Paragraph | ItemList, change: Change | None) -> list["_Line"]:
        if isinstance(inner, Paragraph):
            return [_Line("RequirementText", self._runs(inner.runs, change), change or _whole(inner.runs))]
        number, indent = self._binding(inner), '<w:ind w:left="624" w:hanging="340"/>'
        return [
            _Line("RequirementItem", self._runs(item, change), change or _whole(item), number, indent)
            for item in inner.items
        ]

    def _binding(self, block: ItemList) -> str:
        if not block.ordered:
            return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr>'
        self.lists += 1
        return f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{FIRST_LIST + self.lists - 1}"/></w:numPr>'

    def _list(self, block: ItemList, style: str, indent: str = "") -> str:
        binding = self._binding(block) + indent
        return "".join(self._paragraph(style, self._runs(item), binding, _whole(item)) for item in block.items)

    def _note(self, note: Note) -> str:
        tone = NOTE_TONES[note.tone]
        written = [self._paragraph(f"Note{tone}Title", _run(note.title))] if note.title else []
        for inner in note.blocks:
            if isinstance(inner, Paragraph):
                written.append(self._paragraph(f"Note{tone}Text", self._runs(inner.runs), change=_whole(inner.runs)))
            else:
                indent = '<w:ind w:left="568" w:hanging="284"/>'
                written.append(self._list(inner, f"Note{tone}Text", indent))
        return "".join(written)

    def _table(self, table: Table) -> str:
        total = sum(column.width for column in table.columns)
        widths = [round(self.text_width * column.width / total) for column in table.columns]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = [(self._paragraph("TableHead", _run(column.title))) for column in table.columns]
        rows = [
            [self._paragraph("TableText", self._runs(cell), change=_whole(cell)) for cell in row] for row in table.rows
        ]
        caption = escaped(table.caption).replace("\n", " ")
        description = escaped(table.description or table.caption).replace("\n", " ")
        return (
            self._paragraph("Caption", _run(table.caption))
            + f'<w:tbl><w:tblPr><w:tblStyle w:val="TenderTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{caption}"/>'
            f'<w:tblDescription w:val="{description}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            + _row(head, widths, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
            + "".join(_row(row, widths) for row in rows)
            + '</w:tbl><w:p><w:pPr><w:pStyle w:val="ContentsEnd"/></w:pPr></w:p>'
        )

    # Runs

    def _runs(self, runs: Runs, change: Change | None = None) -> str:
        return "".join(self._linked(run, change or run.change) for run in runs)

    def _linked(self, run: Run, change: Change | None) -> str:
        written = self._changed(_run(run.text, RUN_STYLES.get(run.kind, ""), deleted=change == "deleted"), change)
        if run.target in self.names:
            return f'<w:hyperlink w:anchor="{self.names[run.target]}" w:history="1">{written}</w:hyperlink>'
        if run.target.startswith(LINK_SCHEMES):
            if run.target not in self.links:
                self.links.append(run.target)
            number = self.links.index(run.target) + 1
            return f'<w:hyperlink r:id="link{number}" w:history="1">{written}</w:hyperlink>'
        return written

    def _changed(self, content: str, change: Change | None) -> str:
        if not change:
            return content
        tag = "ins" if change == "inserted" else "del"
        return f"<w:{tag}{self._attribution()}>{content}</w:{tag}>"

    def _mark(self, change: Change) -> str:
        return f"<w:{'ins' if change == 'inserted' else 'del'}{self._attribution()}/>"

    def _attribution(self) -> str:
        document = self.document
        author = escaped(document.author or document.title).replace("\n", " ")
        return f' w:id="{self._next_id()}" w:author="{author}" w:date="{document.date.isoformat()}T00:00:00Z"'


def _row(cells: list[str], widths: list[int], properties: str = "") -> str:
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr>{properties}{written}</w:tr>"


def _run(text: str, style: str = "", *, deleted: bool = False) -> str:
    """One run; a newline in the text becomes a line break inside it."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    tag = "w:delText" if deleted else "w:t"
    opened, closed = f'<{tag} xml:space="preserve">', f"</{tag}>"
    written = opened + escaped(text) + closed
    if "\n" in written or "\t" in written:
        written = written.replace("\n", f"{closed}<w:br/>{opened}").replace("\t", f"{closed}<w:tab/>{opened}")
    return f"<w:r>{properties}{written}</w:r>"


def _whole(runs: Runs) -> Change | None:
    """The change that holds for the paragraph as a whole, if all its runs were inserted or all deleted."""
    changes = {run.change for run in runs}
    return changes.pop() if len(changes) == 1 else None
