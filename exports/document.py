"""One document, neutral of format and of subject: what the writers write."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from exports.errors import FaultyDocument
from rules.text import clean

RunKind = Literal["plain", "strong", "emphasis", "value", "unfilled", "reference"]
Change = Literal["inserted", "deleted"]
ParagraphStyle = Literal["body", "lead", "note", "caption", "meta"]
Tone = Literal["neutral", "caution", "stop"]

# The key under which a mapping of anchors to pages keeps the number of pages of the whole document.
ALL_PAGES = ""
LEVELS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one kind.

    `target` makes it a link: the anchor of a heading or requirement of the same document, or an address
    that begins with https: or mailto:. Any other target is left out.
    """

    text: str
    kind: RunKind = "plain"
    change: Change | None = None
    target: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs
    style: ParagraphStyle = "body"


@dataclass(frozen=True, slots=True)
class ItemList:
    items: tuple[Runs, ...]
    ordered: bool = False


Inner = Paragraph | ItemList


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4. A level 1 heading with `annex` opens an annex: A, B, C and then A.1, A.1.1."""

    level: int
    text: str
    numbered: bool = True
    anchor: str = ""
    annex: bool = False
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One duty: its id and strength, its sentence, and below it labelled details such as evidence.

    `strength` is the code that picks the colour, `strength_label` what people read. `continued` holds what
    follows the first paragraph of the duty. `change` is that of the whole block, id included.
    """

    id: str
    strength_label: str
    strength: str
    runs: Runs
    details: tuple[tuple[str, Runs], ...] = ()
    continued: tuple[Inner, ...] = ()
    change: Change | None = None

    @property
    def anchor(self) -> str:
        return f"requirement-{self.id}"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header row repeats on every page. Each row has one cell of runs for each column.

    `caption` is shown above it; `description` is read to those who cannot see it, and is the caption if empty.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    title: str
    blocks: tuple[Inner, ...]
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Paragraph | ItemList | Heading | Requirement | Table | Note | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `date` dates everything in the file; no writer looks at a clock.

    `language` is a tag such as "es" or "pt-BR". `page_label` holds {page} and {pages}. Without `cover`
    the title stands above the text on the first page; without `contents_title` there is no contents.
    `annex_label` holds {letter}. `machine` is metadata for programs, kept in the file's properties.
    """

    title: str
    language: str
    date: dt.date
    page_label: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    reference: str = ""
    version_label: str = ""
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    cover: tuple[tuple[str, str], ...] = ()
    control: Table | None = None
    contents_title: str = ""
    contents_depth: int = 2
    header_text: str = ""
    annex_label: str = "{letter}"
    machine: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading of the outline with the number it carries ("" if none) and an anchor no other has."""

    heading: Heading
    number: str
    anchor: str


def outline(document: Document) -> tuple[Entry, ...]:
    """The headings in order, numbered as Word numbers them: 1, 1.1, 1.1.1, and A, A.1 in an annex."""
    entries: list[Entry] = []
    main, annexes, in_annex = [0, 0, 0, 0], [0, 0, 0, 0], False
    for position, heading in enumerate(b for b in document.blocks if isinstance(b, Heading)):
        if heading.level == 1:
            in_annex = heading.annex
        number = ""
        if heading.numbered:
            counters = annexes if in_annex else main
            counters[heading.level - 1] += 1
            counters[heading.level :] = [0] * (4 - heading.level)
            number = _number(counters[: heading.level], document.annex_label, in_annex=in_annex)
        entries.append(Entry(heading, number, heading.anchor or f"heading-{position + 1}"))
    return tuple(entries)


def _number(counters: list[int], annex_label: str, *, in_annex: bool) -> str:
    if not in_annex:
        return ".".join(str(counter) for counter in counters)
    letter = _letters(counters[0])
    if len(counters) == 1:
        return annex_label.replace("{letter}", letter)
    return ".".join([letter, *(str(counter) for counter in counters[1:])])


def _letters(count: int) -> str:
    """A to Z, then AA, BB and so on, as Word counts letters."""
    return chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else ""


