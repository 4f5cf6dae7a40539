"""Telling a tender in one language: clause texts as runs, with parameters and terms filled in, and fixed words."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal

from clause_library.glossary import terms_used
from clause_library.places import place_of, words_in_place
from clause_library.wording import Piece, blocks
from exports.document import Inner, ItemList, Paragraph, Run, Runs
from exports.wording import long_date
from procurement.clause_words import items_in_words
from procurement.parameters import Filled, jurisdiction_of
from procurement.tender import Tender
from rules.conditions import INSTRUMENTS
from rules.library import Parameter
from rules.sentences import Speaker

WORDS = Path(__file__).parent / "looks" / "tender.toml"


@cache
def fixed_words() -> Mapping[str, Any]:
    """The fixed words of the documents, per language; those of an instrument of its own stand under its name."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def words_for(words: Mapping[str, Any], instrument: str) -> dict[str, Any]:
    """Fixed words with those of an instrument in their place, in tables too."""
    own = words.get(instrument, {})
    return {
        name: {**inner, **own.get(name, {})} if isinstance(inner, Mapping) else own.get(name, inner)
        for name, inner in words.items()
        if name not in INSTRUMENTS
    }


class Teller:
    """Tells one tender in one language."""

    def __init__(self, tender: Tender, language: str) -> None:
        self.tender = tender
        self.language = language
        self.place = place_of(tender.library, language, tender.assessment)
        self.tag = self.place.tag
        fixed = words_for(fixed_words()[language], self.place.instrument)
        self.words: Mapping[str, Any] = self.place.spelled_throughout(fixed)
        self.library_words = words_in_place(tender.library, self.place)
        self.speaker = Speaker(tender.library, language, self.library_words)

    def clause(self, clause_id: str) -> Mapping[str, Any]:
        """The texts of a clause in this language."""
        found: Mapping[str, Any] = self.tender.library.texts[clause_id][self.language]
        return found

    def date(self, date: Any) -> str:
        """A date in words, or that it is not filled in."""
        return long_date(date, self.tag) if date else str(self.words["not_filled"])

    def runs(self, text: str) -> Runs:
        """A text as one paragraph of runs."""
        found: list[Run] = []
        for number, block in enumerate(blocks(text)):
            if number:
                found.append(Run(" "))
            found += (self._run(piece) for piece in block.pieces)
        return tuple(found)

    def inner_blocks(self, text: str) -> tuple[Inner, ...]:
        """A text as paragraphs and lists."""
        found: list[Inner] = []
        items: list[Runs] = []
        kind = ""
        for block in (*blocks(text), None):
            if items and (block is None or block.kind != kind):
                found.append(ItemList(tuple(items), ordered=kind == "step"))
                items = []
            if block is None:
                break
            kind = block.kind
            runs = tuple(self._run(piece) for piece in block.pieces)
            if kind == "paragraph":
                found.append(Paragraph(runs))
            else:
                items.append(runs)
        return tuple(found)

    def plain(self, text: str) -> str:
        """A text as plain words, paragraphs and items on lines of their own."""
        return "\n".join(
            ("• " if block.kind != "paragraph" else "") + "".join(self._run(piece).text for piece in block.pieces)
            for block in blocks(text)
        )

    def value(self, filled: Filled) -> str:
        """The value of a parameter as it is printed, without its unit."""
        words = self.library_words["parameters"][filled.parameter.name]
        if filled.origin == "unfilled":
            return f"[{self.label(filled.parameter.name)}]"
        if filled.origin == "words":
            return str(words["default_words"])
        return self._said(filled.parameter, filled.value)

    def value_with_unit(self, filled: Filled) -> str:
        """The value of a parameter with its unit, for a list."""
        value = self.value(filled)
        words = self.library_words["parameters"][filled.parameter.name]
        plain = filled.origin in ("unfilled", "words") or not words.get("unit")
        return value if plain else f"{value} {words['unit']}"

    def term(self, name: str, form: str = "the") -> str:
        """A defined term in the words of the place."""
        return self.place.term(name, form)

    def title(self, clause_id: str) -> str:
        """The title of a clause, in the spelling of the place."""
        return self.place.spelled(str(self.clause(clause_id)["title"]))

    def label(self, parameter: str) -> str:
        """The label of a parameter."""
        return str(self.library_words["parameters"][parameter]["label"])

    def named(self, names: Mapping[str, str] | None, otherwise: str = "") -> str:
        """A name kept in each language, in the spelling of the place."""
        return self.place.spelled(names[self.language]) if names else otherwise

    def listed(self, lists: Mapping[str, Sequence[str]] | None, otherwise: Sequence[str]) -> list[str]:
        """Texts kept in each language, in the spelling of the place."""
        return [self.place.spelled(text) for text in lists[self.language]] if lists else list(otherwise)

    def defined_terms(self, text: str) -> list[tuple[str, str]]:
        """The terms of the glossary that a text uses, each with its meaning here: the place's own, where it has one."""
        # The texts of clauses are in the base spelling, and so are the forms to look for in them.
        found = terms_used(self.tender.library.words[self.language], text)
        return [(self.place.spelled(str(row["term"])), self._meaning_here(name, row)) for name, row in found]

    def _meaning_here(self, name: str, row: Mapping[str, Any]) -> str:
        place = jurisdiction_of(self.tender.library, self.tender.assessment)
        _term, _colon, own = str(place.get(f"{name}_{self.language}", "")).partition(": ")
        return own[:1].upper() + own[1:] + "." if own else self.plain(row["meaning"])

    def joined_labels(self, question: str) -> str:
        """The answer to a question, as a person reads it."""
        return self.speaker.answer(question, self.tender.answers[question])

    def number(self, number: int | Decimal) -> str:
        """A number as the place writes it."""
        return str(format_decimal(number, locale=self.tag.replace("-", "_")))

    def _run(self, piece: Piece) -> Run:
        match piece.kind:
            case "term":
                name, _, form = piece.text.partition(".")
                return Run(self.term(name, form or "the"))
            case "parameter":
                return self._parameter_run(piece.text)
            case "reference":
                return Run(piece.text, kind="reference")
            case "emphasis":
                return Run(self.place.spelled(piece.text), kind="emphasis")
            case "strong":
                return Run(self.place.spelled(piece.text), kind="strong")
        # A percent sign never begins a line.
        return Run(self.place.spelled(piece.text).replace(" %", "\u00a0%"))

    def _parameter_run(self, name: str) -> Run:
        filled = self.tender.parameters[name]
        return Run(self.value(filled), kind="unfilled" if filled.origin == "unfilled" else "value")

    def _said(self, parameter: Parameter, value: Any) -> str:
        if parameter.type == "enum":
            return str(self.library_words["parameters"][parameter.name]["choices"][str(value)])
        if isinstance(value, (int, Decimal)):
            return self.number(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return items_in_words(parameter, value, self.library_words)
        return str(value)
