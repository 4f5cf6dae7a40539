"""How far a tender has come: what is asked, answered and missing, and the state of each task of its list."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from procurement.clause_words import Reader
from procurement.draft import CLAUSE, CONFLICT, PARAMETER, PARTICULAR, PUBLISHED, TIER, Draft
from procurement.errors import BadInput
from procurement.particulars import Particulars
from procurement.tender import Obstacle, Tender, obstacles
from rules.assessment import Reading
from rules.questions import Answers, Question

NOT_STARTED, IN_PROGRESS, DONE = "not-started", "in-progress", "done"
ATTENTION, CANNOT_START = "attention", "cannot-start"
NEEDED_PARTICULARS = ("title", "reference", "buyer", "date")


@dataclass(frozen=True)
class Drawn:
    """The tender as it stands. `misfit` is a parameter whose value does not fit here, left out of it, or nothing."""

    tender: Tender
    misfit: str


@dataclass(frozen=True)
class Progress:
    """The states of the tasks, `steps` by number, and how many of the questions asked are answered.

    `obstacles` are what keeps the tender from being published; empty too while the brief is incomplete.
    """

    particulars: str
    steps: Mapping[int, str]
    answers: str
    risk: str
    clauses: str
    parameters: str
    publish: str
    answered: int
    asked: int
    stopped: bool
    obstacles: tuple[Obstacle, ...]

    @property
    def complete(self) -> bool:
        """Whether every question that must be answered is."""
        return self.risk != CANNOT_START


@dataclass(frozen=True)
class AnswerRow:
    """One question on the page where answers are checked. `answer` is empty where there is none."""

    question: str
    label: str
    answer: str
    missing: bool


@dataclass(frozen=True)
class StepRows:
    """The questions asked in one step."""

    number: int
    title: str
    rows: tuple[AnswerRow, ...]


def step_numbers(draft: Draft) -> tuple[int, ...]:
    """The steps of the questionnaire, in order."""
    return tuple(sorted({question.step for question in draft.library.questions.values()}))


def questions_asked(draft: Draft, step: int) -> tuple[Question, ...]:
    """The questions of a step that are asked, given the answers so far."""
    reading = Reading(draft.library, draft.answers)
    return tuple(row for row in draft.library.questions.values() if row.step == step and reading.is_asked(row.id))


def newly_asked(draft: Draft, step: int, shown: Iterable[str]) -> tuple[str, ...]:
    """The questions of a step that are asked, were not shown, and have no answer yet."""
    seen, answers = set(shown), draft.answers
    return tuple(row.id for row in questions_asked(draft, step) if row.id not in seen and row.id not in answers)


def drawn(draft: Draft) -> Drawn:
    """The tender drawn up, also where a parameter no longer fits. Raises BadAnswer while the brief is incomplete."""
    try:
        return Drawn(draft.drawn_up(), "")
    except BadInput as error:
        entries = {kind: rows for kind, rows in draft.entries.items() if kind != PARAMETER}
        return Drawn(replace(draft, entries=entries).drawn_up(), error.field)


def progress(draft: Draft) -> Progress:
    """The state of every task."""
    answers, missing = draft.answers, set(draft.missing)
    reading = Reading(draft.library, answers)
    asked = [row for row in draft.library.questions.values() if reading.is_asked(row.id)]
    found = Progress(
        particulars=_particulars_state(draft),
        steps={
            number: _step_state([row for row in asked if row.step == number], answers, missing)
            for number in step_numbers(draft)
        },
        answers=DONE if not missing else IN_PROGRESS if answers else NOT_STARTED,
        risk=CANNOT_START,
        clauses=CANNOT_START,
        parameters=CANNOT_START,
        publish=CANNOT_START,
        answered=sum(row.id in answers for row in asked),
        asked=len(asked),
        stopped=False,
        obstacles=(),
    )
    return found if missing else _with_decisions(draft, found)


def _with_decisions(draft: Draft, found: Progress) -> Progress:
    made = drawn(draft)
    stale = {kind for kind, _ in draft.to_confirm_again()}
    in_the_way = obstacles(made.tender)
    if made.tender.stopped:
        return replace(found, risk=ATTENTION, stopped=True, obstacles=in_the_way)
    return replace(
        found,
        risk=ATTENTION if stale & {TIER, CONFLICT} or _risk_is_open(made.tender) else DONE,
        clauses=ATTENTION if CLAUSE in stale else DONE,
        parameters=_parameters_state(draft, made),
        publish=_publish_state(draft, in_the_way, is_stale=bool(stale) or bool(made.misfit)),
        obstacles=in_the_way,
    )


def _risk_is_open(tender: Tender) -> bool:
    wanted = tender.decisions.tier
    waits = wanted is not None and wanted.tier < tender.assessment.computed_tier and not wanted.approved_by
    return waits or any(name not in tender.decisions.conflicts for name in tender.assessment.conflicts)


def _particulars_state(draft: Draft) -> str:
    kept = draft.values(PARTICULAR)
    if all(kept.get(name) for name in NEEDED_PARTICULARS):
        return DONE
    return IN_PROGRESS if kept else NOT_STARTED


def _step_state(asked: list[Question], answers: Answers, missing: set[str]) -> str:
    answered = [row for row in asked if row.id in answers]
    if not any(row.id in missing for row in asked):
        return DONE if answered else NOT_STARTED
    return IN_PROGRESS if answered else NOT_STARTED


def _parameters_state(draft: Draft, made: Drawn) -> str:
    if made.misfit:
        return ATTENTION
    if made.tender.unfilled:
        return IN_PROGRESS if draft.values(PARAMETER) else NOT_STARTED
    return DONE


def _publish_state(draft: Draft, in_the_way: tuple[Obstacle, ...], *, is_stale: bool) -> str:
    if draft.state == PUBLISHED:
        return DONE
    return CANNOT_START if in_the_way or is_stale else NOT_STARTED


# Checking the answers


def answer_rows(draft: Draft, speaker: Reader) -> tuple[StepRows, ...]:
    """Every question asked with its answer in words, by step."""
    answers, missing = draft.answers, set(draft.missing)
    return tuple(
        StepRows(
            number,
            speaker.words["steps"][str(number)]["title"],
            tuple(
                AnswerRow(
                    row.id,
                    speaker.question(row.id),
                    speaker.answer(row.id, answers[row.id]) if row.id in answers else "",
                    row.id in missing,
                )
                for row in questions_asked(draft, number)
            ),
        )
        for number in step_numbers(draft)
    )


def ignored_rows(draft: Draft, speaker: Reader) -> tuple[AnswerRow, ...]:
    """The answers that count for nothing, because their question is not asked."""
    answers = draft.answers
    reading = Reading(draft.library, answers)
    return tuple(
        AnswerRow(name, speaker.question(name), speaker.answer(name, answer), missing=False)
        for name, answer in answers.items()
        if not reading.is_asked(name)
    )


# What is proposed, never kept unless somebody saves it


@dataclass(frozen=True)
class Suggestion:
    """An option proposed for a question, and what speaks for it: the place, the instrument or another answer.

    `because` is "organisation", "instrument", "acquisition" or "biometrics".
    """

    option: str
    because: str


# What is drafted says how it is bought.
ANSWERS_OF_INSTRUMENT = {
    "request_for_information": {"procedure": "market_consultation"},
    "partnership_agreement": {
        "procedure": "direct_award",
        "acquisition": "foundation_api",
        "foundation_model": "yes",
        "vendor_holds_data": "yes",
    },
}


def suggestions(draft: Draft, jurisdiction: str) -> dict[str, Suggestion]:
    """What the organisation's place and the other answers suggest, where it is not the answer already."""
    answers = draft.answers
    found = {"buyer_jurisdiction": Suggestion(jurisdiction, "organisation")}
    if answers.get("acquisition") in ("saas", "foundation_api"):
        found["vendor_holds_data"] = Suggestion("yes", "acquisition")
    if answers.get("biometrics", "none") != "none":
        found["personal_data"] = Suggestion("biometric", "biometrics")
    found |= {
        question: Suggestion(option, "instrument")
        for question, option in ANSWERS_OF_INSTRUMENT.get(draft.particulars.drafted, {}).items()
    }
    return {
        name: row
        for name, row in found.items()
        if name in draft.library.questions
        and row.option in draft.library.questions[name].options
        and (name not in answers or (name == "personal_data" and row.option not in _chosen(answers[name])))
    }


def _chosen(answer: Any) -> tuple[str, ...]:
    return answer if isinstance(answer, tuple) else (str(answer),)


def proposed_reference(series: str, year: int, references: Iterable[str]) -> str:
    """The next reference of an organisation's number series in a year, such as CITY-2026-007."""
    pattern = re.compile(rf"{re.escape(series)}-{year}-(\d{{1,6}})")
    taken = [int(match[1]) for reference in references if (match := pattern.fullmatch(reference))]
    return f"{series}-{year}-{max(taken, default=0) + 1:03d}"


def dates_out_of_order(particulars: Particulars) -> str:
    """The first date that comes before the one it must follow: "questions_until", "bids_until", or nothing."""
    earlier = particulars.date
    for name in ("questions_until", "bids_until"):
        date = getattr(particulars, name)
        if date and earlier and date < earlier:
            return name
        earlier = date or earlier
    return ""
