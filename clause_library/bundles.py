"""A release as one file: its manifest and the bodies of its versions, with the hashes anyone can compute again."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from clause_library.errors import Altered, BadBundle
from clause_library.releases import SCHEMAS, Release, Version, canonical, hashed, library_of
from rules.errors import BrokenLibrary

FORM = "release-1"

Versions = Mapping[str, Version]


def bundle_of(release: Release, versions: Versions) -> dict[str, Any]:
    """A release as plain data, with the bodies of its versions under "clauses"."""
    manifest = release.manifest
    bodies = [versions[row["hash"]].body | {"hash": row["hash"]} for row in manifest["clauses"]]
    return manifest | {"clauses": bodies}


def release_file(release: Release, versions: Versions) -> str:
    """The file: form, hash, manifest, and the bodies of the versions by hash. Its text is canonical too.

    The hash of a manifest or body is SHA-256 over its kind, a zero byte and its own canonical text.
    """
    bodies = {row["hash"]: versions[row["hash"]].body for row in release.manifest["clauses"]}
    return canonical({"form": FORM, "hash": release.hash, "manifest": release.manifest, "versions": bodies}) + "\n"


def read_release_file(text: str) -> tuple[Release, dict[str, Version]]:
    """The release and its versions by hash, every hash computed again.

    Raises BadBundle for a file that is not a whole release, Altered where content and hash disagree.
    """
    data = _parsed(text)
    try:
        if data["form"] != FORM or data["manifest"]["schema"] not in SCHEMAS:
            raise BadBundle(f"not of the form {FORM}")
        written = canonical(data["manifest"])
        release = Release(int(data["manifest"]["release"]), written, str(data["hash"]))
        versions = {name: _version(name, body) for name, body in data["versions"].items()}
        _check_whole(release, versions)
        library_of(release, versions)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadBundle(f"something is missing or out of place: {error}") from error
    except BrokenLibrary as error:
        raise BadBundle(str(error)) from error
    return release, versions


def _version(name: str, body: Mapping[str, Any]) -> Version:
    return Version(str(body["id"]), int(body["version"]), canonical(body), name)


def _check_whole(release: Release, versions: Versions) -> None:
    rows = release.manifest["clauses"]
    if hashed("release-1", release.canonical) != release.hash:
        raise Altered(f"release {release.number}")
    if release.number < 1 or not rows:
        raise BadBundle("a release has a number from 1 and at least one clause")
    if len({row["id"] for row in rows}) != len(rows) or {row["hash"] for row in rows} != set(versions):
        raise BadBundle("the versions are not those of the manifest")
    for row in rows:
        version = versions[row["hash"]]
        if (version.clause_id, version.number) != (row["id"], row["version"]):
            raise BadBundle(f"{row['id']}@{row['version']} is another clause or version")


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(
            text, object_pairs_hook=_without_repeats, parse_float=_refuse_fraction, parse_constant=_refuse_fraction
        )
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadBundle(f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise BadBundle("not an object")
    return data


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadBundle("a key stands twice in one object")
    return found


def _refuse_fraction(written: str) -> NoReturn:
    raise BadBundle(f"a number with no single written form: {written}")
