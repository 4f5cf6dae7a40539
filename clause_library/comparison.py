"""Comparing two texts word by word: which words stayed, came and went."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_WORD = re.compile(r"\s+|[\w{}.]+|[^\w\s]")


@dataclass(frozen=True)
class Stretch:
    """Words in a row that share a fate: "kept", "inserted" or "deleted"."""

    fate: str
    text: str


def compared(before: str, after: str) -> tuple[Stretch, ...]:
    """The stretches that turn `before` into `after`, deletions before insertions at the same place."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Stretch] = []
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            found.append(Stretch("kept", "".join(old[step.src_start : step.src_end])))
            continue
        if step.src_start < step.src_end:
            found.append(Stretch("deleted", "".join(old[step.src_start : step.src_end])))
        if step.dest_start < step.dest_end:
            found.append(Stretch("inserted", "".join(new[step.dest_start : step.dest_end])))
    return tuple(found)
