"""A document as HTML, for the renderer of PDF."""

from collections.abc import Iterator
from html import escape
from itertools import zip_longest

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
    inner_blocks,
    outline,
)
from exports.wording import language_tag, long_date
from rules.text import clean

LINK_SCHEMES = ("https://", "mailto:")
RUN_TAGS = {"strong": "strong", "emphasis": "em"}
STRENGTHS = ("mandatory", "scored")
TONES = ("neutral", "caution", "stop")


def html_text(document: Document) -> str:
    """The document as one HTML page without style, script or address of its own.

    The title is the only h1; headings of level 1 to 4 are h2 to h5, with their numbers written out.
    """
    page = _Page(document)
    return (
        f'<!DOCTYPE html><html lang="{escaped(language_tag(document.language))}"><head><meta charset="utf-8">'
        f"<title>{escaped(document.title)}</title>{_metadata(document)}</head><body{_page_strings(document)}>"
        f"{page.beginning()}{''.join(page.blocks())}</body></html>"
    )


def escaped(text: str) -> str:
    """Clean text, safe in an element and in a quoted attribute."""
    return escape(clean(text))


def _metadata(document: Document) -> str:
    named = [
        ("author", document.author),
        ("description", document.subject),
        ("keywords", ", ".join(document.keywords)),
        ("dcterms.created", document.date.isoformat()),
        ("dcterms.modified", document.date.isoformat()),
        *((name, document.machine[name]) for name in sorted(document.machine)),
    ]
    return "".join(f'<meta name="{escaped(name)}" content="{escaped(text)}">' for name, text in named if text)


def _page_strings(document: Document) -> str:
    """What the margins of each page show, as attributes that the style sheet reads."""
    before, _, rest = clean(document.page_label).partition("{page}")
    between, _, after = rest.partition("{pages}")
    stamp = [document.version_label, long_date(document.date, document.language)]
    named = {
        "header": document.header_text or document.title,
        "reference": document.reference,
        "stamp": "  ·  ".join(piece for piece in stamp if piece),
        "before": before,
        "between": between,
        "after": after,
    }
    return "".join(f' data-{name}="{escaped(text)}"' for name, text in named.items())


