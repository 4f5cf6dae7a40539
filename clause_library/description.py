"""A description: headings, paragraphs, lists and tables of plain words, for a page or as Markdown. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

SECTION = 2
NONE = "–"
WRITTEN_BY = "<!-- Written by `flask --app app library describe`; not to be changed by hand. -->"
# What means something in Markdown wherever it stands, and at the beginning of a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~&])")
_OPENING = re.compile(r"^([#+\-=]|\d+(?=[.)]))")


@dataclass(frozen=True)
class Link:
    """Words that lead to a "clause", a "requirement", another "description" or a place "here"; `target` is its id."""

    kind: ClassVar = "link"
    text: str
    to: str
    target: str


@dataclass(frozen=True)
class Mark:
    """A sign in a table of signs, "explicit", "partial" or "none", and its name, which is shown where it is `named`."""

    kind: ClassVar = "mark"
    text: str
    sign: str
    named: bool = False


@dataclass(frozen=True)
class Tag:
    """A few words that stand out; `look` is "", "done" or "attention"."""

    kind: ClassVar = "tag"
    text: str
    look: str = ""


@dataclass(frozen=True)
class Strong:
    """Words that are said with emphasis."""

    kind: ClassVar = "strong"
    text: str


@dataclass(frozen=True)
class Cited:
    """The title of a work, in its own language."""

    kind: ClassVar = "cited"
    text: str


Piece = str | Link | Mark | Tag | Strong | Cited
Words = tuple[Piece, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 to 4, with its place on the page; `listed` among the contents, as all of level 2 are."""

    kind: ClassVar = "heading"
    level: int
    text: str
    id: str
    listed: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Some words; `look` is "", "asked" for a question put or "hint"."""

    kind: ClassVar = "paragraph"
    words: Words
    look: str = ""


@dataclass(frozen=True)
class Items:
    """A list; `look` is "" or "columns" for short items."""

    kind: ClassVar = "items"
    rows: tuple[Words, ...]
    look: str = ""


@dataclass(frozen=True)
class Facts:
    """What holds for a thing: names and values."""

    kind: ClassVar = "facts"
    rows: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Table:
    """A table whose first cells head their rows. `look` is "" or "matrix"; `figures` are columns of numbers, from 0."""

    kind: ClassVar = "table"
    caption: str
    headings: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    look: str = ""
    figures: tuple[int, ...] = ()


Block = Heading | Paragraph | Items | Facts | Table


@dataclass(frozen=True)
class Description:
    """One subject described: title, a sentence on it, and blocks in their order."""

    subject: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = field(default=())

    @property
    def contents(self) -> list[Heading]:
        """The headings that are listed before everything else."""
        headings = [block for block in self.blocks if isinstance(block, Heading)]
        return [heading for heading in headings if heading.listed or heading.level == SECTION]


# As Markdown


def file_name(subject: str, language: str) -> str:
    """The name of the file of a description."""
    return f"{subject}.{language}.md"


def as_markdown(
    description: Description, language: str, titles: Mapping[str, str], languages: Mapping[str, str]
) -> str:
    """The text of a file: the other languages and the other subjects first, by their names, then all it says."""
    others = [_leading(name, description.subject, code) for code, name in languages.items() if code != language]
    beside = [_leading(title, name, language) for name, title in titles.items() if name != description.subject]
    parts = [
        WRITTEN_BY,
        f"# {escaped(description.title)}",
        " · ".join(others),
        _opened((description.lead,)),
        " · ".join(beside),
        *(_block(block) for block in description.blocks),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, in one line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _without_meaning(found: re.Match[str]) -> str:
    sign = found[1]
    # Before a full stop a number would begin a list.
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"


def _leading(text: str, subject: str, language: str) -> str:
    return f"[{escaped(text)}]({file_name(subject, language)})"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {escaped(block.text)}"
        case Paragraph():
            return _opened(block.words)
        case Items():
            return "\n".join(f"- {_opened(row)}" for row in block.rows)
        case Facts():
            return "\n".join(f"- **{escaped(name)}:** {_said(words)}" for name, words in block.rows)
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    rules = ["---:" if number in table.figures else "---" for number in range(len(table.headings))]
    return "\n".join([_row(_said(cell) for cell in table.headings), _row(rules), *map(_cells, table.rows)])


def _cells(row: Sequence[Words]) -> str:
    return _row(_said(cell) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _opened(words: Words) -> str:
    """Words that begin a line."""
    said = _said(words).strip()
    return _OPENING.sub(_without_meaning, said) if words and isinstance(words[0], str) else said


def _said(words: Words) -> str:
    return "".join(_piece(piece) for piece in words)


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            # Blanks between pieces stay.
            return _SIGNS.sub(r"\\\1", re.sub(r"\s+", " ", piece))
        case Strong() | Tag():
            return f"**{escaped(piece.text)}**"
        case Cited():
            return f"*{escaped(piece.text)}*"
        case Mark(sign="none"):
            return NONE
    return escaped(piece.text)
