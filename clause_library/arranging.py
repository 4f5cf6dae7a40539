"""Whether every arrangement has a place for every requirement, and says all it says in three languages. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from clause_library.wording import PLACEHOLDER, REFERENCE, blocks, is_term, references_in, stray_marks
from rules.conditions import INSTRUMENTS, TENDER
from rules.library import KINDS, LANGUAGES, MOMENTS, Bundle

Faults = Iterator[tuple[str, str]]
Table = Mapping[str, Any]
NEEDED = (*KINDS, "scored")
# What may say something of its own for the whole, and the blanks that are filled in there.
BLANKS = {"title": frozenset[str](), "object": frozenset({"annex"}), "reading": frozenset({"buyer", "annex"})}
KNOWN = {*NEEDED, *(f"{kind}.{moment}" for kind in KINDS for moment in MOMENTS)}


def faults_in_arrangements(bundle: Bundle) -> Faults:
    """Arrangements missing for an instrument, and what is wrong inside each."""
    for instrument in INSTRUMENTS:
        if instrument != TENDER and instrument not in bundle["arrangements"]:
            yield f"arrangement {instrument}", "it is missing"
    for name, arrangement in bundle["arrangements"].items():
        where = f"arrangement {name}"
        yield from _faults_in_takes(where, arrangement)
        yield from _faults_in_envelopes(where, arrangement)
        for key, blanks in BLANKS.items():
            if key in arrangement:
                yield from _faults_in_plain(f"{where}, {key}", arrangement[key], blanks)
        for part in arrangement["documents"]:
            yield from _faults_in_document(f"{where}, {part['id']}", part, bundle)


def _faults_in_envelopes(where: str, arrangement: Table) -> Faults:
    """Where a place has envelopes, each kind of row has one."""
    envelopes = arrangement.get("envelopes", ())
    for envelope in envelopes:
        yield from _faults_in_plain(f"{where}, envelope", envelope.get("name", {}), frozenset())
    taken = {name for envelope in envelopes for name in envelope["takes"]}
    for name in NEEDED:
        if envelopes and name not in taken:
            yield where, f"no envelope takes what is {name}"


def _faults_in_takes(where: str, arrangement: Table) -> Faults:
    taken = Counter(name for part in arrangement["documents"] for name in part.get("takes", ()))
    for name, times in Counter(part["id"] for part in arrangement["documents"]).items():
        if times > 1:
            yield where, f"{times} documents are called {name}"
    for name, times in taken.items():
        if name not in KNOWN:
            yield where, f"{name} is nothing a requirement can be"
        if times > 1:
            yield where, f"{times} documents take {name}"
    for name in NEEDED:
        if name not in taken:
            yield where, f"no document takes what is {name}"


def _faults_in_document(where: str, part: Table, bundle: Bundle) -> Faults:
    yield from _faults_in_plain(f"{where}, title", part.get("title", {}))
    if part.get("cited"):
        if part.get("takes") or part.get("articles"):
            yield where, "it is only cited, and holds nothing"
        return
    yield from _faults_in_plain(f"{where}, lead", part.get("lead", {}))
    for number, article in enumerate(part.get("articles", ()), start=1):
        at, text = f"{where}, article {number}", article.get("text", {})
        yield from _faults_in_plain(f"{at}, title", article.get("title", {}))
        yield from _faults_in_marked(f"{at}, text", text, bundle)
        shapes = {tuple(block.kind for block in blocks(text[language])) for language in LANGUAGES if language in text}
        if len(shapes) > 1:
            yield at, "its paragraphs and lists differ between languages"


def _faults_in_plain(where: str, said: Table, known: frozenset[str] = frozenset()) -> Faults:
    """Words that are printed as they stand, but for the blanks of these names."""
    yield from _unsaid(where, said)
    for language, line in _lines(said):
        marks = [found.group(0) for mark in (PLACEHOLDER, REFERENCE) for found in mark.finditer(line)]
        for mark in (*marks, *stray_marks(line)):
            yield f"{where}, {language}", f"the mark {mark} does not belong there"
        for blank in _blanks(line) - known if not marks else ():
            yield f"{where}, {language}", f"there is no blank {blank}"
    if len({len(found) for found in said.values() if isinstance(found, list)}) > 1:
        yield where, "it has not as many items in each language"


def _faults_in_marked(where: str, said: Table, bundle: Bundle) -> Faults:
    """The text of an article: terms and references may stand in it, and nothing else that is marked."""
    yield from _unsaid(where, said)
    clauses = {clause["id"] for clause in bundle["clauses"]}
    for language, line in _lines(said):
        at = f"{where}, {language}"
        yield from ((at, f"the mark {mark} does not belong there") for mark in stray_marks(line))
        yield from ((at, f"there is no term {name}") for name in PLACEHOLDER.findall(line) if not is_term(name))
        yield from ((at, f"there is no clause {name}") for name in sorted(references_in(line) - clauses))


def _unsaid(where: str, said: Table) -> Faults:
    for language in LANGUAGES:
        lines = [line for spoken, line in _lines(said) if spoken == language]
        if not lines or not all(line.strip() for line in lines):
            yield f"{where}, {language}", "it is not said"


def _lines(said: Table) -> list[tuple[str, str]]:
    """What is said, with its language; a list is said an item at a time."""
    return [
        (language, line)
        for language in LANGUAGES
        for found in [said.get(language, [])]
        for line in (found if isinstance(found, list) else [found])
    ]


def _blanks(line: str) -> frozenset[str]:
    """The names in single braces; the line itself where a brace stands alone."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(line) if name is not None)
    except ValueError:
        return frozenset({line})
