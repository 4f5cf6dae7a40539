"""What the page about parameters shows: bounds, defaults, and whether the test is large enough for the rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.clause_words import Reader, value_in_words
from procurement.parameters import Filled, Value
from rules.sampling import error_free_cases

PER_10K = "harmful_output_max_per_10k"
RATES = ("max_false_positive_rate", "max_false_negative_rate", PER_10K)


@dataclass(frozen=True)
class SampleNeeded:
    """The error-free cases that show a rate (in percent) at a confidence; None where no sample can.

    `too_few`: the acceptance test of the tender has fewer.
    """

    rate: Decimal
    confidence: str
    cases: int | None
    test_cases: int | None

    @property
    def too_few(self) -> bool:
        """Whether the acceptance test cannot show the rate."""
        return self.cases is not None and self.test_cases is not None and self.test_cases < self.cases


@dataclass(frozen=True)
class ParameterShown:
    """A parameter of this tender in words. `default` is empty where the buyer must decide (`must_fill`)."""

    name: str
    label: str
    unit: str
    help: str
    origin: str
    default: str
    minimum: str
    maximum: str
    because: str
    must_fill: bool
    given: bool
    type: str
    sample: SampleNeeded | None


def parameters_shown(filled: Mapping[str, Filled], speaker: Reader) -> tuple[ParameterShown, ...]:
    """The parameters, those the buyer must fill first."""
    rows = [_shown(row, filled, speaker) for row in filled.values()]
    return tuple(sorted(rows, key=lambda row: not row.must_fill))


def must_fill(row: Filled) -> bool:
    """Whether the library proposes nothing, so that the buyer must decide."""
    return row.default is None and not row.parameter.in_words


def below(filled: Mapping[str, Filled], values: Mapping[str, Value | None]) -> tuple[tuple[str, str], ...]:
    """The parameters that would fall below another they may not fall below, each with that other."""
    found = []
    for name, row in filled.items():
        floor = row.parameter.not_below
        if floor in filled:
            here, there = (values.get(one, filled[one].default) for one in (name, floor))
            if isinstance(here, (int, Decimal)) and isinstance(there, (int, Decimal)) and here < there:
                found.append((name, floor))
    return tuple(found)


def sample_needed(name: str, filled: Mapping[str, Filled]) -> SampleNeeded | None:
    """The sample a rate asks for; None for other parameters, and while rate or confidence is not known."""
    row, confidence = filled[name], filled.get("confidence_level")
    if name not in RATES or confidence is None or not isinstance(row.value, (int, Decimal)):
        return None
    rate = Decimal(row.value) / 100 if name == PER_10K else Decimal(row.value)
    tested = filled["test_set_min_cases"].value if "test_set_min_cases" in filled else None
    return SampleNeeded(
        rate,
        str(confidence.value),
        error_free_cases(rate, Decimal(str(confidence.value))) if confidence.value is not None else None,
        tested if isinstance(tested, int) else None,
    )


def _shown(row: Filled, filled: Mapping[str, Filled], speaker: Reader) -> ParameterShown:
    name = row.parameter.name
    words = speaker.words["parameters"][name]
    default = value_in_words(row.parameter, row.default, words.get("choices", {})) if row.default is not None else ""
    return ParameterShown(
        name=name,
        label=words["label"],
        unit=words["unit"],
        help=words["help"],
        origin=words["origin"],
        default=default or (words.get("default_words", "") if row.parameter.in_words else ""),
        minimum="" if row.minimum is None else f"{row.minimum:f}",
        maximum="" if row.maximum is None else f"{row.maximum:f}",
        because=row.bounds_because.get(speaker.language, ""),
        must_fill=must_fill(row),
        given=row.origin == "given",
        type=row.parameter.type,
        sample=sample_needed(name, filled),
    )
