"""The record of an assessment: the line `assess` gives, and what a tender adds to it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from procurement.tender import Tender
from rules.assessment import Assessment
from rules.library import Library
from rules.selection import ClauseIn, ClauseOut
from rules.sentences import Speaker


def assessment_record(
    library: Library,
    assessment: Assessment,
    clauses: tuple[ClauseIn, ...],
    excluded: tuple[ClauseOut, ...],
    language: str,
) -> dict[str, Any]:
    """One assessment as data: tier, score, ids of triggers, flags and conflicts, clauses in and out with reasons."""
    speaker = Speaker(library, language)
    return {
        "tier": assessment.tier,
        "tier_name": speaker.tier_name(assessment.tier),
        "score": assessment.score,
        "triggers": list(assessment.triggers),
        "flags": list(assessment.flags),
        "conflicts": list(assessment.conflicts),
        "clauses": [
            {
                "id": entry.clause.id,
                "version": entry.clause.version,
                "reasons": speaker.why_in(entry, assessment),
                "triggered_by_bid": entry.triggered_by_bid,
                "requirements": [
                    {
                        "id": selected.requirement.id,
                        "kind": selected.requirement.kind,
                        "strength": selected.strength,
                        "owed_by": selected.requirement.owed_by,
                        "moment": selected.requirement.moment,
                    }
                    for selected in entry.requirements
                ],
            }
            for entry in clauses
        ],
        "excluded": [{"id": entry.clause.id, "reasons": speaker.why_out(entry, assessment)} for entry in excluded],
        "ignored": list(assessment.ignored),
        "library": {"release": library.release, "hash": library.hash},
    }


def tender_record(tender: Tender, language: str, files: Mapping[str, str]) -> dict[str, Any]:
    """The record of a tender: its assessment, answers, parameters, decisions, what is unfilled, and file hashes."""
    record = assessment_record(tender.library, tender.assessment, tender.clauses, tender.excluded, language)
    speaker = Speaker(tender.library, language)
    for entry in (*record["clauses"], *record["excluded"]):
        made = tender.decisions.clauses.get(entry["id"])
        if made:
            name = "added" if made.way == "in" else "dropped"
            entry["reasons"] = [speaker.sentences[name].format(reason=made.reason)]
    return record | {
        "answers": {name: _plain(answer) for name, answer in tender.answers.items()},
        "particulars": tender.particulars.as_data(),
        "parameters": {
            name: {"value": _plain(filled.value), "origin": filled.origin} for name, filled in tender.parameters.items()
        },
        "decisions": tender.decisions.as_data(),
        "form": "short" if tender.short else "full",
        "unfilled": list(tender.unfilled),
        "files": dict(files),
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value
