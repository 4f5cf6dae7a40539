"""One entry of the ledger, and how it is hashed."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEGINNING = "0" * 64
"""What the first entry carries as the hash of the one before it."""

# Each kind of text is hashed under its own name, so that no hash of one can pass for a hash of the other.
PAYLOAD = b"ledger-payload-1\0"
ENTRY = b"ledger-entry-1\0"


class LedgerError(Exception):
    """Something was asked of the ledger that it does not do."""


class NotCanonical(LedgerError):
    """A payload holds something that has no single written form, such as a fraction."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    seq: int
    kind: str
    organisation: str | None
    actor: str
    subject: str
    payload: str
    payload_hash: str
    previous_hash: str
    at: datetime

    @property
    def hash(self) -> str:
        """The hash over every field; the payload enters by its own hash."""
        written = {
            "seq": self.seq,
            "kind": self.kind,
            "organisation": self.organisation,
            "actor": self.actor,
            "subject": self.subject,
            "payload": self.payload_hash,
            "previous": self.previous_hash,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
        return hashlib.sha256(ENTRY + _json(written).encode()).hexdigest()


def payload_hash(payload: str) -> str:
    """The hash of a payload in its canonical text."""
    return hashlib.sha256(PAYLOAD + payload.encode()).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """The one way of writing these values: JSON, keys sorted, composed characters, no fractions.

    Raises NotCanonical for a value that has no such form.
    """
    return _json(_composed(value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _composed(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _composed_text(value)
    if isinstance(value, Mapping):
        return _composed_mapping(value)
    if isinstance(value, list | tuple):
        return [_composed(item) for item in value]
    raise NotCanonical(type(value).__name__)


def _composed_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in value):
        raise NotCanonical("a key that is not text")
    composed = {_composed_text(key): _composed(item) for key, item in value.items()}
    if len(composed) != len(value):
        raise NotCanonical("two keys that are written alike")
    return composed


def _composed_text(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in value):
        raise NotCanonical("a character that cannot be stored")
    return unicodedata.normalize("NFC", value)
