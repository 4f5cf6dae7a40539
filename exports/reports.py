"""The two documents that are not for bidders: the internal file with the grounds, and the stop report."""

from collections.abc import Iterable

from exports.assembly import cover_lines, document_date, machine_data, version_label
from exports.document import (
    Block,
    Column,
    Document,
    Heading,
    ItemList,
    Note,
    Paragraph,
    Run,
    Table,
    two_columns,
)
from exports.telling import Teller
from procurement.parameters import jurisdiction_of
from procurement.record import reasons
from procurement.red_lines import red_lines_touched
from procurement.tender import Tender


def internal_document(tender: Tender, language: str) -> Document:
    """The internal file: tier, reasons in and out, flags, conflicts, decisions, the buyer's own duties, answers."""
    teller = Teller(tender, language)
    blocks = [
        *_risk(teller),
        *_flags(teller),
        *_conflicts(teller),
        *_decisions(teller),
        *_buyers_plan(teller),
        *_clauses(teller),
        *_answers(teller),
    ]
    return _report(teller, teller.words["internal"], teller.words["internal_subtitle"], blocks)


def stop_document(tender: Tender, language: str) -> Document:
    """The stop report: why no tender is drafted, the source of each red line, and lawful alternatives."""
    teller = Teller(tender, language)
    words = teller.words
    why = teller.speaker.why_trigger("STOP", tender.assessment)
    blocks: list[Block] = [
        Heading(1, words["stop_reason"], anchor="reason"),
        Note(words["stop_subtitle"], (Paragraph((Run(words["stop_lead"]),)),), tone="stop"),
        Paragraph((Run(why),)),
        *(block for line in red_lines_touched(tender.assessment) for block in _red_line(teller, line)),
        Heading(1, words["stop_next"], anchor="next"),
        ItemList(tuple((Run(item),) for item in words["stop_next_items"]), ordered=True),
        *_flags(teller),
        *_answers(teller),
    ]
    return _report(teller, words["stop"], words["stop_subtitle"], blocks)


def _report(teller: Teller, title: str, subtitle: str, blocks: Iterable[Block]) -> Document:
    tender = teller.tender
    return Document(
        title=f"{title}: {tender.particulars.title}" if tender.particulars.title else title,
        subtitle=subtitle,
        language=teller.tag,
        date=document_date(tender),
        page_label=teller.words["page_label"],
        blocks=tuple(blocks),
        reference=tender.particulars.reference,
        version_label=version_label(teller),
        author=tender.particulars.buyer,
        subject=subtitle,
        cover=cover_lines(teller),
        contents_title=teller.words["contents"],
        contents_depth=1,
        header_text=title,
        machine=machine_data(tender),
    )


def _red_line(teller: Teller, line: str) -> list[Block]:
    words, said = teller.words, teller.library_words["red_lines"][line]
    return [
        Heading(2, teller.speaker.option("red_lines", line), anchor=f"red-line-{line}"),
        Paragraph((Run(said["reason"]),)),
        Paragraph((Run(f"{words['stop_source']}: ", "strong"), Run(said["source"]))),
        Heading(3, words["stop_alternatives"], anchor=f"alternatives-{line}", numbered=False),
        ItemList(tuple((Run(one),) for one in said["alternatives"])),
    ]


def _risk(teller: Teller) -> list[Block]:
    tender, words, speaker = teller.tender, teller.words, teller.speaker
    assessment = tender.assessment
    lead = words["risk_lead"].format(
        tier=assessment.tier,
        name=speaker.tier_name(assessment.tier),
        score=assessment.score,
        maximum=tender.library.score_maximum,
    )
    blocks: list[Block] = [
        Heading(1, words["risk"], anchor="risk"),
        Paragraph((Run(lead),), style="lead"),
        Paragraph((Run(teller.library_words["tiers"][str(assessment.tier)]["meaning"]),)),
    ]
    if tender.decisions.tier and assessment.tier != assessment.computed_tier:
        said = words["decided_tier"].format(
            computed=assessment.computed_tier, tier=assessment.tier, reason=tender.decisions.tier.reason
        )
        blocks.append(Paragraph((Run(said),)))
    reasons = tuple((Run(speaker.why_trigger(name, assessment)),) for name in assessment.triggers)
    return [
        *blocks,
        Heading(2, words["triggers"], anchor="triggers"),
        ItemList(reasons) if reasons else Paragraph((Run(words["no_triggers"]),)),
    ]


