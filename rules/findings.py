"""What a proof finds: a promise that is not kept, and the brief that breaks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rules.questions import Answer

# What may matter beside answers.
TIER, FORM, INSTRUMENT = "decided tier", "form", "instrument"


@dataclass(frozen=True)
class Case:
    """A brief that breaks a promise, with what was decided; of all that, `matters` are the names of what it takes."""

    answers: Mapping[str, Answer]
    tier: int
    short: bool
    instrument: str
    matters: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """A promise that is not kept: a code, what it is about, the blanks of its sentence, and the brief that breaks it.

    Codes: no_such, unreached, always_in, meet, falls, over_budget, broken, loose, disagrees.
    """

    code: str
    subject: str
    blanks: Mapping[str, Any] = field(default_factory=dict)
    case: Case | None = None
