"""Files kept by what they contain: the address of a file is the SHA-256 of its bytes, and nothing else."""

import os
import re
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask

from exports.errors import ExportError

HASH = re.compile(r"[0-9a-f]{64}")


class NotKept(ExportError):
    """No file with this hash is kept here."""


class AlteredFile(ExportError):
    """The bytes kept under a hash are no longer those that give it."""


@dataclass(frozen=True)
class Storage:
    """A folder of files that never change."""

    folder: Path

    def keep(self, content: bytes) -> str:
        """Keep these bytes and give their hash. Once it returns, a power cut does not lose them.

        Keeping the same bytes again changes nothing, and mends a file that was damaged.
        """
        name = sha256(content).hexdigest()
        path = self._path(name)
        if not path.exists() or path.read_bytes() != content:
            _make_folder(path.parent)
            _write(path, content)
        return name

    def read(self, name: str) -> bytes:
        """The bytes with this hash. Raises NotKept, and AlteredFile rather than hand out other bytes."""
        try:
            content = self._path(name).read_bytes()
        except FileNotFoundError:
            raise NotKept(name) from None
        if sha256(content).hexdigest() != name:
            raise AlteredFile(name)
        return content

    def _path(self, name: str) -> Path:
        if not HASH.fullmatch(name):
            raise NotKept(name[:64])
        return self.folder / name[:2] / name[2:]


def storage_of(app: Flask) -> Storage:
    """The storage of an application: the folder its setting FILES names, or `files` in its instance folder."""
    return Storage(Path(app.config.get("FILES") or Path(app.instance_path) / "files"))


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for above in (folder.parent, folder.parent.parent):
            _settle(above)


def _write(path: Path, content: bytes) -> None:
    """A reader sees the whole file or none, whenever the writing stops."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="unfinished-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Have the names in a folder written to the disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
