"""What the answer to each question leads to, through facts, triggers and flags. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rules.conditions import Condition, names_in, questions_in
from rules.library import Clause, Library


@dataclass(frozen=True)
class Led:
    """What leans on one question: names, in the order of the library. What only the tier brings is not counted."""

    facts: tuple[str, ...]
    triggers: tuple[str, ...]
    flags: tuple[str, ...]
    conflicts: tuple[str, ...]
    questions: tuple[str, ...]
    clauses: tuple[str, ...]
    parameters: tuple[str, ...]
    guarantees: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(vars(self).values())


class Reach:
    """Which questions stand behind each rule of a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._behind: dict[tuple[str, str], frozenset[str]] = {}

    def of(self, question: str) -> Led:
        """What the answer to a question leads to."""
        groups = {
            name: tuple(one for one, behind in rows.items() if question in behind) for name, rows in self._rows.items()
        }
        return Led(**groups)

    def behind(self, conditions: Iterable[Condition]) -> frozenset[str]:
        """The questions that these conditions test, themselves or through what they name."""
        found: set[str] = set()
        for condition in conditions:
            found |= set(questions_in(condition))
            for named in names_in(condition):
                found |= self._behind_named(named.kind, named.name)
        return frozenset(found)

    def _behind_named(self, kind: str, name: str) -> frozenset[str]:
        if (kind, name) not in self._behind:
            self._behind[kind, name] = self.behind([self.library.named_condition(kind, name)])
        return self._behind[kind, name]

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        library = self.library
        return {
            "facts": {name: self._behind_named("fact", name) for name in library.facts},
            "triggers": {row.id: self.behind([row.when]) for row in library.triggers},
            "flags": {row.id: self.behind([row.when]) for row in library.flags},
            "conflicts": {row.id: self.behind([row.when]) for row in library.conflicts},
            "questions": {
                row.id: self.behind([row.ask_when] if row.ask_when else []) for row in library.questions.values()
            },
            "clauses": {row.id: self.behind(_conditions_of(row)) for row in library.clauses.values()},
            "parameters": {
                row.name: self.behind(default.when for default in row.conditional)
                for row in library.parameters.values()
            },
            "guarantees": {row.id: self.behind([row.when]) for row in library.guarantees},
        }


def _conditions_of(clause: Clause) -> list[Condition]:
    return [clause.when, *(requirement.when for requirement in clause.requirements)]
