"""From a tender to the document bidders receive, in the parts of its arrangement.

It holds what bidders need and nothing of tier, reasons or decisions, which are the internal file's.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clause_library.wording import EVIDENCE, FAILURE, QUESTION, SCALE, VERIFICATION, read_by_bidders
from exports.annexes import ANNEX_BID, ANNEX_PARAMETERS, ANNEX_USE, bid_annex, counts, parameters_annex, use_annex
from exports.document import (
    Block,
    Document,
    Heading,
    ItemList,
    PageBreak,
    Paragraph,
    Requirement,
    Run,
    Runs,
    Table,
    two_columns,
)
from exports.telling import Teller
from procurement.asked import Row, supplier_rows
from procurement.tender import Tender

SCORED = "scored"
# What a firm looks for before it decides to bid.
LOOKED_FOR_FIRST = (
    "liability_cap_multiple", "service_credit_cap_pct", "availability_pct", "acceptance_period_days",
    "breach_notice_hours", "incident_notice_hours", "fix_days_critical", "model_change_notice_days",
    "audits_per_year", "exit_help_months",
)  # fmt: skip


def document_date(tender: Tender) -> datetime.date:
    """The date of a tender's files: its own, or that of the edition it was drawn from."""
    if tender.particulars.date:
        return tender.particulars.date
    return datetime.date.fromisoformat(tender.library.edition["dated"])


def tender_document(tender: Tender, language: str, *, draft: bool = False) -> Document:
    """The tender for bidders in one language. `draft` marks it as without contractual value."""
    teller = Teller(tender, language)
    words = teller.words
    subtitle = teller.named(tender.arrangement.get("title"), words["subtitle"])
    title = tender.particulars.title or subtitle
    blocks = [
        *_summary(teller),
        *_object(teller),
        *_reading(teller),
        *_parts(teller),
        *use_annex(teller),
        *parameters_annex(teller),
        *bid_annex(teller),
    ]
    return Document(
        title=title,
        subtitle=words["draft"] if draft else subtitle if tender.particulars.title else "",
        language=teller.tag,
        date=document_date(tender),
        page_label=words["page_label"],
        blocks=tuple(blocks),
        reference=tender.particulars.reference,
        version_label=version_label(teller),
        author=tender.particulars.buyer,
        subject=subtitle,
        keywords=("AI", tender.particulars.reference) if tender.particulars.reference else ("AI",),
        cover=cover_lines(teller),
        control=control_table(teller),
        contents_title=words["contents"],
        header_text=title,
        annex_label=words["annex"] + ".",
        machine=machine_data(tender),
    )


def version_label(teller: Teller) -> str:
    """The release the document was drawn from."""
    library = teller.tender.library
    return str(teller.words["version_label"].format(release=library.release, hash=library.hash[:12]))


def machine_data(tender: Tender) -> dict[str, str]:
    """What programs find in the file: the release and its hash."""
    return {"library_release": str(tender.library.release), "library_hash": tender.library.hash}


def cover_lines(teller: Teller) -> tuple[tuple[str, str], ...]:
    """The particulars on the cover; what is missing is said to be so where a reader would look for it."""
    particulars, words = teller.tender.particulars, teller.words
    missing = words["not_filled"]
    lines = [
        (words["buyer"], particulars.buyer or missing),
        (words["reference"], particulars.reference or missing),
        (words["file_number"], particulars.file_number),
        (words["date"], teller.date(particulars.date)),
        (words["questions_until"], teller.date(particulars.questions_until) if particulars.questions_until else ""),
        (words["bids_until"], teller.date(particulars.bids_until)),
        (words["amount"], _amount(teller)),
        (words["lots"], particulars.lots),
        (words["contact"], particulars.contact),
        (words["languages"], _languages(teller)),
    ]
    return tuple((label, value) for label, value in lines if value)


def _amount(teller: Teller) -> str:
    particulars = teller.tender.particulars
    if particulars.amount is None:
        return ""
    return f"{particulars.currency} {teller.number(particulars.amount)}".strip()


def _languages(teller: Teller) -> str:
    names = teller.words["language"]
    first, *others = teller.tender.languages
    binding = teller.words["binding"].format(language=names[first])
    return ", ".join([binding, *(names[other] for other in others)]) if others else str(names[first])


def control_table(teller: Teller) -> Table:
    """What this document was drawn from, for whoever checks it later."""
    tender, words = teller.tender, teller.words
    suppliers = sum(len(rows) for _, rows in supplier_rows(tender.clauses))
    rows = [
        (words["control_library"], f"{tender.library.edition['name']} · {tender.library.release}"),
        (words["control_hash"], tender.library.hash),
        (words["date"], teller.date(tender.particulars.date)),
        (words["control_form"], words["short" if tender.short else "full"]),
        (words["control_clauses"], str(len(list(supplier_rows(tender.clauses))))),
        (words["control_requirements"], str(suppliers)),
    ]
    return two_columns(words["control"], words["control_columns"], rows)


