"""The officer's pages for drafting: the list, the tasks, particulars, steps, answers, parameters, release."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import to_user_timezone

from accounts.people import Organisation
from accounts.signed_in import signed_in_person
from clause_library.store import newest_library, newest_release
from database import now, request_session, transaction
from procurement import desk, store
from procurement.desk import CONFLICT_STATUS, INVALID_STATUS, SHOWN_STATUS
from procurement.draft import ANSWER, PARAMETER, PARTICULAR, Draft
from procurement.errors import Overtaken
from procurement.forms import (
    EntriesForm,
    ReleaseForm,
    StartForm,
    parameters_form,
    particulars_form,
    plain_text,
    step_form,
)
from procurement.pages import (
    answer_rows,
    drawn,
    ignored_rows,
    newly_asked,
    progress,
    proposed_reference,
    questions_asked,
    step_numbers,
    suggestions,
)
from procurement.parameters import fill
from procurement.parameters_shown import parameters_shown
from procurement.release_shown import release_shown
from procurement.samples import confidence_of
from procurement.worked import worked_purchases
from rules.questions import read_answers


def tenders() -> ResponseReturnValue:
    """The tenders of the organisation."""
    listed = store.tenders_of(request_session(), signed_in_person().organisation.id)
    return render_template("procurement/tenders.html", tenders=listed)


def new() -> ResponseReturnValue:
    """Where a tender is started from."""
    return _start_page(StartForm(), SHOWN_STATUS)


def start() -> ResponseReturnValue:
    """Start a tender, blank or from a worked purchase."""
    person, form = signed_in_person(), StartForm()
    if not form.validate() or (form.worked.data or "") not in ("", *worked_purchases()):
        return _start_page(form, INVALID_STATUS)
    with transaction() as session:
        entries = _first_entries(form, newest_library(session).questions)
        tender_id = store.start(session, organisation_id=person.organisation.id, person_id=person.id, entries=entries)
    return redirect(url_for("procurement.tender", tender_id=tender_id), 303)


def _start_page(form: StartForm, status: int) -> ResponseReturnValue:
    purchases = worked_purchases().values()
    page = render_template("procurement/new.html", form=form, worked=purchases, language=desk.language())
    return page, status


def _first_entries(form: StartForm, questions: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    title, chosen = plain_text(form.title.data), worked_purchases().get(form.worked.data or "")
    if chosen is None:
        return {(PARTICULAR, "title"): title} if title else {}
    answers = read_answers(questions, chosen.answers_in(desk.language()))
    kept = {name: list(answer) if isinstance(answer, tuple) else answer for name, answer in answers.items()}
    return {(PARTICULAR, "title"): title or chosen.title[desk.language()]} | {
        (ANSWER, name): answer for name, answer in kept.items()
    }


def tender(tender_id: UUID) -> ResponseReturnValue:
    """The task list of a tender."""
    found = desk.draft(tender_id)
    return render_template(
        "procurement/tender.html",
        draft=found,
        progress=progress(found),
        steps=desk.reader(found.library).words["steps"],
        newest=newest_release(request_session()),
        preview_exists="exports.preview" in current_app.view_functions,
        publish_exists="publication.publish" in current_app.view_functions,
    )


def particulars(tender_id: UUID) -> ResponseReturnValue:
    """The particulars of a tender."""
    found = desk.draft(tender_id)
    form = particulars_form(found, _proposed(found) if desk.may_write(found) else {}, request.form or None)
    status = SHOWN_STATUS
    if request.method == "POST":
        status = _save(tender_id, PARTICULAR, form)
        if status == SHOWN_STATUS:
            return redirect(_onward(tender_id, url_for("procurement.step", tender_id=tender_id, step=1)), 303)
    return render_template("procurement/particulars.html", form=form, **desk.around(found)), status


def _proposed(found: Draft) -> dict[str, Any]:
    organisation: Organisation = signed_in_person().organisation
    listed = store.tenders_of(request_session(), organisation.id)
    year = to_user_timezone(now()).year
    jurisdiction = found.library.jurisdictions.get(organisation.jurisdiction, {})
    return {
        "reference": proposed_reference(organisation.number_series, year, [row.reference for row in listed]),
        "buyer": organisation.name,
        "currency": jurisdiction.get("currency", ""),
    }


def step(tender_id: UUID, step: int) -> ResponseReturnValue:
    """The questions of one step."""
    found = desk.draft(tender_id)
    if step not in step_numbers(found):
        abort(404)
    speaker, typed = desk.reader(found.library), request.form or None
    form = step_form(found, _questions_of_page(found, step), speaker, typed)
    status = SHOWN_STATUS
    if request.method == "POST":
        status = _save(tender_id, ANSWER, form)
        if status == SHOWN_STATUS:
            return redirect(_after_step(tender_id, step, form), 303)
    page = render_template(
        "procurement/step.html",
        form=form,
        step=step,
        steps=speaker.words["steps"],
        words=speaker.words["questions"],
        speaker=speaker,
        suggested=suggestions(found, signed_in_person().organisation.jurisdiction),
        **desk.around(found),
    )
    return page, status


def _questions_of_page(found: Draft, step: int) -> tuple[Any, ...]:
    """The questions asked, and those the page that was sent had shown."""
    asked = {question.id for question in questions_asked(found, step)}
    return tuple(
        question
        for question in found.library.questions.values()
        if question.step == step and (question.id in asked or f"revision-{question.id}" in request.form)
    )


def _after_step(tender_id: UUID, step: int, form: EntriesForm) -> str:
    """The same step again where an answer brought a question that was not shown; otherwise onward."""
    found = desk.draft_saved(tender_id)
    if new_questions := newly_asked(found, step, form.posted):
        flash(_("Saved. Your answers bring a further question."))
        return url_for("procurement.step", tender_id=tender_id, step=step, _anchor=f"question-{new_questions[0]}")
    later = [number for number in step_numbers(found) if number > step]
    if later:
        return _onward(tender_id, url_for("procurement.step", tender_id=tender_id, step=later[0]))
    return _onward(tender_id, url_for("procurement.answers", tender_id=tender_id))


def answers(tender_id: UUID) -> ResponseReturnValue:
    """Every answer on one page, to be checked."""
    found = desk.draft(tender_id)
    speaker = desk.reader(found.library)
    return render_template(
        "procurement/answers.html",
        steps=answer_rows(found, speaker),
        ignored=ignored_rows(found, speaker),
        **desk.around(found),
    )


def parameters(tender_id: UUID) -> ResponseReturnValue:
    """The values filled into the texts."""
    found = desk.draft(tender_id)
    speaker = desk.reader(found.library)
    if found.missing:
        return desk.incomplete(found)
    made = drawn(found)
    if made.tender.stopped:
        return redirect(url_for("procurement.risk", tender_id=tender_id))
    form = parameters_form(found, made.tender.parameters, speaker, request.form or None)
    status = SHOWN_STATUS
    if request.method == "POST":
        status = _save(tender_id, PARAMETER, form)
        if status == SHOWN_STATUS:
            flash(_("Saved."))
            return redirect(_onward(tender_id, url_for("procurement.parameters", tender_id=tender_id)), 303)
    elif made.misfit:
        form.check_shown()
    # What was given beyond its bounds is left out of the tender, and shown beside the bounds.
    filled = fill(found.library, made.tender.assessment, made.tender.parameters, made.tender.given)
    shown = parameters_shown(filled, speaker, made.tender.assessment)
    page = render_template(
        "procurement/parameters.html", form=form, rows=shown, confidence=confidence_of(filled), **desk.around(found)
    )
    return page, status


def release(tender_id: UUID) -> ResponseReturnValue:
    """What the newest release of the library would change, to take or to leave."""
    found, newest = desk.draft(tender_id), newest_library(request_session())
    form, status = ReleaseForm(), SHOWN_STATUS
    if form.validate_on_submit():
        if form.release.data == newest.hash:
            desk.move_to_release(tender_id, newest.hash)
            flash(_("The tender now stands on release %(number)s.", number=newest.release))
            return redirect(url_for("procurement.tender", tender_id=tender_id), 303)
        status = CONFLICT_STATUS
    used = set() if found.missing else {entry.clause.id for entry in drawn(found).tender.clauses}
    shown = release_shown(found, newest, desk.language(), frozenset(used))
    form.release.data = newest.hash
    words = desk.reader(newest)
    page = render_template(
        "procurement/release.html", shown=shown, form=form, speaker=words, status=status, **desk.around(found)
    )
    return page, status


# What these pages share


def _save(tender_id: UUID, kind: str, form: EntriesForm) -> int:
    """Save a form: 200 where it is saved, 422 where it cannot be read, 409 where somebody else was first."""
    if not form.validate():
        return INVALID_STATUS
    try:
        desk.save(tender_id, kind, form.left())
    except Overtaken as error:
        form.overtaken_by(error.theirs)
        return CONFLICT_STATUS
    return SHOWN_STATUS


def _onward(tender_id: UUID, address: str) -> str:
    return url_for("procurement.tender", tender_id=tender_id) if "return" in request.form else address
