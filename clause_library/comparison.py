"""Comparing two texts word by word: which words stayed, came and went."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rapidfuzz.distance import Indel

from clause_library.review import parts_of
from rules.library import LANGUAGES

# A placeholder or a reference is one word.
_WORD = re.compile(r"\{\{\s*[\w.]+\s*\}\}|\[\[[^\[\]]*\]\]|\s+|\w+(?:[.,]\d+)*|[^\w\s]")
KEPT, INSERTED, DELETED = "kept", "inserted", "deleted"


@dataclass(frozen=True)
class Stretch:
    """Words in a row that share a fate: "kept", "inserted" or "deleted"."""

    fate: str
    text: str


@dataclass(frozen=True)
class Change:
    """A part of a clause that changed in one language; `requirement` is empty for the title and the summary."""

    language: str
    requirement: str
    part: str
    stretches: tuple[Stretch, ...]


def compared(before: str, after: str) -> tuple[Stretch, ...]:
    """The stretches that turn `before` into `after`, deletions before insertions at the same place."""
    return tuple(_whole_phrases(_by_word(_WORD.findall(before), _WORD.findall(after))))


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """The parts that differ between the texts of two versions of a clause, language by language."""
    found: list[Change] = []
    for language in LANGUAGES:
        old, new = (_by_place(texts.get(language)) for texts in (before, after))
        found += [
            Change(language, *place, compared(old.get(place, ""), new.get(place, "")))
            for place in dict.fromkeys([*new, *old])
            if old.get(place, "") != new.get(place, "")
        ]
    return tuple(found)


@dataclass(frozen=True)
class Meeting:
    """Texts written from an older version, brought together with a newer one.

    `taken_over` are the parts the writer had left alone and which now read as in the newer version; `conflicting`
    those both changed, as the newer text differs from what was written.
    """

    taken_over: tuple[Change, ...]
    conflicting: tuple[Change, ...]


def meeting(base: Mapping[str, Any], written: Mapping[str, Any], newer: Mapping[str, Any]) -> Meeting:
    """What becomes of texts `written` from `base` now that there is a `newer` version of the same clause."""
    moved = changes_between(base, newer)
    kept = {_place(change) for change in changes_between(base, written)}
    apart = changes_between(written, newer)
    newly = {_place(change) for change in moved}
    return Meeting(
        taken_over=tuple(change for change in moved if _place(change) not in kept),
        conflicting=tuple(change for change in apart if _place(change) in kept & newly),
    )


def _place(change: Change) -> tuple[str, str, str]:
    return change.language, change.requirement, change.part


def _by_place(text: Mapping[str, Any] | None) -> dict[tuple[str, str], str]:
    return {(requirement, part): written for requirement, part, written in parts_of(text)} if text else {}


def _by_word(old: list[str], new: list[str]) -> list[Stretch]:
    found: list[Stretch] = []
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            found.append(Stretch(KEPT, "".join(old[step.src_start : step.src_end])))
            continue
        if step.src_start < step.src_end:
            found.append(Stretch(DELETED, "".join(old[step.src_start : step.src_end])))
        if step.dest_start < step.dest_end:
            found.append(Stretch(INSERTED, "".join(new[step.dest_start : step.dest_end])))
    return found


def _whole_phrases(stretches: list[Stretch]) -> Iterator[Stretch]:
    """Changes with only blanks between them are read as one: the words that went, then the words that came."""
    last = len(stretches) - 1
    blank = [
        stretch.fate == KEPT and not stretch.text.strip() and 0 < place < last
        for place, stretch in enumerate(stretches)
    ]
    marked = zip(stretches, blank, strict=True)
    for stays, group in groupby(marked, key=lambda pair: pair[0].fate == KEPT and not pair[1]):
        together = [stretch for stretch, _ in group]
        if stays:
            yield Stretch(KEPT, "".join(stretch.text for stretch in together))
        elif {stretch.fate for stretch in together} >= {DELETED, INSERTED}:
            yield Stretch(DELETED, "".join(stretch.text for stretch in together if stretch.fate != INSERTED))
            yield Stretch(INSERTED, "".join(stretch.text for stretch in together if stretch.fate != DELETED))
        else:
            yield from together
