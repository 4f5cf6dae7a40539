"""A library: everything one release says, ready for the engine. Immutable once made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from rules.conditions import (
    ALWAYS,
    Among,
    AtLeast,
    Condition,
    IsNot,
    ScoreAtLeast,
    TierAtLeast,
    condition_from,
    names_in,
    questions_in,
)
from rules.errors import BrokenLibrary
from rules.questions import Question

LANGUAGES = ("es", "pt", "en")
TIERS = (1, 2, 3, 4)
STOP = 0
KINDS = ("technical", "functional", "background", "contractual")
OWED_BY = ("supplier", "buyer", "shared")
MOMENTS = ("bid", "acceptance", "operation", "exit")
STRENGTHS = ("mandatory", "scored", "informative")
VERIFIERS = ("buyer", "independent", "internal_control")
# What follows when a requirement is not met.
OUTCOMES = ("exclusion", "no_points", "rejection", "cure", "credit", "suspension", "termination", "escalation")
# How a scored requirement is answered; a mandatory one by yes or no, an informative one in words.
ANSWERS = ("number", "level", "test")

Bundle = Mapping[str, Any]


@dataclass(frozen=True)
class Trigger:
    """A reason for a tier: the tier it brings, 0 being stop."""

    id: str
    tier: int
    when: Condition


@dataclass(frozen=True)
class Rule:
    """A flag or a conflict: an id and when it is raised."""

    id: str
    when: Condition


@dataclass(frozen=True)
class Requirement:
    """One duty that can be verified. `strength` holds only the tiers at which it applies.

    `evidence_at` and `verified_at` are moments, `verified_by` one of VERIFIERS, `on_failure` outcomes in their order,
    `answer` how it is answered where it is scored; all empty in releases made before they were asked for.
    """

    id: str
    kind: str
    owed_by: str
    moment: str
    strength: Mapping[int, str]
    essential: bool
    when: Condition
    evidence_at: tuple[str, ...] = ()
    verified_by: str = ""
    verified_at: tuple[str, ...] = ()
    on_failure: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True)
class Selected:
    """A requirement that applies at a tier, with its strength there."""

    requirement: Requirement
    strength: str


@dataclass(frozen=True)
class Clause:
    """A titled article in one version; `hash` is of the version's canonical bytes."""

    id: str
    category: str
    principles: tuple[str, ...]
    when: Condition
    requirements: tuple[Requirement, ...]
    version: int
    hash: str

    @cached_property
    def at_tier(self) -> Mapping[int, tuple[Selected, ...]]:
        """The requirements at each tier, where their own conditions do not keep them out."""
        return {
            tier: tuple(
                Selected(requirement, requirement.strength[tier])
                for requirement in self.requirements
                if tier in requirement.strength
            )
            for tier in TIERS
        }

    @cached_property
    def whole(self) -> bool:
        """Whether no requirement has a condition of its own."""
        return all(requirement.when is ALWAYS for requirement in self.requirements)


@dataclass(frozen=True)
class Default:
    """A default of a parameter that holds only under a condition."""

    when: Condition
    value: object


@dataclass(frozen=True)
class Parameter:
    """A typed value in the text. `defaults` per tier; `conditional` defaults come before them.

    `from_place` names what in a jurisdiction's data is the default there, `labels` the group of words its items have.
    """

    name: str
    type: str
    minimum: Decimal | None
    maximum: Decimal | None
    choices: tuple[str, ...]
    defaults: Mapping[int, object]
    conditional: tuple[Default, ...]
    in_words: bool
    not_below: str
    from_place: str = ""
    labels: str = ""


@dataclass(frozen=True)
class Guarantee:
    """What must hold for every brief: under `when`, each of these requirements is in and mandatory."""

    id: str
    when: Condition
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """One release as the engine sees it. `words` are per language, `texts` per clause and language."""

    release: int
    hash: str
    questions: Mapping[str, Question]
    facts: Mapping[str, Condition]
    triggers: tuple[Trigger, ...]
    score_maximum: int
    flags: tuple[Rule, ...]
    conflicts: tuple[Rule, ...]
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    guarantees: tuple[Guarantee, ...]
    jurisdictions: Mapping[str, Any]
    sources: Mapping[str, Any]
    arrangements: Mapping[str, Any]
    words: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, Any]]
    edition: Mapping[str, Any]
    exclusions: tuple[tuple[str, ...], ...] = ()
    instruments: Mapping[str, Any] = field(default_factory=dict)
    grounds: tuple[str, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)

    def named_condition(self, kind: str, name: str) -> Condition:
        """The condition of a fact, trigger or flag. Raises KeyError where there is none."""
        return self.conditions[kind][name]

    @cached_property
    def conditions(self) -> Mapping[str, Mapping[str, Condition]]:
        """The named conditions, per kind."""
        return {
            "fact": self.facts,
            "trigger": {trigger.id: trigger.when for trigger in self.triggers},
            "flag": {flag.id: flag.when for flag in self.flags},
        }


