"""The shipped edition: the files under content/, read into the data of release 1."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from clause_library.errors import BadWording
from clause_library.wording import clause_text
from rules.library import LANGUAGES

CONTENT = Path(__file__).parent / "content"
WORDS = (
    "questions", "rules", "guarantees", "parameters", "jurisdictions", "terms", "glossary", "lexicon",
    "grounds", "instruments", "gaps", "metrics",
)  # fmt: skip


def read_edition(content: Path = CONTENT) -> dict[str, Any]:
    """Everything the edition says, as plain data: the clauses under "clauses", each with its texts.

    Raises BadWording naming the file for one that cannot be read.
    """
    tiers, guarantees = _toml(content / "tiers.toml"), _toml(content / "guarantees.toml")
    return {
        "edition": _toml(content / "edition.toml"),
        "questions": _toml(content / "questions.toml")["questions"],
        "facts": _toml(content / "facts.toml")["facts"],
        "triggers": tiers["triggers"],
        "score_maximum": tiers["score_maximum"],
        "flags": _toml(content / "flags.toml")["flags"],
        "conflicts": _toml(content / "conflicts.toml")["conflicts"],
        "parameters": _toml(content / "parameters.toml")["parameters"],
        "guarantees": guarantees["guarantees"],
        "exclusions": guarantees["exclusions"],
        "sources": _rows(content, "sources"),
        "instruments": _rows(content, "instruments"),
        "grounds": _toml(content / "grounds.toml")["grounds"],
        "metrics": _rows(content, "metrics"),
        "without_metric": _toml(content / "metrics.toml").get("without_metric", {}),
        "jurisdictions": _by_id(content / "jurisdictions"),
        "arrangements": _by_id(content / "arrangements"),
        "words": {language: _words(content / "words" / language) for language in LANGUAGES},
        "clauses": read_clauses(content),
    }


def read_clauses(content: Path = CONTENT) -> list[dict[str, Any]]:
    """The clauses of the edition, in the order of its categories."""
    order = _toml(content / "edition.toml")["categories"]
    folders = sorted(
        (content / "clauses").iterdir(), key=lambda path: (order.index(path.name.split("-")[0]), path.name)
    )
    return [read_clause(folder) for folder in folders]


def read_clause(folder: Path) -> dict[str, Any]:
    """One clause folder: its facts and, under "texts", its prose per language."""
    clause = _toml(folder / "clause.toml")
    if clause["id"] != folder.name:
        raise BadWording(str(folder.name), f"the id says {clause['id']}")
    clause.setdefault("requirements", [])
    clause["texts"] = {
        language: clause_text(_text(folder / f"{language}.md"), f"{folder.name}/{language}.md")
        for language in LANGUAGES
    }
    return clause


def _words(folder: Path) -> dict[str, Any]:
    """The words of one language: every file's tables side by side, the engine's sentences under their own name."""
    words: dict[str, Any] = {}
    for name in WORDS:
        words |= _toml(folder / f"{name}.toml")
    return words | {"sentences": _toml(folder / "sentences.toml")}


def _by_id(folder: Path) -> dict[str, Any]:
    tables = [_toml(path) for path in sorted(folder.glob("*.toml"))]
    return {table["id"]: table for table in tables}


def _rows(content: Path, name: str) -> dict[str, Any]:
    """The rows of a file by id. Raises BadWording for an id used twice, which would hide a row."""
    rows = _toml(content / f"{name}.toml")[name]
    for one, times in Counter(row["id"] for row in rows).items():
        if times > 1:
            raise BadWording(f"{name}.toml", f"the id {one} is used {times} times")
    return {row["id"]: row for row in rows}


def _toml(path: Path) -> dict[str, Any]:
    """The tables of a file; decimals stay as text, so that nothing is rounded on the way to a hash."""
    try:
        return tomllib.loads(_text(path), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise BadWording(f"{path.parent.name}/{path.name}", str(error)) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadWording(f"{path.parent.name}/{path.name}", str(error)) from error
