"""What would change if one answer were another."""

from dataclasses import dataclass

from rules.assessment import assess, missing_answers
from rules.conditions import DO_NOT_KNOW, TENDER
from rules.library import Library
from rules.questions import Answer, Answers
from rules.selection import select


@dataclass(frozen=True)
class Difference:
    """The tier before and after, the clauses that come and go, and the questions that would then be asked."""

    tier_before: int
    tier_after: int
    clauses_in: tuple[str, ...]
    clauses_out: tuple[str, ...]
    then_asked: tuple[str, ...]


def what_if(library: Library, answers: Answers, question: str, answer: Answer, instrument: str = TENDER) -> Difference:
    """The difference another answer to `question` makes to a complete brief.

    Questions it would newly ask are counted as not known, the worst case; they are named in `then_asked`.
    """
    changed = {**answers, question: answer}
    missing = missing_answers(library, changed)
    before = assess(library, answers, instrument=instrument)
    after = assess(library, {**changed, **dict.fromkeys(missing, DO_NOT_KNOW)}, instrument=instrument)
    clauses_before = [entry.clause.id for entry in select(library, before).clauses]
    clauses_after = [entry.clause.id for entry in select(library, after).clauses]
    return Difference(
        before.tier,
        after.tier,
        tuple(name for name in clauses_after if name not in clauses_before),
        tuple(name for name in clauses_before if name not in clauses_after),
        missing,
    )
