from decimal import Decimal

import pytest
from hypothesis import given, strategies

from rules.sampling import error_free_cases

PERCENT = strategies.decimals(Decimal("0.1"), Decimal("99.9"), places=1)


@pytest.mark.parametrize(
    ("rate", "confidence", "cases"),
    [("5", "95", 59), ("1", "95", 299), ("2", "95", 149), ("10", "90", 22), ("1", "99", 459), ("50", "50", 1),
     ("0.1", "95", 2995)],
)  # fmt: skip
def test_the_cases_without_an_error_that_show_a_rate(rate, confidence, cases):
    assert error_free_cases(Decimal(rate), Decimal(confidence)) == cases


@pytest.mark.parametrize(("rate", "confidence"), [("0", "95"), ("100", "95"), ("120", "95"), ("5", "0"), ("5", "100")])
def test_no_sample_shows_a_rate_of_nothing_or_of_everything(rate, confidence):
    assert error_free_cases(Decimal(rate), Decimal(confidence)) is None


@given(PERCENT, PERCENT)
def test_the_cases_are_enough_and_one_fewer_is_not(rate, confidence):
    cases = error_free_cases(rate, confidence)
    assert cases is not None

    kept, doubt = 1 - rate / 100, 1 - confidence / 100

    tolerance = Decimal("1e-9")
    assert kept**cases <= doubt + tolerance
    assert cases == 1 or kept ** (cases - 1) > doubt - tolerance
