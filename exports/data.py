"""Data files for people and programs."""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The value as UTF-8 JSON with sorted keys, two spaces of indent and a newline at the end.

    Lone surrogates come out as JSON escapes. NaN and infinities are a ValueError.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True)
    return (text + "\n").encode("utf-8", "backslashreplace")