def library_from(bundle: Bundle, release_hash: str) -> Library:
    """The library in a release bundle (plain data: dicts, lists, texts, numbers).

    Raises BrokenLibrary, saying where, for an unknown question, option, fact, trigger, flag or parameter,
    a circle of conditions, or a value outside the closed lists.
    """
    shared: dict[Condition, Condition] = {}
    library = Library(
        release=bundle["release"],
        hash=release_hash,
        questions={data["id"]: _question(data) for data in bundle["questions"]},
        facts={name: condition_from(data, f"fact {name}") for name, data in bundle["facts"].items()},
        triggers=tuple(
            Trigger(data["id"], data["tier"], condition_from(data["when"], f"trigger {data['id']}"))
            for data in bundle["triggers"]
        ),
        score_maximum=bundle["score_maximum"],
        flags=_rules(bundle["flags"], "flag"),
        conflicts=_rules(bundle["conflicts"], "conflict"),
        clauses={data["id"]: _clause(data, shared) for data in bundle["clauses"]},
        parameters={data["name"]: _parameter(data) for data in bundle["parameters"]},
        guarantees=tuple(
            Guarantee(
                data["id"],
                condition_from(data["when"], f"guarantee {data['id']}"),
                tuple(data["requirements"]),
            )
            for data in bundle["guarantees"]
        ),
        jurisdictions=bundle["jurisdictions"],
        sources=bundle["sources"],
        arrangements=bundle["arrangements"],
        words=bundle["words"],
        texts={data["id"]: data["texts"] for data in bundle["clauses"]},
        edition=bundle["edition"],
        exclusions=tuple(tuple(row["pair"]) for row in bundle.get("exclusions", ())),
        instruments=bundle.get("instruments", {}),
        grounds=tuple(bundle.get("grounds", ())),
        metrics=bundle.get("metrics", {}),
    )
    _refuse_loose_ends(library)
    return library


def _rules(rows: list[Bundle], kind: str) -> tuple[Rule, ...]:
    return tuple(Rule(row["id"], condition_from(row["when"], f"{kind} {row['id']}")) for row in rows)


def _question(data: Bundle) -> Question:
    ask_when = data.get("ask_when")
    where = f"question {data['id']}"
    return Question(
        id=data["id"],
        step=data["step"],
        type=_one_of(("text", "integer", "single", "multiple"), data["type"], where),
        options=tuple(data.get("options", ())),
        order=tuple(data.get("order", ())),
        weights=data.get("weights", {}),
        do_not_know=data.get("do_not_know", False),
        ask_when=None if ask_when is None else condition_from(ask_when, where),
        minimum=data.get("minimum", 1),
        maximum=data.get("maximum", 120),
    )


def _clause(data: Bundle, shared: dict[Condition, Condition]) -> Clause:
    """A clause; one condition stands for all that are equal, in `shared`, so that it is judged once."""
    where = f"clause {data['id']}"
    when = condition_from(data["when"], where)
    return Clause(
        id=data["id"],
        category=data["category"],
        principles=tuple(data["principles"]),
        when=shared.setdefault(when, when),
        requirements=tuple(_requirement(row) for row in data["requirements"]),
        version=data["version"],
        hash=data["hash"],
    )


def _requirement(data: Bundle) -> Requirement:
    where = f"requirement {data['id']}"
    return Requirement(
        id=data["id"],
        kind=_one_of(KINDS, data["kind"], where),
        owed_by=_one_of(OWED_BY, data["owed_by"], where),
        moment=_one_of(MOMENTS, data["moment"], where),
        strength={int(tier): _one_of(STRENGTHS, value, where) for tier, value in data["strength"].items()},
        essential=data.get("essential", False),
        when=condition_from(data["when"], where) if "when" in data else ALWAYS,
        evidence_at=_some_of(MOMENTS, data.get("evidence_at", ()), where),
        verified_by=_one_of(("", *VERIFIERS), data.get("verified_by", ""), where),
        verified_at=_some_of(MOMENTS, data.get("verified_at", ()), where),
        on_failure=_some_of(OUTCOMES, data.get("on_failure", ()), where),
        answer=_one_of(("", *ANSWERS), data.get("answer", ""), where),
    )


