"""What descriptions are told with: a release in one language, and the voice that says sentences in it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from clause_library.checks import HIGH, mandatory_at
from clause_library.description import Block, Link, Piece, Words
from clause_library.pages import Reader
from rules.conditions import Condition
from rules.library import Clause, Library

# A sentence on a subject, and the blocks that describe it.
Told = tuple[str, list[Block]]


class Voice(Protocol):
    """Says sentences, dates and countries in one language."""

    def gettext(self, message: str, **values: object) -> str:
        """A sentence, its blanks filled in."""

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """A sentence about a number of things."""

    def date(self, written: str) -> str:
        """A day or a month written with digits."""

    def country(self, code: str) -> str:
        """The name of a country."""


class Teller:
    """Tells one release in one language."""

    def __init__(self, reader: Reader, voice: Voice) -> None:
        self.reader = reader
        self.voice = voice
        self.library: Library = reader.library
        self.words: Mapping[str, Any] = reader.words
        self._mandatory: dict[str, int] = {}
        self.high = voice.gettext("Mandatory at level %(tier)s", tier=HIGH)

    def clause(self, name: str) -> Words:
        """A clause by its id and title."""
        return (self._linked(f"{name} {self.reader.title(name)}", name),)

    def ids(self, names: Iterable[str]) -> Words:
        """Clauses by their ids, in a row."""
        return in_a_row([self._linked(name, name) for name in names])

    def requirement(self, name: str) -> Words:
        """A requirement by its id and the title of its clause."""
        clause = name.partition(".")[0]
        return (self._linked(f"{name} {self.reader.title(clause)}", clause, name),)

    def named(self, name: str) -> Words:
        """A clause or a requirement."""
        return self.requirement(name) if "." in name else self.clause(name)

    def _linked(self, text: str, clause: str, requirement: str = "") -> Piece:
        """Words that lead to a clause or a requirement of it; only words where the release does not have the clause."""
        if clause not in self.library.clauses:
            return text
        return Link(text, "requirement", requirement) if requirement else Link(text, "clause", clause)

    def mandatory(self, clause: Clause) -> int:
        """How many requirements of a clause are mandatory at the high tier."""
        if clause.id not in self._mandatory:
            self._mandatory[clause.id] = len(mandatory_at(self.library, clause, HIGH))
        return self._mandatory[clause.id]

    def shelves(self) -> list[tuple[str, str, list[Clause]]]:
        """Categories: id, name and clauses."""
        clauses = list(self.library.clauses.values())
        return [
            (name, str(self.words["categories"][name]), [clause for clause in clauses if clause.category == name])
            for name in self.library.edition["categories"]
        ]

    def condition(self, condition: Condition) -> str:
        """A condition as a sentence of its own."""
        return as_sentence(self.reader.speaker.condition(condition))

    def level(self, tier: int) -> str:
        """A risk level by number and name; stop has no number."""
        name = self.reader.speaker.tier_name(tier)
        return f"{tier} – {name}" if tier else capital(name)

    def guaranteed(self, name: str) -> str:
        """The title of a guarantee; its id where the release has none."""
        return str(self.words.get("guarantees", {}).get(name, {}).get("title", name))

    def clauses_counted(self, number: int) -> str:
        """So many clauses."""
        return self.voice.ngettext("%(num)s clause", "%(num)s clauses", number)

    def mandatory_counted(self, number: int) -> str:
        """So many mandatory requirements."""
        return self.voice.ngettext(
            "%(num)s requirement mandatory at risk level %(tier)s",
            "%(num)s requirements mandatory at risk level %(tier)s",
            number,
            tier=HIGH,
        )


# Small pieces


def in_a_row(pieces: Sequence[Piece], between: str = ", ") -> Words:
    """Pieces in a row."""
    found = [part for piece in pieces for part in (between, piece)]
    return tuple(found[1:])


def as_sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return f"{capital(text)}."


def capital(text: str) -> str:
    """A text with a capital."""
    return text[:1].upper() + text[1:]
