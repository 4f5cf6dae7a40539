"""The fixed words of the checklist, in the language of the tender."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from rules.conditions import TENDER

WORDS = Path(__file__).parent / "looks" / "checklist.toml"


@dataclass(frozen=True, slots=True)
class ChecklistTexts:
    """Titles of sheets and columns, answers offered, and what the bidder is told about each kind of answer."""

    read_me: str
    supplier: str
    evidence: str
    acceptance: str
    deliverables: str
    how_to: tuple[str, ...]
    completeness: str
    answered: str
    asked: str
    field: str
    supplier_fields: tuple[str, ...]
    id: str
    clause: str
    requirement: str
    strength: str
    evidence_asked: str
    answer: str
    explanation: str
    evidence_reference: str
    page: str
    secret: str
    secret_reason: str
    most_words: str
    tick: str
    yes_no: tuple[str, ...]
    levels: tuple[str, ...]
    prompts: Mapping[str, str]
    document_title: str
    file_name: str
    pages: str
    remarks: str
    acceptance_statement: str
    signature_fields: tuple[str, ...]
    duty: str
    moment: str
    term: str


def checklist_texts(language: str, instrument: str = TENDER) -> ChecklistTexts:
    """The texts for a tag such as es or pt-BR; those of its language if there are none for the region, else English."""
    written = _written()
    words = written.get(language) or written.get(language.partition("-")[0].lower()) or written["en"]
    return _texts({**words, **words.get(instrument, {})})


@cache
def _written() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(WORDS.read_text("utf-8"))


def _texts(words: Mapping[str, Any]) -> ChecklistTexts:
    frozen: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in words.items()}
    return ChecklistTexts(**{one.name: frozen[one.name] for one in fields(ChecklistTexts)})
