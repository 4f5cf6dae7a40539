"""The record of an assessment: the line `assess` gives, and what a tender adds to it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
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
    return _record(speaker, assessment, clauses, excluded, partial(_reasons_of_the_rules, assessment, speaker))


def reasons(tender: Tender, speaker: Speaker, entry: ClauseIn | ClauseOut) -> list[str]:
    """Why a clause of the tender is in or out: the officer's reason where it stands there against the rules."""
    clause = entry.clause
    ruled_in = not tender.stopped and clause.when.verdict(tender.assessment.reading) is not False
    made = tender.decisions.clauses.get(clause.id)
    if made and ruled_in != isinstance(entry, ClauseIn):
        return [speaker.sentences["dropped" if ruled_in else "added"].format(reason=made.reason)]
    return _reasons_of_the_rules(tender.assessment, speaker, entry)


def _reasons_of_the_rules(assessment: Assessment, speaker: Speaker, entry: ClauseIn | ClauseOut) -> list[str]:
    if isinstance(entry, ClauseIn):
        return speaker.why_in(entry, assessment)
    return speaker.why_out(entry, assessment)


def _record(
    speaker: Speaker,
    assessment: Assessment,
    clauses: tuple[ClauseIn, ...],
    excluded: tuple[ClauseOut, ...],
    why: Callable[[ClauseIn | ClauseOut], list[str]],
) -> dict[str, Any]:
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
                "reasons": why(entry),
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
        "excluded": [{"id": entry.clause.id, "reasons": why(entry)} for entry in excluded],
        "ignored": list(assessment.ignored),
        "library": {"release": speaker.library.release, "hash": speaker.library.hash},
    }


def tender_record(tender: Tender, language: str, files: Mapping[str, str]) -> dict[str, Any]:
    """The record of a tender: its assessment, answers, parameters, decisions, what is unfilled, and file hashes."""
    speaker = Speaker(tender.library, language)
    return _record(speaker, tender.assessment, tender.clauses, tender.excluded, partial(reasons, tender, speaker)) | {
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
