"""What the page about parameters shows: bounds, defaults, hints, and whether the test is large enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.clause_words import Reader, value_in_words
from procurement.parameters import Filled, Value
from procurement.samples import Hint, SampleNeeded, hints, samples_needed
from rules.assessment import Assessment


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
    hints: tuple[Hint, ...]

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is to be minded in any of the hints, each thing once."""
        return tuple(dict.fromkeys(caution for hint in self.hints for caution in hint.cautions))


def parameters_shown(
    filled: Mapping[str, Filled], speaker: Reader, assessment: Assessment
) -> tuple[ParameterShown, ...]:
    """The parameters, those the buyer must fill first."""
    samples = samples_needed(speaker.library, assessment, filled)
    hinted = hints(speaker.library, assessment, filled, speaker)
    rows = [_shown(row, samples.get(name), hinted.get(name, ()), speaker) for name, row in filled.items()]
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


def _shown(row: Filled, sample: SampleNeeded | None, hinted: tuple[Hint, ...], speaker: Reader) -> ParameterShown:
    name = row.parameter.name
    words = speaker.words["parameters"][name]
    default = value_in_words(row.parameter, row.default, speaker.words) if row.default is not None else ""
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
        sample=sample,
        hints=hinted,
    )
