"""A draft seen from its end: the tender it makes, and everything that stands in the way of publishing it."""

from dataclasses import dataclass

from procurement.draft import Draft
from procurement.pages import drawn
from procurement.tender import Obstacle, Tender, obstacles
from rules.errors import BadAnswer
from rules.library import Library

# Besides the obstacles of a tender: a question without answer, a value that no longer fits, and
# decisions to be confirmed again, "again_tier", "again_clause" and "again_conflict".
ANSWER, MISFIT, AGAIN = "answer", "misfit", "again_"


@dataclass(frozen=True)
class Standing:
    """The tender a draft makes, or none while the brief is incomplete, and what keeps it from being published."""

    tender: Tender | None
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Told:
    """An obstacle with the words of its subject in one language, and the step where its question is asked, or 0."""

    code: str
    subject: str
    label: str
    step: int = 0


def standing(draft: Draft) -> Standing:
    """How a draft stands."""
    try:
        if missing := draft.missing:
            return Standing(None, tuple(Obstacle(ANSWER, name) for name in missing))
        made = drawn(draft)
    except BadAnswer as error:
        return Standing(None, (Obstacle(ANSWER, error.question),))
    if made.tender.stopped:
        return Standing(made.tender, obstacles(made.tender))
    misfit = (Obstacle(MISFIT, made.misfit),) if made.misfit else ()
    again = tuple(Obstacle(AGAIN + kind, subject) for kind, subject in draft.to_confirm_again())
    return Standing(made.tender, (*obstacles(made.tender), *misfit, *again))


def told(library: Library, obstacle: Obstacle, language: str) -> Told:
    """An obstacle with its words in one language."""
    question = library.questions.get(obstacle.subject) if obstacle.code == ANSWER else None
    return Told(obstacle.code, obstacle.subject, _label(library, obstacle, language), question.step if question else 0)


def _label(library: Library, obstacle: Obstacle, language: str) -> str:
    words, subject = library.words[language], obstacle.subject
    if obstacle.code == ANSWER:
        return str(words["questions"].get(subject, {}).get("label", subject))
    if obstacle.code in ("parameter", MISFIT):
        return str(words["parameters"].get(subject, {}).get("label", subject))
    if obstacle.code in ("conflict", f"{AGAIN}conflict"):
        return str(words["conflicts"].get(subject, {}).get("title", subject))
    if subject in library.clauses:
        return f"{subject} {library.texts[subject][language]['title']}"
    return subject
