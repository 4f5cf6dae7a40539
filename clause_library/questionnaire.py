"""The questionnaire described for reading away from the screen. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from clause_library.description import Block, Facts, Heading, Items, Link, Paragraph, Table, Words
from clause_library.reach import Led, Reach
from clause_library.telling import Teller, Told, in_a_row
from rules.conditions import Condition
from rules.questions import Question


def questionnaire(teller: Teller) -> Told:
    """Every question, step by step."""
    _, reach = teller.voice.gettext, Reach(teller.library)
    lead = _(
        "Every question the wizard can ask, for reading away from the screen: what it says, when it is asked and what "
        "the answer leads to."
    )
    blocks: list[Block] = [Heading(2, _("How answers count"), "reading"), *_how_answers_count(teller)]
    steps: dict[int, list[Question]] = {}
    for question in teller.library.questions.values():
        steps.setdefault(question.step, []).append(question)
    for step, questions in steps.items():
        words = teller.words["steps"][str(step)]
        blocks.append(Heading(2, f"{step}. {words['title']}", f"step-{step}"))
        if intro := words.get("intro"):
            blocks.append(Paragraph((str(intro),)))
        for number, question in enumerate(questions, start=1):
            blocks += _question(teller, reach, question, f"{step}.{number}")
    return lead, blocks


def _how_answers_count(teller: Teller) -> Iterable[Block]:
    _ = teller.voice.gettext
    told = (
        _(
            "A question is asked always, or only when its condition holds or may hold; otherwise its answer counts "
            "for nothing."
        ),
        _(
            "Some answers add points to a score of at most %(highest)s. Of several options chosen in one question, "
            "only the one with the most points counts.",
            highest=teller.library.score_maximum,
        ),
        _(
            "‘I do not know’ counts as the worst case: the most points of its question, and every trigger of a risk "
            "level that could hold. A clause whose condition is not known goes into the tender, marked as applying "
            "only if what is offered makes it so."
        ),
        _("Many clauses depend on the risk level alone. They are not repeated under each question."),
    )
    yield Items(tuple((sentence,) for sentence in told))


def _question(teller: Teller, reach: Reach, question: Question, number: str) -> Iterable[Block]:
    words = teller.words["questions"][question.id]
    yield Heading(3, f"{number} {words['label']}", f"question-{question.id}")
    yield Paragraph((str(words["text"]),), "asked")
    if hint := words.get("hint"):
        yield Paragraph((str(hint),), "hint")
    if question.options:
        yield _options(teller, question, words)
    yield Facts(tuple(_facts_of_question(teller, question, words)))
    yield Facts(tuple(_led(teller, reach.of(question.id))))


def _options(teller: Teller, question: Question, words: Mapping[str, Any]) -> Table:
    _ = teller.voice.gettext
    headings: list[Words] = [(_("Option"),), (_("Explanation"),)]
    rows = [[name, str(words["options"][name].get("hint", ""))] for name in question.options]
    table = [[(teller.reader.speaker.option(question.id, name),), (hint,)] for name, hint in rows]
    if question.weights:
        headings.append((_("Points"),))
        for row, name in zip(table, question.options, strict=True):
            row.append((str(question.weights.get(name, 0)),))
    return Table(
        str(words["label"]),
        tuple(headings),
        tuple(tuple(row) for row in table),
        figures=(2,) if question.weights else (),
    )


def _facts_of_question(teller: Teller, question: Question, words: Mapping[str, Any]) -> Iterable[tuple[str, Words]]:
    _ = teller.voice.gettext
    if why := words.get("why"):
        yield _("Why it is asked"), (str(why),)
    kinds = {
        "text": _("Text of one’s own."),
        "integer": _(
            "A whole number from %(lowest)s to %(highest)s.", lowest=question.minimum, highest=question.maximum
        ),
        "single": _("One option."),
        "multiple": _("One option or several."),
    }
    order = _("The options go from the least to the most demanding.")
    yield _("Kind of answer"), (" ".join([kinds[question.type], *([order] if question.order else [])]),)
    asked = _when(teller, question.ask_when) if question.ask_when else _("Always.")
    yield _("Asked"), (asked,)
    if question.options:
        yield _("‘I do not know’"), (_not_known(teller, question),)
    yield _("Name in data"), (question.id,)


def _when(teller: Teller, condition: Condition) -> str:
    return teller.voice.gettext("Only when %(condition)s.", condition=teller.reader.speaker.condition(condition))


def _not_known(teller: Teller, question: Question) -> str:
    _ = teller.voice.gettext
    if not question.do_not_know:
        return _("Not offered.")
    if not question.weights:
        return _("Offered. It counts as the worst case, and adds no points.")
    return teller.voice.ngettext(
        "Offered. It counts as the worst case, with %(num)s point.",
        "Offered. It counts as the worst case, with %(num)s points.",
        question.heaviest,
    )


def _led(teller: Teller, led: Led) -> Iterable[tuple[str, Words]]:
    _, words = teller.voice.gettext, teller.words
    if not led:
        yield _("Leads to"), (_("No rule leans on it. It goes into the documents or guides whoever reads them."),)
    tiers = {trigger.id: trigger.tier for trigger in teller.library.triggers}
    if led.facts:
        facts = [str(words["facts"][name]["yes"]) for name in led.facts]
        yield _("Facts it decides"), ("; ".join(facts),)
    if led.triggers:
        yield (
            _("Triggers of a risk level"),
            in_a_row(
                [
                    Link(
                        f"{words['triggers'][name]['title']} ({teller.level(tiers[name])})",
                        "description",
                        "guarantees",
                    )
                    for name in led.triggers
                ],
                "; ",
            ),
        )
    for name, group, title in (
        ("flags", led.flags, _("Flags it can raise")),
        ("conflicts", led.conflicts, _("Contradictions it can show")),
    ):
        if group:
            yield title, ("; ".join(str(words[name][one]["title"]) for one in group),)
    if led.questions:
        links = [Link(teller.reader.speaker.question(one), "here", f"question-{one}") for one in led.questions]
        yield _("Questions that depend on it"), in_a_row(links, "; ")
    if led.parameters:
        yield _("Figures it changes"), ("; ".join(teller.reader.label(one) for one in led.parameters),)
    if led.clauses:
        yield _("Clauses that depend on it"), teller.ids(led.clauses)
    if led.guarantees:
        guarantees = [Link(teller.guaranteed(one), "description", "guarantees") for one in led.guarantees]
        yield _("Guarantees that depend on it"), in_a_row(guarantees, "; ")
