"""The texts of clauses as plain words: terms and parameters said, references named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from clause_library.places import Place
from clause_library.wording import Piece, said
from procurement.parameters import Filled, Value
from rules.library import Library, Parameter
from rules.sentences import Speaker


class Reader(Speaker):
    """A speaker that also knows which language it says things in."""

    def __init__(self, library: Library, language: str) -> None:
        super().__init__(library, language)
        self.language = language


@dataclass(frozen=True)
class ClauseWords:
    """Says texts of one release in one language, in the words of a place and with the values of parameters.

    A parameter without a value stands as its label in square brackets.
    """

    library: Library
    language: str
    place: Place
    filled: Mapping[str, Filled]

    def say(self, text: str) -> str:
        """The text without marks, paragraphs on lines of their own."""
        return said(text, self._piece)

    def title(self, clause_id: str) -> str:
        """The title of a clause."""
        return self.place.spelled(str(self.library.texts[clause_id][self.language]["title"]))

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case "parameter":
                return self._parameter(piece.text)
            case "term":
                name, _, form = piece.text.partition(".")
                return self.place.term(name, form or "the")
            case "reference":
                known = piece.text in self.library.texts
                return f"{piece.text} ({self.title(piece.text)})" if known else piece.text
        return self.place.spelled(piece.text)

    def _parameter(self, name: str) -> str:
        words = self.library.words[self.language]["parameters"][name]
        row = self.filled.get(name)
        if row is None or row.value is None:
            return str(words.get("default_words") or f"[{words['label']}]")
        return value_in_words(row.parameter, row.value, self.library.words[self.language])


def value_in_words(parameter: Parameter, value: Value, words: Mapping[str, Any]) -> str:
    """A value of a parameter as a person reads it; `words` are those of a release in one language."""
    if isinstance(value, tuple):
        return items_in_words(parameter, value, words)
    choices = words["parameters"][parameter.name].get("choices", {})
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(choices.get(str(value), value)) if parameter.type == "enum" else str(value)


def items_in_words(parameter: Parameter, items: Iterable[str], words: Mapping[str, Any]) -> str:
    """The items of a list with the labels the release has for them; an officer's own as they were typed."""
    labels = words.get(parameter.labels, {})
    return ", ".join(str(labels[item]["label"]) if item in labels else item for item in items)
