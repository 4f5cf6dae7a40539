"""Reasons as sentences in the reader's language, each naming the answers behind it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rules.assessment import Assessment
from rules.conditions import (
    DO_NOT_KNOW,
    All,
    Among,
    AtLeast,
    Condition,
    Ground,
    Instrument,
    IsNot,
    Named,
    Not,
    ScoreAtLeast,
    TierAtLeast,
)
from rules.conditions import Any as AnyOf
from rules.errors import BadAnswer
from rules.library import STOP, Library
from rules.selection import ClauseIn, ClauseOut


class Speaker:
    """Says what the engine found, in one language, with the words of one release, or those `words` in their place."""

    def __init__(self, library: Library, language: str, words: Mapping[str, Any] | None = None) -> None:
        self.library = library
        self.words: Mapping[str, Any] = library.words[language] if words is None else words
        self.sentences: Mapping[str, Any] = self.words["sentences"]

    def question(self, name: str) -> str:
        """The short label of a question."""
        return str(self.words["questions"][name]["label"])

    def option(self, question: str, option: str) -> str:
        """The label of an option."""
        if option == DO_NOT_KNOW:
            return str(self.sentences["do_not_know"])
        return str(self.words["questions"][question]["options"][option]["label"])

    def tier_name(self, tier: int) -> str:
        """The name of a tier."""
        return str(self.words["tiers"][str(tier)]["name"])

    def joined(self, parts: Iterable[str], word: str = "and") -> str:
        """Parts in a row: a, b and c."""
        *head, last = parts
        return f"{', '.join(head)} {self.sentences[word]} {last}" if head else last

    def grounds(self, grounds: Sequence[Ground], assessment: Assessment) -> str:
        """What a verdict rests on."""
        return self.joined(dict.fromkeys(self._ground(ground, assessment) for ground in grounds))

    def why_in(self, entry: ClauseIn, assessment: Assessment) -> list[str]:
        """Why a clause is in."""
        if not entry.grounds:
            return [self.sentences["in_always"]]
        grounds = self.grounds(entry.grounds, assessment)
        if entry.triggered_by_bid:
            condition = self.condition(entry.clause.when)
            return [self.sentences["in_unknown"].format(grounds=grounds, condition=condition)]
        return [self.sentences["in_because"].format(grounds=grounds)]

    def why_out(self, entry: ClauseOut, assessment: Assessment) -> list[str]:
        """Why a clause is out."""
        grounds = self.grounds(entry.grounds, assessment)
        if assessment.tier == STOP:
            return [self.sentences["out_stopped"].format(grounds=grounds)]
        condition = self.condition(entry.clause.when)
        return [self.sentences["out_because"].format(condition=condition, grounds=grounds)]

    def why_trigger(self, trigger: str, assessment: Assessment) -> str:
        """Why a trigger holds: its title and the answers behind it."""
        condition = self.library.named_condition("trigger", trigger)
        grounds = tuple(dict.fromkeys(condition.grounds(assessment.reading)))
        title = self.words["triggers"][trigger]["title"]
        return str(self.sentences["trigger"].format(title=title, grounds=self.grounds(grounds, assessment)))

    def why_rule(self, condition: Condition, assessment: Assessment) -> str:
        """The answers behind a flag or a conflict."""
        return self.grounds(tuple(dict.fromkeys(condition.grounds(assessment.reading))), assessment)

    def condition(self, condition: Condition) -> str:
        """A condition in words, as what follows "when"."""
        say = _SAYINGS[type(condition)]
        return say(self, condition)

    def refusal(self, error: BadAnswer) -> str:
        """What was wrong with an answer."""
        question = self.library.questions.get(error.question)
        return str(
            self.sentences["errors"][error.code].format(
                question=self.question(error.question) if question else error.question,
                value=error.value,
                minimum=question.minimum if question else "",
                maximum=question.maximum if question else "",
            )
        )

    def answer(self, question: str, answer: object) -> str:
        """An answer as a person reads it."""
        if isinstance(answer, tuple):
            return ", ".join(self.option(question, option) for option in answer)
        has_options = bool(self.library.questions[question].options)
        return self.option(question, str(answer)) if has_options else str(answer)

    def _ground(self, ground: Ground, assessment: Assessment) -> str:
        if ground.kind == "tier":
            return str(self.sentences["tier"].format(tier=assessment.tier, name=self.tier_name(assessment.tier)))
        if ground.kind == "score":
            return str(self.sentences["score"].format(score=assessment.score, maximum=self.library.score_maximum))
        if ground.kind == "instrument":
            return self._instrument(Instrument((assessment.reading.instrument,)))
        return self._answer_ground(ground.question, assessment)

    def _answer_ground(self, question: str, assessment: Assessment) -> str:
        label = self.question(question)
        chosen = assessment.reading.chosen(question)
        if chosen is None:
            return str(self.sentences["not_answered"].format(question=label))
        answer = ", ".join(self.option(question, option) for option in chosen)
        return str(self.sentences["answer"].format(question=label, answer=answer))

    def _all(self, condition: All) -> str:
        if not condition.conditions:
            return str(self.sentences["always"])
        return self.joined(self._inner(part) for part in condition.conditions)

    def _any(self, condition: AnyOf) -> str:
        return self.joined((self._inner(part) for part in condition.conditions), "or")

    def _inner(self, condition: Condition) -> str:
        said = self.condition(condition)
        several = isinstance(condition, (All, AnyOf)) and len(condition.parts()) > 1
        return f"({said})" if several else said

    def _not(self, condition: Not) -> str:
        inner = condition.condition
        if isinstance(inner, Named) and inner.kind == "fact":
            return str(self.words["facts"][inner.name]["no"])
        return str(self.sentences["not"].format(condition=self.condition(inner)))

    def _among(self, condition: Among) -> str:
        options = self.joined(
            (
                self.sentences["quoted"].format(text=self.option(condition.question, option))
                for option in condition.options
            ),
            "or",
        )
        label = self.question(condition.question)
        return str(self.sentences["among"].format(question=label, options=options))

    def _is_not(self, condition: IsNot) -> str:
        return str(
            self.sentences["is_not"].format(
                question=self.question(condition.question),
                option=self.option(condition.question, condition.option),
            )
        )

    def _at_least(self, condition: AtLeast) -> str:
        return str(
            self.sentences["at_least"].format(
                question=self.question(condition.question),
                option=self.option(condition.question, condition.option),
            )
        )

    def _named(self, condition: Named) -> str:
        if condition.kind == "fact":
            return str(self.words["facts"][condition.name]["yes"])
        group = "triggers" if condition.kind == "trigger" else "flags"
        return str(self.sentences["quoted"].format(text=self.words[group][condition.name]["title"]))

    def _tier_at_least(self, condition: TierAtLeast) -> str:
        return str(self.sentences["tier_at_least"].format(tier=condition.tier))

    def _instrument(self, condition: Instrument) -> str:
        names = self.joined((self.words["instruments"][name]["name"] for name in condition.names), "or")
        return str(self.sentences["instrument"].format(name=names))

    def _score_at_least(self, condition: ScoreAtLeast) -> str:
        share = f"{condition.numerator}/{condition.denominator}"
        return str(self.sentences["score_at_least"].format(share=share))


_SAYINGS: Mapping[type[Condition], Callable[[Speaker, Any], str]] = {
    All: Speaker._all,  # noqa: SLF001 (a table of this class's own methods)
    AnyOf: Speaker._any,  # noqa: SLF001
    Not: Speaker._not,  # noqa: SLF001
    Among: Speaker._among,  # noqa: SLF001
    IsNot: Speaker._is_not,  # noqa: SLF001
    AtLeast: Speaker._at_least,  # noqa: SLF001
    Named: Speaker._named,  # noqa: SLF001
    TierAtLeast: Speaker._tier_at_least,  # noqa: SLF001
    ScoreAtLeast: Speaker._score_at_least,  # noqa: SLF001
    Instrument: Speaker._instrument,  # noqa: SLF001
}
