"""What the pages of the library show, as plain values: texts in pieces, what is found, figures, and proofs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from clause_library.comparison import Change, changes_between
from clause_library.measuring import CONFIDENCE, PRIMARY, Metric, Needed, metrics_of
from clause_library.places import Place
from clause_library.releases import Release, Version
from clause_library.wording import (
    EVIDENCE,
    FAILURE,
    PARTS,
    PLACEHOLDER,
    REFERENCE,
    TERM_FORMS,
    VERIFICATION,
    Piece,
    TextBlock,
    blocks,
    parameters_in,
)
from rules.conditions import ALWAYS
from rules.library import LANGUAGES, TIERS, Clause, Library, Parameter, Requirement
from rules.sentences import Speaker

SHORT_HASH = 12
_MARK = re.compile(rf"{PLACEHOLDER.pattern}|{REFERENCE.pattern}")


class Reader:
    """Reads texts aloud in one language with the words of one release."""

    def __init__(self, library: Library, language: str) -> None:
        self.library = library
        self.language = language
        self.words: Mapping[str, Any] = library.words[language]
        self.speaker = Speaker(library, language)
        self.anywhere = Place(self.words, language)

    def in_language(self, language: str) -> "Reader":
        """The reader of the same release in another language."""
        return Reader(self.library, language)

    def label(self, parameter: str) -> str:
        """The label of a parameter; its name where the release has none."""
        return str(self.words["parameters"].get(parameter, {}).get("label", parameter))

    def unit(self, parameter: str) -> str:
        """The unit of a parameter."""
        return str(self.words["parameters"].get(parameter, {}).get("unit", ""))

    def term(self, text: str) -> str:
        """A defined term in its form, as it reads where no place has words of its own."""
        term, _, form = text.partition(".")
        return self.anywhere.term(term, form or "the") if term in self.words["terms"] else text

    def title(self, clause_id: str) -> str:
        """The title of a clause; its id where the release does not have it."""
        texts = self.library.texts.get(clause_id)
        return str(texts[self.language]["title"]) if texts else clause_id

    def principle(self, name: str) -> Mapping[str, Any]:
        """The title and the document of a principle."""
        words: Mapping[str, Any] = self.words["principles"].get(name, {"title": name, "document": ""})
        return words

    def spoken(self, text: str) -> str:
        """The text as words only, marks said."""
        return "".join(self._said(piece) for piece in pieces(text))

    def _said(self, piece: Piece) -> str:
        if piece.kind == "parameter":
            return self.label(piece.text)
        return self.term(piece.text) if piece.kind == "term" else piece.text


def pieces(text: str) -> Iterator[Piece]:
    """A text as it was written, its marks apart."""
    end = 0
    for match in _MARK.finditer(text):
        if match.start() > end:
            yield Piece("plain", text[end : match.start()])
        name, reference = match.groups()
        if reference:
            yield Piece("reference", reference)
        elif name.startswith("term."):
            yield Piece("term", name.removeprefix("term."))
        else:
            yield Piece("parameter", name)
        end = match.end()
    if end < len(text):
        yield Piece("plain", text[end:])


def parts_of_requirement(texts: Mapping[str, str]) -> list[str]:
    """The parts a requirement has besides its text, in their order."""
    return [part for part in PARTS if part in texts]


def attended_to(
    part: str,
    requirement: Requirement,
    verifiers: Mapping[str, object],
    moments: Mapping[str, object],
    outcomes: Mapping[str, object],
) -> str:
    """When a part of a requirement counts, by whom it is done, or what follows in turn: ": …", empty where not said."""
    said: list[object] = []
    if part == EVIDENCE:
        said = [moments[moment] for moment in requirement.evidence_at]
    if part == VERIFICATION and requirement.verified_by:
        said = [verifiers[requirement.verified_by], *(moments[moment] for moment in requirement.verified_at)]
    if part == FAILURE:
        said = [outcomes[outcome] for outcome in requirement.on_failure]
    return ": " + ", ".join(str(one) for one in said).lower() if said else ""


def sources_of(reader: Reader, clause: Clause) -> list[Mapping[str, Any]]:
    """The sources behind a clause, those of its own country first as they stand in the library."""
    return [source for source in reader.library.sources.values() if clause.id in source.get("clauses", ())]


def paragraphs(text: str) -> list[tuple[str, list[TextBlock]]]:
    """The blocks of a text, items of one list together: pairs of kind and blocks."""
    return [(kind, list(group)) for kind, group in groupby(blocks(text), key=lambda block: block.kind)]


# The library


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words, a kind of requirement, a tier; empty or 0 for anything."""

    words: str = ""
    kind: str = ""
    tier: int = 0


