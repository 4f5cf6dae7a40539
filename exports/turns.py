"""Taking turns at rendering: a process renders two documents at a time, and whoever comes next waits a little."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from exports.errors import ExportError

AT_A_TIME = 2
LONGEST_WAIT = 20.0

_places = BoundedSemaphore(AT_A_TIME)


class NoTurn(ExportError):
    """Too many documents are being rendered; it is worth asking again soon."""


@contextmanager
def turn(longest_wait: float = LONGEST_WAIT) -> Iterator[None]:
    """A turn at rendering, for the length of the block. Raises NoTurn after waiting so many seconds."""
    if not _places.acquire(timeout=longest_wait):
        raise NoTurn(f"no turn within {longest_wait} seconds")
    try:
        yield
    finally:
        _places.release()
