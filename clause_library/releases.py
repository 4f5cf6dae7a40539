"""Releases: versions and rules as canonical bytes, their hashes, and the library they make.

A version is the facts and the texts of one clause, all languages together. A release is a manifest
of everything else plus the hashes of its versions. The engine sees a library only through here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from clause_library.edition import read_edition
from clause_library.errors import Altered
from rules.library import Library, library_from

# 2: each requirement says how it is proved and what follows when it fails, and clauses have notes for whoever drafts.
SCHEMA = 2
SCHEMAS = (1, SCHEMA)


@dataclass(frozen=True)
class Version:
    """One immutable version of a clause: `canonical` is its text form, `hash` is over those bytes."""

    clause_id: str
    number: int
    canonical: str
    hash: str

    @property
    def body(self) -> dict[str, Any]:
        """The facts and texts of the clause."""
        body: dict[str, Any] = json.loads(self.canonical)
        return body


@dataclass(frozen=True)
class Release:
    """One immutable release: `canonical` is its manifest as text, `hash` is over those bytes."""

    number: int
    canonical: str
    hash: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Everything the release says besides the bodies of its versions."""
        manifest: dict[str, Any] = json.loads(self.canonical)
        return manifest


def canonical(value: Mapping[str, Any]) -> str:
    """The one text form of a value: keys sorted, no spaces, no escapes. Hashes are over its UTF-8 bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def hashed(kind: str, text: str) -> str:
    """SHA-256 in hexadecimal, separated by kind so that no text of one kind passes for another."""
    return sha256(f"{kind}\0".encode() + text.encode()).hexdigest()


def version_from(clause: Mapping[str, Any], number: int) -> Version:
    """A version of a clause from its facts and texts."""
    body = {key: value for key, value in clause.items() if key not in ("version", "hash")} | {"version": number}
    text = canonical(body)
    return Version(clause["id"], number, text, hashed("clause-version-1", text))


def release_from(rules: Mapping[str, Any], number: int, versions: Iterable[Version]) -> Release:
    """A release with this number from everything else (`rules`) and the versions it holds, in order."""
    rows = [{"id": version.clause_id, "version": version.number, "hash": version.hash} for version in versions]
    manifest = dict(rules) | {"schema": rules.get("schema", SCHEMA), "release": number, "clauses": rows}
    text = canonical(manifest)
    return Release(number, text, hashed("release-1", text))


def library_of(release: Release, versions: Mapping[str, Version]) -> Library:
    """The library a release makes; `versions` by hash. Raises Altered where bytes and hashes disagree."""
    if hashed("release-1", release.canonical) != release.hash:
        raise Altered(f"release {release.number}")
    bundle = release.manifest
    bundle["clauses"] = [_checked_body(row, versions) for row in bundle["clauses"]]
    return library_from(bundle, release.hash)


def _checked_body(row: Mapping[str, Any], versions: Mapping[str, Version]) -> dict[str, Any]:
    version = versions[row["hash"]]
    if hashed("clause-version-1", version.canonical) != row["hash"]:
        raise Altered(f"{row['id']}@{row['version']}")
    return version.body | {"hash": version.hash}


@cache
def shipped_release() -> tuple[Release, Mapping[str, Version]]:
    """The edition under content/ as release 1, with its versions by hash."""
    edition = read_edition()
    versions = [version_from(clause, 1) for clause in edition.pop("clauses")]
    return release_from(edition, 1, versions), {version.hash: version for version in versions}


@cache
def shipped_library() -> Library:
    """The library of the shipped edition."""
    return library_of(*shipped_release())