@dataclass(frozen=True)
class Shelf:
    """A category and the clauses found in it."""

    id: str
    name: str
    clauses: tuple[Clause, ...]


def shelves(reader: Reader, wanted: Wanted) -> list[Shelf]:
    """The categories with the clauses that were looked for, in the order of the library; empty ones left out."""
    library = reader.library
    found = [clause for clause in library.clauses.values() if _fits(reader, clause, wanted)]
    names = reader.words["categories"]
    made = [
        Shelf(name, str(names[name]), tuple(clause for clause in found if clause.category == name))
        for name in library.edition["categories"]
    ]
    return [shelf for shelf in made if shelf.clauses]


def _fits(reader: Reader, clause: Clause, wanted: Wanted) -> bool:
    kinds = [requirement for requirement in clause.requirements if _is_of(requirement, wanted)]
    if not kinds:
        return False
    looked_for = folded(wanted.words).split()
    if not looked_for:
        return True
    searched = folded(_everything_said(reader, clause.id))
    return all(word in searched for word in looked_for)


def _is_of(requirement: Requirement, wanted: Wanted) -> bool:
    return wanted.kind in ("", requirement.kind) and (not wanted.tier or wanted.tier in requirement.strength)


def _everything_said(reader: Reader, clause_id: str) -> str:
    text = reader.library.texts[clause_id][reader.language]
    parts = [clause_id, text["title"], text["summary"]]
    for name, requirement in text["requirements"].items():
        parts += [name, *requirement.values()]
    return "\n".join(reader.spoken(part) for part in parts)


