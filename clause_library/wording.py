"""The wording of a clause: a small Markdown with parameters, defined terms and references. Never a template.

A clause file reads: `# title`, a plain-language summary, then for each requirement `## id`, its text,
`### evidence` and `### verification`. Inside texts: paragraphs, `- ` lists, *emphasis*,
`{{ parameter }}`, `{{ term.supplier.of }}` and `[[DQ-03]]`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clause_library.errors import BadWording

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_.]+)\s*\}\}")
REFERENCE = re.compile(r"\[\[([A-Z]{2,3}-\d{2})\]\]")
_MARK = re.compile(rf"{PLACEHOLDER.pattern}|{REFERENCE.pattern}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|<[A-Za-z/!]")
PARTS = ("evidence", "verification")
TERM_FORMS = ("the", "The", "of", "to", "by")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: its kind is "plain", "emphasis", "strong", "parameter", "term" or "reference"."""

    kind: str
    text: str


@dataclass(frozen=True)
class TextBlock:
    """A paragraph, or one item of a list ("item" bulleted, "step" numbered)."""

    kind: str
    pieces: tuple[Piece, ...]


def clause_text(source: str, where: str) -> dict[str, Any]:
    """The parts of a clause file: {title, summary, requirements: {id: {text, evidence, verification}}}.

    Raises BadWording, naming `where`, for a missing title, summary or part and for a heading out of place.
    """
    lines = source.strip().splitlines()
    if not lines or not lines[0].startswith("# "):
        raise BadWording(where, "the first line is the title, '# …'")
    parts = re.split(r"^## +(\S+)\s*$", "\n".join(lines[1:]), flags=re.MULTILINE)
    summary = parts[0].strip()
    if not summary or "\n#" in parts[0]:
        raise BadWording(where, "a plain-language summary stands between the title and the first requirement")
    requirements = {
        name: _requirement_text(body, f"{where}, {name}") for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    return {"title": lines[0][2:].strip(), "summary": summary, "requirements": requirements}


def clause_source(text: Mapping[str, Any]) -> str:
    """The file form of a clause text: the inverse of `clause_text`."""
    lines = [f"# {text['title']}", "", text["summary"]]
    for name, parts in text["requirements"].items():
        lines += ["", f"## {name}", "", parts["text"]]
        for part in PARTS:
            lines += ["", f"### {part}", "", parts[part]]
    return "\n".join(lines) + "\n"


def _requirement_text(body: str, where: str) -> dict[str, str]:
    text, *rest = re.split(r"^### +(\S+)\s*$", body, flags=re.MULTILINE)
    found = {"text": text.strip()} | {
        name: content.strip() for name, content in zip(rest[::2], rest[1::2], strict=True)
    }
    for part in ("text", *PARTS):
        if not found.get(part):
            raise BadWording(where, f"the part {part!r} is missing or empty")
    unknown = set(found) - {"text", *PARTS}
    if unknown:
        raise BadWording(where, f"unknown part {min(unknown)!r}")
    return found


def parameters_in(text: str) -> frozenset[str]:
    """The names of the parameters a text uses."""
    return frozenset(name for name in PLACEHOLDER.findall(text) if not name.startswith("term."))


def terms_in(text: str) -> frozenset[str]:
    """The defined terms a text uses, whatever their form."""
    return frozenset(name.split(".")[1] for name in PLACEHOLDER.findall(text) if name.startswith("term."))


def references_in(text: str) -> frozenset[str]:
    """The clauses a text refers to."""
    return frozenset(REFERENCE.findall(text))


def stray_marks(text: str) -> list[str]:
    """Marks that look like placeholders, templates or HTML and are none of ours."""
    return _STRAY.findall(_MARK.sub("", text))


@cache
def _markdown() -> MarkdownIt:
    made = MarkdownIt("zero").enable(["emphasis", "list"])
    # A parser puts its rules in order when first used; after that it changes no more, and threads may share it.
    made.parse("- *x*")
    return made


def blocks(text: str) -> tuple[TextBlock, ...]:
    """The paragraphs and list items of a text, each in pieces. Anything else stays as plain characters."""
    found: list[TextBlock] = []
    kinds: list[str] = []
    for token in _markdown().parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            kinds.append("item" if token.type.startswith("bullet") else "step")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            kinds.pop()
        elif token.type == "inline":
            found.append(TextBlock(kinds[-1] if kinds else "paragraph", tuple(_pieces(token))))
    return tuple(found)


def _pieces(inline: Token) -> list[Piece]:
    found: list[Piece] = []
    kind = "plain"
    for token in inline.children or ():
        if token.type in ("em_open", "strong_open"):
            kind = "emphasis" if token.type == "em_open" else "strong"
        elif token.type in ("em_close", "strong_close"):
            kind = "plain"
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Piece(kind, " "))
        elif token.content:
            found += _marked(token.content, kind)
    return found


def _marked(text: str, kind: str) -> list[Piece]:
    found: list[Piece] = []
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            found.append(Piece(kind, text[end : match.start()]))
        name, reference = match.groups()
        if reference:
            found.append(Piece("reference", reference))
        elif name.startswith("term."):
            found.append(Piece("term", name.removeprefix("term.")))
        else:
            found.append(Piece("parameter", name))
        end = match.end()
    if end < len(text):
        found.append(Piece(kind, text[end:]))
    return found


def said(text: str, say: Callable[[Piece], str]) -> str:
    """The text as plain words, each piece said by `say`; paragraphs and items on lines of their own."""
    return "\n".join("".join(say(piece) for piece in block.pieces) for block in blocks(text))
