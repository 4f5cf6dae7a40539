"""What the rules promise, each promise as a function that yields every breach it finds.

They look at an engine only through `Engine`, so that a planted fault can be put before them.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from random import Random
from typing import Any

from rules.assessment import Assessment, assess
from rules.conditions import Ground
from rules.library import LANGUAGES, STOP, TIERS, Library
from rules.questions import read_answers
from rules.selection import Selection, select
from rules.sentences import Speaker
from tests.rules.oracle import CLAUSE_RULES, QUESTIONS, Brief, Expected, expected_of

Answers = Mapping[str, Any]
WORSE_THAN_ALL = 5
ASKED_DEPENDING_ON = {
    "output_use": ("functions", "techniques"),
    "languages_of_use": ("direct_users",),
    "narrow_task": ("listed_areas",),
    "training_on_buyer_data": ("vendor_holds_data",),
}


class Engine:
    """The rules applied to briefs as JSON gives them, with one library."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def assessment(self, answers: Answers, decided: int | None = None) -> Assessment:
        return assess(self.library, read_answers(self.library.questions, answers), decided)

    def selection(self, assessment: Assessment) -> Selection:
        return select(self.library, assessment, short=False)

    def clauses(self, answers: Answers, decided: int | None = None) -> list[str]:
        return [entry.clause.id for entry in self.selection(self.assessment(answers, decided)).clauses]

    def said(self, answers: Answers, decided: int | None = None) -> Expected:
        """All the engine says of a brief, in the form in which the rule says it."""
        assessment = self.assessment(answers, decided)
        entries = self.selection(assessment).clauses
        return Expected(
            assessment.computed_tier,
            assessment.score,
            assessment.triggers,
            assessment.flags,
            assessment.conflicts,
            tuple(entry.clause.id for entry in entries),
            tuple(entry.clause.id for entry in entries if entry.triggered_by_bid),
        )