class _Page:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.entries = outline(document)
        requirements = [block.anchor for block in document.blocks if isinstance(block, Requirement)]
        self.anchors = {*(entry.anchor for entry in self.entries), *requirements}

    def beginning(self) -> str:
        document = self.document
        written = self._cover() if document.cover else self._opening()
        front = self._table(document.control) if document.control else ""
        front += self._contents() if document.contents_title else ""
        return f'{written}<div class="front">{front}</div>' if front else written

    def _titles(self) -> str:
        document = self.document
        subtitle = f'<p class="subtitle">{_lines(document.subtitle)}</p>' if document.subtitle else ""
        return f"<h1>{_lines(document.title)}</h1>{subtitle}"

    def _opening(self) -> str:
        document = self.document
        line = "  ·  ".join(text for text in (document.reference, document.version_label) if text)
        return (f'<p class="opening-reference">{_lines(line)}</p>' if line else "") + self._titles()

    def _cover(self) -> str:
        lines = "".join(
            f'<p class="cover-line"><span class="cover-label">{_lines(label)}</span> {_lines(value)}</p>'
            for label, value in self.document.cover
        )
        reference = f'<p class="cover-reference">{_lines(self.document.reference)}</p>'
        return f'<div class="cover">{reference}{self._titles()}{lines}</div>'

    def _contents(self) -> str:
        document = self.document
        lines = "".join(
            f'<li class="contents-{entry.heading.level}"><a href="#{escaped(entry.anchor)}">'
            f"{escaped(_numbered(entry))}</a></li>"
            for entry in self.entries
            if entry.heading.level <= document.contents_depth
        )
        return f'<h2 class="contents-title">{escaped(document.contents_title)}</h2><ul class="contents">{lines}</ul>'

    def blocks(self) -> Iterator[str]:
        entries = iter(self.entries)
        document = self.document
        if document.cover or document.contents_title:
            yield '<div class="page-break"></div>'
        for block, following in zip_longest(document.blocks, document.blocks[1:]):
            if isinstance(block, Heading):
                yield self._heading(next(entries))
            else:
                yield self._block(block, before_requirement=isinstance(following, Requirement))

    def _heading(self, entry: Entry) -> str:
        heading = entry.heading
        tag = f"h{heading.level + 1}"
        number = f'<span class="number">{escaped(entry.number)}</span> ' if entry.number else ""
        kind = "annex" if heading.annex and heading.level == 1 else "numbered" if number else "unnumbered"
        text = _changed(_lines(heading.text), heading.change)
        return f'<{tag} id="{escaped(entry.anchor)}" class="{kind}">{number}{text}</{tag}>'

    def _block(self, block: Block, *, before_requirement: bool = False) -> str:
        match block:
            case Paragraph():
                keep = " with-next" if before_requirement else ""
                return f'<p class="{block.style}{keep}">{self._runs(block.runs)}</p>'
            case ItemList():
                tag = "ol" if block.ordered else "ul"
                return f"<{tag}>{''.join(f'<li>{self._runs(item)}</li>' for item in block.items)}</{tag}>"
            case Requirement():
                return self._requirement(block)
            case Table():
                return self._table(block)
            case Note():
                title = f'<p class="note-title">{_lines(block.title)}</p>' if block.title else ""
                inside = "".join(self._block(inner) for inner in inner_blocks(block))
                return f'<div class="box {block.tone if block.tone in TONES else "neutral"}">{title}{inside}</div>'
            case PageBreak():
                return '<div class="page-break"></div>'
            case _:
                raise TypeError(f"{type(block).__name__} is not a block of the body")

    def _requirement(self, requirement: Requirement) -> str:
        change = requirement.change
        strength = requirement.strength if requirement.strength in STRENGTHS else "other"
        head = _changed(
            f'<span class="id">{escaped(requirement.id)}</span> '
            f'<span class="strength {strength}">{escaped(requirement.strength_label)}</span>',
            change,
        )
        details = "".join(
            f'<p class="detail">{_changed(f"<b>{escaped(label)}.</b> ", change)}{self._runs(runs, change)}</p>'
            for label, runs in requirement.details
        )
        return (
            f'<div class="requirement" id="{escaped(requirement.anchor)}"><p class="head">{head}</p>'
            f'<p class="duty">{self._runs(requirement.runs, change)}</p>'
            f"{''.join(self._block(inner) for inner in requirement.continued)}{details}</div>"
        )

    def _table(self, table: Table) -> str:
        total = sum(column.width for column in table.columns)
        columns = "".join(f'<col style="width:{100 * column.width / total:.3f}%">' for column in table.columns)
        head = "".join(f'<th scope="col">{_lines(column.title)}</th>' for column in table.columns)
        rows = "".join(f"<tr>{''.join(f'<td>{self._runs(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
        return (
            f"<table><caption>{_lines(table.caption)}</caption><colgroup>{columns}</colgroup>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _runs(self, runs: Runs, change: Change | None = None) -> str:
        return "".join(self._run(run, change or run.change) for run in runs)

    def _run(self, run: Run, change: Change | None) -> str:
        text = _lines(run.text)
        if run.target in self.anchors:
            text = f'<a href="#{escaped(run.target)}">{text}</a>'
        elif run.target.startswith(LINK_SCHEMES):
            text = f'<a href="{escaped(run.target)}">{text}</a>'
        elif run.kind in RUN_TAGS:
            text = f"<{RUN_TAGS[run.kind]}>{text}</{RUN_TAGS[run.kind]}>"
        elif run.kind != "plain":
            text = f'<span class="{run.kind}">{text}</span>'
        return _changed(text, change)


def _numbered(entry: Entry) -> str:
    """The heading as the contents names it; a chapter number stands a little apart, an annex reads on."""
    gap = " " if entry.heading.annex else "\u2002"
    return f"{entry.number}{gap}{entry.heading.text}" if entry.number else entry.heading.text


def _changed(content: str, change: Change | None) -> str:
    if not change:
        return content
    tag = "ins" if change == "inserted" else "del"
    return f"<{tag}>{content}</{tag}>"


def _lines(text: str) -> str:
    return escaped(text).replace("\n", "<br>")
