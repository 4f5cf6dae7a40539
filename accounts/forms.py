"""The shape of what is typed about people and passwords."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length, Regexp

from accounts.people import LONGEST_PASSWORD, SHORTEST_PASSWORD
from accounts.roles import Role

ROLE_NAMES: dict[Role, LazyString] = {
    Role.OFFICER: _("Procurement officer"),
    Role.REVIEWER: _("Legal reviewer"),
    Role.APPROVER: _("Approver"),
    Role.ADMINISTRATOR: _("Administrator"),
}
ROLE_DUTIES: dict[Role, LazyString] = {
    Role.OFFICER: _("Drafts tenders, decides, publishes and answers bidders."),
    Role.REVIEWER: _("Edits the clause library and reads the tenders."),
    Role.APPROVER: _("Approves what a colleague wrote, and releases it."),
    Role.ADMINISTRATOR: _("Adds people and decides what each may do."),
}


def _in_plain_sight(typed: str | None) -> str:
    """One line, without signs that nobody can see and that make one name look like another."""
    return " ".join("".join(sign for sign in typed or "" if sign.isprintable() or sign.isspace()).split())


def _email(autocomplete: str) -> EmailField:
    return EmailField(
        _("E-mail address"),
        [
            InputRequired(_("Enter an e-mail address")),
            Length(max=254),
            Regexp(r"\s*[^@\s]+@[^@\s]+\s*$", message=_("Enter an e-mail address like name@city.example")),
        ],
        filters=[_in_plain_sight],
        render_kw={"autocomplete": autocomplete, "spellcheck": "false"},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _("New password"),
        [
            InputRequired(_("Enter a new password")),
            Length(
                SHORTEST_PASSWORD,
                LONGEST_PASSWORD,
                _("Use between %(min)d and %(max)d characters"),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def _repeated() -> PasswordField:
    return PasswordField(
        _("New password, once more"),
        [EqualTo("new_password", _("Both new passwords must be the same"))],
        render_kw={"autocomplete": "new-password"},
    )


def _role() -> RadioField:
    return RadioField(
        _("Role"),
        [InputRequired(_("Choose a role"))],
        choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in Role],
    )


class SignInForm(FlaskForm):
    email = _email("username")
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class DemonstrationSignInForm(FlaskForm):
    person = HiddenField(validators=[InputRequired(), Length(max=36)])


class ChooseToActForm(FlaskForm):
    """A form with nothing to fill in but a button."""


class ChangePasswordForm(FlaskForm):
    password = PasswordField(
        _("Current password"),
        [InputRequired(_("Enter your current password")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = _new_password()
    repeated = _repeated()


class ChoosePasswordForm(FlaskForm):
    new_password = _new_password()
    repeated = _repeated()


class AddPersonForm(FlaskForm):
    name = StringField(
        _("Name"),
        [DataRequired(_("Enter a name")), Length(max=200)],
        filters=[_in_plain_sight],
        render_kw={"autocomplete": "off"},
    )
    email = _email("off")
    role = _role()


class ChangePersonForm(FlaskForm):
    role = _role()
    active = BooleanField(_("May sign in"))
