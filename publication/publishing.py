"""What publishing a tender makes: its files, what its public page shows, and its record. Plain values, no database."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.people import Organisation
from clause_library.releases import canonical, hashed
from clause_library.wording import parameters_in
from exports.data import canonical_json
from exports.document import Inner, ItemList, Runs
from exports.files import File, tender_files
from exports.telling import Teller
from exports.turns import turn
from procurement.asked import Row, supplier_rows
from procurement.draft import Draft
from procurement.particulars import Particulars
from procurement.record import tender_record
from procurement.tender import Tender
from rules.library import LANGUAGES
from rules.sentences import Speaker
from rules.text import clean

FORMATS = ("docx", "pdf", "xlsx")
RECORD, RECORD_NAME = "record", "record.json"
STRENGTHS = ("mandatory", "scored", "informative")
TEXTS = ("text", "question", "evidence", "verification", "failure")


@dataclass(frozen=True)
class Prepared:
    """A tender ready to be published. `summary` is what its page shows, `record` what the organisation keeps."""

    summary: dict[str, Any]
    record: dict[str, Any]
    files: tuple[File, ...]


def digest(draft: Draft) -> str:
    """What a draft says, hashed: its release and the newest revision of each entry."""
    entries = {
        kind: {subject: [entry.revision, entry.value, entry.ground] for subject, entry in rows.items()}
        for kind, rows in draft.entries.items()
    }
    return hashed("draft-1", canonical({"release": draft.release_hash, "state": draft.state, "entries": entries}))


def prepare(tender: Tender, organisation: Organisation) -> Prepared:
    """Everything that publishing this tender puts out; takes seconds for each language.

    Raises the export errors of the writers, and NoTurn.
    """
    files: tuple[File, ...] = ()
    for language in tender.languages:
        with turn():
            files += tender_files(tender, language, FORMATS, suffix=f"-{language}")
    public = public_record(tender, organisation, {file.name: file.sha256 for file in files})
    files += (File(RECORD_NAME, RECORD, "", canonical_json(public)),)
    hashes = {file.name: file.sha256 for file in files}
    return Prepared(summary(tender, organisation), tender_record(tender, tender.languages[0], hashes), files)


def public_record(tender: Tender, organisation: Organisation, files: dict[str, str]) -> dict[str, Any]:
    """The tender as data for anybody: what bidders are asked and owe, and nothing of why.

    The tier is in it only where the organisation publishes it.
    """
    shown = {"tier": tender.assessment.tier} if organisation.tier_public else {}
    return shown | {
        "organisation": {"name": clean(organisation.name), "identifier": clean(organisation.identifier)},
        "particulars": _particulars(tender.particulars),
        "languages": list(tender.languages),
        "library": _library(tender),
        "clauses": _clauses(tender),
        "counts": counts(tender),
        "parameters": _parameters(tender),
        "files": files,
    }


def summary(tender: Tender, organisation: Organisation) -> dict[str, Any]:
    """What the public page shows, with its texts in every language of the library."""
    tier = tender.assessment.tier
    names = {language: Speaker(tender.library, language).tier_name(tier) for language in LANGUAGES}
    shown = {"tier": {"number": tier, "names": names}} if organisation.tier_public else {}
    tellers = {language: Teller(tender, language) for language in LANGUAGES}
    return shown | {
        "organisation": clean(organisation.name),
        "time_zone": organisation.time_zone,
        "languages": list(tender.languages),
        "particulars": _particulars(tender.particulars),
        "problem": clean(str(tender.answers.get("problem", ""))),
        "library": _library(tender),
        "counts": counts(tender),
        "rows": [_row(tellers, row) for row in _asked(tender)],
    }


def counts(tender: Tender) -> dict[str, int]:
    """How many rows of each strength are asked with the bid, and how many duties one signature accepts."""
    rows = _asked(tender)
    by_strength = {name: sum(row.selected.strength == name for row in rows) for name in STRENGTHS}
    return by_strength | {"accepted": len(tender.asked.later) if tender.asked else 0}


def _asked(tender: Tender) -> tuple[Row, ...]:
    return tender.asked.rows if tender.asked else ()


def _row(tellers: dict[str, Teller], row: Row) -> dict[str, Any]:
    clause = row.clause.clause
    told = {language: _texts(teller, row) for language, teller in tellers.items()}
    return {
        "id": row.id,
        "clause": clause.id,
        "version": clause.version,
        "strength": row.selected.strength,
        "titles": {language: teller.title(clause.id) for language, teller in tellers.items()},
    } | {
        part: {language: texts[part] for language, texts in told.items()}
        for part in TEXTS
        if all(part in texts for texts in told.values())
    }


def _texts(teller: Teller, row: Row) -> dict[str, list[dict[str, Any]]]:
    text = teller.clause(row.clause.clause.id)["requirements"][row.id]
    return {part: [_block(block) for block in teller.inner_blocks(text[part])] for part in TEXTS if part in text}


def _block(block: Inner) -> dict[str, Any]:
    """A paragraph or a list as plain lines."""
    if isinstance(block, ItemList):
        return {"kind": "steps" if block.ordered else "items", "lines": [_line(item) for item in block.items]}
    return {"kind": "paragraph", "lines": [_line(block.runs)]}


def _line(runs: Runs) -> str:
    return clean("".join(run.text for run in runs))


def _particulars(particulars: Particulars) -> dict[str, Any]:
    data = particulars.as_data()
    return {name: clean(value) if isinstance(value, str) else value for name, value in data.items()}


def _library(tender: Tender) -> dict[str, Any]:
    return {"release": tender.library.release, "hash": tender.library.hash}


def _clauses(tender: Tender) -> list[dict[str, Any]]:
    asked = {row.id for row in _asked(tender)}
    return [
        {
            "id": entry.clause.id,
            "version": entry.clause.version,
            "hash": entry.clause.hash,
            "triggered_by_bid": entry.triggered_by_bid,
            "requirements": [
                {
                    "id": row.id,
                    "kind": row.selected.requirement.kind,
                    "strength": row.selected.strength,
                    "owed_by": row.selected.requirement.owed_by,
                    "moment": row.selected.requirement.moment,
                    "asked_with_bid": row.id in asked,
                }
                for row in rows
            ],
        }
        for entry, rows in supplier_rows(tender.clauses)
    ]


def _parameters(tender: Tender) -> dict[str, Any]:
    """The values bidders read, and the requirements that use each; those of the buyer's own duties left out."""
    users: dict[str, list[str]] = {}
    for entry, rows in supplier_rows(tender.clauses):
        texts = tender.library.texts[entry.clause.id]["en"]["requirements"]
        for row in rows:
            for name in sorted(parameters_in(" ".join(texts[row.id].values()))):
                users.setdefault(name, []).append(row.id)
    return {
        name: {"value": _plain(filled.value), "requirements": users[name]}
        for name, filled in tender.parameters.items()
        if name in users
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return clean(value) if isinstance(value, str) else value
