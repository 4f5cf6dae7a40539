from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import comb

import pytest
from hypothesis import assume, given, settings, strategies

from rules import sampling
from rules.sampling import Sample, chance_of_passing, error_free_cases, errors_allowed, smallest_test, upper_bound

PERCENT = strategies.decimals(Decimal("0.1"), Decimal("99.9"), places=1)
CONFIDENCE = strategies.sampled_from([Decimal(90), Decimal(95), Decimal(99)])
LIMIT = strategies.decimals(Decimal("0.5"), Decimal(60), places=1)


def chances(cases: int, rate: Decimal) -> list[Fraction]:
    """The chance of at most 0, 1, 2 … errors, added up in whole numbers from its definition."""
    wrong, whole = Fraction(rate / 100).as_integer_ratio()
    terms = (comb(cases, one) * wrong**one * (whole - wrong) ** (cases - one) for one in range(cases + 1))
    return [Fraction(total, whole**cases) for total in accumulate(terms)]


def chance(cases: int, errors: int, rate: Decimal) -> Fraction:
    return chances(cases, rate)[errors]


def by_trying_all(limit: Decimal, confidence: Decimal, good: Decimal, most: int) -> Sample | None:
    """The smallest test, by trying every number of cases with every number of errors."""
    doubt = 1 - Fraction(confidence) / 100
    for cases in range(1, most + 1):
        passing = [errors for errors, found in enumerate(chances(cases, limit)) if found <= doubt]
        if passing and chance(cases, passing[-1], good) >= Fraction(4, 5):
            return Sample(cases, passing[-1])
    return None


# Without an error


@pytest.mark.parametrize(
    ("rate", "confidence", "cases"),
    [("5", "95", 59), ("1", "95", 299), ("2", "95", 149), ("10", "90", 22), ("1", "99", 459), ("50", "50", 1),
     ("0.1", "95", 2995), ("3", "99", 152), ("0.05", "95", 5990), ("0.01", "99", 46050)],
)  # fmt: skip
def test_the_cases_without_an_error_that_show_a_rate(rate, confidence, cases):
    assert error_free_cases(Decimal(rate), Decimal(confidence)) == cases


@pytest.mark.parametrize(("rate", "confidence"), [("0", "95"), ("100", "95"), ("120", "95"), ("5", "0"), ("5", "100")])
def test_no_sample_shows_a_rate_of_nothing_or_of_everything(rate, confidence):
    assert error_free_cases(Decimal(rate), Decimal(confidence)) is None
    assert errors_allowed(1000, Decimal(rate), Decimal(confidence)) is None
    assert smallest_test(Decimal(rate), Decimal(confidence), Decimal(rate) / 2) is None


@given(PERCENT, PERCENT)
def test_the_cases_are_enough_and_one_fewer_is_not(rate, confidence):
    cases = error_free_cases(rate, confidence)
    assert cases is not None

    kept, doubt = 1 - rate / 100, 1 - confidence / 100

    tolerance = Decimal("1e-9")
    assert kept**cases <= doubt + tolerance
    assert cases == 1 or kept ** (cases - 1) > doubt - tolerance


# With errors


@pytest.mark.parametrize(
    ("cases", "limit", "confidence", "errors"),
    # The tables of acceptance sampling: 59, 93, 124, 153, 181 at 5 % and 95 %; 22, 38, 52 at 10 % and 90 %.
    [(58, "5", "95", None), (59, "5", "95", 0), (92, "5", "95", 0), (93, "5", "95", 1), (123, "5", "95", 1),
     (124, "5", "95", 2), (153, "5", "95", 3), (180, "5", "95", 3), (181, "5", "95", 4), (22, "10", "90", 0),
     (37, "10", "90", 0), (38, "10", "90", 1), (52, "10", "90", 2), (298, "1", "95", None), (299, "1", "95", 0),
     (473, "1", "95", 1), (661, "1", "99", 0), (662, "1", "99", 1)],
)  # fmt: skip
def test_so_many_errors_are_allowed_as_the_tables_say(cases, limit, confidence, errors):
    assert errors_allowed(cases, Decimal(limit), Decimal(confidence)) == errors


@pytest.mark.parametrize(
    ("limit", "confidence", "good"),
    [("5", "95", "1"), ("10", "95", "5"), ("10", "90", "5"), ("20", "99", "8"), ("40", "95", "25"), ("10", "99", "0"),
     ("30", "90", "20"), ("90", "90", "70")],
)  # fmt: skip
def test_the_smallest_test_is_the_one_found_by_trying_all(limit, confidence, good):
    limit, confidence, good = Decimal(limit), Decimal(confidence), Decimal(good)

    assert smallest_test(limit, confidence, good) == by_trying_all(limit, confidence, good, 180)


@settings(max_examples=40, deadline=None)
@given(LIMIT, CONFIDENCE, strategies.integers(0, 90))
def test_every_smallest_test_holds_what_it_promises(limit, confidence, share):
    good = (limit * share / 100).quantize(Decimal("0.01"))
    found = smallest_test(limit, confidence, good, most=400)
    assume(found is not None)
    doubt = 1 - Fraction(confidence) / 100

    assert chance(found.cases, found.errors, limit) <= doubt
    assert found.errors + 1 == found.cases or chance(found.cases, found.errors + 1, limit) > doubt
    assert chance(found.cases, found.errors, good) >= Fraction(4, 5)
    assert errors_allowed(found.cases, limit, confidence) == found.errors
    fewer = errors_allowed(found.cases - 1, limit, confidence) if found.cases > 1 else None
    assert fewer is None or chance(found.cases - 1, fewer, good) < Fraction(4, 5)