# The parts


def _summary(teller: Teller) -> list[Block]:
    """What decides whether to read on: term, dates, what is asked, and the values bidders look for first."""
    words, tender, asked = teller.words, teller.tender, teller.tender.asked
    annex = words["annex"].format(letter=ANNEX_BID)
    rows = [
        (words["term_of_contract"], _term_of_contract(teller)),
        (words["bids_until"], teller.date(tender.particulars.bids_until)),
        (words["asked_at_bid"], words["asked_counts"].format(annex=annex, **counts(tender))),
        (words["accepted_at_once"], str(len(asked.later)) if asked else ""),
    ]
    rows += [
        (teller.label(name), teller.value_with_unit(tender.parameters[name]))
        for name in LOOKED_FOR_FIRST
        if name in tender.parameters
    ]
    return [
        Heading(1, words["summary"], anchor="summary"),
        two_columns(words["summary"], words["control_columns"], [(label, said) for label, said in rows if said]),
    ]


def _term_of_contract(teller: Teller) -> str:
    months = teller.tender.answers.get("contract_months")
    return words_of_months(teller, int(str(months))) if months else ""


def words_of_months(teller: Teller, months: int) -> str:
    """A number of months in words."""
    return str(teller.words["one_month"] if months == 1 else teller.words["months"].format(months=months))


def _object(teller: Teller) -> list[Block]:
    words = teller.words
    annex = words["annex"].format(letter=ANNEX_USE)
    lead = teller.named(teller.tender.arrangement.get("object"), words["object_lead"])
    blocks: list[Block] = [
        Heading(1, words["object"], anchor="object"),
        Paragraph((Run(lead.format(annex=annex)),), style="lead"),
    ]
    problem = teller.tender.answers.get("problem")
    if problem:
        blocks += [Heading(2, words["problem"], anchor="problem"), *_paragraphs(str(problem))]
        if teller.language != teller.tender.languages[0]:
            blocks.append(Paragraph((Run(words["original"], kind="emphasis"),), style="note"))
    return blocks


def _paragraphs(text: str) -> list[Block]:
    return [Paragraph((Run(line),)) for line in text.splitlines() if line.strip()]


def _reading(teller: Teller) -> list[Block]:
    words = teller.words
    buyer = teller.term("buyer")
    annex = words["annex"].format(letter=ANNEX_PARAMETERS)
    said = teller.listed(teller.tender.arrangement.get("reading"), words["reading_items"])
    items = tuple((Run(item.format(buyer=buyer, annex=annex)),) for item in said)
    return [
        Heading(1, words["reading"], anchor="reading"),
        ItemList(items),
        *_local_documents(teller),
        two_columns(words["definitions"], words["definition_columns"], _definitions(teller)),
    ]


def _local_documents(teller: Teller) -> list[Block]:
    """The documents of the procedure in their order, those not drawn up here among them."""
    words, listed = teller.words, teller.tender.arrangement["documents"]
    if not any(part.get("cited") for part in listed):
        return []
    rows = [
        (teller.named(part["title"]), words["document_cited" if part.get("cited") else "document_here"])
        for part in listed
    ]
    return [two_columns(words["documents"], words["documents_columns"], rows)]


def _definitions(teller: Teller) -> list[tuple[str, str]]:
    """The parties, then the terms the requirements of this tender use, in the order of the alphabet."""
    words, particulars = teller.words, teller.tender.particulars
    buyer = particulars.buyer or words["not_filled"]
    parties = [
        (teller.term("buyer", "The"), words["buyer_means"].format(buyer=buyer)),
        (teller.term("bidder", "The"), words["bidder_means"]),
        (teller.term("supplier", "The"), words["supplier_means"]),
    ]
    said = " ".join(
        read_by_bidders(teller.clause(entry.clause.id)["requirements"][row.id])
        for entry, rows in supplier_rows(teller.tender.clauses)
        for row in rows
    )
    return parties + sorted(teller.defined_terms(said), key=lambda pair: pair[0].casefold())


def _parts(teller: Teller) -> list[Block]:
    """The local documents of the arrangement, each with its clauses by category; every requirement once."""
    blocks: list[Block] = []
    for part in teller.tender.arrangement["documents"]:
        inside = [*_articles(teller, part), *_part(teller, part)] if not part.get("cited") else []
        if inside:
            blocks += [
                PageBreak(),
                Heading(1, teller.named(part["title"]), anchor=f"part-{part['id']}"),
                Paragraph((Run(teller.named(part["lead"])),), style="lead"),
                *inside,
            ]
    return blocks


