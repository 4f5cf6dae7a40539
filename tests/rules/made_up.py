"""Libraries made up for a test: a few questions, facts and clauses, and nothing else."""

from collections.abc import Mapping
from typing import Any

from rules.assessment import Reading
from rules.library import Library, library_from

YES_NO = ["no", "yes"]


def question(name: str, **facts: Any) -> dict[str, Any]:
    """A question answered by no, yes or "I do not know", unless said otherwise."""
    return {"id": name, "step": 1, "type": "single", "options": YES_NO, "order": YES_NO, "do_not_know": True} | facts


def requirement(name: str, **facts: Any) -> dict[str, Any]:
    """A mandatory duty of the supplier, due at the bid, at every tier, unless said otherwise."""
    strength = {"1": "mandatory", "2": "mandatory", "3": "mandatory", "4": "mandatory"}
    duty = {"id": name, "kind": "technical", "owed_by": "supplier", "moment": "bid", "strength": strength}
    return duty | facts


def clause(name: str, *requirements: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
    """A clause that applies always, unless said otherwise."""
    made = {"id": name, "category": name[:2], "principles": [], "version": 1, "hash": name, "texts": {}}
    return made | {"when": {"fact": "always"}, "requirements": list(requirements)} | facts


def bundle(**parts: Any) -> dict[str, Any]:
    """A bundle with these parts; the others empty."""
    empty = {
        "release": 1, "questions": [], "facts": {}, "triggers": [], "score_maximum": 0, "flags": [], "conflicts": [],
        "clauses": [], "parameters": [], "guarantees": [], "jurisdictions": {}, "sources": {}, "arrangements": {},
        "words": {}, "edition": {},
    }  # fmt: skip
    return empty | parts


def library(**parts: Any) -> Library:
    return library_from(bundle(**parts), "made up")


def reading(made: Library, **answers: Any) -> Reading:
    """The reading of these answers with a library."""
    return Reading(made, answers)
