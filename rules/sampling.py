"""How many cases can show a rate at a confidence."""

from decimal import Decimal
from math import ceil, log


def error_free_cases(rate_percent: Decimal, confidence_percent: Decimal) -> int | None:
    """The error-free cases needed to show that a rate is at most `rate_percent` with `confidence_percent`.

    Exact for independent cases without one error: the smallest n with (1 - rate)^n <= 1 - confidence.
    None where the rate is 0 or 100 or more, which no sample can show or every sample shows.
    """
    rate, doubt = float(rate_percent) / 100, 1 - float(confidence_percent) / 100
    if not 0 < rate < 1 or not 0 < doubt < 1:
        return None
    return ceil(log(doubt) / log(1 - rate) - 1e-9)
