"""The first release as it was frozen, and what came out of the worked cases on it: neither ever changes."""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from clause_library.bundles import read_release_file
from clause_library.releases import Release, Version, library_of
from rules.library import Library

HERE = Path(__file__).parent
HASH = "0a1c7701837a1374c0239413f45d10d62d5d649f114d5602baf96b70fa09856c"


def first_file() -> str:
    """The file of the release, as it was exported."""
    return gzip.decompress((HERE / "first_release.json.gz").read_bytes()).decode()


@cache
def first_release() -> tuple[Release, Mapping[str, Version]]:
    return read_release_file(first_file())


@cache
def first_library() -> Library:
    return library_of(*first_release())


@cache
def first_cases() -> tuple[Mapping[str, Any], ...]:
    """The worked cases: answers, and what was assessed and selected."""
    return tuple(json.loads(gzip.decompress((HERE / "first_release_cases.json.gz").read_bytes())))
