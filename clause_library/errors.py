"""The errors of the clause library: one family, each named after the broken rule."""


class ClauseLibraryError(Exception):
    """Any rule of this room that was broken."""


class BadWording(ClauseLibraryError):
    """The text of a clause cannot be read: says where and what."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class NoSuchRelease(ClauseLibraryError):
    """There is no release with this number or hash."""


class NoSuchClause(ClauseLibraryError):
    """There is no clause, version or proposal with this id."""


class Altered(ClauseLibraryError):
    """Stored bytes do not give the hash they are kept under."""


class NotAllowed(ClauseLibraryError):
    """The person may not do this step: the four-eyes rule, or the state of the proposal."""


class Overtaken(ClauseLibraryError):
    """Somebody else changed it since it was read; nothing was saved."""


class NothingChanged(ClauseLibraryError):
    """A proposal that changes nothing."""
