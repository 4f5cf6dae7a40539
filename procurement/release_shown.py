"""What a newer release of the library would change in a tender: clauses word by word, and the tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clause_library.comparison import Stretch, compared
from clause_library.places import Place
from clause_library.wording import PARTS
from procurement.clause_words import ClauseWords
from procurement.draft import Draft
from rules.assessment import assess
from rules.errors import BadAnswer
from rules.library import Library

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class PartChanged:
    """A part of a clause whose words changed. `requirement` is empty for its title and summary."""

    requirement: str
    part: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class ClauseChanged:
    """A clause that is added, removed or changed; `parts` may be empty where only its rules changed."""

    id: str
    title: str
    fate: str
    in_tender: bool
    parts: tuple[PartChanged, ...]


@dataclass(frozen=True)
class ReleaseShown:
    """From one release to a newer one. Tiers are None while the brief is incomplete there.

    `answers_fit` is False where the newer questionnaire no longer reads the answers.
    """

    number: int
    newest: int
    newest_hash: str
    clauses: tuple[ClauseChanged, ...]
    rules_changed: bool
    tier_before: int | None
    tier_after: int | None
    answers_fit: bool


def release_shown(draft: Draft, newest: Library, language: str, used: frozenset[str]) -> ReleaseShown:
    """What moving this draft to the newest release would change; `used` are the clauses in the tender."""
    jurisdiction = str(draft.answers.get("buyer_jurisdiction", "other"))
    before, after = (
        ClauseWords(library, language, Place(library.words[language], language, jurisdiction), {})
        for library in (draft.library, newest)
    )
    names = [*draft.library.clauses, *(name for name in newest.clauses if name not in draft.library.clauses)]
    changed = [name for name in names if _hash(draft.library, name) != _hash(newest, name)]
    fits = {name for name in draft.answers if name in newest.questions}
    return ReleaseShown(
        number=draft.library.release,
        newest=newest.release,
        newest_hash=newest.hash,
        clauses=tuple(_clause(before, after, name, in_tender=name in used) for name in changed),
        rules_changed=_rules(draft.library) != _rules(newest),
        tier_before=_tier(draft.library, draft.answers),
        tier_after=_tier(newest, {name: draft.answers[name] for name in fits}),
        answers_fit=_fit(newest, draft.answers),
    )


def _hash(library: Library, clause_id: str) -> str:
    return library.clauses[clause_id].hash if clause_id in library.clauses else ""


def _rules(library: Library) -> tuple[Any, ...]:
    return library.questions, library.facts, library.triggers, library.flags, library.conflicts, library.parameters


def _tier(library: Library, answers: Mapping[str, Any]) -> int | None:
    try:
        return assess(library, answers).computed_tier
    except BadAnswer:
        return None


def _fit(library: Library, answers: Mapping[str, Any]) -> bool:
    try:
        for name, answer in answers.items():
            if name in library.questions:
                library.questions[name].read(answer)
    except BadAnswer:
        return False
    return True


def _clause(before: ClauseWords, after: ClauseWords, name: str, *, in_tender: bool) -> ClauseChanged:
    old, new = (_texts(words, name) for words in (before, after))
    fate = CHANGED if old and new else ADDED if new else REMOVED
    title = (after if new else before).title(name)
    parts = tuple(
        PartChanged(requirement, part, compared(old.get((requirement, part), ""), new.get((requirement, part), "")))
        for requirement, part in dict.fromkeys((*old, *new))
        if old.get((requirement, part)) != new.get((requirement, part))
    )
    return ClauseChanged(name, title, fate, in_tender, parts)


def _texts(words: ClauseWords, name: str) -> dict[tuple[str, str], str]:
    if name not in words.library.texts:
        return {}
    texts = words.library.texts[name][words.language]
    found = {("", part): words.say(texts[part]) for part in ("title", "summary")}
    for requirement, parts in texts["requirements"].items():
        found |= {(requirement, part): words.say(parts[part]) for part in ("text", *PARTS) if part in parts}
    found |= {("", note): words.say(text) for note, text in texts.get("notes", {}).items()}
    return found
