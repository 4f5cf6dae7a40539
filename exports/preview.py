"""A document as part of a web page: headings, lists and tables as a browser and a screen reader expect them."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from exports.document import (
    Block,
    Change,
    Document,
    Entry,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Requirement,
    Run,
    Runs,
    Table,
    inner_blocks,
    outline,
)
from rules.text import clean

PREFIX = "text-"
LINK_SCHEMES = ("https://", "mailto:")
STRENGTHS = ("mandatory", "scored", "informative")
TONES = ("neutral", "caution", "stop")
RUN_TAGS = {"strong": Markup("<strong>{}</strong>"), "emphasis": Markup("<em>{}</em>")}
LISTS = {True: Markup("<ol>{}</ol>"), False: Markup("<ul>{}</ul>")}
CHANGES = {"inserted": Markup("<ins>{}</ins>"), "deleted": Markup("<del>{}</del>")}


@dataclass(frozen=True)
class Line:
    """A line of the contents: its number, its text and the id on the page it leads to."""

    level: int
    number: str
    text: str
    id: str


def contents(document: Document) -> tuple[Line, ...]:
    """The headings of the first level."""
    return tuple(
        Line(entry.heading.level, entry.number, clean(entry.heading.text), PREFIX + entry.anchor)
        for entry in outline(document)
        if entry.heading.level == 1
    )


def body(document: Document, unfilled: str) -> Markup:
    """The blocks of a document, its first level as h2; every id begins with a prefix of its own.

    `unfilled` is read out after a value that is still missing, in the document's language.
    """
    return Markup("\n").join(_Body(document, unfilled).blocks())


def control(document: Document, unfilled: str) -> Markup:
    """The table of what the document was drawn from, or nothing."""
    return _Body(document, unfilled).block(document.control) if document.control else Markup("")


class _Body:
    def __init__(self, document: Document, unfilled: str) -> None:
        self.document = document
        self.unfilled = unfilled
        self.entries = outline(document)
        requirements = [block.anchor for block in document.blocks if isinstance(block, Requirement)]
        self.anchors = {*(entry.anchor for entry in self.entries), *requirements}

    def blocks(self) -> Iterator[Markup]:
        entries = iter(self.entries)
        for block in self.document.blocks:
            yield self._heading(next(entries)) if isinstance(block, Heading) else self.block(block)

    def block(self, block: Block) -> Markup:
        match block:
            case Paragraph():
                return Markup('<p class="text-{}">{}</p>').format(block.style, self._runs(block.runs))
            case ItemList():
                items = _joined(Markup("<li>{}</li>").format(self._runs(item)) for item in block.items)
                return LISTS[block.ordered].format(items)
            case Requirement():
                return self._requirement(block)
            case Table():
                return self._table(block)
            case Note():
                return self._note(block)
            case _:
                return Markup("")

    def _heading(self, entry: Entry) -> Markup:
        tag = f"h{entry.heading.level + 1}"
        number = Markup('<span class="text-number">{}</span> ').format(entry.number) if entry.number else ""
        text = _changed(_lines(entry.heading.text), entry.heading.change)
        return Markup('<{} id="{}">{}{}</{}>').format(tag, PREFIX + entry.anchor, number, text, tag)

    def _requirement(self, requirement: Requirement) -> Markup:
        change = requirement.change
        strength = requirement.strength if requirement.strength in STRENGTHS else "other"
        head = Markup('<span class="text-id">{}</span> <span class="tag strength-{}">{}</span>').format(
            clean(requirement.id), strength, clean(requirement.strength_label)
        )
        details = _joined(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(clean(label), self._runs(runs, change))
            for label, runs in requirement.details
        )
        return Markup('<div class="requirement" id="{}"><p class="requirement-head">{}</p><p>{}</p>{}{}</div>').format(
            PREFIX + requirement.anchor,
            _changed(head, change),
            self._runs(requirement.runs, change),
            _joined(self.block(inner) for inner in inner_blocks(requirement)),
            Markup("<dl>{}</dl>").format(details) if details else "",
        )

    def _table(self, table: Table) -> Markup:
        head = _joined(Markup('<th scope="col">{}</th>').format(clean(column.title)) for column in table.columns)
        rows = _joined(Markup("<tr>{}</tr>").format(self._row(row)) for row in table.rows)
        return Markup(
            '<div class="table-frame" tabindex="0" role="region" aria-label="{}"><table class="table-plain">'
            "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        ).format(clean(table.description or table.caption), clean(table.caption), head, rows)

    def _row(self, row: tuple[Runs, ...]) -> Markup:
        first, *rest = (self._runs(cell) for cell in row)
        return Markup('<th scope="row">{}</th>{}').format(
            first, _joined(Markup("<td>{}</td>").format(cell) for cell in rest)
        )

    def _note(self, note: Note) -> Markup:
        title = Markup('<p class="notice-title">{}</p>').format(clean(note.title)) if note.title else ""
        inside = _joined(self.block(inner) for inner in inner_blocks(note))
        tone = note.tone if note.tone in TONES else "neutral"
        return Markup('<div class="notice text-note-{}">{}{}</div>').format(tone, title, inside)

    def _runs(self, runs: Runs, change: Change | None = None) -> Markup:
        return _joined(self._run(run, change or run.change) for run in runs)

    def _run(self, run: Run, change: Change | None) -> Markup:
        text = _lines(run.text)
        if run.target in self.anchors:
            text = Markup('<a href="#{}">{}</a>').format(PREFIX + run.target, text)
        elif run.target.startswith(LINK_SCHEMES):
            text = Markup('<a href="{}" rel="noreferrer">{}</a>').format(clean(run.target), text)
        elif run.kind == "unfilled":
            text = Markup('<mark class="unfilled">{}<span class="visually-hidden"> ({})</span></mark>').format(
                text, self.unfilled
            )
        elif run.kind in RUN_TAGS:
            text = RUN_TAGS[run.kind].format(text)
        elif run.kind == "value":
            text = Markup('<span class="value">{}</span>').format(text)
        return _changed(text, change)


def _changed(content: Markup, change: Change | None) -> Markup:
    return CHANGES[change].format(content) if change else content


def _joined(pieces: Iterator[Markup]) -> Markup:
    return Markup("").join(pieces)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(clean(text).split("\n"))
