"""What the page about the burden shows: rows of a bid, calendar of the contract, the buyer's plan, the effort."""

from collections.abc import Iterable
from dataclasses import dataclass

from clause_library.places import place_of
from clause_library.wording import QUESTION, parameters_in
from procurement.asked import Asked, Row
from procurement.clause_words import ClauseWords, Reader
from procurement.effort import Effort, calendar_of, effort_of
from procurement.tender import Tender


@dataclass(frozen=True)
class DutyShown:
    """A requirement as plain words. `terms` are the figures in it; `question` what is asked of it."""

    id: str
    clause: str
    title: str
    strength: str
    text: str
    question: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class BurdenShown:
    """The whole page. `calendar` and `plan` are pairs of a moment and what falls due at it."""

    rows: tuple[DutyShown, ...]
    accepted: int
    calendar: tuple[tuple[str, tuple[DutyShown, ...]], ...]
    plan: tuple[tuple[str, tuple[DutyShown, ...]], ...]
    effort: Effort


def burden_shown(tender: Tender, speaker: Reader) -> BurdenShown:
    """What a tender that is not stopped asks of everybody."""
    found = tender.asked or Asked((), (), (), frozenset(), frozenset(), frozenset())
    words = ClauseWords(
        tender.library,
        speaker.language,
        place_of(tender.library, speaker.language, tender.assessment),
        tender.parameters,
    )

    def shown(rows: Iterable[Row]) -> tuple[DutyShown, ...]:
        return tuple(_duty(words, row) for row in rows)

    moments = dict.fromkeys(row.selected.requirement.moment for row in found.owed_by_buyer)
    return BurdenShown(
        rows=shown(found.rows),
        accepted=len(found.later),
        calendar=tuple((moment, shown(rows)) for moment, rows in calendar_of(found)),
        plan=tuple(
            (moment, shown(row for row in found.owed_by_buyer if row.selected.requirement.moment == moment))
            for moment in ("bid", "acceptance", "operation", "exit")
            if moment in moments
        ),
        effort=effort_of(found),
    )


def _duty(words: ClauseWords, row: Row) -> DutyShown:
    texts = words.library.texts[row.clause.clause.id][words.language]["requirements"][row.id]
    labels = words.library.words[words.language]["parameters"]
    terms = (
        f"{labels[name]['label']}: {words.say(f'{{{{ {name} }}}}')} {labels[name].get('unit', '')}".strip()
        for name in sorted(parameters_in(texts["text"]))
    )
    return DutyShown(
        row.id,
        row.clause.clause.id,
        words.title(row.clause.clause.id),
        row.selected.strength,
        words.say(texts["text"]),
        words.say(texts.get(QUESTION, "")),
        tuple(terms),
    )