def check(document: Document) -> None:
    """Nothing, if the document is sound; FaultyDocument at the first rule it breaks."""
    if not clean(document.title).strip():
        raise FaultyDocument("The document has no title.")
    if not document.language.replace("-", "").isalnum() or not document.language.isascii():
        raise FaultyDocument(f"{document.language!r} is not a language tag.")
    if "{page}" not in document.page_label or "{pages}" not in document.page_label:
        raise FaultyDocument("The page label lacks {page} or {pages}.")
    _check_anchors(document)
    _check_levels(document)
    for block in (document.control, *document.blocks):
        if isinstance(block, Table):
            _check_table(block)
        for inner in inner_blocks(block) if block else ():
            if not isinstance(inner, Paragraph | ItemList):
                raise FaultyDocument(f"A {type(inner).__name__} stands inside another block.")


def _check_anchors(document: Document) -> None:
    anchors = [entry.anchor for entry in outline(document)]
    anchors += [block.anchor for block in document.blocks if isinstance(block, Requirement)]
    for anchor, times in Counter(anchors).items():
        if times > 1:
            raise FaultyDocument(f"The anchor {anchor!r} stands {times} times.")


def _check_levels(document: Document) -> None:
    previous = 0
    for block in document.blocks:
        if not isinstance(block, Heading):
            continue
        if block.level not in LEVELS:
            raise FaultyDocument(f"The heading {block.text!r} has level {block.level}.")
        if block.level > previous + 1:
            raise FaultyDocument(f"The heading {block.text!r} skips a level.")
        if not clean(block.text).strip():
            raise FaultyDocument(f"A heading of level {block.level} is empty.")
        previous = block.level


def _check_table(table: Table) -> None:
    if not clean(table.caption).strip():
        raise FaultyDocument("A table has no caption.")
    if not table.columns or any(column.width <= 0 for column in table.columns):
        raise FaultyDocument(f"The table {table.caption!r} has no columns or one without width.")
    if any(len(row) != len(table.columns) for row in table.rows):
        raise FaultyDocument(f"A row of the table {table.caption!r} lacks a cell or has one too many.")


def inner_blocks(block: Block) -> tuple[Inner, ...]:
    """The paragraphs and lists that stand inside a block."""
    match block:
        case Note():
            return block.blocks
        case Requirement():
            return block.continued
        case _:
            return ()


def plain_text(document: Document) -> str:
    """What the document says, one line for each paragraph, item, cell row or heading, deletions left out."""
    lines = [document.title, document.subtitle, document.reference, document.version_label]
    lines += [f"{label}: {value}" for label, value in document.cover]
    lines += _table_lines(document.control) if document.control else []
    numbers = iter(outline(document))
    for block in document.blocks:
        if isinstance(block, Heading):
            entry = next(numbers)
            if block.change != "deleted":
                lines.append(f"{entry.number} {block.text}".strip())
        else:
            lines += _block_lines(block)
    return clean("\n".join(line for line in lines if line)) + "\n"


def _block_lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _line(block.runs)
        case ItemList():
            yield from (_line(item) for item in block.items)
        case Requirement() if block.change != "deleted":
            yield f"{block.id} {block.strength_label}"
            yield _line(block.runs)
            for inner in block.continued:
                yield from _block_lines(inner)
            yield from (f"{label}: {_line(runs)}" for label, runs in block.details)
        case Table():
            yield from _table_lines(block)
        case Note():
            yield block.title
            for inner in block.blocks:
                yield from _block_lines(inner)


def _table_lines(table: Table) -> list[str]:
    lines = [table.caption, "\t".join(column.title for column in table.columns)]
    return lines + ["\t".join(_line(cell) for cell in row) for row in table.rows]


def _line(runs: Runs) -> str:
    return "".join(run.text for run in runs if run.change != "deleted")


def two_columns(caption: str, titles: list[str], rows: Iterable[tuple[str, str]]) -> Table:
    """A table of labels and values."""
    return Table(
        caption,
        (Column(titles[0], 2), Column(titles[1], 5)),
        tuple(((Run(label),), (Run(value),)) for label, value in rows),
    )
