"""The errors of the rules: one family, each named after the broken rule."""


class RulesError(Exception):
    """Any rule of this room that was broken."""


class BrokenLibrary(RulesError):
    """The data of a release do not make a library: says where and what."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class BadAnswer(RulesError):
    """An answer that cannot be read.

    `code` is one of the keys of the sentences in `words/<language>/sentences.toml` under `errors`;
    `question` is the question's id, or "" where the fault is of the whole brief; `value` is what was given.
    """

    def __init__(self, code: str, question: str = "", value: str = "") -> None:
        super().__init__(f"{code}: {question} {value}".strip())
        self.code = code
        self.question = question
        self.value = value
