"""What a release must satisfy before anybody builds a tender on it: pure checks that name place and problem.

A bundle is a release as plain data: its manifest, with the bodies of its versions under "clauses".
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clause_library.completeness import faults_in_words
from clause_library.review import faults_in, known_in, parts_of
from clause_library.wording import parameters_in
from rules.conditions import ALWAYS, DO_NOT_KNOW, Condition, Ground, Verdict
from rules.errors import BrokenLibrary
from rules.library import LANGUAGES, TIERS, Bundle, Clause, Library, Requirement, library_from

MANDATORY = "mandatory"


Faults = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    where: str
    what: str


@dataclass(frozen=True)
class Count:
    """How much was looked at."""

    clauses: int
    requirements: int
    questions: int
    parameters: int
    guarantees: int
    words: int


class TierAlone:
    """A brief of which only the tier is known: every test of an answer, and of the score, is unknown."""

    def __init__(self, library: Library, tier: int) -> None:
        self.library = library
        self.tier = tier

    def chosen(self, _question: str) -> tuple[str, ...]:
        return (DO_NOT_KNOW,)

    def rank(self, _question: str, _option: str) -> int:
        return 0

    def named(self, kind: str, name: str) -> Verdict:
        return self.library.named_condition(kind, name).verdict(self)

    def grounds_of_named(self, _kind: str, _name: str) -> tuple[Ground, ...]:
        return ()

    def share_reached(self, _numerator: int, _denominator: int) -> Any:
        # The score is not known either; the engine itself always knows it.
        return None


def tiers_possible(library: Library, condition: Condition) -> tuple[int, ...]:
    """The tiers at which some brief can meet the condition."""
    return tuple(tier for tier in TIERS if condition.verdict(TierAlone(library, tier)) is not False)


def count_of(bundle: Bundle) -> Count:
    """How much there is to check."""
    return Count(
        clauses=len(bundle["clauses"]),
        requirements=sum(len(clause["requirements"]) for clause in bundle["clauses"]),
        questions=len(bundle["questions"]),
        parameters=len(bundle["parameters"]),
        guarantees=len(bundle["guarantees"]),
        words=sum(
            len(part.split())
            for clause in bundle["clauses"]
            for language in LANGUAGES
            for _, _, part in parts_of(clause["texts"][language])
        ),
    )


def problems_in(bundle: Bundle) -> tuple[Problem, ...]:
    """Everything that is wrong with a release; an empty library is a problem."""
    if not bundle.get("clauses"):
        return (Problem("library", "there is no clause"),)
    try:
        library = library_from(bundle, "")
        return tuple(_problems(bundle, library))
    except BrokenLibrary as broken:
        return (Problem("library", str(broken)),)
    except KeyError as missing:
        return (Problem("library", f"{missing} is missing"),)


def _problems(bundle: Bundle, library: Library) -> Iterator[Problem]:
    for clause in bundle["clauses"]:
        for where, what in _faults_in_clause(bundle, library, clause):
            yield Problem(f"{clause['id']}, {where}" if where else clause["id"], what)
    for check in (_faults_in_ids, _faults_in_parameters, _faults_in_coverage, _faults_in_guarantees, _faults_in_places):
        yield from (Problem(where, what) for where, what in check(bundle, library))
    yield from (Problem(where, what) for where, what in faults_in_words(bundle))


# Clauses


def _faults_in_clause(bundle: Bundle, library: Library, data: Mapping[str, Any]) -> Faults:
    clause = library.clauses[data["id"]]
    yield from _faults_in_facts(bundle, clause)
    yield from _faults_in_tiers(library, clause)
    for fault in faults_in(data, data["texts"], known_in(bundle)):
        yield fault.where, _SAID[fault.code].format(mark=fault.mark)


_SAID = {
    "missing": "the requirement or its text is missing",
    "empty": "it is empty",
    "long": "it has more than {mark} characters",
    "heading": "a line begins with {mark}",
    "stray": "the mark {mark} does not belong there",
    "plain": "{mark} belongs in a requirement, not here",
    "unknown": "there is no parameter or term {mark}",
    "no_clause": "there is no clause {mark}",
    "lacking": "{mark} is used in another language and not here",
    "no_value": "the parameter {mark} has no value at a tier at which the requirement applies",
}


def _faults_in_facts(bundle: Bundle, clause: Clause) -> Faults:
    if clause.category != clause.id.split("-")[0] or clause.category not in bundle["edition"]["categories"]:
        yield "", f"category {clause.category}"
    if not clause.principles:
        yield "", "no principle"
    for principle in clause.principles:
        if principle not in bundle["edition"]["principles"]:
            yield "", f"there is no principle {principle}"
    for requirement in clause.requirements:
        if not requirement.id.startswith(f"{clause.id}."):
            yield requirement.id, "an id of another clause"
        if not requirement.strength or not set(requirement.strength) <= set(TIERS):
            yield requirement.id, "it applies at no tier, or at one that does not exist"


def _faults_in_tiers(library: Library, clause: Clause) -> Faults:
    essential = [requirement for requirement in clause.requirements if requirement.essential]
    if len(essential) != 1:
        yield "", f"{len(essential)} essential requirements, not one"
    for tier in tiers_possible(library, clause.when):
        if not any(_stands(requirement, tier) for requirement in clause.requirements):
            yield "", f"it can be in at tier {tier}, where none of its requirements is sure to apply"


def _stands(requirement: Requirement, tier: int) -> bool:
    return tier in requirement.strength and requirement.when == ALWAYS


# The rules around the clauses


def _faults_in_ids(bundle: Bundle, _library: Library) -> Faults:
    requirements = [row["id"] for clause in bundle["clauses"] for row in clause["requirements"]]
    kinds = {
        "clause": [row["id"] for row in bundle["clauses"]],
        "requirement": requirements,
        "question": [row["id"] for row in bundle["questions"]],
        "parameter": [row["name"] for row in bundle["parameters"]],
        "trigger": [row["id"] for row in bundle["triggers"]],
        "flag": [row["id"] for row in bundle["flags"]],
        "conflict": [row["id"] for row in bundle["conflicts"]],
        "guarantee": [row["id"] for row in bundle["guarantees"]],
    }
    for kind, ids in kinds.items():
        for name, times in Counter(ids).items():
            if times > 1:
                yield f"{kind} {name}", f"the id is used {times} times"


def _faults_in_parameters(bundle: Bundle, library: Library) -> Faults:
    used: set[str] = set()
    for texts in library.texts.values():
        for _, _, part in parts_of(texts[LANGUAGES[0]]):
            used |= parameters_in(part)
    for parameter in library.parameters.values():
        where = f"parameter {parameter.name}"
        if parameter.name not in used:
            yield where, "no clause uses it"
        if parameter.not_below and parameter.not_below not in library.parameters:
            yield where, f"there is no parameter {parameter.not_below}"
        if parameter.type == "enum" and not parameter.choices:
            yield where, "no choices"
        yield from ((where, what) for what in _faults_in_defaults(parameter.name, bundle, library))


def _faults_in_defaults(name: str, bundle: Bundle, library: Library) -> Iterator[str]:
    parameter = library.parameters[name]
    barred = next(set(row.get("not_at_tiers", ())) for row in bundle["parameters"] if row["name"] == name)
    for tier, value in parameter.defaults.items():
        if tier not in TIERS or tier in barred:
            yield f"a default for tier {tier}, where it has no value"
        if parameter.type == "enum" and str(value) not in parameter.choices:
            yield f"the default {value} is not among its choices"
        if parameter.type in ("int", "decimal", "money"):
            number = float(str(value))
            lowest, highest = parameter.minimum, parameter.maximum
            if (lowest is not None and number < lowest) or (highest is not None and number > highest):
                yield f"the default {value} is out of its bounds"


def _faults_in_coverage(bundle: Bundle, library: Library) -> Faults:
    served = {principle for clause in library.clauses.values() for principle in clause.principles}
    for principle in bundle["edition"]["principles"]:
        if principle not in served:
            yield f"principle {principle}", "no clause serves it"
    filled = {clause.category for clause in library.clauses.values()}
    for category in bundle["edition"]["categories"]:
        if category not in filled:
            yield f"category {category}", "it has no clause"


def _faults_in_guarantees(_bundle: Bundle, library: Library) -> Faults:
    requirements = {row.id: row for clause in library.clauses.values() for row in clause.requirements}
    for guarantee in library.guarantees:
        where = f"guarantee {guarantee.id}"
        if not guarantee.requirements:
            yield where, "it names no requirement"
        for name in guarantee.requirements:
            if name not in requirements:
                yield where, f"there is no requirement {name}"
                continue
            for tier in tiers_possible(library, guarantee.when):
                if requirements[name].strength.get(tier) != MANDATORY:
                    yield where, f"{name} is not mandatory at tier {tier}"


def _faults_in_places(bundle: Bundle, _library: Library) -> Faults:
    flags = {row["id"] for row in bundle["flags"]}
    parameters = {row["name"] for row in bundle["parameters"]}
    for name, place in bundle["jurisdictions"].items():
        where = f"jurisdiction {name}"
        if place["arrangement"] not in bundle["arrangements"]:
            yield where, f"there is no arrangement {place['arrangement']}"
        for flag, sources in place.get("flags", {}).items():
            if flag not in flags:
                yield where, f"there is no flag {flag}"
            yield from (
                (where, f"there is no source {source}") for source in sources if source not in bundle["sources"]
            )
        for bound in place.get("bounds", ()):
            if bound["parameter"] not in parameters:
                yield where, f"there is no parameter {bound['parameter']}"
            for language in LANGUAGES:
                if not bound.get(f"because_{language}", "").strip():
                    yield f"{where}, {language}", f"no reason for the bound of {bound['parameter']}"
