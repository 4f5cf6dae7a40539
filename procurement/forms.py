"""The shape of what is typed about a tender: forms over its entries, and the small forms of its decisions."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from procurement.clause_words import Reader
from procurement.decisions import LONGEST_REASON
from procurement.draft import Draft, Entry
from procurement.errors import BadInput
from procurement.pages import dates_out_of_order
from procurement.parameters import Filled, read_value
from procurement.parameters_shown import below
from procurement.particulars import CURRENCIES, LISTS, LONGEST, particulars_from
from rules.conditions import DO_NOT_KNOW, INSTRUMENTS
from rules.errors import BadAnswer
from rules.library import Parameter
from rules.questions import Question
from rules.text import clean

AMOUNT = re.compile(r"\d{1,15}([.,]\d{1,2})?")
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}")
_WANTED = {
    "int": _("Enter a whole number"),
    "decimal": _("Enter a number"),
    "money": _("Enter a number"),
    "enum": _("Choose one of the values"),
    "multi": _("Use at most 500 characters"),
}
_LONGEST_REVISION = 9

PARTICULAR_NAMES: dict[str, LazyString] = {
    "instrument": _("What you are drafting"),
    "title": _("Title of the purchase"),
    "reference": _("Reference"),
    "file_number": _("File number"),
    "buyer": _("Organisation that buys"),
    "contact": _("Contact for bidders"),
    "date": _("Date of the tender"),
    "questions_until": _("Questions until"),
    "bids_until": _("Bids until"),
    "currency": _("Currency"),
    "amount": _("Estimated amount"),
    "lots": _("Lots"),
    "price_only": _("The award goes to the lowest price"),
    "groups": _("Groups of people and areas"),
    "data_categories": _("Categories of personal data"),
    "permitted_aids": _("AI aids that need no approval"),
    "tolerances": _("Tolerances of the tests"),
}
INSTRUMENT_NAMES: dict[str, LazyString] = {
    "tender": _("A tender: specification, contract terms and checklist"),
    "request_for_information": _("A request for information: questions to the market, nothing is bought yet"),
    "partnership_agreement": _("A partnership agreement with a model provider, without a tender"),
}
_DATES = ("date", "questions_until", "bids_until")


class EntriesForm(BaseForm):
    """A form over entries of one kind: a field for each subject, beside the revision it was read at.

    `read` turns what was typed for a subject into the value to keep, None where there is none, and
    raises Unreadable with a sentence for the reader; `check` gives the faults of all values together, by
    subject. `theirs` holds, once somebody else saved first, what they left.
    """

    def __init__(  # each is a fact about the form, and there is nothing to bundle
        self,
        fields: Mapping[str, UnboundField],
        entries: Mapping[str, Entry],
        typed: MultiDict[str, str] | None,
        shown: Mapping[str, Any],
        read: Callable[[str, Any], Any],
        check: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _values: {},
    ) -> None:
        super().__init__(dict(fields))
        self._read = read
        self._check = check
        self._values: dict[str, Any] = {}
        self.posted = tuple(name for name in fields if typed is not None and f"revision-{name}" in typed)
        self.revisions = {name: entries[name].revision if name in entries else 0 for name in fields}
        for name in self.posted:
            self.revisions[name] = _revision(typed[f"revision-{name}"] if typed else "")
        self.theirs: dict[str, Entry] = {}
        self.process(typed, data={} if typed is not None else dict(shown))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Whether everything typed can be read; each fault is left at its field."""
        well_shaped = super().validate(extra_validators)
        for field in self._fields.values():
            if field.process_errors:
                field.errors = [_("Enter a date")]
        for name in self.posted:
            try:
                self._values[name] = self._read(name, self[name].data)
            except Unreadable as fault:
                if not self[name].errors:
                    self[name].errors = [fault.sentence]
                well_shaped = False
        faults = self._check(self._values) if well_shaped else {}
        for name, sentence in faults.items():
            self[name].errors = [sentence]
        return bool(well_shaped) and not faults

    def check_shown(self) -> None:
        """Say of each kept value what is wrong with it, before anything is typed."""
        for name, field in self._fields.items():
            try:
                self._read(name, field.data)
            except Unreadable as fault:
                field.errors = [fault.sentence]

    def left(self) -> dict[str, tuple[Any, int]]:
        """What was left in the fields that were sent, each with the revision it was read at, after `validate`."""
        return {name: (self._values[name], self.revisions[name]) for name in self.posted}

    def overtaken_by(self, theirs: object) -> None:
        """Take up what somebody else saved (Entry by subject), so that saving again is a knowing choice."""
        self.theirs = dict(theirs) if isinstance(theirs, Mapping) else {}
        self.revisions |= {name: entry.revision for name, entry in self.theirs.items()}


