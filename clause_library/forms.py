"""The shape of what is typed about clauses and proposals, and the names of what is shown."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SearchField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from clause_library.comparison import Change
from clause_library.errors import Fault
from clause_library.pages import Wanted
from clause_library.review import APPROVED, OPEN, REJECTED, SUMMARY, TEXT, TITLE, WITHDRAWN, Texts, parts_of
from clause_library.wording import NOTES
from rules.library import LANGUAGES, TIERS
from rules.text import clean

LONGEST_REASON = 2000
LANGUAGE_NAMES = {"es": "Español", "pt": "Português", "en": "English"}
KIND_NAMES: dict[str, LazyString] = {
    "technical": _("Technical"),
    "functional": _("Functional"),
    "background": _("Background of the bidder"),
    "contractual": _("Contractual"),
}
OWED_BY_NAMES: dict[str, LazyString] = {
    "supplier": _("The supplier"),
    "buyer": _("The buyer"),
    "shared": _("Supplier and buyer"),
}
MOMENT_NAMES: dict[str, LazyString] = {
    "bid": _("With the bid"),
    "acceptance": _("At acceptance"),
    "operation": _("While it operates"),
    "exit": _("At the end"),
}
STRENGTH_NAMES: dict[str, LazyString] = {
    "mandatory": _("Mandatory"),
    "scored": _("Scored"),
    "informative": _("Informative"),
}
STATE_NAMES: dict[str, LazyString] = {
    OPEN: _("Open"),
    APPROVED: _("Approved"),
    REJECTED: _("Rejected"),
    WITHDRAWN: _("Withdrawn"),
}
ORIGIN_NAMES: dict[str, LazyString] = {
    "edition": _("The edition as it was shipped"),
    "import": _("Imported from a file"),
    "approval": _("Approval of a proposal"),
}
VERIFIER_NAMES: dict[str, LazyString] = {
    "buyer": _("by the buyer"),
    "independent": _("by an independent third party"),
    "internal_control": _("by the buyer’s internal control"),
}
OUTCOME_NAMES: dict[str, LazyString] = {
    "exclusion": _("the bid is not admitted"),
    "no_points": _("no points"),
    "rejection": _("not accepted"),
    "cure": _("a term to put it right"),
    "credit": _("service credit"),
    "suspension": _("suspension of the use"),
    "termination": _("termination"),
    "escalation": _("taken to whoever answers for it"),
}
CONFIDENCE_NAMES: dict[str, LazyString] = {
    "verified": _("verified with the issuer"),
    "secondary": _("from a secondary source"),
    "unverified": _("not verified"),
}
PART_NAMES: dict[str, LazyString] = {
    TITLE: _("Title"),
    SUMMARY: _("Plain summary"),
    TEXT: _("Text"),
    "evidence": _("Evidence"),
    "verification": _("Verification"),
    "failure": _("If it is not met"),
    "question": _("Question of the checklist"),
    "scale": _("How it is scored"),
    "fallback": _("Wordings to fall back on, from the first concession to the floor"),
    "use": _("When to use it"),
    "avoid": _("When not to use it"),
    "mistake": _("The usual mistake"),
}
RULE_NAMES: dict[str, LazyString] = {
    "arrangements": _("arrangements of documents"),
    "conflicts": _("contradictions"),
    "edition": _("categories and principles"),
    "facts": _("facts"),
    "flags": _("flags"),
    "guarantees": _("guarantees"),
    "jurisdictions": _("jurisdictions"),
    "parameters": _("parameters"),
    "questions": _("questions"),
    "schema": _("the form of the release"),
    "score_maximum": _("the highest score"),
    "sources": _("sources"),
    "instruments": _("instruments compared"),
    "grounds": _("protected grounds"),
    "metrics": _("suggested metrics"),
    "without_metric": _("functions without a suggested metric"),
    "exclusions": _("clauses that exclude each other"),
    "triggers": _("triggers of risk levels"),
    "words": _("words"),
}
FAULT_NAMES: dict[str, LazyString] = {
    "missing": _("the requirement or its text is missing"),
    "empty": _("this is empty"),
    "long": _("this has more than %(mark)s characters"),
    "heading": _("a line begins with #, which is kept for headings"),
    "stray": _("“%(mark)s” is neither a parameter, a term nor a reference: clauses hold no templates and no HTML"),
    "plain": _("“%(mark)s” belongs in a requirement, not in a title or summary"),
    "unknown": _("there is no parameter or term “%(mark)s”"),
    "no_clause": _("there is no clause “%(mark)s”"),
    "lacking": _("“%(mark)s” is used here in another language, and not in this one"),
    "no_value": _("the parameter “%(mark)s” has no value at a risk level at which this requirement applies"),
}


def _choices(names: Mapping[str, LazyString | str], anything: LazyString) -> list[SelectChoice]:
    return [SelectChoice("", anything), *(SelectChoice(value, name) for value, name in names.items())]


class SearchForm(FlaskForm):
    """What is looked for in the library; comes with the address, so that it can be kept and sent."""

    class Meta:
        """Searching changes nothing, so that it needs no token."""

        csrf = False

    q = SearchField(_("Words"), [Length(max=200)], default="")
    kind = SelectField(_("Kind of requirement"), choices=_choices(KIND_NAMES, _("Any kind")), default="")
    tier = SelectField(_("Risk level"), choices=_choices({}, _("Any level")), default="")

    def offer_tiers(self, names: Mapping[int, str]) -> None:
        """Name the tiers in the words of the release."""
        self.tier.choices = _choices({str(tier): f"{tier} – {names[tier]}" for tier in TIERS}, _("Any level"))

    def wanted(self) -> Wanted:
        """What is looked for."""
        return Wanted(clean(self.q.data or ""), self.kind.data or "", int(self.tier.data or 0))


class StepForm(FlaskForm):
    """A step taken on a proposal, and the hash of the text that was read."""

    read_hash = HiddenField()


class ProposalForm(FlaskForm):
    """A reason, the version the text starts from, and one field per language and part.

    `places` are requirement and part of each field, once for all languages, in the order of the clause.
    """

    places: tuple[tuple[str, str], ...] = ()
    base_hash = HiddenField(default="", filters=[lambda typed: clean(typed or "")])
    reason: Field

    @property
    def texts(self) -> dict[str, Any]:
        """The texts as they were typed, cleaned."""
        return {language: self._text(language) for language in LANGUAGES}

    def _text(self, language: str) -> dict[str, Any]:
        text: dict[str, Any] = {"requirements": {}}
        for requirement, part in self.places:
            _holder(text, requirement, part)[part] = self.field_of(language, requirement, part).data
        return text

    def field_of(self, language: str, requirement: str, part: str) -> Field:
        """The field of a language and a part."""
        return self[field_name(language, requirement, part)]

    def take_over(self, newest: Texts, changes: Iterable[Change]) -> None:
        """Put the newest text where these changes are."""
        for change in changes:
            parts = {(requirement, part): written for requirement, part, written in parts_of(newest[change.language])}
            where = change.requirement, change.part
            self.field_of(change.language, *where).data = parts[where]

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Say at each field what is wrong with it."""
        for fault in faults:
            field = self.field_of(fault.language, fault.requirement, fault.part)
            where = ", ".join(filter(None, (LANGUAGE_NAMES[fault.language], fault.requirement)))
            said = FAULT_NAMES[fault.code] % {"mark": fault.mark}
            field.errors = [*field.errors, f"{where}, {PART_NAMES[fault.part]}: {said}"]


