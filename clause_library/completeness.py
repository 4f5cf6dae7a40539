"""Whether every word a release needs is there in the three languages. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any

from clause_library.places import language_in_place
from clause_library.wording import ANY_PLACE, TERM_FORMS, TERMS, stray_marks
from rules.conditions import INSTRUMENTS
from rules.library import LANGUAGES, Bundle

Faults = Iterator[tuple[str, str]]
SHOWN_TIERS = ("0", "1", "2", "3", "4")
NONE = "none"

# The schema since which guarantees have words and terms all their forms; those terms had before.
SAID_SINCE = 2
FIRST_FORMS = ("the", "The", "of", "to", "by")

# What each thing of a group must say about itself.
SAID = {
    "facts": ("yes", "no"),
    "tiers": ("name", "meaning"),
    "triggers": ("title", "text"),
    "flags": ("title", "text"),
    "conflicts": ("title", "text", "resolve"),
    "guarantees": ("title", "text"),
    "red_lines": ("reason", "source", "alternatives"),
    "principles": ("title", "document"),
    "parameters": ("label", "help"),
    "questions": ("label", "text"),
    "jurisdictions": ("name",),
    "steps": ("title",),
    "categories": (),
    "metrics": ("name", "how", "cases", "caution"),
    "metric_cautions": ("text",),
}


def faults_in_words(bundle: Bundle) -> Faults:
    """Words that are missing, empty, marked or there for nothing, each with its language and place."""
    wanted = _wanted(bundle)
    for language in LANGUAGES:
        words = bundle["words"].get(language, {})
        for group, names in wanted.items():
            yield from _faults_in_group(f"{language}, {group}", words.get(group, {}), names, SAID[group])
        yield from _faults_in_options(bundle, language, words)
        yield from _faults_in_choices(bundle, language, words)
        yield from _faults_in_terms(bundle, language, words.get("terms", {}))
        yield from _faults_in_lexicon(bundle, language, words.get("lexicon", {}))
        yield from _faults_in_strings(language, words)
    yield from _faults_in_shape(bundle["words"])
    yield from _faults_in_sentences(bundle["words"])


def _wanted(bundle: Bundle) -> dict[str, set[str]]:
    """The names each group must have words for, and no others."""
    red_lines = next((row.get("options", ()) for row in bundle["questions"] if row["id"] == "red_lines"), ())
    return {
        "facts": set(bundle["facts"]),
        "tiers": set(SHOWN_TIERS),
        "triggers": {row["id"] for row in bundle["triggers"]},
        "flags": {row["id"] for row in bundle["flags"]},
        "conflicts": {row["id"] for row in bundle["conflicts"]},
        "guarantees": {row["id"] for row in bundle["guarantees"]} if bundle["schema"] >= SAID_SINCE else set(),
        "red_lines": set(red_lines) - {NONE},
        "principles": set(bundle["edition"]["principles"]),
        "parameters": {row["name"] for row in bundle["parameters"]},
        "questions": {row["id"] for row in bundle["questions"]},
        "jurisdictions": set(bundle["jurisdictions"]),
        "steps": {str(row["step"]) for row in bundle["questions"]},
        "categories": set(bundle["edition"]["categories"]),
        "metrics": set(bundle.get("metrics", {})),
        "metric_cautions": {name for row in bundle.get("metrics", {}).values() for name in row.get("cautions", ())},
    }


def _faults_in_group(where: str, group: Mapping[str, Any], names: set[str], said: Sequence[str]) -> Faults:
    for name in sorted(names - set(group)):
        yield where, f"no words for {name}"
    for name in sorted(set(group) - names):
        yield where, f"words for {name}, which does not exist"
    for name in sorted(names & set(group)):
        for part in said:
            if not _is_said(group[name].get(part)):
                yield f"{where}, {name}", f"no {part}"


def _is_said(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_said(item) for item in value)
    return isinstance(value, str) and bool(value.strip())


def _faults_in_options(bundle: Bundle, language: str, words: Mapping[str, Any]) -> Faults:
    for question in bundle["questions"]:
        options = words.get("questions", {}).get(question["id"], {}).get("options", {})
        where = f"{language}, questions, {question['id']}"
        yield from _faults_in_group(where, options, set(question.get("options", ())), ("label",))


def _faults_in_choices(bundle: Bundle, language: str, words: Mapping[str, Any]) -> Faults:
    for row in bundle["parameters"]:
        choices = words.get("parameters", {}).get(row["name"], {}).get("choices", {})
        where = f"{language}, parameters, {row['name']}"
        yield from _faults_in_group(where, choices, set(row.get("choices", ())), ())


def _faults_in_terms(bundle: Bundle, language: str, terms: Mapping[str, Any]) -> Faults:
    for term in TERMS:
        places = terms.get(term, {})
        if ANY_PLACE not in places:
            yield f"{language}, terms, {term}", "no words for every place"
        for place, forms in places.items():
            where = f"{language}, terms, {term}, {place}"
            if place not in (ANY_PLACE, *INSTRUMENTS, *bundle["jurisdictions"]):
                yield where, "there is no such place"
            for form in TERM_FORMS if bundle["schema"] >= SAID_SINCE else FIRST_FORMS:
                if not _is_said(forms.get(form)):
                    yield where, f"no form {form!r}"


def _faults_in_lexicon(bundle: Bundle, language: str, lexicon: Mapping[str, Any]) -> Faults:
    """Words written otherwise where nobody reads them, and words that would be written as they are."""
    tags = {language_in_place(language, place) for place in bundle["jurisdictions"]}
    for tag, differing in lexicon.items():
        where = f"{language}, lexicon, {tag}"
        if tag not in tags:
            yield where, "no place reads this language"
        for word, other in differing.items():
            if not _is_said(word) or not _is_said(other) or word != word.strip().lower():
                yield f"{where}, {word}", "a word in small letters and what is written for it"
            elif other.lower() == word:
                yield f"{where}, {word}", "it is written the same there"


def _faults_in_strings(where: str, value: object) -> Faults:
    """No word anywhere is marked up: words are shown as they are."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _faults_in_strings(f"{where}, {name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _faults_in_strings(where, inner)
    elif isinstance(value, str):
        for mark in stray_marks(value):
            yield where, f"the mark {mark} does not belong there"


def _faults_in_shape(words: Mapping[str, Any]) -> Faults:
    """The languages say the same things; only defined terms differ in the places they have words for."""
    first, *others = LANGUAGES
    shapes = {language: set(_shape("", words.get(language, {}))) for language in LANGUAGES}
    for language in others:
        for path in sorted(shapes[first] - shapes[language]):
            yield f"{language}{path}", f"said in {first} and not here"
        for path in sorted(shapes[language] - shapes[first]):
            yield f"{first}{path}", f"said in {language} and not here"


def _shape(path: str, value: object) -> Iterator[str]:
    if path in (", terms", ", lexicon"):
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _shape(f"{path}, {name}", inner)
    else:
        yield path


def _faults_in_sentences(words: Mapping[str, Any]) -> Faults:
    first, *others = LANGUAGES
    reference = dict(_sentences("", words.get(first, {}).get("sentences", {})))
    for language in others:
        for path, sentence in _sentences("", words.get(language, {}).get("sentences", {})):
            if path in reference and _blanks(sentence) != _blanks(reference[path]):
                yield f"{language}, sentences{path}", f"its blanks are not those of {first}"


def _sentences(path: str, value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _sentences(f"{path}, {name}", inner)
        else:
            yield f"{path}, {name}", str(inner)


def _blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
