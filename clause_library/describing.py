"""What a release covers and rests on, described: clauses beside instruments, principles, guarantees, sources. Pure.

The same descriptions are pages and files.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clause_library.checks import HIGH
from clause_library.description import (
    NONE,
    Block,
    Cited,
    Description,
    Facts,
    Heading,
    Items,
    Link,
    Mark,
    Paragraph,
    Piece,
    Strong,
    Table,
    Tag,
    Words,
)
from clause_library.pages import Reader, folded
from clause_library.questionnaire import questionnaire
from clause_library.sourcing import CONFIDENCES, INTERNATIONAL
from clause_library.telling import Teller, Told, Voice, capital, in_a_row
from rules.library import STOP, TIERS, Clause, Guarantee, Trigger

NOTHING: Words = (NONE,)


def titles(voice: Voice) -> dict[str, str]:
    """The subjects described, with their titles."""
    return {
        "coverage": voice.gettext("Coverage and gaps"),
        "principles": voice.gettext("Principles and clauses"),
        "questions": voice.gettext("The whole questionnaire"),
        "guarantees": voice.gettext("Guarantees and risk levels"),
        "sources": voice.gettext("Sources and how sure they are"),
    }


def describe(subject: str, reader: Reader, voice: Voice) -> Description:
    """The description of a subject in the language of the reader. Raises KeyError for a subject that is none."""
    title = titles(voice)[subject]
    lead, blocks = _SUBJECTS[subject](Teller(reader, voice))
    return Description(subject, title, lead, tuple(blocks))


# Coverage


def _coverage(teller: Teller) -> Told:
    _ = teller.voice.gettext
    lead = _(
        "Which topics the library treats, beside what the best-known instruments treat. The comparison helped to "
        "design the library; it is no citation of an instrument and no proof of what one says."
    )
    blocks: list[Block] = [
        Heading(2, _("Instruments compared"), "instruments"),
        *_instruments(teller),
        Heading(2, _("Topics, clause by clause"), "topics"),
        *_topics(teller),
        Heading(2, _("What is missing"), "gaps"),
        *_gaps(teller),
    ]
    return lead, blocks


def _instruments(teller: Teller) -> Iterable[Block]:
    if not teller.library.instruments:
        yield Paragraph((teller.voice.gettext("This release is compared with no instrument."),))
    for name, instrument in teller.library.instruments.items():
        words = teller.words.get("instruments_compared", {}).get(name, {})
        yield Heading(3, f"{name} – {words.get('name', instrument['name'])}", f"instrument-{name}")
        if note := words.get("note"):
            yield Paragraph((str(note),))
        yield Facts(tuple(_facts_of_instrument(teller, instrument)))


def _facts_of_instrument(teller: Teller, instrument: Mapping[str, Any]) -> Iterable[tuple[str, Words]]:
    _ = teller.voice.gettext
    yield _("Title"), (Cited(str(instrument["name"])),)
    published = [instrument["publisher"], teller.voice.country(instrument["country"]), str(instrument["year"])]
    yield _("Publisher, country and year"), (", ".join(published),)
    how = {
        "in full": _("read in full: the map below is our reading of it"),
        "in part": _("read in part: the map below is a guide, not a citation"),
        "second hand": _("known at second hand: the map below is a guide, not a citation"),
    }
    yield _("How it was read, and how sure the map is"), (how.get(instrument["read"], str(instrument["read"])),)
    explicit, partial = (len(instrument.get(name, ())) for name in ("explicit", "partial"))
    treated: Piece = _("%(explicit)s explicitly, %(partial)s in part", explicit=explicit, partial=partial)
    if not explicit + partial:
        treated = Tag(_("It treats none of our clauses."), "attention")
    yield _("Clauses whose topic it treats"), (treated,)


def _topics(teller: Teller) -> Iterable[Block]:
    _, clauses = teller.voice.gettext, list(teller.library.clauses.values())
    requirements = sum(len(clause.requirements) for clause in clauses)
    totals = [
        teller.clauses_counted(len(clauses)),
        teller.voice.ngettext("%(num)s requirement", "%(num)s requirements", requirements),
        teller.mandatory_counted(sum(teller.mandatory(clause) for clause in clauses)),
    ]
    yield Paragraph((_("In this library: %(totals)s.", totals=", ".join(totals)),))
    if teller.library.instruments:
        explicit, partial = _marks(teller, named=True)
        yield Items(
            (
                (explicit, _(": the topic is treated as such")),
                (partial, _(": the topic is touched on")),
                (NONE, _(": not found there, or not compared")),
            )
        )
    for name, title, found in teller.shelves():
        yield Heading(3, title, f"category-{name}", listed=True)
        yield _category(teller, title, found)
    yield from _compared_with_none(teller)


def _marks(teller: Teller, *, named: bool = False) -> tuple[Mark, Mark]:
    _ = teller.voice.gettext
    return Mark(_("explicit"), "explicit", named), Mark(_("in part"), "partial", named)


def _category(teller: Teller, title: str, clauses: Sequence[Clause]) -> Table:
    instruments = teller.library.instruments
    headings = [teller.voice.gettext("Clause"), teller.voice.gettext("Requirements"), teller.high]
    columns: list[Words] = [(Link(name, "here", f"instrument-{name}"),) for name in instruments]
    return Table(
        title,
        (*((heading,) for heading in headings), *columns),
        tuple(
            (
                teller.clause(clause.id),
                (str(len(clause.requirements)),),
                (str(teller.mandatory(clause)),),
                *((_treated(teller, clause.id, one),) for one in instruments.values()),
            )
            for clause in clauses
        ),
        "matrix",
        (1, 2),
    )


def _treated(teller: Teller, clause: str, instrument: Mapping[str, Any]) -> Mark:
    explicit, partial = _marks(teller)
    if clause in instrument.get("explicit", ()):
        return explicit
    if clause in instrument.get("partial", ()):
        return partial
    return Mark(teller.voice.gettext("none"), "none")


def _compared_with_none(teller: Teller) -> Iterable[Block]:
    rows = teller.library.instruments.values()
    treated = {name for row in rows for group in ("explicit", "partial") for name in row.get(group, ())}
    alone = [name for name in teller.library.clauses if name not in treated]
    if treated and alone:
        yield Heading(3, teller.voice.gettext("Topics of ours found in no instrument, or compared with none"), "alone")
        yield Items(tuple(teller.clause(name) for name in alone), "columns")


def _gaps(teller: Teller) -> Iterable[Block]:
    gaps = teller.words.get("gaps", {})
    if not gaps:
        yield Paragraph((Tag(teller.voice.gettext("This release does not say what it lacks."), "attention"),))
    else:
        yield Items(tuple((Strong(f"{gap['title']}."), f" {gap['text']}") for gap in gaps.values()))


# Principles


def _principles(teller: Teller) -> Told:
    _ = teller.voice.gettext
    lead = _(
        "Which clauses put each principle into practice, and which principles each clause serves. "
        "A principle without a mandatory requirement at risk level %(tier)s would be a promise without effect.",
        tier=HIGH,
    )
    blocks: list[Block] = [
        Heading(2, _("Founding documents"), "documents"),
        *_founding_documents(teller),
        Heading(2, _("From principles to clauses"), "principles"),
        *_by_principle(teller),
        Heading(2, _("From clauses to principles"), "clauses"),
        *_by_clause(teller),
    ]
    return lead, blocks


def _founding_documents(teller: Teller) -> Iterable[Block]:
    sources = [row for row in teller.library.sources.values() if row.get("kind") == "founding_document"]
    if not sources:
        yield Paragraph((teller.voice.gettext("This release keeps no founding document among its sources."),))
        return
    yield Paragraph((teller.voice.gettext("By their own titles, each in its language."),))
    yield Items(
        tuple(
            (
                Cited(str(row["title"])),
                " – ",
                _confidence(teller, row),
                f" – {teller.clauses_counted(len(row.get('clauses', ())))}",
            )
            for row in sources
        )
    )


def _by_principle(teller: Teller) -> Iterable[Block]:
    counted = teller.voice.gettext(
        "After each clause stands how many of its requirements are mandatory at risk level %(tier)s.", tier=HIGH
    )
    yield Paragraph((counted,))
    document = None
    for name in teller.library.edition["principles"]:
        words = teller.reader.principle(name)
        if words["document"] != document:
            document = words["document"]
            yield Heading(3, str(document), f"document-{name}")
        yield Heading(4, f"{name} {words['title']}", f"principle-{name}")
        yield from _served(teller, name)


def _served(teller: Teller, principle: str) -> Iterable[Block]:
    _ = teller.voice.gettext
    clauses = [clause for clause in teller.library.clauses.values() if principle in clause.principles]
    if not clauses:
        yield Paragraph((Tag(_("No clause serves this principle."), "attention"),))
        return
    mandatory = sum(teller.mandatory(clause) for clause in clauses)
    counted: Piece = f"{teller.mandatory_counted(mandatory)}."
    if not mandatory:
        counted = Tag(_("Nothing is mandatory at risk level %(tier)s.", tier=HIGH), "attention")
    yield Paragraph((f"{teller.clauses_counted(len(clauses))}, " if mandatory else "", counted))
    yield Items(tuple((*teller.clause(clause.id), f" ({teller.mandatory(clause)})") for clause in clauses), "columns")


def _by_clause(teller: Teller) -> Iterable[Block]:
    headings = (teller.voice.gettext("Clause"), teller.voice.gettext("Principles"), teller.high)
    for name, title, clauses in teller.shelves():
        yield Heading(3, title, f"category-{name}", listed=True)
        yield Table(
            title,
            tuple((heading,) for heading in headings),
            tuple(
                (teller.clause(clause.id), _principles_of(teller, clause), (str(teller.mandatory(clause)),))
                for clause in clauses
            ),
            figures=(2,),
        )


def _principles_of(teller: Teller, clause: Clause) -> Words:
    links = [
        Link(f"{name} {teller.reader.principle(name)['title']}", "here", f"principle-{name}")
        for name in clause.principles
    ]
    return in_a_row(links, "; ")


# Guarantees and tiers


def _guarantees(teller: Teller) -> Told:
    _ = teller.voice.gettext
    lead = _(
        "What the library promises for every purchase that can be described, at every level that may be decided and in "
        "the short form too: under its condition, each requirement named is in the document, and mandatory."
    )
    blocks: list[Block] = [Heading(2, _("Guarantees"), "guarantees")]
    if not teller.library.guarantees:
        blocks.append(Paragraph((Tag(_("This release guarantees nothing."), "attention"),)))
    for guarantee in teller.library.guarantees:
        blocks += _guarantee(teller, guarantee)
    blocks += [Heading(2, _("What never stands in one document"), "exclusions"), *_exclusions(teller)]
    blocks += [Heading(2, _("Risk levels and what triggers them"), "tiers"), *_tiers(teller)]
    return lead, blocks


def _guarantee(teller: Teller, guarantee: Guarantee) -> Iterable[Block]:
    _ = teller.voice.gettext
    yield Heading(3, teller.guaranteed(guarantee.id), f"guarantee-{guarantee.id}")
    if text := teller.words.get("guarantees", {}).get(guarantee.id, {}).get("text"):
        yield Paragraph((str(text),))
    requirements = in_a_row([*(piece for name in guarantee.requirements for piece in teller.requirement(name))], "; ")
    if not guarantee.requirements:
        requirements = (Tag(_("It names no requirement."), "attention"),)
    yield Facts(
        (
            (_("When"), (teller.condition(guarantee.when),)),
            (_("In and mandatory"), requirements),
            (_("Name in data"), (guarantee.id,)),
        )
    )


def _exclusions(teller: Teller) -> Iterable[Block]:
    _, exclusions = teller.voice.gettext, teller.library.exclusions
    if not exclusions:
        yield Paragraph((_("This release names no such pair."),))
        return
    yield Paragraph((_("No purchase brings both of a pair."),))
    yield Items(tuple(in_a_row([piece for name in pair for piece in teller.named(name)], " – ") for pair in exclusions))


def _tiers(teller: Teller) -> Iterable[Block]:
    _ = teller.voice.gettext
    yield Paragraph((_("The highest trigger that holds decides the level; a red line stops the purchase."),))
    for tier in (STOP, *TIERS):
        yield Heading(3, teller.level(tier), f"tier-{tier}")
        yield Paragraph((str(teller.words["tiers"][str(tier)]["meaning"]),))
        triggers = [trigger for trigger in teller.library.triggers if trigger.tier == tier]
        if triggers:
            yield _triggers(teller, tier, triggers)
        else:
            yield Paragraph((_("It has no trigger: it holds where nothing triggers another level."),))


def _triggers(teller: Teller, tier: int, triggers: Sequence[Trigger]) -> Table:
    _, words = teller.voice.gettext, teller.words["triggers"]
    return Table(
        teller.level(tier),
        ((_("Trigger"),), (_("What it means"),), (_("It holds when"),)),
        tuple(
            (
                (f"{trigger.id} {words[trigger.id]['title']}",),
                (str(words[trigger.id]["text"]),),
                (teller.condition(trigger.when),),
            )
            for trigger in triggers
        ),
    )


# Sources


def _sources(teller: Teller) -> Told:
    _, sources = teller.voice.gettext, teller.library.sources
    lead = _(
        "What stands behind the clauses. What is not verified is a lead for counsel, not law to be cited; nothing here "
        "is legal advice."
    )
    blocks: list[Block] = [Heading(2, _("How sure they are"), "confidence")]
    counted = [(grade, sum(row.get("confidence") == grade for row in sources.values())) for grade in CONFIDENCES]
    names = _confidences(teller)
    blocks.append(Facts(tuple((capital(names[grade]), (str(number),)) for grade, number in counted)))
    if not sources:
        blocks.append(Paragraph((Tag(_("This release names no source."), "attention"),)))
    for code in _countries(teller):
        name = teller.voice.country(code)
        blocks += [Heading(2, name, f"country-{code}"), _of_country(teller, code, name)]
    return lead, blocks


def _countries(teller: Teller) -> list[str]:
    """What is of all countries first, the others by name."""
    codes = {str(row["country"]) for row in teller.library.sources.values()}
    return sorted(codes, key=lambda code: (code != INTERNATIONAL, folded(teller.voice.country(code))))


def _of_country(teller: Teller, code: str, name: str) -> Table:
    _ = teller.voice.gettext
    headings = (
        _("Source"), _("How sure it is"), _("Kind"), _("In force"), _("Checked on"), _("Clauses"),
    )  # fmt: skip
    rows = [row for row in teller.library.sources.values() if row["country"] == code]
    return Table(name, tuple((heading,) for heading in headings), tuple(_source(teller, row) for row in rows))


def _source(teller: Teller, source: Mapping[str, Any]) -> tuple[Words, ...]:
    _ = teller.voice.gettext
    kinds = {
        "law": _("Law"),
        "guideline": _("Guideline"),
        "standard": _("Standard"),
        "contract_clauses": _("Contract clauses"),
        "founding_document": _("Founding document"),
    }
    article = f", {source['article']}" if source.get("article") else ""
    kind = str(source.get("kind", ""))
    checked = str(source.get("checked_on", ""))
    return (
        (Cited(str(source["title"])), article),
        (_confidence(teller, source),),
        (kinds.get(kind, kind),),
        _in_force(teller, source),
        (teller.voice.date(checked),) if checked else NOTHING,
        teller.ids(source.get("clauses", ())) or NOTHING,
    )


def _in_force(teller: Teller, source: Mapping[str, Any]) -> Words:
    if revoked := source.get("revoked"):
        date = teller.voice.date(str(revoked))
        return (Tag(teller.voice.gettext("No longer, since %(date)s", date=date), "attention"),)
    since = source.get("in_force_from")
    return (teller.voice.gettext("Since %(date)s", date=teller.voice.date(str(since))),) if since else NOTHING


def _confidences(teller: Teller) -> dict[str, str]:
    _ = teller.voice.gettext
    return {
        "verified": _("verified with the issuer"),
        "secondary": _("from a secondary source"),
        "unverified": _("not verified"),
    }


def _confidence(teller: Teller, source: Mapping[str, Any]) -> Tag:
    """How sure a source is; one that does not say so is not verified."""
    names = _confidences(teller)
    grade = source.get("confidence", "unverified")
    return Tag(names.get(grade, str(grade)), {"verified": "done", "unverified": "attention"}.get(grade, ""))


_SUBJECTS: Mapping[str, Callable[[Teller], Told]] = {
    "coverage": _coverage,
    "principles": _principles,
    "questions": questionnaire,
    "guarantees": _guarantees,
    "sources": _sources,
}
SUBJECTS = tuple(_SUBJECTS)
