"""The pages of the library: its clauses, their versions, what is proposed, and the releases."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from accounts import store as accounts_store
from accounts.people import NotFound
from accounts.policy import PUBLIC, SIGNED_IN, allow
from accounts.roles import Role
from accounts.signed_in import signed_in_person
from clause_library import forms, pages, store
from clause_library.bundles import release_file as file_of
from clause_library.comparison import changes_between, meeting
from clause_library.describing import SUBJECTS, describe, titles
from clause_library.errors import (
    AlreadyClosed,
    BadTexts,
    Fault,
    NoSuchClause,
    NoSuchRelease,
    NotAllowed,
    NothingChanged,
    Overtaken,
)
from clause_library.review import OPEN, REJECTED, WITHDRAWN, steps_for
from clause_library.voice import SpokenVoice
from database import reading, request_session, transaction
from rules.library import Library

clause_library = Blueprint("clause_library", __name__)
OPEN_TO_ALL = (
    "clause_library.library",
    "clause_library.clause",
    "clause_library.version",
    "clause_library.releases",
    "clause_library.release",
    "clause_library.release_file",
    "clause_library.description",
    "clause_library.release_description",
)
_SUBJECT = f"<any({', '.join(SUBJECTS)}):subject>"


@clause_library.context_processor
def _names() -> dict[str, object]:
    return {
        "kind_names": forms.KIND_NAMES,
        "owed_by_names": forms.OWED_BY_NAMES,
        "moment_names": forms.MOMENT_NAMES,
        "strength_names": forms.STRENGTH_NAMES,
        "state_names": forms.STATE_NAMES,
        "origin_names": forms.ORIGIN_NAMES,
        "part_names": forms.PART_NAMES,
        "verifier_names": forms.VERIFIER_NAMES,
        "outcome_names": forms.OUTCOME_NAMES,
        "confidence_names": forms.CONFIDENCE_NAMES,
        "rule_names": forms.RULE_NAMES,
        "description_titles": lambda: titles(SpokenVoice()),
        "pages": pages,
        "name_of": name_of,
    }


def language_of_page() -> str:
    """The language this page is read in."""
    return str(get_locale())


def name_of(person_id: str) -> str:
    """The name behind an id, in whichever organisation they are."""
    session = request_session()
    for organisation in accounts_store.organisations(session):
        try:
            return accounts_store.person_of(session, organisation.id, person_id).name
        except NotFound:
            continue
    return str(_("The installation"))


def reader_of(library: Library) -> pages.Reader:
    """Whoever reads this library aloud in the language of the page."""
    return pages.Reader(library, language_of_page())


# Reading


@clause_library.get("/library")
def library() -> ResponseReturnValue:
    session = request_session()
    reader = reader_of(store.newest_library(session))
    form = forms.SearchForm(request.args)
    form.offer_tiers({tier: reader.speaker.tier_name(tier) for tier in range(1, 5)})
    wanted = form.wanted() if form.validate() else pages.Wanted()
    return render_template(
        "clause_library/library.html",
        form=form,
        reader=reader,
        note=store.newest_release(session),
        shelves=pages.shelves(reader, wanted),
        wanted=wanted,
        open_proposals=len(store.proposals(session, OPEN)),
    )


@clause_library.get("/library/clauses/<clause_id>")
def clause(clause_id: str) -> ResponseReturnValue:
    session = request_session()
    newest = store.newest_library(session)
    if clause_id not in newest.clauses:
        raise NoSuchClause(clause_id)
    return render_template(
        "clause_library/clause.html",
        reader=reader_of(newest),
        clause=newest.clauses[clause_id],
        note=store.newest_release(session),
        versions=store.versions_of(session, clause_id),
        proposals=store.proposals(session, OPEN, clause_id),
    )


@clause_library.get("/library/clauses/<clause_id>/versions/<int(max=999999):number>")
def version(clause_id: str, number: int) -> ResponseReturnValue:
    session = request_session()
    found = store.version_of(session, clause_id, number)
    note = store.first_release_of(session, found)
    library = store.load_release(note.hash, session)
    versions = store.versions_of(session, clause_id)
    before = next((one for one in versions if one.number == number - 1), None)
    return render_template(
        "clause_library/version.html",
        reader=reader_of(library),
        clause=library.clauses[clause_id],
        note=note,
        versions=versions,
        before=before,
        changes=changes_between(before.body["texts"], found.body["texts"]) if before else (),
    )


@clause_library.get("/library/releases")
def releases() -> ResponseReturnValue:
    return render_template("clause_library/releases.html", notes=store.releases(request_session()))


@clause_library.get("/library/releases/<int(max=999999):number>")
def release(number: int) -> ResponseReturnValue:
    session = request_session()
    note, after = store.release_note(session, number), store.release(session, number)
    earlier = [one for one in store.releases(session) if one.number < number]
    before = store.release(session, earlier[0].number) if earlier else None
    return render_template(
        "clause_library/release.html",
        reader=reader_of(store.load_release(note.hash, session)),
        note=note,
        before=earlier[0] if earlier else None,
        clauses=pages.release_changes(before, after) if before else (),
        rules=pages.rules_changed(before[0], after[0]) if before else (),
        approval=store.approval_in(session, number),
    )


@clause_library.get("/library/releases/<int(max=999999):number>.json")
def release_file(number: int) -> ResponseReturnValue:
    written = file_of(*store.release(request_session(), number))
    disposition = f'attachment; filename="release-{number}.json"'
    return written, {"Content-Type": "application/json", "Content-Disposition": disposition}


# What it covers and rests on


@clause_library.get(f"/library/{_SUBJECT}")
def description(subject: str) -> ResponseReturnValue:
    session = request_session()
    return _description_page(subject, store.newest_release(session), newest=True)


@clause_library.get(f"/library/releases/<int(max=999999):number>/{_SUBJECT}")
def release_description(number: int, subject: str) -> ResponseReturnValue:
    return _description_page(subject, store.release_note(request_session(), number), newest=False)


def _description_page(subject: str, note: store.ReleaseNote, *, newest: bool) -> ResponseReturnValue:
    reader = reader_of(store.load_release(note.hash, request_session()))
    return render_template(
        "clause_library/description.html",
        described=describe(subject, reader, SpokenVoice()),
        library=reader.library,
        note=note,
        newest=newest,
    )


# Proposing


@clause_library.route("/library/clauses/<clause_id>/edit", methods=["GET", "POST"])
def edit(clause_id: str) -> ResponseReturnValue:
    newest = _newest_with(clause_id)
    base = newest.clauses[clause_id].hash
    form = forms.proposal_form(newest.texts[clause_id], base)
    if not form.is_submitted():
        return _edit_page(newest, clause_id, form)
    if not form.validate():
        form.add_faults(_faults_in(clause_id, form))
        return _edit_page(newest, clause_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        made = _proposed(clause_id, form)
    except BadTexts as bad:
        form.add_faults(bad.faults)
    except NothingChanged:
        form.form_errors.append(_("Nothing differs from the newest version"))
    except Overtaken:
        return _overtaken_page(clause_id, form)
    else:
        flash(_("Proposed. Somebody else can approve it now."))
        return redirect(url_for("clause_library.proposal", proposal_id=made.id), HTTPStatus.SEE_OTHER)
    return _edit_page(newest, clause_id, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _newest_with(clause_id: str) -> Library:
    with reading() as session:
        newest = store.newest_library(session)
    if clause_id not in newest.clauses:
        raise NoSuchClause(clause_id)
    return newest


def _proposed(clause_id: str, form: forms.ProposalForm) -> Any:
    author = signed_in_person()
    with transaction() as session:
        return store.propose(
            session,
            clause_id=clause_id,
            base_hash=form.base_hash.data,
            texts=form.texts,
            reason=form.reason.data,
            author_id=author.id,
        )


def _faults_in(clause_id: str, form: forms.ProposalForm) -> tuple[Fault, ...]:
    with reading() as session:
        return store.faults_in_texts(session, clause_id, form.texts)


def _edit_page(
    library: Library, clause_id: str, form: forms.ProposalForm, status: HTTPStatus = HTTPStatus.OK, **shown: object
) -> ResponseReturnValue:
    reader = reader_of(library)
    page = render_template(
        "clause_library/edit.html",
        form=form,
        reader=reader,
        clause=library.clauses[clause_id],
        parameters=pages.usable_parameters(reader, library.texts[clause_id]),
        terms=pages.usable_terms(reader),
        **shown,
    )
    return page, status


def _overtaken_page(clause_id: str, form: forms.ProposalForm) -> ResponseReturnValue:
    """What was typed, beside the newer text; sending it again then starts from the newer version."""
    newest = _newest_with(clause_id)
    with reading() as session:
        base = store.texts_of(session, clause_id, form.base_hash.data or "")
    met = meeting(base, form.texts, newest.texts[clause_id])
    form.take_over(newest.texts[clause_id], met.taken_over)
    form.base_hash.data = newest.clauses[clause_id].hash
    return _edit_page(
        newest,
        clause_id,
        form,
        HTTPStatus.CONFLICT,
        overtaken=True,
        taken_over=pages.by_place(met.taken_over),
        conflicting=pages.by_place(met.conflicting),
    )


# Reviewing


@clause_library.get("/library/proposals")
def proposals() -> ResponseReturnValue:
    session = request_session()
    reader = reader_of(store.newest_library(session))
    return render_template("clause_library/proposals.html", reader=reader, proposals=store.proposals(session))


@clause_library.get("/library/proposals/<uuid:proposal_id>")
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    session = request_session()
    found = store.proposal(session, str(proposal_id))
    newest = store.newest_library(session)
    base = store.version(session, found.base_hash)
    return render_template(
        "clause_library/proposal.html",
        reader=reader_of(newest),
        proposal=found,
        base=base,
        changes=changes_between(base.body["texts"], found.texts),
        steps=steps_for(found, signed_in_person().id, newest.clauses[found.clause_id].hash),
        overtaken=found.state == OPEN and newest.clauses[found.clause_id].hash != found.base_hash,
        approval=store.approval_of(session, found.id),
        form=forms.StepForm(read_hash=found.content_hash),
    )


@clause_library.post("/library/proposals/<uuid:proposal_id>/approve")
def approve(proposal_id: UUID) -> ResponseReturnValue:
    approver, form = signed_in_person(), forms.StepForm()
    with transaction() as session:
        note = store.approve(session, str(proposal_id), approver_id=approver.id, read_hash=form.read_hash.data or "")
    flash(_("Approved. The text is in force from this release on."))
    return redirect(url_for("clause_library.release", number=note.number), HTTPStatus.SEE_OTHER)


@clause_library.post("/library/proposals/<uuid:proposal_id>/reject")
def reject(proposal_id: UUID) -> ResponseReturnValue:
    person = signed_in_person()
    with transaction() as session:
        store.close_proposal(session, str(proposal_id), state=REJECTED, person_id=person.id)
    flash(_("Rejected. The clause stays as it is."))
    return redirect(url_for("clause_library.proposal", proposal_id=proposal_id), HTTPStatus.SEE_OTHER)


@clause_library.post("/library/proposals/<uuid:proposal_id>/withdraw")
def withdraw(proposal_id: UUID) -> ResponseReturnValue:
    person = signed_in_person()
    with transaction() as session:
        store.close_proposal(session, str(proposal_id), state=WITHDRAWN, person_id=person.id)
    flash(_("Withdrawn. The clause stays as it is."))
    return redirect(url_for("clause_library.proposal", proposal_id=proposal_id), HTTPStatus.SEE_OTHER)


# What goes wrong


def _answer(status: HTTPStatus) -> ResponseReturnValue:
    return render_template(f"errors/{int(status)}.html", expired=False), status


@clause_library.app_errorhandler(NoSuchClause)
@clause_library.app_errorhandler(NoSuchRelease)
def _not_there(_error: Exception) -> ResponseReturnValue:
    return _answer(HTTPStatus.NOT_FOUND)


@clause_library.app_errorhandler(NotAllowed)
def _not_allowed(_error: Exception) -> ResponseReturnValue:
    return _answer(HTTPStatus.FORBIDDEN)


@clause_library.app_errorhandler(AlreadyClosed)
@clause_library.app_errorhandler(Overtaken)
def _overtaken(_error: Exception) -> ResponseReturnValue:
    return _answer(HTTPStatus.CONFLICT)


for endpoint in OPEN_TO_ALL:
    allow(endpoint, "GET", PUBLIC)
for endpoint in ("clause_library.proposals", "clause_library.proposal"):
    allow(endpoint, "GET", *SIGNED_IN)
for method in ("GET", "POST"):
    allow("clause_library.edit", method, Role.REVIEWER)
for endpoint in ("clause_library.approve", "clause_library.reject"):
    allow(endpoint, "POST", Role.APPROVER, Role.REVIEWER)
allow("clause_library.withdraw", "POST", Role.APPROVER, Role.REVIEWER)
