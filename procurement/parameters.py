"""Parameters of a tender: their bounds here, their value and where it comes from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clause_library.wording import parameters_in, read_by_bidders
from procurement.errors import BadInput
from rules.assessment import Assessment
from rules.library import Library, Parameter
from rules.selection import ClauseIn

Value = int | Decimal | str | tuple[str, ...]
LONGEST_WORDS = 500
_WHOLE = re.compile(r"-?[0-9]{1,15}")
# Never the notation with an exponent: a few signs of it stand for a number no memory holds.
_NUMBER = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?")


@dataclass(frozen=True)
class Filled:
    """A parameter in this tender. `origin` is "given", "default", "words" (a default said in words) or "unfilled".

    `default` is what the library proposes here, None where the buyer must decide; `bounds_because` are the
    jurisdiction's reasons for narrower bounds, per language.
    """

    parameter: Parameter
    value: Value | None
    origin: str
    default: Value | None
    minimum: Decimal | None
    maximum: Decimal | None
    bounds_because: Mapping[str, str]


def parameters_used(library: Library, clauses: Iterable[ClauseIn]) -> tuple[str, ...]:
    """The parameters in the texts of the requirements that apply, in the order of the library."""
    used: set[str] = set()
    for entry in clauses:
        texts = library.texts[entry.clause.id]["en"]["requirements"]
        for selected in entry.requirements:
            used |= parameters_in(read_by_bidders(texts[selected.requirement.id]))
    return tuple(name for name in library.parameters if name in used)


def fill(
    library: Library, assessment: Assessment, names: Iterable[str], given: Mapping[str, object]
) -> dict[str, Filled]:
    """The state of each named parameter. Raises BadInput for a given value out of type or bounds."""
    jurisdiction = jurisdiction_of(library, assessment)
    filled = {name: _fill(library.parameters[name], assessment, jurisdiction, given.get(name)) for name in names}
    for one in filled.values():
        _must_reach(one, filled.get(one.parameter.not_below))
    return filled


def _must_reach(one: Filled, other: Filled | None) -> None:
    """A term that follows another is never shorter than it, where somebody gave either."""
    if other is None or "given" not in (one.origin, other.origin):
        return
    if isinstance(one.value, (int, Decimal)) and isinstance(other.value, (int, Decimal)) and one.value < other.value:
        raise BadInput("bad_value", one.parameter.name, f"{one.value} < {other.value} ({other.parameter.name})")


def jurisdiction_of(library: Library, assessment: Assessment) -> Mapping[str, Any]:
    """The data of the buyer's jurisdiction."""
    chosen = assessment.reading.chosen("buyer_jurisdiction") or ("other",)
    found: Mapping[str, Any] = library.jurisdictions[chosen[0]]
    return found


def read_parameters(library: Library, given: Mapping[str, object]) -> dict[str, Value]:
    """Values given for parameters, read by type. Raises BadInput for an unknown name or a wrong type."""
    for name in given:
        if name not in library.parameters:
            raise BadInput("unknown_parameter", name, name)
    return {name: read_value(library.parameters[name], value) for name, value in given.items()}


def read_value(parameter: Parameter, value: object) -> Value:
    """A value of the parameter's type. Raises BadInput; bounds are checked against the tender's own later."""
    if parameter.type == "enum":
        return _expect(str(value) in parameter.choices, parameter, value, str(value))
    if parameter.type == "multi":
        return _read_list(parameter, value)
    typed = str(value).strip()
    if parameter.type == "int":
        # A separator in a whole number is read as thousands by one person and as decimals by another.
        _expect(_WHOLE.fullmatch(typed) is not None, parameter, value, "")
        return int(typed)
    _expect(_NUMBER.fullmatch(typed) is not None, parameter, value, "")
    return Decimal(typed.replace(",", "."))


def _read_list(parameter: Parameter, value: object) -> Value:
    if isinstance(value, str):
        return _expect(0 < len(value.strip()) <= LONGEST_WORDS, parameter, value, value.strip())
    items = tuple(value) if isinstance(value, (list, tuple)) else ()
    words = tuple(one.strip() for one in items if isinstance(one, str) and one.strip())
    whole = len(words) == len(items) > 0 and len(", ".join(words)) <= LONGEST_WORDS
    return _expect(whole, parameter, value, words)


def _expect(holds: object, parameter: Parameter, value: object, read: Value) -> Value:
    if not holds:
        raise BadInput("bad_value", parameter.name, str(value)[:80])
    return read


def _fill(parameter: Parameter, assessment: Assessment, jurisdiction: Mapping[str, Any], given: object) -> Filled:
    minimum, maximum, because = _bounds(parameter, jurisdiction)
    default = _clipped(_default(parameter, assessment, jurisdiction), minimum, maximum)
    value = default if given is None else read_value(parameter, given)
    if given is not None and isinstance(value, (int, Decimal)):
        _within(parameter, value, minimum, maximum)
    origin = "given" if given is not None else "default" if default is not None else "unfilled"
    if origin == "unfilled" and parameter.in_words:
        origin = "words"
    return Filled(parameter, value, origin, default, minimum, maximum, because)


def _bounds(
    parameter: Parameter, jurisdiction: Mapping[str, Any]
) -> tuple[Decimal | None, Decimal | None, Mapping[str, str]]:
    minimum, maximum, because = parameter.minimum, parameter.maximum, {}
    for row in jurisdiction.get("bounds", ()):
        if row["parameter"] == parameter.name:
            minimum = max(_known(minimum, _decimal(row.get("minimum"))), default=None)
            maximum = min(_known(maximum, _decimal(row.get("maximum"))), default=None)
            because = {language: row.get(f"because_{language}", "") for language in ("es", "pt", "en")}
    return minimum, maximum, because


def _known(*bounds: Decimal | None) -> list[Decimal]:
    return [bound for bound in bounds if bound is not None]


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _default(parameter: Parameter, assessment: Assessment, jurisdiction: Mapping[str, Any]) -> Value | None:
    if parameter.from_place and jurisdiction.get(parameter.from_place):
        return _typed(parameter, jurisdiction[parameter.from_place])
    for row in parameter.conditional:
        if row.when.verdict(assessment.reading) is True:
            return _typed(parameter, row.value)
    tiers = [tier for tier in parameter.defaults if tier >= assessment.tier]
    return _typed(parameter, parameter.defaults[min(tiers)]) if tiers else None


def _typed(parameter: Parameter, value: object) -> Value:
    return read_value(parameter, value)


def _clipped(value: Value | None, minimum: Decimal | None, maximum: Decimal | None) -> Value | None:
    if not isinstance(value, (int, Decimal)):
        return value
    if maximum is not None and value > maximum:
        value = int(maximum) if isinstance(value, int) else maximum
    if minimum is not None and value < minimum:
        value = int(minimum) if isinstance(value, int) else minimum
    return value


def _within(parameter: Parameter, value: int | Decimal, minimum: Decimal | None, maximum: Decimal | None) -> None:
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        bounds = " – ".join("" if bound is None else str(bound) for bound in (minimum, maximum))
        raise BadInput("bad_value", parameter.name, f"{value} ({bounds})")
