"""Planting faults in a copy of the edition, and saying where the check must find them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from clause_library.bundles import bundle_of
from clause_library.checks import problems_in
from clause_library.edition import CONTENT
from clause_library.releases import shipped_release
from rules.library import LANGUAGES

Bundle = dict[str, Any]
LINE = re.compile(r", line \d+")


def clause(bundle: Bundle, name: str) -> Any:
    return next(row for row in bundle["clauses"] if row["id"] == name)


def row(bundle: Bundle, group: str, name: str) -> Any:
    return next(row for row in bundle[group] if row.get("id", row.get("name")) == name)


def requirement(bundle: Bundle, name: str) -> Any:
    return next(row for row in clause(bundle, name.partition(".")[0])["requirements"] if row["id"] == name)


def parts(bundle: Bundle, name: str, language: str) -> Any:
    """The parts of a requirement in one language."""
    return clause(bundle, name.partition(".")[0])["texts"][language]["requirements"][name]


def write(bundle: Bundle, name: str, part: str, **said: str) -> None:
    """Write a part of a requirement anew in these languages."""
    for language, text in said.items():
        parts(bundle, name, language)[part] = text


def add(bundle: Bundle, name: str, part: str, **said: str) -> None:
    """Add words to a part of a requirement in these languages."""
    for language, text in said.items():
        parts(bundle, name, language)[part] += text


def everywhere(text: str) -> dict[str, str]:
    """The same words in every language."""
    return dict.fromkeys(LANGUAGES, text)


@dataclass(frozen=True)
class At:
    """Where a fault of a text is told: `part` in a requirement (or in the clause), or under its heading if missing."""

    language: str
    requirement: str
    part: str
    what: str
    clause: str = ""
    missing: bool = False

    def __str__(self) -> str:
        name = self.clause or self.requirement.partition(".")[0]
        where = (name, self.language, f"line {self._line(name)}", self.requirement, self.part)
        return f"{', '.join(filter(None, where))}: {self.what}"

    def _line(self, name: str) -> int:
        """The line on disk, as an editor shows it."""
        lines = (CONTENT / "clauses" / name / f"{self.language}.md").read_text(encoding="utf-8").split("\n")
        if self.part == "summary":
            return 3
        heading = f"## {self.requirement or self.part}"
        start = lines.index(heading) if heading in lines and (self.requirement or not self.missing) else 0
        inner = self.requirement and self.part != "text" and not self.missing
        return (lines.index(f"### {self.part}", start) if inner else start) + 1


def in_each(requirement: str, part: str, what: str, *, clause: str = "", missing: bool = False) -> tuple[At, ...]:
    """The same fault in every language."""
    return tuple(At(language, requirement, part, what, clause, missing) for language in LANGUAGES)


def copy_of_the_edition() -> Bundle:
    return bundle_of(*shipped_release())


def said_of(bundle: Bundle) -> list[str]:
    return [f"{problem.where}: {problem.what}" for problem in problems_in(bundle)]


@cache
def said_of_the_edition() -> frozenset[str]:
    """What is said of the edition without any planted fault."""
    return frozenset(said_of(copy_of_the_edition()))


def newly_said(bundle: Bundle) -> list[str]:
    """What is said of a bundle and not of the edition, on whichever line."""
    before = {LINE.sub("", said) for said in said_of_the_edition()}
    return [said for said in said_of(bundle) if LINE.sub("", said) not in before]


def as_lines(expected: Any) -> list[str]:
    """What must be said, a sentence each; given as one sentence or place, or several."""
    return [str(one) for one in (expected if isinstance(expected, tuple) else (expected,))]
