"""The worked purchases: eight examples, answered from beginning to end, to start a tender from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WORKED = Path(__file__).parent / "worked"


@dataclass(frozen=True)
class WorkedPurchase:
    """An example: `title`, `summary` and `problem` per language, its answers, and the tier they bring."""

    id: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    problem: Mapping[str, str]
    answers: Mapping[str, Any]
    tier: int

    def answers_in(self, language: str) -> dict[str, Any]:
        """The answers, the problem told in this language."""
        return {**self.answers, "problem": self.problem[language]}


@cache
def worked_purchases() -> Mapping[str, WorkedPurchase]:
    """The worked purchases by id, in order."""
    read = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(WORKED.glob("*.json")))
    return {
        data["id"]: WorkedPurchase(
            data["id"], data["title"], data["summary"], data["problem"], data["answers"], data["expected"]["tier"]
        )
        for data in read
    }