class Unreadable(Exception):
    """What was typed cannot be read; `sentence` says why, to the reader."""

    def __init__(self, sentence: object) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def plain_text(typed: str | None) -> str:
    """Text that every format can carry and everybody can see, its line ends alike and nothing around it."""
    return clean(typed or "").strip()


def _at_most(longest: int) -> Length:
    return Length(max=longest, message=_("Use at most %(max)d characters"))


def _revision(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_REVISION else -1


# Answers


def step_form(
    draft: Draft, questions: tuple[Question, ...], speaker: Reader, typed: MultiDict[str, str] | None
) -> EntriesForm:
    """The form of these questions, as answered, or as typed."""
    entries = draft.entries.get("answer", {})
    known = {question.id: question for question in questions}

    def read(name: str, value: Any) -> Any:
        try:
            answer = known[name].read(_as_given(known[name], value)) if value not in (None, "", []) else None
        except BadAnswer as error:
            raise Unreadable(speaker.refusal(error)) from None
        return list(answer) if isinstance(answer, tuple) else answer

    fields = {name: _question_field(question, speaker) for name, question in known.items()}
    shown = {name: entries[name].value for name in known if name in entries and entries[name].value is not None}
    return EntriesForm(fields, entries, typed, shown, read)


def answer_field_form(question: Question, speaker: Reader, typed: MultiDict[str, str]) -> BaseForm:
    """A form with one question under the name "answer", for trying another answer."""
    form = BaseForm({"answer": _question_field(question, speaker)})
    form.process(typed if "answer" in typed else None)
    return form


def answer_typed(question: Question, value: Any) -> Any:
    """What was typed for a question, as its `read` expects it."""
    return _as_given(question, value)


def _as_given(question: Question, value: Any) -> Any:
    if question.type == "text":
        return plain_text(value)
    if question.type == "integer":
        typed = plain_text(value)
        if not WHOLE_NUMBER.fullmatch(typed):
            raise BadAnswer("out_of_range", question.id, typed)
        return int(typed)
    return value


def _question_field(question: Question, speaker: Reader) -> UnboundField:
    label = speaker.words["questions"][question.id]["text"]
    if question.type == "text":
        return TextAreaField(label)
    if question.type == "integer":
        return StringField(label, render_kw={"inputmode": "numeric", "autocomplete": "off"})
    options = (*question.options, DO_NOT_KNOW) if question.do_not_know else question.options
    choices = [SelectChoice(option, speaker.option(question.id, option)) for option in options]
    if question.type == "single":
        return RadioField(label, choices=choices, validate_choice=False)
    return SelectMultipleField(
        label, choices=choices, validate_choice=False, widget=ListWidget(), option_widget=CheckboxInput()
    )


# Particulars


def particulars_form(draft: Draft, proposed: Mapping[str, Any], typed: MultiDict[str, str] | None) -> EntriesForm:
    """The form of the particulars: as kept, or as proposed where nothing is kept, or as typed."""
    entries = draft.entries.get("particular", {})
    kept = draft.particulars
    shown = (
        {name: getattr(kept, name) for name in PARTICULAR_NAMES}
        | {"instrument": kept.drafted}
        | {name: value for name, value in proposed.items() if name not in entries}
    )
    return EntriesForm(_particular_fields(), entries, typed, shown, _read_particular, _check_dates)


def _check_dates(values: Mapping[str, Any]) -> Mapping[str, Any]:
    late = dates_out_of_order(particulars_from({name: value for name, value in values.items() if value}))
    return {late: _("This date comes before an earlier step of the purchase")} if late else {}


def _particular_fields() -> dict[str, UnboundField]:
    names = PARTICULAR_NAMES
    fields = {name: StringField(names[name], [_at_most(longest)]) for name, longest in LONGEST.items()}
    fields |= {name: DateField(names[name], [Optional()]) for name in _DATES}
    currencies = [SelectChoice("", "–"), *map(SelectChoice, CURRENCIES)]
    fields["instrument"] = RadioField(
        names["instrument"], choices=[SelectChoice(*row) for row in INSTRUMENT_NAMES.items()], validate_choice=False
    )
    fields["currency"] = SelectField(names["currency"], choices=currencies, validate_choice=False)
    fields["amount"] = StringField(names["amount"], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    fields |= {name: TextAreaField(names[name], [_at_most(LONGEST[name])]) for name in ("lots", *LISTS)}
    fields["price_only"] = BooleanField(names["price_only"])
    return {name: fields[name] for name in names}


def _read_particular(name: str, value: Any) -> Any:
    if name == "price_only":
        return True if value else None
    if name in _DATES:
        return value.isoformat() if value else None
    typed = plain_text(value)
    if name == "instrument" and typed not in ("", *INSTRUMENTS):
        raise Unreadable(_("Choose one of the three"))
    if name == "currency" and typed not in ("", *CURRENCIES):
        raise Unreadable(_("Choose one of the currencies"))
    if name == "amount" and typed:
        if not AMOUNT.fullmatch(typed):
            raise Unreadable(_("Enter the amount in digits without separators of thousands, such as 1500000"))
        return typed.replace(",", ".")
    return typed or None


# Parameters


def parameters_form(
    draft: Draft, filled: Mapping[str, Filled], speaker: Reader, typed: MultiDict[str, str] | None
) -> EntriesForm:
    """The form of the parameters used: as given, or as typed; an empty field takes the default."""
    entries = draft.entries.get("parameter", {})

    def read(name: str, value: Any) -> Any:
        return read_parameter(filled[name], value)

    fields = {name: _parameter_field(row.parameter, speaker) for name, row in filled.items()}

    def check(values: Mapping[str, Any]) -> Mapping[str, Any]:
        read_again = {name: read_value(filled[name].parameter, kept) for name, kept in values.items() if kept}
        return {
            name: _("Enter no less than in ‘%(other)s’", other=speaker.words["parameters"][floor]["label"])
            for name, floor in below(filled, read_again)
        }

    shown = {name: _as_typed(entries[name].value) for name in filled if name in entries}
    return EntriesForm(fields, entries, typed, shown, read, check)


def read_parameter(filled: Filled, typed: Any) -> Any:
    """The value to keep for a parameter, None for its default. Raises Unreadable."""
    text = plain_text(typed)
    if not text:
        return None
    try:
        value = read_value(filled.parameter, text)
    except BadInput:
        raise Unreadable(_WANTED[filled.parameter.type]) from None
    low, high = filled.minimum, filled.maximum
    if isinstance(value, (int, Decimal)) and not (low is None or low <= value) & (high is None or value <= high):
        raise Unreadable(_bounds_sentence(low, high))
    return value if isinstance(value, int) else str(value)


def _bounds_sentence(low: Decimal | None, high: Decimal | None) -> LazyString:
    if low is None or high is None:
        return _("Enter %(bound)s or more", bound=low) if high is None else _("Enter %(bound)s or less", bound=high)
    return _("Enter a value from %(low)s to %(high)s", low=low, high=high)


def _parameter_field(parameter: Parameter, speaker: Reader) -> UnboundField:
    words = speaker.words["parameters"][parameter.name]
    if parameter.type == "enum":
        choices = [SelectChoice("", "–"), *(SelectChoice(one, words["choices"][one]) for one in parameter.choices)]
        return SelectField(words["label"], choices=choices, validate_choice=False)
    if parameter.type == "multi":
        return TextAreaField(words["label"])
    return StringField(words["label"], render_kw={"inputmode": "decimal", "autocomplete": "off"})


def _as_typed(value: Any) -> str:
    return "" if value is None else ", ".join(value) if isinstance(value, list) else str(value)


# Decisions


class StartForm(FlaskForm):
    worked = HiddenField()
    title = StringField(_("Title of the purchase"), [_at_most(LONGEST["title"])])


class ButtonForm(FlaskForm):
    """A form with nothing to fill in but a button; `revision` is what the page was read at."""

    revision = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class ReasonForm(ButtonForm):
    reason = TextAreaField(
        _("Your reason"),
        [DataRequired(_("Say why, in a sentence or two")), _at_most(LONGEST_REASON)],
        filters=[plain_text],
    )


class TierForm(ReasonForm):
    tier = RadioField(_("Risk level to use"), [InputRequired(_("Choose a level"))], coerce=int)


class ApprovalForm(ButtonForm):
    ground = HiddenField(validators=[InputRequired()])


class WithdrawalForm(ButtonForm):
    kind = HiddenField(validators=[InputRequired()])
    subject = HiddenField(validators=[InputRequired()])


class FormForm(ButtonForm):
    form = HiddenField(validators=[InputRequired()])


class ReleaseForm(FlaskForm):
    release = HiddenField(validators=[InputRequired()])
