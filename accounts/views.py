"""Signing in and out, passwords, and the administrator's pages about people."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import sign_ins, store
from accounts.demonstration import demonstration_people
from accounts.forms import (
    ROLE_DUTIES,
    ROLE_NAMES,
    AddPersonForm,
    ChangePasswordForm,
    ChangePersonForm,
    ChoosePasswordForm,
    ChooseToActForm,
    DemonstrationSignInForm,
    SignInForm,
)
from accounts.passwords import matches, password_hash
from accounts.people import EmailTaken, LastAdministrator, Person, WrongPassword, is_own_address
from accounts.policy import PUBLIC, SIGNED_IN, allow
from accounts.roles import Role
from accounts.signed_in import forget, remember, signed_in_person, token
from database import reading, request_session, transaction

accounts = Blueprint("accounts", __name__)


@accounts.context_processor
def _names_of_roles() -> dict[str, object]:
    return {"role_names": ROLE_NAMES, "role_duties": ROLE_DUTIES}


@accounts.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        try:
            remember(_token_for(form.email.data or "", form.password.data or ""))
        except WrongPassword:
            form.form_errors.append(_("The e-mail address or the password is not right"))
        else:
            return redirect(_onward(form.next.data))
    status = 422 if form.is_submitted() else 200
    return render_template("accounts/sign_in.html", form=form, people=_demonstration_people()), status


def _token_for(email: str, password: str) -> str:
    # Hashing a password is slow on purpose, so it is done between two transactions and not inside one.
    with transaction() as session:
        sign_ins.count_attempt(session, email, request.remote_addr or "")
        kept = store.password_hash_of(session, email)
    right = matches(kept, password)
    with transaction() as session:
        person = store.person_by_email(session, email)
        if not right or person is None or store.password_hash_of(session, email) != kept:
            raise WrongPassword
        sign_ins.forget_attempts(session, email)
        return sign_ins.open_sign_in(session, person.id, instead_of=token())


def _onward(address: str | None) -> str:
    return address if address and is_own_address(address) else url_for("home")


def _demonstration_people() -> list[Person]:
    if not current_app.config["DEMONSTRATION"]:
        return []
    with reading() as session:
        return demonstration_people(session)


@accounts.post("/sign-in/demonstration")
def sign_in_to_demonstration() -> ResponseReturnValue:
    form = DemonstrationSignInForm()
    person = next((person for person in _demonstration_people() if person.id == form.person.data), None)
    if person is None or not form.validate():
        abort(404)
    with transaction() as session:
        opened = sign_ins.open_sign_in(session, person.id, instead_of=token())
    remember(opened)
    return redirect(_onward(request.form.get("next")), 303)


@accounts.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if kept := token():
        with transaction() as session:
            sign_ins.close_sign_in(session, kept)
    forget()
    flash(_("You are signed out."))
    return redirect(url_for("accounts.sign_in"), 303)


@accounts.route("/password", methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    person, form = signed_in_person(), ChangePasswordForm()
    if form.validate_on_submit():
        try:
            remember(_token_after_change(person, form.password.data or "", form.new_password.data or ""))
        except WrongPassword:
            form.password.errors = [_("This is not your current password")]
        else:
            flash(_("Your password is changed. Wherever else you were signed in, you no longer are."))
            return redirect(url_for("home"), 303)
    return render_template("accounts/change_password.html", form=form), 422 if form.is_submitted() else 200


def _token_after_change(person: Person, password: str, new_password: str) -> str:
    with transaction() as session:
        sign_ins.count_attempt(session, person.email, request.remote_addr or "")
        kept = store.password_hash_of(session, person.email)
    if not matches(kept, password):
        raise WrongPassword
    hashed = password_hash(new_password)
    with transaction() as session:
        if store.password_hash_of(session, person.email) != kept:
            raise WrongPassword
        store.set_password(session, person.id, hashed)
        sign_ins.forget_attempts(session, person.email)
        return sign_ins.open_sign_in(session, person.id)


@accounts.route("/password/<link>", methods=["GET", "POST"])
def choose_password(link: str) -> ResponseReturnValue:
    form = ChoosePasswordForm()
    with reading() as session:
        store.person_with_link(session, link)
    if form.validate_on_submit():
        hashed = password_hash(form.new_password.data or "")
        with transaction() as session:
            store.spend_link(session, link, hashed)
        flash(_("Your password is set. Sign in with it."))
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/choose_password.html", form=form), 422 if form.is_submitted() else 200


@accounts.get("/people")
def people() -> ResponseReturnValue:
    listed = store.people_of(request_session(), signed_in_person().organisation.id)
    return render_template("accounts/people.html", people=listed)


@accounts.route("/people/add", methods=["GET", "POST"])
def add_person() -> ResponseReturnValue:
    administrator, form = signed_in_person(), AddPersonForm()
    if form.validate_on_submit():
        try:
            person, link = _added(administrator, form)
        except EmailTaken:
            form.email.errors = [_("Somebody has this e-mail address already")]
        else:
            return render_template("accounts/link.html", person=person, link=link, added=True)
    return render_template("accounts/add_person.html", form=form), 422 if form.is_submitted() else 200


def _added(administrator: Person, form: AddPersonForm) -> tuple[Person, str]:
    with transaction() as session:
        person = store.add_person(
            session,
            organisation_id=administrator.organisation.id,
            email=form.email.data or "",
            name=form.name.data or "",
            role=Role(form.role.data),
            actor=administrator.id,
        )
        return person, store.give_link(session, person.id)


@accounts.route("/people/<person_id>", methods=["GET", "POST"])
def person(person_id: str) -> ResponseReturnValue:
    administrator = signed_in_person()
    with reading() as session:
        shown = store.person_of(session, administrator.organisation.id, person_id)
    form = ChangePersonForm(role=shown.role.value, active=shown.active)
    if form.validate_on_submit():
        try:
            _change(administrator, person_id, form)
        except LastAdministrator:
            form.role.errors = [_("Nobody else could manage the people here: make somebody else administrator first")]
        else:
            flash(_("Saved. %(name)s has to sign in again.", name=shown.name))
            return redirect(url_for("accounts.people"), 303)
    page = render_template("accounts/person.html", form=form, person=shown, link_form=ChooseToActForm())
    return page, 422 if form.is_submitted() else 200


def _change(administrator: Person, person_id: str, form: ChangePersonForm) -> None:
    with transaction() as session:
        found = store.person_of(session, administrator.organisation.id, person_id)
        role, active = Role(form.role.data), bool(form.active.data)
        store.change_person(session, found, role=role, active=active, actor=administrator.id)


@accounts.post("/people/<person_id>/link")
def give_link(person_id: str) -> ResponseReturnValue:
    with transaction() as session:
        found = store.person_of(session, signed_in_person().organisation.id, person_id)
        link = store.give_link(session, found.id)
    return render_template("accounts/link.html", person=found, link=link, added=False)


for method in ("GET", "POST"):
    allow("accounts.sign_in", method, PUBLIC)
    allow("accounts.choose_password", method, PUBLIC)
    allow("accounts.change_password", method, *SIGNED_IN)
    allow("accounts.add_person", method, Role.ADMINISTRATOR)
    allow("accounts.person", method, Role.ADMINISTRATOR)
allow("accounts.people", "GET", Role.ADMINISTRATOR)
allow("accounts.give_link", "POST", Role.ADMINISTRATOR)
allow("accounts.sign_in_to_demonstration", "POST", PUBLIC)
allow("accounts.sign_out", "POST", PUBLIC)
