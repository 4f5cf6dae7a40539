import json

import pytest

from clause_library.bundles import read_release_file, release_file
from clause_library.errors import Altered, BadBundle
from clause_library.releases import canonical, hashed, shipped_release


@pytest.fixture
def data():
    return json.loads(release_file(*shipped_release()))


def _resealed(data):
    """The file with the hash of its manifest made right again, as a forger would."""
    data["hash"] = hashed("release-1", canonical(data["manifest"]))
    return json.dumps(data)


def test_a_release_read_from_its_file_is_the_same_release():
    release, versions = shipped_release()

    assert read_release_file(release_file(release, versions)) == (release, versions)


def test_a_file_laid_out_otherwise_is_the_same_release(data):
    release, versions = read_release_file(json.dumps(data, indent=4))

    assert (release, versions) == shipped_release()


def test_the_hashes_can_be_computed_with_nothing_but_sorted_keys(data):
    for name, body in data["versions"].items():
        text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashed("clause-version-1", text) == name


def test_a_word_changed_in_a_version_is_found(data):
    name = data["manifest"]["clauses"][0]["hash"]
    data["versions"][name]["texts"]["en"]["title"] += "!"

    with pytest.raises(Altered):
        read_release_file(json.dumps(data))


def test_a_word_changed_in_the_manifest_is_found(data):
    data["manifest"]["words"]["en"]["tiers"]["3"]["name"] = "low"

    with pytest.raises(Altered):
        read_release_file(json.dumps(data))


def test_a_version_left_out_is_found(data):
    del data["versions"][data["manifest"]["clauses"][0]["hash"]]

    with pytest.raises(BadBundle):
        read_release_file(json.dumps(data))


def test_a_version_that_was_slipped_in_is_found(data):
    data["versions"]["0" * 64] = next(iter(data["versions"].values()))

    with pytest.raises(BadBundle):
        read_release_file(json.dumps(data))


def test_a_version_under_another_number_is_found(data):
    data["manifest"]["clauses"][0]["version"] = 7

    with pytest.raises(BadBundle):
        read_release_file(_resealed(data))


def test_a_file_that_says_one_thing_twice_is_refused():
    text = release_file(*shipped_release())

    with pytest.raises(BadBundle):
        read_release_file(text.replace('{"form":', '{"form":"another","form":', 1))


def test_an_empty_release_is_no_release(data):
    data["manifest"]["clauses"], data["versions"] = [], {}

    with pytest.raises(BadBundle):
        read_release_file(_resealed(data))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"form":"release-2"}',
        '{"form":"release-1","form":"release-1"}',
        '{"form":"release-1","manifest":{"schema":1.0}}',
        '{"form":"release-1","manifest":{"schema":NaN}}',
        '{"form":"release-1","manifest":[],"versions":{},"hash":""}',
        "[" * 100_000,
    ],
)
def test_what_is_no_release_is_refused(text):
    with pytest.raises(BadBundle):
        read_release_file(text)
