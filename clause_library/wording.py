"""The wording of a clause: a small Markdown with parameters, defined terms and references. Never a template.

A clause file reads: `# title`, a plain-language summary, then for each requirement `## id`, its text and
its parts (`### evidence`, `### verification`, …), and at the end the notes for whoever drafts (`## use`, `## avoid`,
`## mistake`). Inside texts: paragraphs, `- ` and `1. ` lists, *emphasis*, `{{ parameter }}`,
`{{ term.supplier.of }}` and `[[DQ-03]]`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from clause_library.errors import BadWording

PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_.]+)\s*\}\}")
REFERENCE = re.compile(r"\[\[([A-Z]{2,3}-\d{2})\]\]")
_MARK = re.compile(rf"{PLACEHOLDER.pattern}|{REFERENCE.pattern}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|\[\[|\]\]|<[A-Za-z/!]")
EVIDENCE, VERIFICATION, FAILURE, QUESTION, SCALE, FALLBACK = PARTS = (
    "evidence",
    "verification",
    "failure",
    "question",
    "scale",
    "fallback",
)
NEEDED_PARTS = (EVIDENCE, VERIFICATION)
NOTES = ("use", "avoid", "mistake")
LINE_OF_SUMMARY = 3
TERMS = ("supplier", "buyer", "bidder")
# Under this name stand the forms of a term where no place has its own.
ANY_PLACE = "default"
TERM_FORMS = ("the", "The", "of", "to", "by", "one", "the_many")


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
    """The parts of a clause file: {title, summary, requirements: {id: {text, evidence, …}}, notes: {use, …}}.

    Raises BadWording, naming `where`, for a missing title, summary, evidence or verification, a part or note
    that does not exist or stands twice, and one that is empty.
    """
    lines = source.strip().splitlines()
    if not lines or not lines[0].startswith("# "):
        raise BadWording(where, "the first line is the title, '# …'")
    summary, *rest = re.split(r"^## +(\S+)\s*$", "\n".join(lines[1:]), flags=re.MULTILINE)
    if not summary.strip() or "\n#" in summary:
        raise BadWording(where, "a plain-language summary stands between the title and the first requirement")
    bodies = _by_heading(rest, where)
    notes = {name: bodies.pop(name).strip() for name in NOTES if name in bodies}
    for name, note in notes.items():
        if not note:
            raise BadWording(where, f"the note {name!r} is empty")
    text = {
        "title": lines[0][2:].strip(),
        "summary": summary.strip(),
        "requirements": {name: _requirement_text(body, f"{where}, {name}") for name, body in bodies.items()},
    }
    return text | {"notes": notes} if notes else text


def clause_source(text: Mapping[str, Any]) -> str:
    """The file form of a clause text: the inverse of `clause_text`."""
    lines = [f"# {text.get('title', '')}", "", text.get("summary", "")]
    for name, parts in text["requirements"].items():
        lines += ["", f"## {name}", "", parts.get("text", "")]
        for part in PARTS:
            if part in parts:
                lines += ["", f"### {part}", "", parts[part]]
    notes = text.get("notes", {})
    for name in NOTES:
        if name in notes:
            lines += ["", f"## {name}", "", notes[name]]
    return "\n".join(lines) + "\n"


def read_by_bidders(parts: Mapping[str, str]) -> str:
    """All that is printed of a requirement: everything but the wordings to fall back on."""
    return "\n".join(text for part, text in parts.items() if part != FALLBACK)


def line_of(text: Mapping[str, Any], requirement: str, part: str) -> int:
    """The line of the file form at which a part begins; its requirement's where it is missing, else the title's."""
    if (requirement, part) == ("", "summary"):
        return LINE_OF_SUMMARY
    lines = clause_source(text).splitlines()
    heading = f"## {requirement or part}"
    if heading not in lines:
        return 1
    start = lines.index(heading)
    inner = f"### {part}"
    end = next((place for place in range(start + 1, len(lines)) if lines[place].startswith("## ")), len(lines))
    return lines.index(inner, start, end) + 1 if inner in lines[start:end] else start + 1


def _requirement_text(body: str, where: str) -> dict[str, str]:
    text, *rest = re.split(r"^### +(\S+)\s*$", body, flags=re.MULTILINE)
    found = {"text": text} | _by_heading(rest, where)
    if unknown := set(found) - {"text", *PARTS}:
        raise BadWording(where, f"unknown part {min(unknown)!r}")
    for part in ("text", *NEEDED_PARTS, *found):
        if not found.get(part, "").strip():
            raise BadWording(where, f"the part {part!r} is missing or empty")
    return {part: found[part].strip() for part in ("text", *PARTS) if part in found}


def _by_heading(parts: list[str], where: str) -> dict[str, str]:
    """Headings and bodies in turn, as a table. Raises BadWording for a heading that stands twice."""
    names = parts[::2]
    for name in names:
        if names.count(name) > 1:
            raise BadWording(where, f"the heading {name!r} stands twice")
    return dict(zip(names, parts[1::2], strict=True))


def parameters_in(text: str) -> frozenset[str]:
    """The names of the parameters a text uses."""
    return frozenset(name for name in PLACEHOLDER.findall(text) if not name.startswith("term."))


def is_term(name: str) -> bool:
    """Whether a mark such as term.supplier.of names a party, in a form it has."""
    word, _, rest = name.partition(".")
    term, _, form = rest.partition(".")
    return word == "term" and term in TERMS and (form in TERM_FORMS or name == f"term.{term}")


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
    made = MarkdownIt("zero").enable(["emphasis", "list", "newline"])
    # A parser puts its rules in order when first used; after that it changes no more, and threads may share it.
    made.parse("- *x*")
    return made


@lru_cache(maxsize=4096)
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