def _holder(text: dict[str, Any], requirement: str, part: str) -> dict[str, Any]:
    """The table of a clause's text in which a part stands."""
    if requirement:
        found: dict[str, Any] = text["requirements"].setdefault(requirement, {})
        return found
    return text.setdefault("notes", {}) if part in NOTES else text


def field_name(language: str, requirement: str, part: str) -> str:
    """The name of a field in the form."""
    return "-".join(filter(None, (language, requirement, part)))


def proposal_form(texts: Texts, base_hash: str) -> ProposalForm:
    """The form for changing these texts, which are those of the version with this hash."""
    first = parts_of(texts[LANGUAGES[0]])
    fields: dict[str, Any] = {"places": tuple((requirement, part) for requirement, part, _text in first)}
    data: dict[str, str] = {"base_hash": base_hash}
    for language in LANGUAGES:
        for requirement, part, written in parts_of(texts[language]):
            name = field_name(language, requirement, part)
            fields[name] = _field(language, part)
            data[name] = written
    # Made last: faults are listed in the order in which fields are made, and the reason stands at the end of the page.
    fields["reason"] = _reason_field()
    made: ProposalForm = type("ProposalForm", (ProposalForm,), fields)(data=data)
    return made


def _reason_field() -> Field:
    return TextAreaField(
        _("Reason for the change"),
        [
            InputRequired(_("Say why: the reason is published with the release")),
            Length(max=LONGEST_REASON, message=_("Use at most %(max)d characters for the reason")),
        ],
        filters=[lambda typed: clean(typed).strip() if typed else typed],
    )


def _field(language: str, part: str) -> Field:
    kind, tidy = (StringField, _one_line) if part == TITLE else (TextAreaField, _tidy)
    return kind(LANGUAGE_NAMES[language], filters=[tidy], render_kw={"lang": language, "spellcheck": "true"})


def _tidy(typed: str | None) -> str:
    """The text without what cannot be seen or kept, and without blanks at its ends."""
    return "\n".join(line.rstrip() for line in clean(typed or "").strip().split("\n"))


def _one_line(typed: str | None) -> str:
    return " ".join(clean(typed or "").split())
