"""The editor's rules for a clause that is whole: one duty a requirement, measured, provable, the same in each language.

Every fault has a place: the language ("" for the facts), the requirement ("" for the clause) and the part.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from clause_library.review import SUMMARY, TEXT, parts_of
from clause_library.wording import (
    FAILURE,
    FALLBACK,
    NEEDED_PARTS,
    NOTES,
    PLACEHOLDER,
    QUESTION,
    REFERENCE,
    SCALE,
    blocks,
)
from rules.library import ANSWERS, LANGUAGES, MOMENTS, OUTCOMES, VERIFIERS

# How many texts the outcome is kept of: those of a release and more.
KEPT = 16_384
LEAST_WORDS = 60
LEAST_WORDS_OF_A_DUTY = 12
MOST_WORDS_OF_A_DUTY = 130
MOST_WORDS_OF_A_SUMMARY = 60
MOST_WORDS_OF_A_SENTENCE = 60
MOST_WORDS_OF_A_QUESTION = 40
LEAST_LEVELS, LEAST_FALLBACKS = 3, 2
# What every clause, or every requirement of a kind, has in each language; told where it is missing.
WANTED = frozenset({TEXT, FAILURE, QUESTION, SCALE, *NEEDED_PARTS, *NOTES})
BUYERS_OUTCOMES = frozenset({"escalation", "suspension"})

_DUTY = {
    "en": re.compile(r"\b(must|shall)\b", re.IGNORECASE),
    "es": re.compile(r"\bdeb(e|en|erá|erán)\b", re.IGNORECASE),
    "pt": re.compile(r"\bdeve(m|rá|rão)?\b", re.IGNORECASE),
}
# Words that promise and measure nothing. The lookbehinds spare terms of art of disability law.
_VAGUE = {
    "en": re.compile(
        r"\b(appropriate(?:ly)?|adequate(?:ly)?|reasonabl[ey](?! (?:accommodation|adjustment))"
        r"|state[- ]of[- ]the[- ]art|best (?:efforts|practices?)|as soon as possible|promptly|timely|in due time"
        r"|regularly|periodically|sufficient(?:ly)?|where (?:possible|appropriate|feasible)|user[- ]friendly"
        r"|industry[- ]standard|high[- ]quality|cutting[- ]edge|and/or|etc)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(adecuad[oa]s?|adecuadamente|apropiad[oa]s?|(?<!ajustes )razonables?|razonablemente|estado del arte"
        r"|mejores (?:esfuerzos|prácticas)|a la brevedad|lo antes posible|oportunamente|regularmente|periódicamente"
        r"|suficientes?|suficientemente|en lo posible|en la medida de lo posible|cuando proceda|de última generación"
        r"|alta calidad|y/o|etc|etcétera)\b",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"\b(adequad[oa]s?|adequadamente|apropriad[oa]s?|(?<!adaptações )razoável|(?<!adaptações )razoáveis"
        r"|razoavelmente|estado da arte|melhores (?:esforços|práticas)|o mais breve possível|prontamente|oportunamente"
        r"|regularmente|periodicamente|suficientes?|suficientemente|na medida do possível|quando (?:aplicável|couber)"
        r"|de última geração|alta qualidade|e/ou|etc)\b",
        re.IGNORECASE,
    ),
}
_BRANDS = re.compile(
    r"\b(OpenAI|ChatGPT|GPT(?:-\w+)?|Anthropic|Claude|Google|Gemini|Microsoft|Azure|Copilot|AWS|Amazon|Meta AI|Llama"
    r"|DeepSeek|Mistral|WhatsApp|Telegram|IBM|Watson|Oracle|SAP|Excel|Kubernetes|Docker|GitHub|Hugging Face)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")
_THOUSANDS = {
    language: re.compile(rf"[\u00a0\u202f ]|{re.escape(mark)}(?=\d{{3}}(?!\d))")
    for language, mark in (("es", "."), ("pt", "."), ("en", ","))
}
# How an item of a list begins; a text without one has none.
_ITEM = re.compile(r"^\s*(?:[-+*]|\d+[.)])\s", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.;:?!])\s+|\n+")
_WORD = re.compile(r"\w+(?:[-’']\w+)*")


class EditorsFault(NamedTuple):
    """What an editor would send back, and where."""

    language: str
    requirement: str
    part: str
    what: str


Faults = Iterator[EditorsFault]


def faults_for_editors(clause: Mapping[str, Any]) -> Faults:
    """Everything that keeps a clause (its body: facts and texts) from being whole and measurable."""
    yield from _in_facts(clause)
    for language in LANGUAGES:
        text = clause["texts"].get(language)
        if text is not None:
            yield from _in_language(clause, language, text)
    yield from _between_languages(clause["texts"])


# The facts


def _in_facts(clause: Mapping[str, Any]) -> Faults:
    for row in clause["requirements"]:
        for name, allowed in (("evidence_at", MOMENTS), ("verified_at", MOMENTS), ("on_failure", OUTCOMES)):
            given = row.get(name, [])
            if not given or not set(given) <= set(allowed) or len(set(given)) != len(given):
                yield EditorsFault("", row["id"], name, f"{name} is some of {', '.join(allowed)}, each once")
        if row.get("verified_by") not in VERIFIERS:
            yield EditorsFault("", row["id"], "verified_by", f"verified_by is one of {', '.join(VERIFIERS)}")
        yield from (EditorsFault("", row["id"], *fault) for fault in _loose_facts(row))


def _loose_facts(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Facts of a requirement that do not go together."""
    outcomes, scored = set(row.get("on_failure", ())), is_scored(row)
    if row["moment"] == "bid" and "bid" not in row.get("evidence_at", ()):
        yield "evidence_at", "it is due at the bid and no evidence is asked there"
    if scored != ("answer" in row) or row.get("answer", ANSWERS[0]) not in ANSWERS:
        yield "answer", f"a requirement that is scored says answer, one of {', '.join(ANSWERS)}; no other does"
    if scored != ("no_points" in outcomes):
        yield "on_failure", "no_points goes with scored, and only with it"
    if "exclusion" in outcomes and (row["moment"] != "bid" or "mandatory" not in row["strength"].values()):
        yield "on_failure", "only what is mandatory at the bid excludes a bid"
    if row["owed_by"] == "buyer" and not outcomes <= BUYERS_OUTCOMES:
        yield "on_failure", "a duty of the buyer ends in escalation or suspension of the use"


