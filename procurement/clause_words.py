"""The texts of clauses as plain words: terms and parameters said, references named."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

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
    """Says texts of one release in one language, with the terms of a jurisdiction and the values of parameters.

    A parameter without a value stands as its label in square brackets.
    """

    library: Library
    language: str
    jurisdiction: str
    filled: Mapping[str, Filled]

    def say(self, text: str) -> str:
        """The text without marks, paragraphs on lines of their own."""
        return said(text, self._piece)

    def title(self, clause_id: str) -> str:
        """The title of a clause."""
        return str(self.library.texts[clause_id][self.language]["title"])

    def _piece(self, piece: Piece) -> str:
        match piece.kind:
            case "parameter":
                return self._parameter(piece.text)
            case "term":
                return self._term(piece.text)
            case "reference":
                known = piece.text in self.library.texts
                return f"{piece.text} ({self.title(piece.text)})" if known else piece.text
        return piece.text

    def _term(self, name: str) -> str:
        term, _, form = name.partition(".")
        forms = self.library.words[self.language]["terms"][term]
        said_here = forms.get(self.jurisdiction, forms["default"])
        return str(said_here[form or "the"])

    def _parameter(self, name: str) -> str:
        words = self.library.words[self.language]["parameters"][name]
        row = self.filled.get(name)
        if row is None or row.value is None:
            return str(words.get("default_words") or f"[{words['label']}]")
        return value_in_words(row.parameter, row.value, words.get("choices", {}))


def value_in_words(parameter: Parameter, value: Value, choices: Mapping[str, str]) -> str:
    """A value of a parameter as a person reads it."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(choices.get(str(value), value)) if parameter.type == "enum" else str(value)
