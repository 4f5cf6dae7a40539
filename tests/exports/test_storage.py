import os
from hashlib import sha256

import pytest

from exports.storage import AlteredFile, NotKept, Storage

CONTENT = b"a tender as it was published"
NAME = sha256(CONTENT).hexdigest()


@pytest.fixture
def storage(tmp_path):
    return Storage(tmp_path / "files")


def _kept(storage):
    return [path for path in storage.folder.rglob("*") if path.is_file()]


def test_what_is_kept_comes_back_under_its_hash(storage):
    name = storage.keep(CONTENT)

    assert name == NAME
    assert storage.read(name) == CONTENT


def test_keeping_twice_keeps_one_file(storage):
    storage.keep(CONTENT)
    first = _kept(storage)[0].stat()

    storage.keep(CONTENT)

    assert [path.stat().st_ino for path in _kept(storage)] == [first.st_ino]


def test_a_damaged_file_is_not_handed_out_and_is_mended_by_keeping_it_again(storage):
    storage.keep(CONTENT)
    _kept(storage)[0].write_bytes(CONTENT + b".")

    with pytest.raises(AlteredFile):
        storage.read(NAME)
    storage.keep(CONTENT)

    assert storage.read(NAME) == CONTENT


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0" * 64,
        NAME[:-1],
        NAME.upper(),
        f"{NAME}\n",
        f"../{NAME}",
        "../../../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "/etc/passwd",
        "..\\secret",
        f"{NAME[:2]}/{NAME[2:]}",
        "\x00" * 64,
        "٣" * 64,
    ],
)
def test_only_the_hash_of_something_kept_finds_anything(storage, name):
    storage.keep(CONTENT)

    with pytest.raises(NotKept):
        storage.read(name)


def test_a_write_that_fails_leaves_nothing_behind(storage, monkeypatch):
    def full_disk(_file):
        raise OSError("no space left")

    storage.keep(b"so that the folders are there")
    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(OSError, match="no space left"):
        storage.keep(CONTENT)

    assert len(_kept(storage)) == 1
    with pytest.raises(NotKept):
        storage.read(NAME)
