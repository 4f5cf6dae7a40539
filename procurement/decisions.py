"""What the officer decided beyond the answers: tier, form, clauses added or dropped, conflicts justified."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procurement.errors import BadInput
from rules.library import TIERS, Library

LONGEST_REASON = 2000
FORMS = ("short", "full")
WAYS = ("in", "out")


@dataclass(frozen=True)
class ClauseDecision:
    """A clause brought in or left out against the rules, and why."""

    way: str
    reason: str


@dataclass(frozen=True)
class TierDecision:
    """Another tier than the computed one, and why. Lowering counts only once another person approved it.

    `approved_by` is that person's opaque id, or empty.
    """

    tier: int
    reason: str
    approved_by: str = ""


@dataclass(frozen=True)
class Decisions:
    """All decisions of one tender. `conflicts` gives the justification per conflict id."""

    tier: TierDecision | None = None
    form: str | None = None
    clauses: Mapping[str, ClauseDecision] = field(default_factory=dict)
    conflicts: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """The decisions as JSON can hold them; empty ones left out."""
        data: dict[str, Any] = {}
        if self.tier:
            data["tier"] = {"tier": self.tier.tier, "reason": self.tier.reason}
            if self.tier.approved_by:
                data["tier"]["approved_by"] = self.tier.approved_by
        if self.form:
            data["form"] = self.form
        if self.clauses:
            data["clauses"] = {name: {"way": made.way, "reason": made.reason} for name, made in self.clauses.items()}
        if self.conflicts:
            data["conflicts"] = dict(self.conflicts)
        return data


def decisions_from(library: Library, data: Mapping[str, Any]) -> Decisions:
    """Read decisions from data: {tier: {tier, reason, approved_by}, form, clauses: {id: {way, reason}}, conflicts}.

    `conflicts` gives a reason per id.

    Raises BadInput for an unknown name, an unknown clause or conflict, or a missing reason.
    """
    unknown = set(data) - {"tier", "form", "clauses", "conflicts"}
    if unknown:
        raise BadInput("unknown_decision", min(unknown), min(unknown))
    form = data.get("form")
    if form is not None and form not in FORMS:
        raise BadInput("unknown_decision", "form", str(form))
    conflicts = {row.id for row in library.conflicts}
    justified = _table(data, "conflicts")
    for name in justified:
        if name not in conflicts:
            raise BadInput("unknown_decision", "conflicts", name)
    return Decisions(
        tier=_tier(data["tier"]) if data.get("tier") is not None else None,
        form=form,
        clauses={name: _clause(library, name, row) for name, row in _table(data, "clauses").items()},
        conflicts={name: _reason(name, text) for name, text in justified.items()},
    )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, Mapping):
        raise BadInput("unknown_decision", name, str(table)[:80])
    return table


def _tier(row: object) -> TierDecision:
    if not isinstance(row, Mapping) or isinstance(row.get("tier"), bool) or row.get("tier") not in TIERS:
        raise BadInput("unknown_decision", "tier", str(row)[:80])
    approved_by = row.get("approved_by", "")
    return TierDecision(row["tier"], _reason("tier", row.get("reason")), str(approved_by))


def _clause(library: Library, name: str, row: object) -> ClauseDecision:
    if name not in library.clauses:
        raise BadInput("unknown_clause", name, name)
    if not isinstance(row, Mapping) or row.get("way") not in WAYS:
        raise BadInput("unknown_decision", name, str(row)[:80])
    return ClauseDecision(row["way"], _reason(name, row.get("reason")))


def _reason(name: str, reason: object) -> str:
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise BadInput("unknown_decision", name, "reason")
    return reason.strip()
