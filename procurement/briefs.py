"""Briefs as JSON Lines: reading one line of answers, saying what is wrong with it."""

import json
from collections.abc import Mapping
from typing import Any

from rules.errors import BadAnswer
from rules.library import Library
from rules.questions import Answer, read_answers


def answers_from_json(library: Library, text: str) -> dict[str, Answer]:
    """The answers in one JSON object. Raises BadAnswer, with the code of what is wrong."""
    try:
        given = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("invalid_json", "", str(error)[:200]) from None
    if not isinstance(given, Mapping):
        raise BadAnswer("not_an_object")
    return read_answers(library.questions, given)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadAnswer("duplicate_key", key, key)
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise ValueError(name)
