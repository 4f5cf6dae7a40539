"""The metric and threshold buyers can start from, per function, with the test that shows them; and whether they hold.

They are hints: nothing here is ever the value of a parameter.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from clause_library.sourcing import CONFIDENCES
from rules.conditions import Among, AtLeast, Condition, IsNot, State, condition_from, names_in
from rules.errors import BrokenLibrary
from rules.library import TIERS, Bundle, Library
from rules.sampling import MOST_CASES, Sample, error_free_cases, smallest_test

Faults = Iterator[tuple[str, str]]
Row = Mapping[str, Any]

PRIMARY, THRESHOLD, CONFIDENCE = "primary_metric", "primary_metric_threshold", "confidence_level"
AT_LEAST, AT_MOST = "at_least", "at_most"
DIRECTIONS = (AT_LEAST, AT_MOST)
PERCENT, PER_10K = "percent", "per_10k"
UNITS = (PERCENT, PER_10K, "pp", "seconds")
PROPORTION, MEAN = "proportion", "mean"
SHOWN_BY = (PROPORTION, MEAN)
ERROR_COSTS = ("false_positive", "false_negative", "both")
OWN, UNVERIFIED = "own", "unverified"
# The tiers for which every hint says a threshold; tier 1 may be left out.
HINTED_TIERS = TIERS[1:]
# The parameters whose value is a share of cases: which way they bind, and in which unit.
SHARES: Mapping[str, tuple[str, str]] = {
    "max_false_positive_rate": (AT_MOST, PERCENT),
    "max_false_negative_rate": (AT_MOST, PERCENT),
    "harmful_output_max_per_10k": (AT_MOST, PER_10K),
    "groundedness_min_pct": (AT_LEAST, PERCENT),
    "citation_rate_min_pct": (AT_LEAST, PERCENT),
}
# The primary metrics that are shares of cases too; the others are means or orderings.
SHARE_METRICS = ("precision", "recall", "groundedness", "task_success")
ALL = Decimal(100)


@dataclass(frozen=True)
class Needed:
    """The test a threshold asks for: cases without an error at the least (`fewest`), or those of `sample`.

    `limit` and `good` are error rates in percent: at the threshold, and of a good system, which passes the test of
    `sample` four times in five. `fewest` is None where no test shows it, `sample` where it takes too many cases.
    """

    threshold: Decimal
    limit: Decimal
    good: Decimal
    fewest: int | None
    sample: Sample | None


@dataclass(frozen=True)
class Metric:
    """A metric buyers can start from, when it applies and what it is asked to reach per tier, from and to.

    `metric` is an option of the parameter primary_metric, `parameter` the one its threshold is written in; each empty
    where there is none. `margin` is by how much a good system is better than the threshold, in the same unit.
    """

    id: str
    when: Condition
    metric: str
    parameter: str
    direction: str
    unit: str
    shown_by: str
    suggested: Mapping[int, tuple[Decimal, ...]]
    margin: Decimal | None
    error_costs: str
    cautions: tuple[str, ...]
    anchor: str
    confidence: str

    def needed_at(self, tier: int, confidence: Decimal) -> tuple[Needed, ...]:
        """The tests its thresholds at a tier ask for; none for what is no share of cases."""
        if self.shown_by != PROPORTION:
            return ()
        thresholds = dict.fromkeys(self.suggested.get(tier, ()))
        return tuple(needed(self.direction, self.unit, one, self.margin, confidence) for one in thresholds)


def metrics_of(library: Library) -> tuple[Metric, ...]:
    """The metrics of a release; none in one made before they were suggested."""
    return tuple(_metric(name, row) for name, row in library.metrics.items())


def metrics_for(library: Library, state: State) -> tuple[Metric, ...]:
    """The metrics of a release that one brief can have use for."""
    return tuple(metric for metric in metrics_of(library) if metric.when.verdict(state) is not False)


def share(parameter: str, metric: object) -> tuple[str, str] | None:
    """Which way a parameter binds and its unit, where its value is a share of cases with that primary metric."""
    if parameter == THRESHOLD and metric in SHARE_METRICS:
        return AT_LEAST, PERCENT
    return SHARES.get(parameter)


def needed(direction: str, unit: str, threshold: Decimal, margin: Decimal | None, confidence: Decimal) -> Needed:
    """The test a threshold asks for. A good system errs less by `margin`, but not less than half as often."""
    limit = _error_rate(direction, unit, threshold)
    better = Decimal(0) if margin is None else limit - (margin / 100 if unit == PER_10K else margin)
    good = max(better, limit / 2)
    return Needed(threshold, limit, good, error_free_cases(limit, confidence), smallest_test(limit, confidence, good))


def _error_rate(direction: str, unit: str, threshold: Decimal) -> Decimal:
    rate = threshold / 100 if unit == PER_10K else threshold
    return ALL - rate if direction == AT_LEAST else rate


def _metric(name: str, row: Row) -> Metric:
    margin = row.get("margin")
    return Metric(
        id=name,
        when=_condition(name, row),
        metric=row.get("metric", ""),
        parameter=row.get("parameter", ""),
        direction=row["direction"],
        unit=row["unit"],
        shown_by=row["shown_by"],
        suggested={int(tier): tuple(Decimal(str(one)) for one in ends) for tier, ends in row["suggested"].items()},
        margin=None if margin is None else Decimal(str(margin)),
        error_costs=row["error_costs"],
        cautions=tuple(row.get("cautions", ())),
        anchor=row["anchor"],
        confidence=row["confidence"],
    )


def _condition(name: str, row: Row) -> Condition:
    """When a metric applies: its condition, or that the system has one of its functions."""
    asked = row.get("when", {"question": "functions", "includes": row.get("functions", ())})
    return condition_from(asked, f"metric {name}")


# Whether the hints hold


def faults_in_metrics(bundle: Bundle) -> Faults:
    """Every fault in the metrics of a release, with its place, and functions for which there is none."""
    rows: Mapping[str, Row] = bundle.get("metrics", {})
    for name, row in rows.items():
        yield from ((f"metric {name}", what) for what in _faults_in_metric(bundle, name, row))
    yield from _faults_in_coverage(bundle, rows)


def _faults_in_metric(bundle: Bundle, name: str, row: Row) -> Iterator[str]:
    yield from _faults_in_when(bundle, name, row)
    closed = (("direction", DIRECTIONS), ("unit", UNITS), ("shown_by", SHOWN_BY), ("error_costs", ERROR_COSTS))
    wrong = [*_not_among(row, closed), *_faults_in_parameter(bundle, row), *_faults_in_numbers(row)]
    yield from wrong or _faults_in_thresholds(bundle, _metric(name, {**row, "when": {"all": []}}))
    yield from _faults_in_anchor(bundle, row)


def _not_among(row: Row, closed: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for key, allowed in closed:
        if row.get(key) not in allowed:
            yield f"{key} {row.get(key)} is not one of {', '.join(allowed)}"


def _faults_in_when(bundle: Bundle, name: str, row: Row) -> Iterator[str]:
    if ("when" in row) == ("functions" in row):
        yield "it says either functions or when"
        return
    try:
        condition = _condition(name, row)
    except BrokenLibrary as broken:
        yield str(broken)
        return
    yield from _unknown_in(bundle, condition)


def _unknown_in(bundle: Bundle, condition: Condition) -> Iterator[str]:
    named = {kind: {row["id"] for row in bundle[f"{kind}s"]} for kind in ("trigger", "flag")}
    named["fact"] = set(bundle["facts"])
    questions = {question["id"]: question for question in bundle["questions"]}
    for part in _parts(condition):
        if isinstance(part, (Among, IsNot, AtLeast)):
            options = questions.get(part.question, {}).get("options", ())
            asked = part.options if isinstance(part, Among) else (part.option,)
            yield from (f"{part.question} has no option {one}" for one in asked if one not in options)
    yield from (f"there is no {one.kind} {one.name}" for one in names_in(condition) if one.name not in named[one.kind])


def _parts(condition: Condition) -> Iterator[Condition]:
    yield condition
    for part in condition.parts():
        yield from _parts(part)


def _faults_in_parameter(bundle: Bundle, row: Row) -> Iterator[str]:
    """What its threshold is written in, and whether that is the share, or the mean, it says it is."""
    parameters = {one["name"]: one for one in bundle["parameters"]}
    parameter, metric = row.get("parameter", ""), row.get("metric", "")
    if parameter and parameter not in parameters:
        yield f"there is no parameter {parameter}"
    if metric and metric not in parameters.get(PRIMARY, {}).get("choices", ()):
        yield f"{metric} is not an option of {PRIMARY}"
    if parameter == THRESHOLD and not metric:
        yield f"a threshold of {PRIMARY} without a metric"
    said = share(parameter, metric)
    if said and (row.get("direction"), row.get("unit")) != said:
        yield f"{parameter} is {said[0]}, in {said[1]}"
    if parameter in (THRESHOLD, *SHARES) and (said is not None) != (row.get("shown_by") == PROPORTION):
        yield f"{metric or parameter} is shown by a {PROPORTION if said else MEAN}"


def _faults_in_numbers(row: Row) -> Iterator[str]:
    suggested = row.get("suggested", {})
    if not {str(tier) for tier in HINTED_TIERS} <= set(suggested) <= {str(tier) for tier in TIERS}:
        yield "it suggests a threshold for each of the tiers 2, 3 and 4, and for none that does not exist"
    ends = [one for pair in suggested.values() for one in pair]
    if not all(_is_number(one) for one in (*ends, row.get("margin", 1))):
        yield "a threshold or margin that is no number"
    elif any(len(pair) != 2 or Decimal(str(pair[0])) > Decimal(str(pair[1])) for pair in suggested.values()):  # noqa: PLR2004
        yield "a threshold is suggested from the lower to the higher"
    elif (row.get("shown_by") == PROPORTION) != (Decimal(str(row.get("margin", 0))) > 0):
        yield "a proportion has a margin above 0, and nothing else has one"


def _is_number(value: object) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _faults_in_thresholds(bundle: Bundle, metric: Metric) -> Iterator[str]:
    parameter: Row = next((one for one in bundle["parameters"] if one["name"] == metric.parameter), {})
    low, high = (Decimal(str(parameter.get(key, way))) for key, way in (("minimum", "-inf"), ("maximum", "inf")))
    for tier, ends in metric.suggested.items():
        if tier in parameter.get("not_at_tiers", ()):
            yield f"{metric.parameter} has no value at tier {tier}"
        if not low <= ends[0] <= ends[1] <= high:
            yield f"tier {tier}: beyond the bounds of {metric.parameter}"
        for one in metric.needed_at(tier, _confidence_at(bundle, tier)):
            if one.fewest is None or one.fewest > MOST_CASES:
                yield f"tier {tier}: no test of {MOST_CASES} cases shows {one.threshold}"
    for (before, less), (tier, more) in pairwise(sorted(metric.suggested.items())):
        slacker = (
            any(one > two for one, two in zip(less, more, strict=True))
            if metric.direction == AT_LEAST
            else any(one < two for one, two in zip(less, more, strict=True))
        )
        if slacker:
            yield f"tier {tier} asks for less than tier {before}"


def _confidence_at(bundle: Bundle, tier: int) -> Decimal:
    row = next(one for one in bundle["parameters"] if one["name"] == CONFIDENCE)
    return Decimal(str(row["defaults"][str(tier)]))


def _faults_in_anchor(bundle: Bundle, row: Row) -> Iterator[str]:
    """A judgement of our own is verified by nobody, and what a source says is no surer than the source."""
    anchor, sure = row.get("anchor"), row.get("confidence")
    if anchor != OWN and anchor not in bundle["sources"]:
        yield f"there is no source {anchor}"
        return
    most = UNVERIFIED if anchor == OWN else bundle["sources"][anchor].get("confidence")
    if sure not in CONFIDENCES:
        yield f"confidence {sure} is not one of {', '.join(CONFIDENCES)}"
    elif most in CONFIDENCES and CONFIDENCES.index(sure) < CONFIDENCES.index(most):
        yield f"it is said to be {sure}, and rests on what is {most}"


def _faults_in_coverage(bundle: Bundle, rows: Mapping[str, Row]) -> Faults:
    """Every function has a metric, or it is said why it has none."""
    without: Mapping[str, str] = bundle.get("without_metric", {})
    measured = {name for row in rows.values() for name in row.get("functions", ())}
    functions = next((one.get("options", ()) for one in bundle["questions"] if one["id"] == "functions"), ())
    for name in functions:
        if name not in measured and not str(without.get(name, "")).strip():
            yield f"function {name}", "no metric is suggested for it, and nothing says why"
    for name in without:
        if name not in functions or name in measured:
            yield f"function {name}", "listed as having no metric, and it has one or does not exist"
