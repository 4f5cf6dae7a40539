"""What a bidder is asked: the rows of the checklist, within the budgets, and where the rest goes.

Source of the rule: a row exists only for what the supplier owes (alone or shared), due at the bid; the budgets per
tier and the order of the overflow are the library's promise that a bidder is asked twenty things, not two hundred.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.library import Library, Selected
from rules.selection import MANDATORY_ROWS, SCORED_ROWS, ClauseIn, protected


@dataclass(frozen=True)
class Row:
    """One requirement with its clause, as a bidder or a supplier meets it."""

    clause: ClauseIn
    selected: Selected

    @property
    def id(self) -> str:
        """The requirement's id."""
        return self.selected.requirement.id


@dataclass(frozen=True)
class Asked:
    """`rows` are asked at the bid; `later` are the supplier's other duties; `owed_by_buyer` the buyer's plan.

    `proof_moved` are mandatory ones whose proof is asked at acceptance; `became_terms` are scored ones that
    became contract terms; `informative_dropped` are asked of nobody at the bid.
    """

    rows: tuple[Row, ...]
    later: tuple[Row, ...]
    owed_by_buyer: tuple[Row, ...]
    proof_moved: frozenset[str]
    became_terms: frozenset[str]
    informative_dropped: frozenset[str]


def asked(library: Library, tier: int, clauses: Iterable[ClauseIn], *, price_only: bool) -> Asked:
    """Sort the requirements of a selection into what is asked at the bid, what comes later and what the buyer owes."""
    every = [Row(entry, selected) for entry in clauses for selected in entry.requirements]
    suppliers = [row for row in every if row.selected.requirement.owed_by != "buyer"]
    due = [row for row in suppliers if row.selected.requirement.moment == "bid"]
    guaranteed = protected(library)
    mandatory = [row for row in due if row.selected.strength == "mandatory"]
    scored = [row for row in due if row.selected.strength == "scored"]
    informative = [row for row in due if row.selected.strength == "informative"]
    kept_mandatory = _first(mandatory, MANDATORY_ROWS[tier], guaranteed)
    kept_scored = [] if price_only else _first(scored, SCORED_ROWS[tier], guaranteed)
    room = MANDATORY_ROWS[tier] + SCORED_ROWS[tier] - len(kept_mandatory) - len(kept_scored)
    kept_informative = informative[: max(0, room)]
    kept = {row.id for row in (*kept_mandatory, *kept_scored, *kept_informative)}
    return Asked(
        rows=tuple(row for row in due if row.id in kept),
        later=tuple(row for row in suppliers if row.id not in kept),
        owed_by_buyer=tuple(row for row in every if row.selected.requirement.owed_by != "supplier"),
        proof_moved=_ids(mandatory) - kept,
        became_terms=_ids(scored) - kept,
        informative_dropped=_ids(informative) - kept,
    )


def market_questions(tier: int, clauses: Iterable[ClauseIn]) -> Asked:
    """What a request for information asks: the essential requirement of each clause, as far as the budgets go.

    Every category has its turn before any has a second one, so that no subject is left out for standing late in the
    library. Nothing is accepted or owed yet, but for what the buyer must do in any case.
    """
    every = [Row(entry, selected) for entry in clauses for selected in entry.requirements]
    essential = [row for row in every if row.selected.requirement.essential]
    put = [row for row in essential if row.selected.requirement.owed_by != "buyer"]
    kept = {row.id for row in _in_turn(put)[: MANDATORY_ROWS[tier] + SCORED_ROWS[tier]]}
    return Asked(
        rows=tuple(row for row in put if row.id in kept),
        later=(),
        owed_by_buyer=tuple(row for row in every if row.selected.requirement.owed_by != "supplier"),
        proof_moved=frozenset(),
        became_terms=frozenset(),
        informative_dropped=_ids(put) - kept,
    )


def _in_turn(rows: list[Row]) -> list[Row]:
    """The rows in rounds: the first of each category, then the second of each, and so on."""
    turns: Counter[str] = Counter()
    placed = []
    for row in rows:
        category = row.clause.clause.category
        placed.append((turns[category], row))
        turns[category] += 1
    return [row for _turn, row in sorted(placed, key=lambda one: one[0])]


def _first(rows: list[Row], budget: int, guaranteed: frozenset[str]) -> list[Row]:
    """The rows that stay: those a guarantee protects, then essential ones, then in library order."""
    ranked = sorted(rows, key=lambda row: (row.id not in guaranteed, not row.selected.requirement.essential))
    return [row for place, row in enumerate(ranked) if place < budget or row.id in guaranteed]


def _ids(rows: list[Row]) -> frozenset[str]:
    return frozenset(row.id for row in rows)


def supplier_rows(clauses: Iterable[ClauseIn]) -> Iterator[tuple[ClauseIn, list[Row]]]:
    """The clauses bidders meet, each with the requirements the supplier owes, alone or shared."""
    for entry in clauses:
        rows = [Row(entry, selected) for selected in entry.requirements if selected.requirement.owed_by != "buyer"]
        if rows:
            yield entry, rows