def _flags(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    if not tender.assessment.flags:
        return []
    blocks: list[Block] = [Heading(1, words["flags"], anchor="flags")]
    for name in tender.assessment.flags:
        said = teller.library_words["flags"][name]
        blocks += [
            Heading(2, said["title"], anchor=f"flag-{name}"),
            Paragraph((Run(said["text"]),)),
            *_sources(teller, name),
        ]
    return blocks


def _sources(teller: Teller, flag: str) -> list[Block]:
    library, words = teller.tender.library, teller.words
    place = jurisdiction_of(library, teller.tender.assessment)
    sources = [library.sources[name] for name in place.get("flags", {}).get(flag, ())]
    if not sources:
        return []
    items = tuple(
        (Run(", ".join(filter(None, (row["title"], row.get("article", ""), words[row["confidence"]])))),)
        for row in sources
    )
    return [Paragraph((Run(words["sources"], "strong"),), style="meta"), ItemList(items)]


def _conflicts(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    blocks: list[Block] = [Heading(1, words["conflicts"], anchor="conflicts")]
    for name in tender.assessment.conflicts:
        said = teller.library_words["conflicts"][name]
        reason = tender.decisions.conflicts.get(name, words["open"])
        blocks += [
            Heading(2, said["title"], anchor=f"conflict-{name}"),
            Paragraph((Run(said["text"]),)),
            Paragraph((Run(f"{words['justified']}: ", "strong"), Run(reason))),
        ]
    return blocks if len(blocks) > 1 else [*blocks, Paragraph((Run(words["no_conflicts"]),))]


def _decisions(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    sentences = teller.speaker.sentences
    items = [
        (
            Run(f"{name} {teller.clause(name)['title']}. ", "strong"),
            Run(sentences["added" if made.way == "in" else "dropped"].format(reason=made.reason)),
        )
        for name, made in tender.decisions.clauses.items()
    ]
    body: Block = ItemList(tuple(items)) if items else Paragraph((Run(words["no_decisions"]),))
    return [Heading(1, words["decisions"], anchor="decisions"), body]


def _buyers_plan(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    if tender.asked is None or not tender.asked.owed_by_buyer:
        return []
    columns = tuple(Column(title, width) for title, width in zip(words["plan_columns"], (3, 12, 4), strict=True))
    rows = tuple(
        (
            (Run(row.id),),
            teller.runs(teller.clause(row.clause.clause.id)["requirements"][row.id]["text"]),
            (Run(words["moment"][row.selected.requirement.moment]),),
        )
        for row in tender.asked.owed_by_buyer
    )
    return [
        Heading(1, words["buyers_plan"], anchor="buyers-plan"),
        Paragraph((Run(words["buyers_plan_lead"]),), style="lead"),
        Table(words["buyers_plan"], columns, rows),
    ]


def _clauses(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    blocks: list[Block] = []
    for key, entries in (("clauses_in", tender.clauses), ("clauses_out", tender.excluded)):
        rows = [
            (_named(teller, entry.clause.id), " ".join(reasons(tender, teller.speaker, entry))) for entry in entries
        ]
        if rows and not tender.stopped:
            blocks += [
                Heading(1, words[key], anchor=key.replace("_", "-")),
                two_columns(words[key], words["clause_columns"], rows),
            ]
    return blocks


def _named(teller: Teller, clause_id: str) -> str:
    return f"{clause_id} {teller.clause(clause_id)['title']}"


def _answers(teller: Teller) -> list[Block]:
    tender, words = teller.tender, teller.words
    rows = [
        (teller.speaker.question(name), teller.joined_labels(name))
        for name in tender.answers
        if tender.assessment.reading.is_asked(name)
    ]
    return [
        Heading(1, words["answers"], anchor="answers"),
        two_columns(words["answers"], words["answers_columns"], rows),
    ]