def _parameter(data: Bundle) -> Parameter:
    where = f"parameter {data['name']}"
    return Parameter(
        name=data["name"],
        type=_one_of(("int", "decimal", "money", "enum", "multi"), data["type"], where),
        minimum=_decimal(data.get("minimum")),
        maximum=_decimal(data.get("maximum")),
        choices=tuple(data.get("choices", ())),
        defaults={int(tier): value for tier, value in data.get("defaults", {}).items()},
        conditional=tuple(
            Default(condition_from(row["when"], where), row["value"]) for row in data.get("conditional", ())
        ),
        in_words=data.get("in_words", False),
        not_below=data.get("not_below", ""),
        from_place=data.get("from_place", ""),
        labels=data.get("labels", ""),
    )


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _one_of(allowed: tuple[str, ...], value: str, where: str) -> str:
    if value not in allowed:
        raise BrokenLibrary(where, f"{value!r} is not one of {', '.join(allowed)}")
    return value


def _some_of(allowed: tuple[str, ...], values: Iterable[str], where: str) -> tuple[str, ...]:
    return tuple(_one_of(allowed, value, where) for value in values)


def _refuse_loose_ends(library: Library) -> None:
    for where, condition in _all_conditions(library):
        _refuse_unknown_questions(library, where, condition)
        for named in names_in(condition):
            if named.name not in library.conditions[named.kind]:
                raise BrokenLibrary(where, f"there is no {named.kind} {named.name}")
    for kind, conditions in library.conditions.items():
        for name in conditions:
            _refuse_circle(library, kind, name, ())
    for question in library.questions.values():
        _refuse_question_circle(library, question.id, ())
    _refuse_too_early(library)


def _all_conditions(library: Library) -> list[tuple[str, Condition]]:
    found = [(f"fact {name}", condition) for name, condition in library.facts.items()]
    found += [(f"trigger {trigger.id}", trigger.when) for trigger in library.triggers]
    found += [(f"flag {flag.id}", flag.when) for flag in library.flags]
    found += [(f"conflict {conflict.id}", conflict.when) for conflict in library.conflicts]
    found += [(f"guarantee {row.id}", row.when) for row in library.guarantees]
    found += [(f"question {row.id}", row.ask_when) for row in library.questions.values() if row.ask_when]
    for clause in library.clauses.values():
        found.append((f"clause {clause.id}", clause.when))
        found += [(f"requirement {requirement.id}", requirement.when) for requirement in clause.requirements]
    for parameter in library.parameters.values():
        found += [(f"parameter {parameter.name}", default.when) for default in parameter.conditional]
    return found


def _refuse_unknown_questions(library: Library, where: str, condition: Condition) -> None:
    for part in condition.parts():
        _refuse_unknown_questions(library, where, part)
    if isinstance(condition, (Among, IsNot, AtLeast)):
        question = library.questions.get(condition.question)
        if question is None:
            raise BrokenLibrary(where, f"there is no question {condition.question}")
        for option in condition.options if isinstance(condition, Among) else (condition.option,):
            if option not in question.options:
                raise BrokenLibrary(where, f"question {question.id} has no option {option}")
        if isinstance(condition, AtLeast) and condition.option not in question.order:
            raise BrokenLibrary(where, f"question {question.id} has no order")


def _refuse_too_early(library: Library) -> None:
    """What decides the tier cannot ask for it, nor what decides which answers count for the score."""
    for trigger in library.triggers:
        if _asks_for(library, trigger.when, (TierAtLeast,)):
            raise BrokenLibrary(f"trigger {trigger.id}", "leans on the tier, which it decides")
    for question in library.questions.values():
        if question.ask_when and _asks_for(library, question.ask_when, (TierAtLeast, ScoreAtLeast)):
            raise BrokenLibrary(f"question {question.id}", "is asked depending on the tier or the score")


def _asks_for(library: Library, condition: Condition, kinds: tuple[type[Condition], ...]) -> bool:
    behind = (library.named_condition(named.kind, named.name) for named in names_in(condition))
    return isinstance(condition, kinds) or any(
        _asks_for(library, part, kinds) for part in (*condition.parts(), *behind)
    )


def _refuse_circle(library: Library, kind: str, name: str, path: tuple[str, ...]) -> None:
    if name in path:
        raise BrokenLibrary(f"{kind} {name}", f"leans on itself through {' → '.join(path)}")
    for named in names_in(library.named_condition(kind, name)):
        _refuse_circle(library, named.kind, named.name, (*path, name))


def _refuse_question_circle(library: Library, name: str, path: tuple[str, ...]) -> None:
    if name in path:
        raise BrokenLibrary(f"question {name}", f"is asked depending on itself through {' → '.join(path)}")
    condition = library.questions[name].ask_when
    if condition is not None:
        for question in _questions_behind(library, condition):
            _refuse_question_circle(library, question, (*path, name))


def _questions_behind(library: Library, condition: Condition) -> set[str]:
    found = set(questions_in(condition))
    for named in names_in(condition):
        found |= _questions_behind(library, library.named_condition(named.kind, named.name))
    return found
