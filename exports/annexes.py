"""The annexes of a tender: purpose and use, the values in the text, and what is answered with the bid."""

from clause_library.wording import parameters_in, read_by_bidders
from exports.document import (
    Block,
    Column,
    Heading,
    ItemList,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
    two_columns,
)
from exports.telling import Teller
from procurement.asked import supplier_rows
from procurement.particulars import LISTS
from procurement.samples import SampleNeeded, samples_needed
from procurement.tender import Tender
from rules.library import STRENGTHS

# The answers a bidder needs to know; what weighs the risk or organises the buyer's own house stays inside.
DECLARED = (
    "policy_domains", "functions", "techniques", "direct_users", "output_use", "languages_of_use", "acquisition",
    "contract_months", "people_affected", "vulnerable_people", "role_in_decision", "agent_autonomy",
    "explanation_needed", "personal_data", "confidentiality", "vendor_holds_data", "training_on_buyer_data",
    "processing_location",
)  # fmt: skip
ANNEX_USE, ANNEX_PARAMETERS, ANNEX_BID = "A", "B", "C"


def use_annex(teller: Teller) -> list[Block]:
    """Purpose and use as the buyer declares them, the lists requirements refer to, and what is forbidden."""
    words, tender = teller.words, teller.tender
    rows = [
        (teller.speaker.question(name), teller.joined_labels(name))
        for name in DECLARED
        if name in tender.answers and tender.assessment.reading.is_asked(name)
    ]
    lead = words["use_lead"].format(buyer=teller.term("buyer"))
    return [
        PageBreak(),
        Heading(1, words["use_annex"], anchor="annex-use", annex=True),
        Paragraph((Run(lead),), style="lead"),
        two_columns(words["use_annex"], words["use_columns"], rows),
        *_lists(teller),
        *_forbidden(teller),
    ]


def _lists(teller: Teller) -> list[Block]:
    """What requirements refer to as listed in this annex, in the buyer's words, or said to be still open."""
    words, particulars = teller.words, teller.tender.particulars
    rows = [(words["lists_of"][name], getattr(particulars, name) or words["not_listed"]) for name in LISTS]
    return [
        Heading(2, words["lists"], anchor="lists"),
        Paragraph((Run(words["lists_lead"]),)),
        two_columns(words["lists"], words["use_columns"], rows),
    ]


def _forbidden(teller: Teller) -> list[Block]:
    """The uses nobody may make of the system, and what may not be in it: clauses speak of both lists."""
    words = teller.words
    lines = [line for line in teller.tender.library.questions["red_lines"].options if line != "none"]
    items = [teller.speaker.option("red_lines", line) for line in lines] + [words["forbidden_other"]]
    return [
        Heading(2, words["forbidden"], anchor="forbidden-uses"),
        Paragraph((Run(words["forbidden_lead"]),)),
        ItemList(tuple((Run(item),) for item in items)),
        Heading(2, words["excluded"], anchor="excluded-products"),
        Paragraph((Run(words["excluded_lead"].format(buyer=teller.term("buyer", "The"))),)),
    ]


def parameters_annex(teller: Teller) -> list[Block]:
    """The values in the text, who uses them, and the samples that can show them."""
    words, tender = teller.words, teller.tender
    blocks: list[Block] = [
        PageBreak(),
        Heading(1, words["parameters_annex"], anchor="annex-parameters", annex=True),
        Paragraph((Run(words["parameters_lead"]),), style="lead"),
    ]
    if tender.unfilled:
        blocks.append(_unfilled_note(teller))
    users = _users(tender)
    rows = tuple(
        (
            (Run(teller.label(name)),),
            (Run(teller.value_with_unit(filled), "unfilled" if filled.origin == "unfilled" else "value"),),
            (Run(", ".join(users[name])),),
        )
        for name, filled in tender.parameters.items()
        if name in users
    )
    if rows:
        columns = tuple(
            Column(title, width) for title, width in zip(words["parameters_columns"], (4, 3, 2), strict=True)
        )
        blocks.append(Table(words["parameters_annex"], columns, rows))
    return blocks + _sample_notes(teller)


def _unfilled_note(teller: Teller) -> Note:
    words = teller.words
    items = tuple((Run(teller.label(name), "unfilled"),) for name in teller.tender.unfilled)
    lead = Paragraph((Run(words["unfilled_lead"].format(buyer=teller.term("buyer"))),))
    return Note(words["unfilled_note"], (lead, ItemList(items)), tone="caution")


def _users(tender: Tender) -> dict[str, list[str]]:
    """The requirements that use each parameter, among those bidders read."""
    users: dict[str, list[str]] = {}
    for entry, rows in supplier_rows(tender.clauses):
        texts = tender.library.texts[entry.clause.id]["en"]["requirements"]
        for row in rows:
            for name in sorted(parameters_in(read_by_bidders(texts[row.id]))):
                users.setdefault(name, []).append(row.id)
    return users


def _sample_notes(teller: Teller) -> list[Block]:
    """How many cases each value that is a share of cases needs, so that nobody promises what no test can show."""
    tender = teller.tender
    samples = samples_needed(tender.library, tender.assessment, tender.parameters)
    return [
        Paragraph((Run(_sample_note(teller, name, sample)),), style="note")
        for name, sample in samples.items()
        if sample.cases
    ]


def _sample_note(teller: Teller, name: str, sample: SampleNeeded) -> str:
    words = teller.words
    said = words["sample_note"].format(
        value=f"{teller.label(name)} ({teller.value_with_unit(teller.tender.parameters[name])})",
        confidence=sample.confidence,
        cases=teller.number(sample.cases or 0),
    )
    points = [
        words["sample_errors_in"].format(errors=teller.number(errors), cases=teller.number(cases))
        for cases, errors in sample.points[1:]
    ]
    more = [words["sample_errors"].format(points="; ".join(points))] if points else []
    counted = [words["sample_counted"][sample.counted]] if sample.counted else []
    return " ".join([said, *more, *counted])


def bid_annex(teller: Teller) -> list[Block]:
    """What is answered with the bid."""
    words, asked = teller.words, teller.tender.asked
    rows = asked.rows if asked else ()
    blocks: list[Block] = [
        PageBreak(),
        Heading(1, words["bid_annex"], anchor="annex-bid", annex=True),
        Paragraph((Run(words["bid_lead"].format(**counts(teller.tender))),), style="lead"),
    ]
    if not rows:
        return [*blocks, Paragraph((Run(words["bid_none"]),))]
    columns = tuple(Column(title, width) for title, width in zip(words["bid_columns"], (3, 10, 4), strict=True))
    cells = tuple(
        (
            (Run(row.id, target=f"requirement-{row.id}"),),
            (Run(teller.title(row.clause.clause.id)),),
            (Run(words["strength"][row.selected.strength]),),
        )
        for row in rows
    )
    return [*blocks, Table(words["bid_annex"], columns, cells)]


def counts(tender: Tender) -> dict[str, int]:
    """How many rows of each strength are answered with the bid."""
    rows = tender.asked.rows if tender.asked else ()
    return {strength: sum(row.selected.strength == strength for row in rows) for strength in STRENGTHS}
