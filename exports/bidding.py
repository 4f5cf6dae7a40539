"""From a tender to the workbook a bidder fills in."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from clause_library.wording import EVIDENCE, QUESTION, SCALE, parameters_in, said
from exports.assembly import SCORED, document_date, machine_data
from exports.checklist import AnswerKind, ChecklistRow, ChecklistSheet, Deliverable, Duty
from exports.checklist_texts import ChecklistTexts, checklist_texts
from exports.telling import Teller
from procurement.asked import Row
from procurement.tender import Tender
from rules.library import STRENGTHS

ANSWERS: Mapping[str, AnswerKind] = {"mandatory": "yes_no", "informative": "text"}
SCORED_ANSWERS: Mapping[str, AnswerKind] = {"number": "number", "level": "level", "test": "test_result"}
MOST_WORDS = {"mandatory": 0, "scored": 120, "informative": 250}


def checklist_sheet(tender: Tender, language: str) -> ChecklistSheet:
    """The checklist in one language: rows asked at the bid, other duties under one signature, deliverables."""
    teller = Teller(tender, language)
    asked = tender.asked
    return ChecklistSheet(
        language=language,
        title=tender.particulars.title or teller.words["checklist"],
        reference=tender.particulars.reference,
        date=document_date(tender),
        texts=_texts_here(teller),
        rows=tuple(_row(teller, row) for row in _by_envelope(teller, asked.rows)) if asked else (),
        read_me=tuple(f"{label}: {value}" for label, value in _lines(teller)),
        acceptance=tuple(Duty(row.id, _text(teller, row)) for row in asked.later) if asked else (),
        deliverables=tuple(_deliverable(teller, row) for row in asked.later) if asked else (),
        author=tender.particulars.buyer,
        machine=machine_data(tender),
    )


def _texts_here(teller: Teller) -> ChecklistTexts:
    """The fixed words in the spelling of the place, the sheet of whoever answers under the name it has there."""
    texts = checklist_texts(teller.language, teller.place.instrument)
    spelled = {one.name: teller.place.spelled_throughout(getattr(texts, one.name)) for one in fields(texts)}
    name = teller.term("bidder", "one")
    return replace(texts, **spelled | {"supplier": name[:1].upper() + name[1:]})


def _lines(teller: Teller) -> list[tuple[str, str]]:
    particulars, words = teller.tender.particulars, teller.words
    return [
        (words["buyer"], particulars.buyer or words["not_filled"]),
        (words["bids_until"], teller.date(particulars.bids_until)),
        (words["contact"], particulars.contact or words["not_filled"]),
    ]


def _row(teller: Teller, row: Row) -> ChecklistRow:
    clause, strength = row.clause.clause, row.selected.strength
    text = teller.clause(clause.id)["requirements"][row.id]
    scale = text.get(SCALE, "") if strength == SCORED else ""
    return ChecklistRow(
        id=row.id,
        clause_title=" · ".join(filter(None, (_envelope(teller, row), teller.title(clause.id)))),
        text=_text(teller, row),
        strength=strength,
        strength_label=teller.words["strength"][strength],
        evidence=teller.plain(text[EVIDENCE]),
        answer=ANSWERS.get(strength) or SCORED_ANSWERS.get(row.selected.requirement.answer, "level"),
        choices=_levels(scale),
        question=teller.plain(text.get(QUESTION, "")),
        scale=teller.plain(scale),
        machine=f"{row.id}@{clause.version}",
        digest=clause.hash,
        most_words=MOST_WORDS[strength],
    )


def _envelope(teller: Teller, row: Row) -> str:
    """The envelope a row is answered in, where the place has several."""
    said = (row.selected.strength, row.selected.requirement.kind)
    for envelope in teller.tender.arrangement.get("envelopes", ()):
        if set(said) & set(envelope["takes"]):
            return teller.named(envelope["name"])
    return ""


def _by_envelope(teller: Teller, rows: Iterable[Row]) -> list[Row]:
    """The rows envelope by envelope, the mandatory first, each in the order of the library."""
    return sorted(rows, key=lambda row: (_envelope(teller, row), STRENGTHS.index(row.selected.strength)))


def _levels(scale: str) -> tuple[str, ...]:
    """The levels of a scale by what stands before their colon, best first; none where a level has no such name."""
    named = [level.partition(":") for level in said(scale, lambda piece: piece.text).splitlines()]
    return tuple(name.strip() for name, colon, _ in reversed(named)) if all(colon for _, colon, _ in named) else ()


def _text(teller: Teller, row: Row) -> str:
    return teller.plain(teller.clause(row.clause.clause.id)["requirements"][row.id]["text"])


def _deliverable(teller: Teller, row: Row) -> Deliverable:
    requirement = row.selected.requirement
    moved = teller.tender.asked is not None and row.id in teller.tender.asked.proof_moved
    text = teller.clause(row.clause.clause.id)["requirements"][row.id]["text"]
    terms = [
        f"{teller.label(name)}: {teller.value_with_unit(teller.tender.parameters[name])}"
        for name in sorted(parameters_in(text))
    ]
    moment = "acceptance" if moved else requirement.moment
    return Deliverable(row.id, _text(teller, row), teller.words["moment"][moment], "; ".join(terms))
