"""What the values of a tender ask of its tests: how many cases show them, and what buyers can start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clause_library.measuring import (
    AT_LEAST,
    CONFIDENCE,
    OWN,
    PRIMARY,
    PROPORTION,
    THRESHOLD,
    Metric,
    Needed,
    metrics_for,
    needed,
    share,
)
from procurement.parameters import Filled
from rules.assessment import Assessment
from rules.library import Library
from rules.sampling import Sample, chance_of_passing, errors_allowed
from rules.sentences import Speaker

TEST_CASES = "test_set_min_cases"
# Which of the cases of a test count, where not all do.
COUNTED = {
    "max_false_positive_rate": "negatives",
    "max_false_negative_rate": "positives",
    "precision": "flagged",
    "recall": "positives",
}
# A system so good fails the test of the tender more often than it should from this chance of passing down.
OFTEN = 0.8


@dataclass(frozen=True)
class SampleNeeded:
    """The test that shows a value at a confidence, and what the acceptance test of the tender can do.

    `cases` without an error are the least, None where no test shows it; `larger` lets a good system, which errs at
    the rate `good` (in percent), pass four times in five. `allowed` are the errors the `test_cases` of the tender may
    hold, None where they are too few, and `passed` how often (in percent) that good system passes them.
    """

    confidence: str
    cases: int | None
    larger: Sample | None
    good: Decimal
    counted: str
    test_cases: int | None
    allowed: int | None
    passed: int | None
    at_least: bool

    @property
    def too_few(self) -> bool:
        """Whether the acceptance test cannot show the value."""
        return self.cases is not None and self.test_cases is not None and self.test_cases < self.cases

    @property
    def points(self) -> tuple[tuple[int, int], ...]:
        """Tests that show the value, each with the errors it may hold, from the fewest cases on.

        The test of the tender is among them only where all its cases count.
        """
        found = {} if self.cases is None else {self.cases: 0}
        if self.larger:
            found[self.larger.cases] = self.larger.errors
        if self.test_cases is not None and self.allowed is not None and not self.counted:
            found[self.test_cases] = self.allowed
        return tuple(sorted(found.items()))

    @property
    def barely(self) -> bool:
        """Whether it can, but fails a good system often."""
        return self.passed is not None and self.passed < 100 * OFTEN


@dataclass(frozen=True)
class Hint:
    """A metric buyers can start from for what this purchase does, in words; never a value.

    `place` is the parameter its threshold is written in, that of the metric itself where no clause has a place for it.
    `lowest` and `highest` are the ends of the threshold at this tier, `tests` what shows them, none where a pilot
    must come first or the confidence is not known.
    """

    id: str
    place: str
    name: str
    how: str
    caution: str
    cases: str
    cautions: tuple[str, ...]
    metric: str
    direction: str
    unit: str
    lowest: Decimal
    highest: Decimal
    pilot_first: bool
    tests: tuple[Needed, ...]
    error_costs: str
    own: bool


def samples_needed(library: Library, assessment: Assessment, filled: Mapping[str, Filled]) -> dict[str, SampleNeeded]:
    """The tests that the values of a tender ask for, per parameter whose value is a share of cases."""
    metrics = metrics_for(library, assessment.reading)
    found = ((name, sample_needed(name, filled, metrics)) for name in filled)
    return {name: sample for name, sample in found if sample}


def sample_needed(name: str, filled: Mapping[str, Filled], metrics: Iterable[Metric] = ()) -> SampleNeeded | None:
    """The test one value asks for; None for what is no share of cases, and while value or confidence is not known."""
    row, confidence = filled[name], confidence_of(filled)
    primary = filled[PRIMARY].value if PRIMARY in filled else None
    found = share(name, primary)
    if found is None or confidence is None or not isinstance(row.value, (int, Decimal)):
        return None
    test = needed(*found, Decimal(row.value), _margin(name, primary, metrics), confidence)
    if test.limit >= 100:  # noqa: PLR2004 (every test shows a rate of at most everything)
        return None
    tested = filled[TEST_CASES].value if TEST_CASES in filled else None
    cases = tested if isinstance(tested, int) else None
    allowed = errors_allowed(cases, test.limit, confidence) if cases is not None else None
    passed = None if cases is None or allowed is None else chance_of_passing(Sample(cases, allowed), test.good)
    return SampleNeeded(
        confidence=f"{confidence:f}",
        cases=test.fewest,
        larger=test.sample,
        good=test.good,
        counted=COUNTED.get(str(primary) if name == THRESHOLD else name, ""),
        test_cases=cases,
        allowed=allowed,
        passed=None if passed is None else int(100 * passed),
        at_least=found[0] == AT_LEAST,
    )


def confidence_of(filled: Mapping[str, Filled]) -> Decimal | None:
    """The confidence the tests of a tender are held to, in percent; None where it has none."""
    row = filled.get(CONFIDENCE)
    return None if row is None or row.value is None else Decimal(str(row.value))


def _margin(name: str, primary: object, metrics: Iterable[Metric]) -> Decimal | None:
    """By how much a good system is better, as the first metric for this purchase says."""
    for metric in metrics:
        if (
            metric.parameter == name
            and metric.shown_by == PROPORTION
            and (name != THRESHOLD or metric.metric == primary)
        ):
            return metric.margin
    return None


def hints(
    library: Library, assessment: Assessment, filled: Mapping[str, Filled], speaker: Speaker
) -> dict[str, tuple[Hint, ...]]:
    """What buyers can start from, per parameter of the tender; any primary metric where that metric is chosen too."""
    primary = filled[PRIMARY].value if PRIMARY in filled else None
    told = [
        (metric, _hint(metric, assessment.tier, confidence_of(filled), speaker))
        for metric in metrics_for(library, assessment.reading)
        if assessment.tier in metric.suggested
    ]
    found = {name: tuple(hint for _, hint in told if hint.place == name) for name in filled}
    if PRIMARY in filled:
        chosen = tuple(hint for metric, hint in told if metric.parameter == THRESHOLD and metric.metric == primary)
        found[THRESHOLD] = chosen or found.get(THRESHOLD, ())
        found[PRIMARY] = tuple(hint for metric, hint in told if metric.metric or hint.place == PRIMARY)
    return {name: row for name, row in found.items() if row}


def _hint(metric: Metric, tier: int, confidence: Decimal | None, speaker: Speaker) -> Hint:
    words = speaker.words["metrics"][metric.id]
    lowest, highest = metric.suggested[tier]
    choices = speaker.words["parameters"][PRIMARY].get("choices", {})
    return Hint(
        id=metric.id,
        place=metric.parameter or PRIMARY,
        name=str(words["name"]),
        how=str(words["how"]),
        caution=str(words["caution"]),
        cases=str(words["cases"]),
        cautions=tuple(str(speaker.words["metric_cautions"][one]["text"]) for one in metric.cautions),
        metric=str(choices.get(metric.metric, "")),
        direction=metric.direction,
        unit=metric.unit,
        lowest=lowest,
        highest=highest,
        pilot_first=metric.shown_by != PROPORTION,
        tests=() if confidence is None else metric.needed_at(tier, confidence),
        error_costs=metric.error_costs,
        own=metric.anchor == OWN,
    )