def _articles(teller: Teller, part: dict[str, Any]) -> Iterator[Block]:
    """The opening articles of a local document, which no clause of the library holds."""
    for number, article in enumerate(part.get("articles", ()), start=1):
        yield Heading(2, teller.named(article["title"]), anchor=f"{part['id']}-article-{number}")
        yield from teller.inner_blocks(article["text"][teller.language])


def _part(teller: Teller, part: dict[str, Any]) -> Iterator[Block]:
    category = ""
    for entry, rows in supplier_rows(teller.tender.clauses):
        mine = [row for row in rows if part_for(teller.tender.arrangement, row) == part["id"]]
        if not mine:
            continue
        if entry.clause.category != category:
            category = entry.clause.category
            yield Heading(2, teller.library_words["categories"][category], anchor=f"{part['id']}-{category}")
        yield from _clause(teller, part["id"], entry, mine)


def part_for(arrangement: Mapping[str, Any], row: Row) -> str:
    """The id of the local document a requirement goes into: the one that takes the most precise thing said of it.

    Raises KeyError where no document of the arrangement takes its kind.
    """
    requirement = row.selected.requirement
    takers = {taken: part["id"] for part in arrangement["documents"] for taken in part.get("takes", ())}
    said = [f"{requirement.kind}.{requirement.moment}", requirement.kind]
    if row.selected.strength == SCORED:
        said.insert(0, SCORED)
    return str(next((takers[name] for name in said if name in takers), None) or takers[requirement.kind])


def _clause(teller: Teller, part: str, entry: Any, rows: list[Row]) -> Iterator[Block]:
    yield Heading(3, teller.title(entry.clause.id), anchor=f"{part}-{entry.clause.id}")
    if entry.triggered_by_bid:
        condition = teller.speaker.condition(entry.clause.when)
        yield Paragraph((Run(teller.words["triggered"].format(condition=condition)),), style="note")
    for row in rows:
        yield requirement_block(teller, row)


def requirement_block(teller: Teller, row: Row) -> Requirement:
    """One requirement as bidders read it: its duty, the proof, who verifies it, what follows if it fails, the scale."""
    words, requirement = teller.words, row.selected.requirement
    text = teller.clause(row.clause.clause.id)["requirements"][requirement.id]
    first, *rest = teller.inner_blocks(text["text"])
    runs: Runs = first.runs if isinstance(first, Paragraph) else ()
    by = words["verified_by"].get(requirement.verified_by, "").format(buyer=teller.term("buyer", "by"))
    if teller.tender.asks_the_market and QUESTION in text:
        return _market_question(teller, row)
    details = [
        (_labelled(teller, "evidence", requirement.evidence_at), teller.runs(text[EVIDENCE])),
        (_labelled(teller, "verification", requirement.verified_at, by), teller.runs(text[VERIFICATION])),
    ]
    if FAILURE in text:
        details.append((words["failure"], teller.runs(text[FAILURE])))
    if SCALE in text and row.selected.strength == SCORED and not teller.tender.particulars.price_only:
        details.append((words["scale"], teller.runs(text[SCALE])))
    return Requirement(
        id=requirement.id,
        strength=row.selected.strength,
        strength_label=f"{words['strength'][row.selected.strength]} · {_due(teller, row)}",
        runs=runs,
        details=tuple(details),
        continued=tuple(rest) if runs else (first, *rest),
    )


def _market_question(teller: Teller, row: Row) -> Requirement:
    """A requirement as a question to the market, with the duty a contract would hold."""
    words = teller.words
    text = teller.clause(row.clause.clause.id)["requirements"][row.id]
    asked = {one.id for one in teller.tender.asked.rows} if teller.tender.asked else set()
    return Requirement(
        id=row.id,
        strength=row.selected.strength,
        strength_label=words["question_put" if row.id in asked else "question_not_put"],
        runs=teller.runs(text[QUESTION]),
        details=((words["would_ask"], teller.runs(text["text"])), (words["evidence"], teller.runs(text[EVIDENCE]))),
    )


def _labelled(teller: Teller, name: str, moments: Iterable[str], by: str = "") -> str:
    """The label of a detail, with by whom and when where the release says so."""
    said = ", ".join(filter(None, (by, *(str(teller.words["moment"][moment]) for moment in moments))))
    return f"{teller.words[name]} ({said})" if said else str(teller.words[name])


def _due(teller: Teller, row: Row) -> str:
    words, asked = teller.words, teller.tender.asked
    moment = str(words["moment"][row.selected.requirement.moment])
    if asked and row.id in asked.proof_moved:
        return str(words["proof_at_acceptance"])
    if asked and row.id in asked.became_terms:
        return str(words["contract_term"])
    return moment
