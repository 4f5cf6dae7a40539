"""The errors of the clause library: one family, each named after the broken rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of a clause's text: a code, and the mark or name it is about.

    `requirement` is empty for the title and the summary.
    """

    language: str
    requirement: str
    part: str
    code: str
    mark: str = ""

    @property
    def where(self) -> str:
        """Language, requirement and part in a row."""
        return ", ".join(filter(None, (self.language, self.requirement, self.part)))


class ClauseLibraryError(Exception):
    """Any rule of this room that was broken."""


class BadWording(ClauseLibraryError):
    """The text of a clause cannot be read: says where and what."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class BadTexts(BadWording):
    """Proposed texts with faults, all of them named."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0].where, f"{faults[0].code} {faults[0].mark}".strip())
        self.faults = faults


class NoSuchRelease(ClauseLibraryError):
    """There is no release with this number or hash."""


class NoSuchClause(ClauseLibraryError):
    """There is no clause, version or proposal with this id."""


class Altered(ClauseLibraryError):
    """Stored bytes do not give the hash they are kept under."""


class NotAllowed(ClauseLibraryError):
    """The person may not do this step: the four-eyes rule, or the state of the proposal."""


class AlreadyClosed(NotAllowed):
    """The proposal was approved, rejected or withdrawn before."""


class Overtaken(ClauseLibraryError):
    """Somebody else changed it since it was read; nothing was saved."""


class NothingChanged(ClauseLibraryError):
    """A proposal that changes nothing."""


class HasReleases(ClauseLibraryError):
    """A bundle is entered only where there is no release yet."""


class BadBundle(ClauseLibraryError):
    """A file that is not a whole release: says what is wrong."""
