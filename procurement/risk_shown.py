"""What the page about risk shows: tier, triggers, flags, conflicts and red lines, each with the answers behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procurement.clause_words import Reader
from procurement.draft import CLAUSE, CONFLICT, TIER, Draft, Entry, ground
from procurement.parameters import jurisdiction_of
from procurement.red_lines import red_lines_touched
from procurement.tender import Tender
from rules.assessment import Assessment
from rules.library import STOP, Rule
from rules.questions import Answer
from rules.what_if import what_if

NOTHING, RAISED, WAITS, APPROVED, LAPSED = "", "raised", "waits", "approved", "lapsed"


@dataclass(frozen=True)
class TierShown:
    """A tier in words."""

    number: int
    name: str
    meaning: str


@dataclass(frozen=True)
class TriggerShown:
    """A trigger that holds. `uncertain`: only because an answer is not known."""

    id: str
    tier: int
    why: str
    text: str
    uncertain: bool


@dataclass(frozen=True)
class FlagShown:
    """A duty that is likely, the answers behind it, and the sources to confirm it with."""

    id: str
    title: str
    text: str
    why: str
    sources: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class QuestionLink:
    """A question by its short label, and the step it stands in."""

    id: str
    label: str
    step: int


@dataclass(frozen=True)
class ConflictShown:
    """Answers that do not fit together; `entry` holds the justification, `stale` where it must be confirmed again."""

    id: str
    title: str
    text: str
    resolve: str
    why: str
    questions: tuple[QuestionLink, ...]
    entry: Entry
    stale: bool


@dataclass(frozen=True)
class TierDecided:
    """The officer's decision on the tier. `state` is "", "raised", "waits" (for approval), "approved" or "lapsed".

    `ground` is what an approval given now would rest on.
    """

    state: str
    entry: Entry
    ground: str

    @property
    def tier(self) -> int:
        """The tier wanted, 0 where none is."""
        return int(self.entry.value["tier"]) if self.entry.value else 0

    @property
    def reason(self) -> str:
        """Why."""
        return str(self.entry.value["reason"]) if self.entry.value else ""


@dataclass(frozen=True)
class StaleShown:
    """A decision to confirm again. `gone`: what it was about is not there any more, so it can only be withdrawn."""

    kind: str
    subject: str
    title: str
    revision: int
    gone: bool


@dataclass(frozen=True)
class RiskShown:
    """The whole page. `tier` is the one clauses follow, `computed` what the answers give."""

    tier: TierShown
    computed: TierShown
    tiers: tuple[TierShown, ...]
    score: int
    score_maximum: int
    triggers: tuple[TriggerShown, ...]
    flags: tuple[FlagShown, ...]
    conflicts: tuple[ConflictShown, ...]
    decided: TierDecided
    stale: tuple[StaleShown, ...]
    red_lines: tuple[Mapping[str, Any], ...]

    @property
    def stopped(self) -> bool:
        """Whether a red line stops the purchase."""
        return self.computed.number == STOP


@dataclass(frozen=True)
class DifferenceShown:
    """What another answer would change; clauses as pairs of id and title, questions by label."""

    answer: str
    before: TierShown
    after: TierShown
    clauses_in: tuple[tuple[str, str], ...]
    clauses_out: tuple[tuple[str, str], ...]
    then_asked: tuple[QuestionLink, ...]


def risk_shown(draft: Draft, tender: Tender, speaker: Reader) -> RiskShown:
    """The page of a draft whose brief is complete."""
    # Flags, conflicts and decisions rest on what the answers give, whatever tier was decided.
    assessment = draft.assessment
    return RiskShown(
        tier=tier_shown(speaker, tender.assessment.tier),
        computed=tier_shown(speaker, assessment.computed_tier),
        tiers=tuple(tier_shown(speaker, number) for number in (1, 2, 3, 4)),
        score=assessment.score,
        score_maximum=draft.library.score_maximum,
        triggers=tuple(_triggers(draft, assessment, speaker)),
        flags=tuple(_flag(rule, assessment, speaker) for rule in draft.library.flags if rule.id in assessment.flags),
        conflicts=tuple(
            _conflict(draft, rule, assessment, speaker)
            for rule in draft.library.conflicts
            if rule.id in assessment.conflicts
        ),
        decided=tier_decided(draft, assessment),
        stale=tuple(_stale(draft, assessment, speaker, *row) for row in draft.to_confirm_again()),
        red_lines=tuple(
            {"title": speaker.option("red_lines", line), **speaker.words["red_lines"][line]}
            for line in red_lines_touched(assessment)
            if assessment.computed_tier == STOP
        ),
    )


def tier_shown(speaker: Reader, number: int) -> TierShown:
    """A tier in words."""
    words = speaker.words["tiers"][str(number)]
    return TierShown(number, words["name"], words["meaning"])


def tier_decided(draft: Draft, assessment: Assessment) -> TierDecided:
    """Where the decision on the tier stands."""
    entry = draft.entry(TIER, TIER)
    rests_on = ground(draft.library, assessment, TIER, TIER)
    if entry.value is None:
        state = NOTHING
    elif entry.ground != rests_on:
        state = LAPSED
    elif entry.value["tier"] > assessment.computed_tier:
        state = RAISED
    else:
        state = APPROVED if entry.value.get("approved_by") else WAITS
    return TierDecided(state, entry, rests_on)


def _triggers(draft: Draft, assessment: Assessment, speaker: Reader) -> list[TriggerShown]:
    held = [row for row in draft.library.triggers if row.id in assessment.triggers]
    ranked = sorted(held, key=lambda row: -(row.tier or 9))
    return [
        TriggerShown(
            row.id,
            row.tier,
            speaker.why_trigger(row.id, assessment),
            speaker.words["triggers"][row.id]["text"],
            row.id in assessment.uncertain,
        )
        for row in ranked
    ]


def _flag(rule: Rule, assessment: Assessment, speaker: Reader) -> FlagShown:
    library, words = speaker.library, speaker.words["flags"][rule.id]
    sources = jurisdiction_of(library, assessment).get("flags", {}).get(rule.id, ())
    why = speaker.why_rule(rule.when, assessment)
    return FlagShown(rule.id, words["title"], words["text"], why, tuple(library.sources[name] for name in sources))


def _stale(draft: Draft, assessment: Assessment, speaker: Reader, kind: str, subject: str) -> StaleShown:
    library, title, gone = draft.library, subject, False
    if kind == CONFLICT:
        gone = subject not in assessment.conflicts
        title = speaker.words["conflicts"].get(subject, {}).get("title", subject)
    if kind == CLAUSE:
        gone = subject not in library.clauses
        title = subject if gone else f"{subject} {library.texts[subject][speaker.language]['title']}"
    return StaleShown(kind, subject, title, draft.entry(kind, subject).revision, gone)


def _conflict(draft: Draft, rule: Rule, assessment: Assessment, speaker: Reader) -> ConflictShown:
    words, entry = speaker.words["conflicts"][rule.id], draft.entry(CONFLICT, rule.id)
    grounds = dict.fromkeys(row.question for row in rule.when.grounds(assessment.reading) if row.kind == "answer")
    return ConflictShown(
        rule.id,
        words["title"],
        words["text"],
        words["resolve"],
        speaker.why_rule(rule.when, assessment),
        question_links(speaker, tuple(grounds)),
        entry,
        entry.value is not None and entry.ground != ground(draft.library, assessment, CONFLICT, rule.id),
    )


def question_links(speaker: Reader, questions: tuple[str, ...]) -> tuple[QuestionLink, ...]:
    """Questions by their labels, with their steps."""
    known = speaker.library.questions
    return tuple(QuestionLink(name, speaker.question(name), known[name].step) for name in questions)


def difference_shown(draft: Draft, speaker: Reader, question: str, answer: Answer) -> DifferenceShown:
    """What another answer to a question of a complete brief would change."""
    found = what_if(draft.library, draft.answers, question, answer, draft.particulars.drafted)
    titles = draft.library.texts

    def named(clauses: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((name, titles[name][speaker.language]["title"]) for name in clauses)

    return DifferenceShown(
        speaker.answer(question, answer),
        tier_shown(speaker, found.tier_before),
        tier_shown(speaker, found.tier_after),
        named(found.clauses_in),
        named(found.clauses_out),
        question_links(speaker, found.then_asked),
    )
