"""How many cases can show a rate at a confidence, how many errors they may hold, and what given cases show.

Every figure is of the binomial distribution: independent cases, each right or wrong, looked at once. Rates and
confidences are in percent. docs/method-of-samples.md tells the method.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, exp, fsum, isclose, log, log1p

MOST_CASES = 100_000
# How often a good system passes the test that is asked of it.
POWER = Decimal(80)
# Sums of floats that come this near to what they are compared with are computed again in whole numbers.
_NEAR = 1e-9
_NEGLIGIBLE = 1e-18
_HALVINGS = 60


@dataclass(frozen=True)
class Sample:
    """A test: its cases, and the most errors with which it is passed."""

    cases: int
    errors: int


def error_free_cases(rate_percent: Decimal, confidence_percent: Decimal) -> int | None:
    """The error-free cases needed to show that a rate is at most `rate_percent` with `confidence_percent`.

    Exact for independent cases without one error: the smallest n with (1 - rate)^n <= 1 - confidence.
    None where the rate is 0 or 100 or more, which no sample can show or every sample shows.
    """
    rate, doubt = float(rate_percent) / 100, 1 - float(confidence_percent) / 100
    if not 0 < rate < 1 or not 0 < doubt < 1:
        return None
    return ceil(log(doubt) / log(1 - rate) - 1e-9)


@lru_cache(maxsize=4096)
def smallest_test(
    limit: Decimal, confidence: Decimal, good: Decimal, power: Decimal = POWER, most: int = MOST_CASES
) -> Sample | None:
    """The smallest test that shows an error rate to be at most `limit` and that a system erring `good` passes.

    A system at the limit passes with a chance of at most 100 - confidence, one at `good` of at least `power`; the
    errors are the most the test may hold. None where a figure is out of its range, `good` is not below `limit`, or
    it would take more than `most` cases.
    """
    if not (0 < limit < 100 and 0 < confidence < 100 and 0 <= good < limit and 0 < power < 100):  # noqa: PLR2004
        return None
    bad, doubt, enough = limit / 100, 1 - confidence / 100, float(power) / 100
    for sample, passed in _tests(bad, doubt, good / 100, most):
        if passed >= enough - _NEAR:
            return sample
    return None


def _tests(bad: Decimal, doubt: Decimal, good: Decimal, most: int) -> Iterator[tuple[Sample, float]]:
    """For 0, 1, 2 … errors the smallest test that shows the rate, with the chance that a good system passes it.

    More cases with the same errors are passed less often, so the smallest test of all is among these. The sums are
    carried from one test to the next: one more case, or one more error.
    """
    cases = error_free_cases(bad * 100, (1 - doubt) * 100) or 1
    tails = _Tail(bad, cases), _Tail(good, cases)
    errors = 0
    while cases <= most:
        while not tails[0].at_most(doubt):
            if cases == most:
                return
            cases += 1
            for tail in tails:
                tail.add_case()
        yield Sample(cases, errors), tails[1].sum
        errors += 1
        for tail in tails:
            tail.add_error()


class _Tail:
    """The chance of at most `errors` errors in `cases` cases, carried along as either grows by one."""

    def __init__(self, rate: Decimal, cases: int) -> None:
        self.rate = rate
        self.wrong, self.right = float(rate), float(1 - rate)
        self.cases, self.errors = cases, 0
        self.last = self.sum = self.right**cases

    def add_case(self) -> None:
        self.sum -= self.wrong * self.last
        self.cases += 1
        self.last *= self.cases * self.right / (self.cases - self.errors)

    def add_error(self) -> None:
        self.errors += 1
        self.last *= (self.cases - self.errors + 1) * self.wrong / (self.errors * self.right)
        self.sum += self.last

    def at_most(self, doubt: Decimal) -> bool:
        if isclose(self.sum, float(doubt), rel_tol=_NEAR):
            return _exact_chance(self.cases, self.errors, self.rate) <= Fraction(doubt)
        return self.sum < float(doubt)


def _exact_chance(cases: int, errors: int, rate: Decimal) -> Fraction:
    """The chance of at most so many errors, in whole numbers."""
    wrong, whole = Fraction(rate).numerator, Fraction(rate).denominator
    right = whole - wrong
    term = total = right**cases
    for error in range(1, errors + 1):
        term = term * (cases - error + 1) * wrong // (error * right)
        total += term
    return Fraction(total, whole**cases)


# What a given test shows


def chance_of_passing(sample: Sample, rate: Decimal) -> float:
    """The chance, from 0 to 1, that a system with this error rate passes a test."""
    if rate <= 0 or sample.errors >= sample.cases:
        return 1.0
    if rate >= 100:  # noqa: PLR2004
        return 0.0
    return _chance(sample.cases, sample.errors, float(rate) / 100)


@lru_cache(maxsize=4096)
def errors_allowed(cases: int, limit: Decimal, confidence: Decimal) -> int | None:
    """The most errors with which so many cases still show a rate of at most `limit`; None where not even 0 do."""
    least = error_free_cases(limit, confidence)
    if least is None or cases < least:
        return None
    low, high = 0, cases
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _shows(cases, middle, limit, confidence) else (low, middle)
    return low


def _shows(cases: int, errors: int, limit: Decimal, confidence: Decimal) -> bool:
    chance, doubt = chance_of_passing(Sample(cases, errors), limit), 1 - confidence / 100
    if isclose(chance, float(doubt), rel_tol=_NEAR):
        return _exact_chance(cases, errors, limit / 100) <= Fraction(doubt)
    return chance < float(doubt)


def upper_bound(sample: Sample, confidence: Decimal) -> float:
    """The highest error rate, in percent, still possible at a confidence when so many errors were seen.

    The one-sided limit of Clopper and Pearson: the rate at which so few errors have a chance of 1 - confidence.
    """
    if sample.errors >= sample.cases:
        return 100.0
    doubt, low, high = 1 - float(confidence) / 100, 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _chance(sample.cases, sample.errors, middle) > doubt else (low, middle)
    return 100 * high


def _chance(cases: int, errors: int, rate: float) -> float:
    """The chance of at most so many errors, summed from its largest term away, for a rate between 0 and 1."""
    if errors < cases * rate:
        steps = ((error + 1) * (1 - rate) / ((cases - error) * rate) for error in range(errors - 1, -1, -1))
        return _summed(_term(cases, errors, rate), steps)
    steps = ((cases - error + 1) * rate / (error * (1 - rate)) for error in range(errors + 2, cases + 1))
    return 1 - _summed(_term(cases, errors + 1, rate), steps)


def _summed(term: float, steps: Iterator[float]) -> float:
    total = [term]
    for step in steps:
        term *= step
        total.append(term)
        if term < _NEGLIGIBLE * total[0]:
            break
    return fsum(total)


def _term(cases: int, errors: int, rate: float) -> float:
    return exp(_ways(cases, errors) + errors * log(rate) + (cases - errors) * log1p(-rate))


@lru_cache(maxsize=1024)
def _ways(cases: int, errors: int) -> float:
    """The logarithm of the ways in which so many errors fall among the cases."""
    fewer = min(errors, cases - errors)
    return fsum(log((cases - fewer + one) / one) for one in range(1, fewer + 1))