def test_a_chance_equal_to_the_doubt_shows_the_rate():
    # Nine wrong in ten, at 90 %: one case without an error has a chance of exactly 1 in 10.
    assert smallest_test(Decimal(90), Decimal(90), Decimal(10)) == Sample(1, 0)
    # Half wrong, at 50 %: at most one error in three cases has a chance of exactly 1 in 2.
    assert errors_allowed(3, Decimal(50), Decimal(50)) == 1


@pytest.mark.parametrize(
    ("limit", "good"), [("5", "5"), ("5", "6"), ("5", "-1"), ("101", "5")]
)  # fmt: skip
def test_there_is_no_test_for_a_system_that_is_no_better(limit, good):
    assert smallest_test(Decimal(limit), Decimal(95), Decimal(good)) is None


def test_a_test_of_more_cases_than_anybody_has_is_none():
    assert smallest_test(Decimal("0.01"), Decimal(99), Decimal("0.005")) is None
    assert smallest_test(Decimal(5), Decimal(95), Decimal(2), most=233) is None
    assert smallest_test(Decimal(5), Decimal(95), Decimal(2), most=234) == Sample(234, 6)


def test_a_large_test_is_still_right():
    found = smallest_test(Decimal(50), Decimal(95), Decimal(47))
    assert found is not None
    assert found.cases > 1500

    at_the_limit = chances(found.cases, Decimal(50))
    assert at_the_limit[found.errors] <= Fraction(1, 20) < at_the_limit[found.errors + 1]
    assert chance(found.cases, found.errors, Decimal(47)) >= Fraction(4, 5)


# As figures grow


@settings(deadline=None)
@given(LIMIT, CONFIDENCE, strategies.integers(1, 400))
def test_more_cases_allow_no_fewer_errors(limit, confidence, cases):
    less, more = (errors_allowed(number, limit, confidence) for number in (cases, cases + 1))

    assert less is None or (more is not None and less <= more <= less + 1)


@settings(deadline=None)
@given(LIMIT, CONFIDENCE, strategies.integers(1, 400))
def test_a_stricter_rate_or_confidence_allows_no_more_errors(limit, confidence, cases):
    allowed = errors_allowed(cases, limit, confidence)

    for stricter in (errors_allowed(cases, limit / 2, confidence), errors_allowed(cases, limit, Decimal("99.5"))):
        assert stricter is None or (allowed is not None and stricter <= allowed)


@settings(deadline=None)
@given(LIMIT, CONFIDENCE)
def test_the_better_the_good_system_the_smaller_the_test(limit, confidence):
    sizes = [smallest_test(limit, confidence, limit * share / 10) for share in (2, 4, 6)]

    assume(all(sizes))
    assert [row.cases for row in sizes] == sorted(row.cases for row in sizes)


# What a test shows


@pytest.mark.parametrize(
    ("cases", "errors", "confidence", "bound"),
    [(59, 0, "95", 4.9508), (299, 0, "95", 0.9969), (93, 1, "95", 4.9994), (10, 1, "95", 39.4163),
     (20, 2, "95", 28.2619), (100, 5, "95", 10.2253), (1, 0, "95", 95.0),
     (7, 7, "95", 100.0), (100_000, 0, "95", 0.0029957)],
)  # fmt: skip
def test_the_highest_rate_still_possible(cases, errors, confidence, bound):
    assert upper_bound(Sample(cases, errors), Decimal(confidence)) == pytest.approx(bound, abs=6e-5)


@settings(deadline=None)
@given(strategies.integers(1, 150), strategies.integers(0, 150), CONFIDENCE)
def test_at_the_bound_so_few_errors_have_the_chance_of_the_doubt(cases, errors, confidence):
    assume(errors < cases)
    bound = Decimal(upper_bound(Sample(cases, errors), confidence)).quantize(Decimal("1e-12"))

    assert float(chance(cases, errors, bound)) == pytest.approx(1 - float(confidence) / 100, rel=1e-7)


@settings(deadline=None)
@given(strategies.integers(1, 200), strategies.integers(0, 200), PERCENT)
def test_the_chance_of_passing_is_that_of_the_definition(cases, errors, rate):
    assume(errors < cases)

    assert chance_of_passing(Sample(cases, errors), rate) == pytest.approx(
        float(chance(cases, errors, rate)), rel=1e-9, abs=1e-12
    )


@settings(deadline=None)
@given(strategies.integers(1, 300), strategies.integers(0, 299), CONFIDENCE, LIMIT)
def test_a_test_shows_a_rate_where_its_bound_is_not_above_it(cases, errors, confidence, limit):
    assume(errors < cases)
    bound, allowed = upper_bound(Sample(cases, errors), confidence), errors_allowed(cases, limit, confidence)

    assume(abs(bound - float(limit)) > 1e-6)
    assert (bound <= float(limit)) == (allowed is not None and errors <= allowed)


@pytest.mark.parametrize(("rate", "passed"), [("0", 1.0), ("100", 0.0)])
def test_who_never_errs_passes_and_who_always_errs_does_not(rate, passed):
    assert chance_of_passing(Sample(100, 3), Decimal(rate)) == passed


def test_a_test_that_may_be_all_wrong_is_always_passed():
    assert chance_of_passing(Sample(3, 3), Decimal(100)) == 1.0


def test_a_sum_that_lost_its_way_is_seen(monkeypatch):
    def add_case_and_forget(tail):
        tail.cases += 1

    monkeypatch.setattr(sampling._Tail, "add_case", add_case_and_forget)
    smallest_test.cache_clear()

    assert smallest_test(Decimal(10), Decimal(95), Decimal(5)) != by_trying_all(
        Decimal(10), Decimal(95), Decimal(5), 200
    )
    smallest_test.cache_clear()
