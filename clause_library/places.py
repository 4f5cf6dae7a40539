"""How texts are said where they are used: defined terms in the forms of the place, words in its spelling."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clause_library.wording import ANY_PLACE
from rules.assessment import Assessment
from rules.conditions import TENDER
from rules.library import Library

ELSEWHERE = "other"
# The places that speak a language as their own, so that it is written as there.
SPOKEN = {"es": ("AR", "CL", "CO", "ES", "MX", "PE", "UY"), "pt": ("BR", "PT"), "en": ()}


def language_in_place(language: str, jurisdiction: str) -> str:
    """The language tag of the place: es in AR-CABA is es-AR, pt in BR is pt-BR; pt in AR-CABA stays pt."""
    country = jurisdiction.split("-", maxsplit=1)[0]
    return f"{language}-{country}" if country in SPOKEN[language] else language


@dataclass(frozen=True)
class Place:
    """One language in one jurisdiction, for one instrument, with the words of a release.

    A defined term has the forms of the instrument, else of the jurisdiction, else those for any place. The lexicon
    gives for a language tag the words that are written differently there; the rest of a text stays as it is.
    """

    words: Mapping[str, Any]
    language: str
    jurisdiction: str = ELSEWHERE
    instrument: str = TENDER

    @property
    def tag(self) -> str:
        """The language tag of the place."""
        return language_in_place(self.language, self.jurisdiction)

    def term(self, name: str, form: str = "the") -> str:
        """A defined term in one of its forms; its plain form where a release does not have this one."""
        places = self.words["terms"][name]
        forms = next(places[key] for key in (self.instrument, self.jurisdiction, ANY_PLACE) if key in places)
        return str(forms.get(form, forms["the"]))

    def spelled(self, text: str) -> str:
        """A text in the spelling of the place, capitals kept."""
        return self._differing.sub(self._one, text) if self._lexicon else text

    def spelled_throughout(self, words: Any) -> Any:
        """Tables and lists of texts in the spelling of the place."""
        if isinstance(words, Mapping):
            return {name: self.spelled_throughout(inner) for name, inner in words.items()}
        if isinstance(words, (list, tuple)):
            return type(words)(self.spelled_throughout(inner) for inner in words)
        return self.spelled(words) if isinstance(words, str) else words

    @cached_property
    def _lexicon(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.words.get("lexicon", {}).get(self.tag, {})
        return {word.lower(): other for word, other in found.items()}

    @cached_property
    def _differing(self) -> re.Pattern[str]:
        longest_first = sorted(self._lexicon, key=len, reverse=True)
        return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)

    def _one(self, found: re.Match[str]) -> str:
        word = found.group(0)
        other = self._lexicon[word.lower()]
        if word.isupper() and len(word) > 1:
            return other.upper()
        return other[0].upper() + other[1:] if word[0].isupper() else other


# Beside each spelling the words it was made from: only those very words are answered with it.
_spelled: dict[tuple[str, str], tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
_MOST_KEPT = 16


def words_in_place(library: Library, place: Place) -> Mapping[str, Any]:
    """The words of a release in one language, in the spelling of the place; remembered, for they are many."""
    words: Mapping[str, Any] = library.words[place.language]
    if place.tag not in words.get("lexicon", {}):
        return words
    key = (library.hash, place.tag)
    made_from, found = _spelled.get(key, (None, words))
    if made_from is not words:
        if len(_spelled) >= _MOST_KEPT:
            _spelled.clear()
        found = place.spelled_throughout({name: words[name] for name in words if name != "lexicon"})
        _spelled[key] = words, found
    return found


def place_of(library: Library, language: str, assessment: Assessment) -> Place:
    """The place of an assessed brief, in one language."""
    chosen = assessment.reading.chosen("buyer_jurisdiction") or (ELSEWHERE,)
    return Place(library.words[language], language, chosen[0], assessment.reading.instrument)
