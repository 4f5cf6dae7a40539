"""Zip packages whose bytes depend on their parts alone."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

# 1 January 1980, the first moment a zip file can tell, as a DOS date; and no time of day.
DOS_DATE = 0x21
DEFLATED, VERSION, UTF8_NAME = 8, 20, 0x800


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package, already compressed, so that parts that never change are compressed once."""

    name: str
    check: int
    size: int
    compressed: bytes


def part(name: str, content: bytes) -> Part:
    """The content as a part, deflated at level 6."""
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Part(name, zlib.crc32(content), len(content), squeezer.compress(content) + squeezer.flush())


def package(parts: Iterable[Part]) -> bytes:
    """The parts as a zip file, in the order given."""
    files: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for one in parts:
        name = one.name.encode("utf-8")
        flag = 0 if one.name.isascii() else UTF8_NAME
        shared = struct.pack(
            "<HHHHHLLLHH",
            VERSION,
            flag,
            DEFLATED,
            0,
            DOS_DATE,
            one.check,
            len(one.compressed),
            one.size,
            len(name),
            0,
        )
        files += (b"PK\x03\x04", shared, name, one.compressed)
        directory.append(b"PK\x01\x02" + struct.pack("<H", VERSION) + shared)
        directory.append(struct.pack("<HHHLL", 0, 0, 0, 0, offset) + name)
        offset += 4 + len(shared) + len(name) + len(one.compressed)
    listing = b"".join(directory)
    count = len(directory) // 2
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(listing), offset, 0)
    return b"".join((*files, listing, end))