def folded(text: str) -> str:
    """The text without accents and capitals, for comparing what was typed with what is written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


# A clause


@dataclass(frozen=True)
class Figure:
    """A parameter of a clause: its value per tier, None where it has none.

    `filled_in` where the buyer decides it, `words` what stands there until then, and `conditional` the values that
    hold under a condition, before any other.
    """

    parameter: Parameter
    values: Mapping[int, str | Decimal | None]
    filled_in: bool
    words: str
    conditional: tuple[tuple[str | Decimal, str], ...]


def condition_said(reader: Reader, clause: Clause | Requirement) -> str:
    """When the clause or requirement applies, as what follows "when"; empty where it always does."""
    return "" if clause.when == ALWAYS else reader.speaker.condition(clause.when)


def figures(reader: Reader, texts: Mapping[str, Any]) -> list[Figure]:
    """The parameters a clause uses, in the order of the library."""
    requirements = texts[reader.language]["requirements"].values()
    used = parameters_in(" ".join(part for requirement in requirements for part in requirement.values()))
    return [_figure(reader, parameter) for name, parameter in reader.library.parameters.items() if name in used]


def _figure(reader: Reader, parameter: Parameter) -> Figure:
    return Figure(
        parameter=parameter,
        values={tier: _value(reader, parameter, parameter.defaults.get(tier)) for tier in TIERS},
        filled_in=not parameter.defaults,
        words=str(reader.words["parameters"][parameter.name].get("default_words", "")),
        conditional=tuple(
            (_value(reader, parameter, row.value) or "", reader.speaker.condition(row.when))
            for row in parameter.conditional
        ),
    )


def _value(reader: Reader, parameter: Parameter, value: object) -> str | Decimal | None:
    if value is None:
        return None
    if parameter.type in ("int", "decimal", "money"):
        return Decimal(str(value))
    choices = reader.words["parameters"][parameter.name].get("choices", {})
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(choices.get(str(one), one)) for one in values)


# Metrics to start from


@dataclass(frozen=True)
class Suggested:
    """A metric buyers can start from, in words, with the tests that show its thresholds at each tier."""

    metric: Metric
    words: Mapping[str, str]
    label: str
    condition: str
    cautions: tuple[str, ...]
    tests: Mapping[int, tuple[Needed, ...]]


def suggested_metrics(reader: Reader, texts: Mapping[str, Any]) -> list[Suggested]:
    """The metrics whose threshold is written in a clause; those no clause has a place for, where it names the metric.

    The tests are at the confidence the library proposes for each tier.
    """
    used = [figure.parameter.name for figure in figures(reader, texts)]
    found = [row for row in metrics_of(reader.library) if (row.parameter or PRIMARY) in used]
    # Those without a place of their own come last.
    found.sort(key=lambda row: used.index(row.parameter) if row.parameter else len(used))
    return [_suggested(reader, row) for row in found]


def cautions_of(rows: Iterable[Suggested]) -> tuple[str, ...]:
    """What is to be minded in any of them, each thing once."""
    return tuple(dict.fromkeys(caution for row in rows for caution in row.cautions))


def _suggested(reader: Reader, metric: Metric) -> Suggested:
    levels = reader.library.parameters[CONFIDENCE].defaults
    choices = reader.words["parameters"][PRIMARY].get("choices", {})
    return Suggested(
        metric=metric,
        words=reader.words["metrics"][metric.id],
        label=str(choices.get(metric.metric, "")),
        condition=reader.speaker.condition(metric.when),
        cautions=tuple(str(reader.words["metric_cautions"][one]["text"]) for one in metric.cautions),
        tests={tier: metric.needed_at(tier, Decimal(str(levels[tier]))) for tier in TIERS},
    )


# Releases


@dataclass(frozen=True)
class ClauseChange:
    """A clause that a release brings in another version, or for the first or last time."""

    clause_id: str
    before: int | None
    after: int | None
    changes: tuple[Change, ...]


def release_changes(
    before: tuple[Release, Mapping[str, Version]], after: tuple[Release, Mapping[str, Version]]
) -> tuple[ClauseChange, ...]:
    """The clauses whose versions differ between two releases, in the order of the later one."""
    old, new = (_versions_by_id(*release) for release in (before, after))
    return tuple(
        _clause_change(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*new, *old])
        if old.get(name) != new.get(name)
    )


def _versions_by_id(release: Release, versions: Mapping[str, Version]) -> dict[str, Version]:
    return {row["id"]: versions[row["hash"]] for row in release.manifest["clauses"]}


def _clause_change(name: str, before: Version | None, after: Version | None) -> ClauseChange:
    texts = [version.body["texts"] if version else {} for version in (before, after)]
    return ClauseChange(
        clause_id=name,
        before=before.number if before else None,
        after=after.number if after else None,
        changes=changes_between(*texts),
    )


def rules_changed(before: Release, after: Release) -> list[str]:
    """What else than clauses differs between two releases: the names of the parts of the manifest."""
    old, new = before.manifest, after.manifest
    apart = {"clauses", "release"}
    return sorted(name for name in old.keys() | new.keys() if name not in apart and old.get(name) != new.get(name))


# What may be written


@dataclass(frozen=True)
class Usable:
    """A mark that may stand in a text, and what it reads as."""

    mark: str
    reads: str


def usable_parameters(reader: Reader, texts: Mapping[str, Any]) -> list[Usable]:
    """The parameters of the release, those this clause uses first."""
    used = [figure.parameter.name for figure in figures(reader, texts)]
    names = [*used, *(name for name in reader.library.parameters if name not in used)]
    return [Usable(f"{{{{ {name} }}}}", f"{reader.label(name)} {reader.unit(name)}".strip()) for name in names]


def usable_terms(reader: Reader) -> list[Usable]:
    """The defined terms in their forms."""
    return [
        Usable(f"{{{{ term.{term}.{form} }}}}", reader.term(f"{term}.{form}"))
        for term in reader.words["terms"]
        for form in TERM_FORMS
    ]


def by_place(changes: Iterable[Change]) -> dict[tuple[str, str, str], Change]:
    """Changes by language, requirement and part."""
    return {(change.language, change.requirement, change.part): change for change in changes}


def in_reading_order(language: str) -> tuple[str, ...]:
    """The languages, that of the page first."""
    return (language, *(other for other in LANGUAGES if other != language))
