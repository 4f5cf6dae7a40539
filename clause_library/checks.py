"""What a release must satisfy before anybody builds a tender on it: pure checks that name place and problem.

A bundle is a release as plain data: its manifest, with the bodies of its versions under "clauses".
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from clause_library.arranging import faults_in_arrangements
from clause_library.completeness import faults_in_words
from clause_library.editing import EditorsFault, faults_for_editors
from clause_library.errors import Fault
from clause_library.glossary import faults_in_glossary
from clause_library.measuring import faults_in_metrics
from clause_library.review import Known, faults_in, known_in, parts_of
from clause_library.sourcing import faults_in_sources
from clause_library.wording import line_of, parameters_in
from rules.conditions import ALWAYS, DO_NOT_KNOW, INSTRUMENTS, Condition, Ground, Verdict
from rules.errors import BrokenLibrary
from rules.library import LANGUAGES, TIERS, Bundle, Clause, Library, Parameter, Requirement, library_from

MANDATORY = "mandatory"
# The tier at which every principle has a mandatory requirement.
HIGH = 3
# The schema since which a release is held to the editor's rules, and has sources, terms and arrangements for all.
EDITED_SINCE = 2


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
    """A brief of which only tier and instrument are known: every test of an answer, or the score, is unknown."""

    def __init__(self, library: Library, tier: int, instrument: str) -> None:
        self.library = library
        self.tier = tier
        self.instrument = instrument

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
    return tuple(tier for tier in TIERS if _is_possible_at(library, condition, tier))


def _is_possible_at(library: Library, condition: Condition, tier: int) -> bool:
    return any(condition.verdict(TierAlone(library, tier, name)) is not False for name in INSTRUMENTS)


def mandatory_at(library: Library, clause: Clause, tier: int) -> tuple[Requirement, ...]:
    """The mandatory requirements of a clause at a tier at which it can be in."""
    if not _is_possible_at(library, clause.when, tier):
        return ()
    return tuple(one.requirement for one in clause.at_tier[tier] if one.strength == MANDATORY)


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
    known = known_in(bundle)
    for clause in bundle["clauses"]:
        for where, what in _faults_in_clause(bundle, library, library.clauses[clause["id"]]):
            yield Problem(f"{clause['id']}, {where}" if where else clause["id"], what)
        yield from _problems_in_texts(clause, known)
        yield from _editors_problems(bundle, clause)
    yield from (Problem("edition, incomplete", what) for what in _faults_in_baseline(bundle))
    for check in (_faults_in_ids, _faults_in_parameters, _faults_in_coverage, _faults_in_guarantees, _faults_in_places):
        yield from (Problem(where, what) for where, what in check(bundle, library))
    yield from (Problem(where, what) for where, what in faults_in_words(bundle))
    if bundle["schema"] >= EDITED_SINCE:
        for faults_found in (faults_in_glossary, faults_in_sources, faults_in_arrangements, faults_in_metrics):
            yield from (Problem(where, what) for where, what in faults_found(bundle))


# Clauses


def _faults_in_clause(bundle: Bundle, library: Library, clause: Clause) -> Faults:
    yield from _faults_in_facts(bundle, clause)
    yield from _faults_in_tiers(library, clause)


def _problems_in_texts(clause: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    for fault in faults_in(clause, clause["texts"], known):
        yield Problem(_place(clause, fault), _SAID[fault.code].format(mark=fault.mark))


def _place(clause: Mapping[str, Any], fault: Fault | EditorsFault) -> str:
    """Where a fault is: clause, language and line of the file, or its facts; then requirement and part."""
    text = clause["texts"].get(fault.language)
    line = f"line {line_of(text, fault.requirement, fault.part)}" if text else ""
    where = (clause["id"], fault.language or "facts", line, fault.requirement, fault.part)
    return ", ".join(filter(None, where))


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


def _editors_problems(bundle: Bundle, clause: Mapping[str, Any]) -> Iterator[Problem]:
    """What keeps a clause from being whole, unless it is on the list of those still incomplete."""
    if bundle["schema"] < EDITED_SINCE or clause["id"] in _baseline(bundle):
        return
    for fault in faults_for_editors(clause):
        yield Problem(_place(clause, fault), fault.what)


def _faults_in_baseline(bundle: Bundle) -> Iterator[str]:
    """The list of incomplete clauses only shrinks: one that is whole, or is not there, comes off it."""
    clauses = {clause["id"]: clause for clause in bundle["clauses"]}
    for name in _baseline(bundle):
        if name not in clauses:
            yield f"there is no clause {name}"
        elif not any(faults_for_editors(clauses[name])):
            yield f"{name} is whole by now: take it off the list"


def _baseline(bundle: Bundle) -> Sequence[str]:
    found: Sequence[str] = bundle["edition"].get("incomplete", ())
    return found


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
            yield from _faults_in_number(str(value), parameter)


def _faults_in_number(written: str, parameter: Parameter) -> Iterator[str]:
    try:
        number = Decimal(written)
    except InvalidOperation:
        yield f"the default {written} is no number"
        return
    lowest, highest = parameter.minimum, parameter.maximum
    if (lowest is not None and number < lowest) or (highest is not None and number > highest):
        yield f"the default {written} is out of its bounds"


def _faults_in_coverage(bundle: Bundle, library: Library) -> Faults:
    clauses = library.clauses.values()
    for principle in bundle["edition"]["principles"]:
        serving = [clause for clause in clauses if principle in clause.principles]
        if not serving:
            yield f"principle {principle}", "no clause serves it"
        elif bundle["schema"] >= EDITED_SINCE and not any(mandatory_at(library, row, HIGH) for row in serving):
            yield f"principle {principle}", f"nothing that serves it is mandatory at tier {HIGH}"
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
        for arrangement in (place["arrangement"], *place.get("arrangements", {}).values()):
            if arrangement not in bundle["arrangements"]:
                yield where, f"there is no arrangement {arrangement}"
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
