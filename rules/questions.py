"""Questions and the answers of a brief: what can be answered, what is asked, and what counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rules.conditions import DO_NOT_KNOW, Condition
from rules.errors import BadAnswer

Answer = str | int | tuple[str, ...]
Answers = Mapping[str, Answer]

NONE = "none"
LONGEST_TEXT = 5000


@dataclass(frozen=True)
class Question:
    """One question of the questionnaire; its words stand elsewhere, per language.

    `type` is "text", "integer", "single" or "multiple". `order` lists the options from least to most
    demanding where they are ordered. `weights` feed the score; `ask_when` is None where it is always asked.
    """

    id: str
    step: int
    type: str
    options: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    do_not_know: bool = False
    ask_when: Condition | None = None
    minimum: int = 1
    maximum: int = 120

    @property
    def may_be_absent(self) -> bool:
        """Whether a brief is complete without it: free text and whole numbers are."""
        return self.type in ("text", "integer")

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The place of each option, from least to most demanding."""
        return {option: place for place, option in enumerate(self.order)}

    @cached_property
    def heaviest(self) -> int:
        """The highest weight an answer can add to the score."""
        return max(self.weights.values(), default=0)

    def read(self, value: object) -> Answer | None:
        """The answer in `value`, or None where an empty list or text means there is none.

        Raises BadAnswer where the type is wrong, an option is unknown, "none" or "I do not know" stands
        beside other options, or a number is out of bounds.
        """
        match self.type:
            case "text":
                return self._read_text(value)
            case "integer":
                return self._read_integer(value)
            case "single":
                return self._read_single(value)
        return self._read_multiple(value)

    def weight(self, answer: Answer) -> int:
        """What the answer adds to the score: the highest weight among several counts once, unknown the highest."""
        if not self.weights:
            return 0
        chosen = answer if isinstance(answer, tuple) else (str(answer),)
        if DO_NOT_KNOW in chosen:
            return self.heaviest
        return max((self.weights.get(option, 0) for option in chosen), default=0)

    def _read_text(self, value: object) -> Answer | None:
        if not isinstance(value, str):
            raise BadAnswer("wrong_type", self.id, repr(value))
        if len(value) > LONGEST_TEXT:
            raise BadAnswer("too_long", self.id, str(LONGEST_TEXT))
        return value or None

    def _read_integer(self, value: object) -> Answer:
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadAnswer("wrong_type", self.id, repr(value))
        if not self.minimum <= value <= self.maximum:
            raise BadAnswer("out_of_range", self.id, str(value))
        return value

    def _read_single(self, value: object) -> Answer:
        if not isinstance(value, str):
            raise BadAnswer("wrong_type", self.id, repr(value))
        self._must_be_an_option(value)
        return value

    def _read_multiple(self, value: object) -> Answer | None:
        values = [value] if value == DO_NOT_KNOW else value
        if not isinstance(values, (list, tuple)) or not all(isinstance(one, str) for one in values):
            raise BadAnswer("wrong_type", self.id, repr(value))
        for one in values:
            self._must_be_an_option(one)
        chosen = frozenset(values)
        if len(chosen) > 1 and NONE in chosen:
            raise BadAnswer("none_beside_others", self.id)
        if len(chosen) > 1 and DO_NOT_KNOW in chosen:
            raise BadAnswer("do_not_know_beside_others", self.id)
        if chosen == {DO_NOT_KNOW}:
            return (DO_NOT_KNOW,)
        return tuple(option for option in self.options if option in chosen) or None

    def _must_be_an_option(self, value: str) -> None:
        if value not in self.options and not (self.do_not_know and value == DO_NOT_KNOW):
            raise BadAnswer("unknown_option", self.id, value)


def read_answers(questions: Mapping[str, Question], given: Mapping[str, object]) -> dict[str, Answer]:
    """The answers in `given` (as JSON gives them), in the order of the questions.

    Raises BadAnswer for an unknown question and for any answer that cannot be read.
    """
    for name in given:
        if name not in questions:
            raise BadAnswer("unknown_question", name, name)
    read = {name: question.read(given[name]) for name, question in questions.items() if name in given}
    return {name: answer for name, answer in read.items() if answer is not None}
