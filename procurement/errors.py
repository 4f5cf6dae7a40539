"""The errors of procurement: one family, each named after the broken rule."""


class ProcurementError(Exception):
    """Any rule of this room that was broken."""


class BadInput(ProcurementError):
    """A particular, parameter or decision that cannot be read.

    `code` is a key of the sentences under `errors`; `field` says which, `value` what was given.
    """

    def __init__(self, code: str, field: str, value: str = "") -> None:
        super().__init__(f"{code}: {field} {value}".strip())
        self.code = code
        self.field = field
        self.value = value


class NoSuchTender(ProcurementError):
    """There is no tender with this id in the person's organisation."""


class Overtaken(ProcurementError):
    """Somebody else saved first: `theirs` is what is stored now, nothing was overwritten."""

    def __init__(self, theirs: object) -> None:
        super().__init__("somebody else saved first")
        self.theirs = theirs


class NotAllowed(ProcurementError):
    """The step is not open in this state of the tender, or not to this person."""
