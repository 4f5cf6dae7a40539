"""The burden of the worked purchases as a page of Markdown: what each asks of a bidder, the supplier and the buyer."""

from collections import Counter

from procurement.asked import Asked
from procurement.decisions import Decisions
from procurement.effort import calendar_of, effort_of
from procurement.particulars import Particulars
from procurement.tender import Tender, draw_up
from procurement.worked import WorkedPurchase, worked_purchases
from rules.library import Library
from rules.questions import read_answers

HEAD = """# What the worked purchases ask of everybody

Drawn up from the edition with the form each risk level has by default, and again in full where that is the short one.
Written by `flask --app app tender burden`; the hours come from [the method of effort](method-of-effort.md) and were
measured on nobody.

| Purchase | Level | Form | Mandatory rows | Scored | Informative | Accepted in one signature \
| due at the bid | at acceptance | in operation | at the exit | Buyer's plan | Hours to bid |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def burden_told(library: Library) -> str:
    """The page, for the worked purchases that are not stopped."""
    rows = [row for purchase in worked_purchases().values() for row in _rows(library, purchase)]
    return HEAD + "\n".join(rows) + "\n"


def _rows(library: Library, purchase: WorkedPurchase) -> list[str]:
    by_default = _drawn(library, purchase, None)
    if by_default.asked is None:
        return []
    forms = [by_default, _drawn(library, purchase, "full")] if by_default.short else [by_default]
    return [_row(purchase.title["en"], form, form.asked) for form in forms if form.asked]


def _drawn(library: Library, purchase: WorkedPurchase, form: str | None) -> Tender:
    answers = read_answers(library.questions, purchase.answers_in("en"))
    return draw_up(library, answers, Particulars(), {}, Decisions(form=form))


def _row(title: str, tender: Tender, asked: Asked) -> str:
    counted = Counter(row.selected.strength for row in asked.rows)
    due = {moment: len(rows) for moment, rows in calendar_of(asked)}
    low, high = effort_of(asked).total.rounded
    cells = [
        title,
        tender.assessment.tier,
        "short" if tender.short else "full",
        *(counted[strength] for strength in ("mandatory", "scored", "informative")),
        len(asked.later),
        *(due.get(moment, 0) for moment in ("bid", "acceptance", "operation", "exit")),
        len(asked.owed_by_buyer),
        f"{low}–{high}",
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
