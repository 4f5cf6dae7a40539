"""What answering costs a bidder, in hours of work: an estimate, with a low and a high end.

The figures are the editors' own judgement and were measured on nobody; docs/method-of-effort.md says so and how to
replace them. They serve to compare two forms of one tender, not to price a bid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from procurement.asked import Asked, Row


@dataclass(frozen=True)
class Hours:
    """Hours of work, from the low end to the high one."""

    low: Fraction
    high: Fraction

    def __add__(self, other: "Hours") -> "Hours":
        return Hours(self.low + other.low, self.high + other.high)

    def times(self, count: int) -> "Hours":
        """The same, so many times."""
        return Hours(self.low * count, self.high * count)

    @property
    def rounded(self) -> tuple[int, int]:
        """Whole hours, rounded up."""
        return ceil(self.low), ceil(self.high)


def _hours(low: str, high: str) -> Hours:
    return Hours(Fraction(low), Fraction(high))


NOTHING = _hours("0", "0")
READING_AND_SENDING = _hours("4", "8")
DUTY_ACCEPTED = _hours("1/20", "1/10")
INFORMATIVE = _hours("1/2", "1")
MANDATORY = {
    "technical": _hours("3/2", "4"),
    "functional": _hours("3/4", "2"),
    "background": _hours("1/2", "3/2"),
    "contractual": _hours("1/4", "1"),
}
SCORED = {"number": _hours("1", "3"), "level": _hours("1", "3"), "test": _hours("6", "16"), "": _hours("1", "3")}


@dataclass(frozen=True)
class Effort:
    """The hours of each part of the work; `total` is their sum."""

    reading_and_sending: Hours
    mandatory: Hours
    scored: Hours
    informative: Hours
    acceptance: Hours

    @property
    def total(self) -> Hours:
        """All of it."""
        return self.reading_and_sending + self.mandatory + self.scored + self.informative + self.acceptance


def effort_of(asked: Asked) -> Effort:
    """The effort of answering what is asked: each row with its proof, and one reading of what is accepted."""
    by_strength = {
        strength: [row for row in asked.rows if row.selected.strength == strength]
        for strength in ("mandatory", "scored", "informative")
    }
    return Effort(
        reading_and_sending=READING_AND_SENDING,
        mandatory=_sum(MANDATORY[row.selected.requirement.kind] for row in by_strength["mandatory"]),
        scored=_sum(SCORED[row.selected.requirement.answer] for row in by_strength["scored"]),
        informative=INFORMATIVE.times(len(by_strength["informative"])),
        acceptance=DUTY_ACCEPTED.times(len(asked.later)),
    )


def _sum(hours: Iterable[Hours]) -> Hours:
    return sum(hours, NOTHING)


MOMENTS_AFTER = ("bid", "acceptance", "operation", "exit")


def calendar_of(asked: Asked) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """The supplier's later duties by moment, in the order in which they fall due; empty moments left out.

    What was due at the bid and is not asked there falls due at acceptance, where its proof moved.
    """
    due: dict[str, list[Row]] = {moment: [] for moment in MOMENTS_AFTER}
    for row in asked.later:
        moved = row.id in asked.proof_moved
        due["acceptance" if moved else row.selected.requirement.moment].append(row)
    return tuple((moment, tuple(rows)) for moment, rows in due.items() if rows)