def is_scored(row: Mapping[str, Any]) -> bool:
    """Whether a requirement is scored at some tier."""
    return "scored" in row["strength"].values()


# One language


def _in_language(clause: Mapping[str, Any], language: str, text: Mapping[str, Any]) -> Faults:
    for note in NOTES:
        if not text.get("notes", {}).get(note, "").strip():
            yield EditorsFault(language, "", note, "the note is missing")
    operative = " ".join(part.get(TEXT, "") for part in text["requirements"].values())
    if word_count(operative) < LEAST_WORDS:
        yield EditorsFault(language, "", TEXT, f"{word_count(operative)} words of duty, not {LEAST_WORDS}")
    if word_count(text["summary"]) > MOST_WORDS_OF_A_SUMMARY:
        yield EditorsFault(language, "", SUMMARY, f"more than {MOST_WORDS_OF_A_SUMMARY} words")
    for row in clause["requirements"]:
        # Where a requirement has no words at all, that is told for itself.
        if parts := text["requirements"].get(row["id"]):
            yield from (EditorsFault(language, row["id"], *fault) for fault in _in_requirement(row, language, parts))
    for requirement, part, written in parts_of(text):
        yield from (EditorsFault(language, requirement, part, what) for what in _in_words(language, part, written))


def _in_requirement(row: Mapping[str, Any], language: str, parts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for part in (FAILURE, QUESTION):
        if not parts.get(part, "").strip():
            yield part, "it is missing"
    duties = len(_DUTY[language].findall(_without_marks(parts.get(TEXT, ""))))
    if duties != 1:
        yield TEXT, f"{duties} duties, not one"
    words = word_count(parts.get(TEXT, ""))
    if not LEAST_WORDS_OF_A_DUTY <= words <= MOST_WORDS_OF_A_DUTY:
        yield TEXT, f"{words} words; a duty has {LEAST_WORDS_OF_A_DUTY} to {MOST_WORDS_OF_A_DUTY}"
    if word_count(parts.get(QUESTION, "")) > MOST_WORDS_OF_A_QUESTION:
        yield QUESTION, f"more than {MOST_WORDS_OF_A_QUESTION} words"
    if parts.get(QUESTION) and not parts[QUESTION].rstrip().endswith("?"):
        yield QUESTION, "it does not end as a question"
    if is_scored(row) != (SCALE in parts):
        yield SCALE, "a scale stands where the requirement is scored, and only there"
    for part, least in ((SCALE, LEAST_LEVELS), (FALLBACK, LEAST_FALLBACKS)):
        if part in parts and steps_in(parts[part]) < least:
            yield part, f"a numbered list of at least {least} is wanted"


def steps_in(text: str) -> int:
    """How many items the numbered lists of a text have."""
    return sum(block.kind == "step" for block in blocks(text))


# Most texts of a release were in the one before.
@lru_cache(maxsize=KEPT)
def _in_words(language: str, part: str, written: str) -> tuple[str, ...]:
    plain = _without_marks(written)
    found: list[str] = []
    if part not in (TEXT, FALLBACK, *NOTES) and _DUTY[language].search(plain):
        found.append("a duty stands outside the text of the requirement")
    if part not in NOTES:
        found += (f"vague: {word.group(0)}" for word in _VAGUE[language].finditer(plain))
    found += (f"a brand: {word.group(0)}" for word in _BRANDS.finditer(plain))
    longest = max((word_count(sentence) for sentence in _SENTENCE_END.split(plain)), default=0)
    if longest > MOST_WORDS_OF_A_SENTENCE:
        found.append(f"a sentence of {longest} words, more than {MOST_WORDS_OF_A_SENTENCE}")
    return tuple(found)


def word_count(text: str) -> int:
    """The words of a text; a parameter or a term counts as one."""
    return len(_WORD.findall(PLACEHOLDER.sub("x", text)))


def _without_marks(text: str) -> str:
    return REFERENCE.sub("x", PLACEHOLDER.sub("x", text))


# Between languages


def _between_languages(texts: Mapping[str, Any]) -> Faults:
    """Optional parts, numbers and lists are the same in every language; for the last two the first is the measure."""
    said = {language: _by_place(texts[language]) for language in LANGUAGES if language in texts}
    optional = {place for parts in said.values() for place in parts if place[1] not in WANTED}
    for language, parts in said.items():
        for requirement, part in sorted(optional - parts.keys()):
            if requirement in texts[language]["requirements"]:
                yield EditorsFault(language, requirement, part, "said in another language and not here")
    first = next(iter(said), "")
    for language, parts in said.items():
        for place in sorted(said[first].keys() & parts.keys()):
            yield from (
                EditorsFault(language, *place, f"{what} differ from {first}")
                for what, found in (("the numbers", _numbers), ("the lists", _shape))
                if found(first, said[first][place]) != found(language, parts[place])
            )


def _by_place(text: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(requirement, part): written for requirement, part, written in parts_of(text) if written.strip()}


@lru_cache(maxsize=KEPT)
def _numbers(language: str, text: str) -> Counter[str]:
    return Counter(_figure(language, found) for found in _NUMBER.findall(_without_marks(text)))


def _figure(language: str, written: str) -> str:
    """A number with a decimal point and no other mark, however the language writes it."""
    return _THOUSANDS[language].sub("", written).replace(",", ".")


def _shape(_language: str, text: str) -> tuple[str, ...]:
    """The kinds of block of a text, paragraphs in a row counting as one."""
    if not _ITEM.search(text):
        return ("paragraph",) * bool(text.strip())
    kinds = [block.kind for block in blocks(text)]
    return tuple(kind for place, kind in enumerate(kinds) if kind != "paragraph" or kinds[place - 1 : place] != [kind])