def departures(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """The engine says what the rule says."""
    for place, answers in enumerate(briefs):
        decided = (None, None, *TIERS)[place % 6]
        said, expected = engine.said(answers, decided), expected_of(answers, decided)
        for part in Expected.__dataclass_fields__:
            if getattr(said, part) != getattr(expected, part):
                yield f"{part}: {getattr(said, part)}, the rule says {getattr(expected, part)}, for {answers}"


def worse_answers(answers: Answers) -> Iterator[dict[str, Any]]:
    """The brief with one answer worse: the next in its order, or one option more."""
    for name, row in QUESTIONS.items():
        given = answers.get(name)
        order = row.get("order", [])
        if given in order[:-1]:
            yield {**answers, name: order[order.index(given) + 1]}
        if row["type"] == "multiple" and given != ["do_not_know"]:
            chosen = [option for option in given if option != "none"]
            for option in row["options"]:
                if option not in (*chosen, "none"):
                    yield {**answers, name: [*chosen, option]}


def severity(tier: int) -> int:
    """Tiers in order, stop above all."""
    return WORSE_THAN_ALL if tier == STOP else tier


def falls(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """A worse answer never lowers the tier."""
    for answers in briefs:
        before = engine.assessment(answers).tier
        for worse in worse_answers(answers):
            after = engine.assessment(worse).tier
            if severity(after) < severity(before):
                yield f"from tier {before} to {after}, for {worse}"


def echoes(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """An answer to a question that is not asked changes nothing, and is named as ignored."""
    for answers in briefs:
        not_asked = [name for name in answers if name not in Brief(answers).answers]
        ignored = engine.assessment(answers).ignored
        if sorted(ignored) != sorted(not_asked):
            yield f"ignored {ignored}, not asked {not_asked}, for {answers}"
        said = engine.said({name: answer for name, answer in answers.items() if name not in not_asked})
        for name in not_asked:
            for option in QUESTIONS[name]["options"]:
                given = [option] if QUESTIONS[name]["type"] == "multiple" else option
                if engine.said({**answers, name: given}) != said:
                    yield f"{name} is not asked, yet {option} counts, for {answers}"


def rash_doubts(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """An "I do not know" never gives a lower tier, or fewer clauses, than any answer there may be."""
    for answers in briefs:
        for name, row in QUESTIONS.items():
            if not row.get("do_not_know"):
                continue
            many = row["type"] == "multiple"
            doubt = engine.assessment({**answers, name: ["do_not_know"] if many else "do_not_know"})
            doubted = {entry.clause.id for entry in engine.selection(doubt).clauses}
            for option in row["options"]:
                known = engine.assessment({**answers, name: [option] if many else option})
                lost = {entry.clause.id for entry in engine.selection(known).clauses} - doubted
                if severity(known.tier) > severity(doubt.tier):
                    yield f"{name} not known gives tier {doubt.tier}, {option} gives {known.tier}, for {answers}"
                if lost and doubt.tier != STOP:
                    yield f"{name} not known loses {lost}, which {option} brings in, for {answers}"


def losses(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """Raising the decided tier never takes a clause out."""
    for answers in briefs:
        for lower, higher in pairwise(TIERS):
            lost = set(engine.clauses(answers, lower)) - set(engine.clauses(answers, higher))
            if lost:
                yield f"tier {higher} loses {lost}, for {answers}"


def gaps(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """Clauses in and out together are the library, each in its order; at stop nothing is in."""
    for answers in briefs:
        assessment = engine.assessment(answers)
        selection = engine.selection(assessment)
        inside = [entry.clause.id for entry in selection.clauses]
        outside = [entry.clause.id for entry in selection.excluded]
        if inside != [name for name in CLAUSE_RULES if name in inside]:
            yield f"clauses in are out of order: {inside}"
        if outside != [name for name in CLAUSE_RULES if name not in inside]:
            yield f"clauses out are not the others in order: {outside}"
        if assessment.tier == STOP and inside:
            yield f"tier 0, yet {inside} are in"


def broken_guarantees(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """Where a guarantee may apply, its requirements are in and mandatory, at every tier and in the short form too."""
    for answers in briefs:
        for decided in TIERS:
            assessment = engine.assessment(answers, decided)
            selection = select(engine.library, assessment, short=True)
            strength = {one.requirement.id: one.strength for entry in selection.clauses for one in entry.requirements}
            for guarantee in engine.library.guarantees if assessment.tier != STOP else ():
                if guarantee.when.verdict(assessment.reading) is False:
                    continue
                for name in guarantee.requirements:
                    if strength.get(name) != "mandatory":
                        yield f"{guarantee.id}: {name} is {strength.get(name)} at tier {decided}, for {answers}"


def poor_reasons(engine: Engine, briefs: Iterable[Answers]) -> Iterator[str]:
    """Every reason is a whole sentence that names the answers behind it, in every language."""
    for answers in briefs:
        assessment = engine.assessment(answers)
        selection = engine.selection(assessment)
        for language in LANGUAGES:
            speaker = Speaker(engine.library, language)
            reasons = [(entry, speaker.why_in(entry, assessment)) for entry in selection.clauses]
            reasons += [(entry, speaker.why_out(entry, assessment)) for entry in selection.excluded]
            for entry, said in reasons:
                for problem in _faults_of(said, labels(engine.library, language, entry.grounds, answers, assessment)):
                    yield f"{language}, {entry.clause.id}: {problem}: {said}"


def labels(
    library: Library, language: str, grounds: Iterable[Ground], answers: Answers, assessment: Assessment
) -> Iterator[str]:
    """The words that must stand in a reason: of each question behind it and its answers, or of the tier."""
    words = library.words[language]
    for ground in grounds:
        if ground.kind == "tier":
            yield words["tiers"][str(assessment.tier)]["name"]
        if ground.kind != "answer":
            continue
        yield words["questions"][ground.question]["label"]
        given = answers[ground.question] if ground.question not in assessment.ignored else []
        for option in [given] if isinstance(given, str) else given:
            known = words["questions"][ground.question]["options"]
            yield words["sentences"]["do_not_know"] if option == "do_not_know" else known[option]["label"]


def _faults_of(reasons: list[str], wanted: Iterable[str]) -> Iterator[str]:
    if not reasons:
        yield "no reason"
    for reason in reasons:
        if not reason.endswith(".") or not reason[0].isupper() or len(reason.split()) < 3:
            yield "not a sentence"
        if any(mark in reason for mark in "{}[]<>_") or "  " in reason or "None" in reason:
            yield "a placeholder is left"
    text = " ".join(reasons)
    yield from (f"{label!r} is not named" for label in wanted if label not in text)


def loose_grounds(engine: Engine, briefs: Iterable[Answers], seed: int = 7) -> Iterator[str]:
    """What a certain reason names is enough: with those answers alone the same, the clause stays where it is."""
    chance = Random(seed)
    several = list(briefs)
    for answers in several:
        decided = chance.choice(TIERS)
        assessment = engine.assessment(answers, decided)
        selection = engine.selection(assessment)
        if assessment.tier == STOP:
            continue
        others = chance.choice(several) | {"red_lines": ["none"], "biometrics": "none"}
        entries = [(entry, True) for entry in selection.clauses if not entry.triggered_by_bid]
        for entry, was_in in entries + [(entry, False) for entry in selection.excluded]:
            tier = decided if any(ground.kind == "tier" for ground in entry.grounds) else chance.choice(TIERS)
            mixed = others | {name: answers[name] for name in _kept(entry.grounds)}
            after = engine.assessment(mixed, tier)
            is_in = entry.clause.when.verdict(after.reading) is not False
            if after.tier != STOP and is_in != was_in:
                yield f"{entry.clause.id} does not rest on {entry.grounds} alone, for {answers} and {mixed}"


def _kept(grounds: Iterable[Ground]) -> set[str]:
    """The questions behind the grounds, and those that decide whether they are asked."""
    named = {ground.question for ground in grounds if ground.question}
    return named.union(*(ASKED_DEPENDING_ON.get(name, ()) for name in named))
