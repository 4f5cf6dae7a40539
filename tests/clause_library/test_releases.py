"""Canonical text and hashes never change: these vectors were written once and stay."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from clause_library.errors import Altered
from clause_library.releases import (
    SCHEMA,
    SCHEMAS,
    Release,
    Version,
    canonical,
    hashed,
    library_of,
    release_from,
    shipped_release,
    version_from,
)

VECTORS = json.loads((Path(__file__).parent / "canonical_vectors.json").read_text(encoding="utf-8"))
CLAUSE = {
    "id": "XX-01",
    "category": "XX",
    "principles": ["P"],
    "when": {"all": []},
    "requirements": [],
    "texts": {"en": {"title": "Title", "summary": "Summary.", "requirements": {}}},
}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_value_has_the_text_and_the_hash_it_always_had(vector):
    written = canonical(vector["value"])

    assert written == vector["canonical"]
    assert hashed("clause-version-1", written) == vector["hash"]
    assert sha256(b"clause-version-1\0" + written.encode()).hexdigest() == vector["hash"]


def test_there_are_enough_vectors():
    assert len(VECTORS) >= 10


def test_a_version_has_the_hash_it_always_had():
    version = version_from(CLAUSE, 3)

    assert version.canonical == (
        '{"category":"XX","id":"XX-01","principles":["P"],"requirements":[],"texts":{"en":{"requirements":{},'
        '"summary":"Summary.","title":"Title"}},"version":3,"when":{"all":[]}}'
    )
    assert version.hash == "d26b78dddf6eaac4ad630a5d611c357ef3bfd30c998b993e83298ef5cd763c87"


def test_a_release_has_the_hash_it_always_had():
    release = release_from({"schema": 1, "edition": {"name": "x"}}, 2, [version_from(CLAUSE, 3)])

    assert release.canonical == (
        '{"clauses":[{"hash":"d26b78dddf6eaac4ad630a5d611c357ef3bfd30c998b993e83298ef5cd763c87","id":"XX-01",'
        '"version":3}],"edition":{"name":"x"},"release":2,"schema":1}'
    )
    assert release.hash == "895843ed5883f5cba4ebd81d1c91ceff587f998d1f67aa9954f04f5da712ce30"


def test_a_release_is_of_the_newest_form_unless_it_says_another():
    of_today = release_from({"edition": {"name": "x"}}, 2, [version_from(CLAUSE, 3)])
    again = release_from(of_today.manifest | {"schema": 1}, 3, [version_from(CLAUSE, 3)])

    assert (of_today.manifest["schema"], again.manifest["schema"]) == (SCHEMA, 1)
    assert SCHEMAS == (1, SCHEMA)


def test_a_text_of_one_kind_does_not_pass_for_another():
    kinds = ("clause-version-1", "release-1", "proposal-1")

    assert len({hashed(kind, "{}") for kind in kinds}) == 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes"])
def test_a_value_without_one_written_form_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        canonical({"value": value})


def test_a_version_whose_text_was_altered_makes_no_library():
    release, versions = shipped_release()
    some = next(iter(versions.values()))
    altered = Version(some.clause_id, some.number, some.canonical.replace("a", "o", 1), some.hash)

    with pytest.raises(Altered):
        library_of(release, {**versions, some.hash: altered})


def test_a_manifest_that_was_altered_makes_no_library():
    release, versions = shipped_release()
    altered = Release(release.number, release.canonical.replace('"release":1', '"release":9'), release.hash)

    with pytest.raises(Altered):
        library_of(altered, versions)
