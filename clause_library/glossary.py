"""The defined terms: which of them a text uses, and whether all of them are defined, used and used alike."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from clause_library.wording import PLACEHOLDER, is_term, line_of
from rules.library import LANGUAGES, Bundle

Faults = Iterator[tuple[str, str]]
Row = Mapping[str, Any]
# How each language names an annex: whatever is called one must be defined.
ANNEX = {
    "es": re.compile(r"\banexo de \w+", re.IGNORECASE),
    "pt": re.compile(r"\banexo de \w+", re.IGNORECASE),
    "en": re.compile(r"\b(?!(?:an?|any|each|every|its|such|that|the|this) )\w+ annex\b", re.IGNORECASE),
}


def terms_used(words: Mapping[str, Any], text: str) -> list[tuple[str, Row]]:
    """The terms of a glossary (the words of one language) that a text uses: pairs of name and row."""
    plain = PLACEHOLDER.sub(" ", text)
    folded = plain.lower()
    glossary: Mapping[str, Row] = words.get("glossary", {})
    return [(name, row) for name, row in glossary.items() if _stands(tuple(row["forms"]), plain, folded)]


def _stands(forms: tuple[str, ...], plain: str, folded: str) -> bool:
    """Whether a form stands in a text as words of their own; whatever is not in the text at all is known at once."""
    return any(form.lower() in folded for form in forms) and bool(_pattern(forms).search(plain))


@cache
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def faults_in_glossary(bundle: Bundle) -> Faults:
    """Terms defined and not used, used and not defined, and used in one language where another does not."""
    used: dict[str, dict[str, set[str]]] = {}
    for language in LANGUAGES:
        words, duties = bundle["words"][language], _duties(bundle, language)
        used[language] = {duty: {name for name, _ in terms_used(words, text)} for duty, text in duties}
        yield from _faults_in_rows(language, words.get("glossary", {}), set().union(*used[language].values()))
        for requirement, text in duties:
            for annex in sorted({found.casefold() for found in ANNEX[language].findall(text)}):
                if not terms_used(words, annex):
                    yield _place(bundle, language, requirement), f"not defined: {annex}"
    yield from _unlike_uses(bundle, used)


def _faults_in_rows(language: str, glossary: Mapping[str, Row], used: set[str]) -> Faults:
    for name, row in glossary.items():
        where = f"{language}, glossary, {name}"
        yield from ((where, f"no {part}") for part in ("term", "meaning") if not row[part].strip())
        if not row["forms"] or not all(form.strip() for form in row["forms"]):
            yield where, "no form to know it by"
        elif name not in used:
            yield where, "defined and used in no requirement"
        yield from (
            (where, f"there is no term {mark}") for mark in PLACEHOLDER.findall(row["meaning"]) if not is_term(mark)
        )


def _unlike_uses(bundle: Bundle, used: Mapping[str, Mapping[str, set[str]]]) -> Faults:
    for requirement in used[LANGUAGES[0]]:
        here = {language: found[requirement] for language, found in used.items() if requirement in found}
        everywhere = set().union(*here.values())
        for language, names in here.items():
            for name in sorted(everywhere - names):
                what = f"the defined term {name} is used in another language and not here"
                yield _place(bundle, language, requirement), what


def _place(bundle: Bundle, language: str, requirement: str) -> str:
    """Clause, language, line of its file and requirement."""
    name = requirement.partition(".")[0]
    text = next(clause["texts"][language] for clause in bundle["clauses"] if clause["id"] == name)
    return f"{name}, {language}, line {line_of(text, requirement, 'text')}, {requirement}, text"


def _duties(bundle: Bundle, language: str) -> list[tuple[str, str]]:
    """The text of every requirement."""
    return [
        (name, parts.get("text", ""))
        for clause in bundle["clauses"]
        for name, parts in clause["texts"].get(language, {"requirements": {}})["requirements"].items()
    ]
