"""The officer's pages for deciding: risk, conflicts, the tier, the clauses; and the approver's answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from accounts.roles import Role
from accounts.signed_in import signed_in_person
from procurement import desk
from procurement.burden_shown import burden_shown
from procurement.decisions import FORMS
from procurement.desk import CONFLICT_STATUS, INVALID_STATUS, SHOWN_STATUS
from procurement.draft import CLAUSE, CONFLICT, DRAFT, FORM, TIER, Draft, Entry
from procurement.errors import NotAllowed, Overtaken
from procurement.forms import (
    ApprovalForm,
    ButtonForm,
    FormForm,
    ReasonForm,
    TierForm,
    WithdrawalForm,
    answer_field_form,
    answer_typed,
)
from procurement.pages import drawn
from procurement.risk_shown import WAITS, DifferenceShown, RiskShown, difference_shown, risk_shown
from procurement.selection_shown import clause_page, selection_shown
from procurement.tender import needs_opinion
from rules.errors import BadAnswer
from rules.library import STOP, TIERS


def risk(tender_id: UUID) -> ResponseReturnValue:
    """Tier, triggers, flags, conflicts, and what another answer would change."""
    return _risk_page(desk.draft(tender_id))


def conflict(tender_id: UUID, conflict: str) -> ResponseReturnValue:
    """Justify answers that do not fit together, or withdraw the justification."""
    found = desk.draft(tender_id)
    if conflict not in {row.id for row in found.library.conflicts}:
        abort(404)
    form = ReasonForm(prefix=conflict)
    return _decided(found, CONFLICT, conflict, form, _reason(form), _anchored(found, f"conflict-{conflict}"))


def tier(tender_id: UUID) -> ResponseReturnValue:
    """Ask for another tier, or go back to the computed one."""
    found = desk.draft(tender_id)
    if found.missing or found.assessment.computed_tier == STOP:
        raise NotAllowed(TIER)
    form = _tier_form(found)
    value = {"tier": form.tier.data, "reason": form.reason.data}
    return _decided(found, TIER, TIER, form, value, _anchored(found, "tier"))


def tier_approval(tender_id: UUID) -> ResponseReturnValue:
    """Another person approves the lowering of the tier."""
    found, form = desk.draft(tender_id), ApprovalForm(prefix="approval")
    if not form.validate():
        abort(400)
    try:
        desk.approve_tier(tender_id, form.revision.data, form.ground.data or "")
    except (Overtaken, BadAnswer):
        return _risk_page(desk.draft(tender_id), overtaken=True)
    flash(_("You approved the lower risk level. Publishing still needs a legal opinion."))
    return redirect(_anchored(found, "tier"), 303)


def withdrawal(tender_id: UUID) -> ResponseReturnValue:
    """Withdraw a decision on something that is not there any more."""
    found, form = desk.draft(tender_id), WithdrawalForm()
    if not form.validate() or form.subject.data not in _decisions_on(found, form.kind.data):
        abort(400)
    try:
        desk.decide(tender_id, form.kind.data or "", form.subject.data or "", None, form.revision.data)
    except Overtaken:
        return _risk_page(desk.draft_saved(tender_id), overtaken=True)
    flash(_("Withdrawn."))
    return redirect(url_for("procurement.risk", tender_id=tender_id), 303)


def selection(tender_id: UUID) -> ResponseReturnValue:
    """The clauses in and out, and what a bidder will be asked."""
    found = desk.draft(tender_id)
    if found.missing:
        return desk.incomplete(found)
    made = drawn(found)
    if made.tender.stopped:
        return redirect(url_for("procurement.risk", tender_id=tender_id))
    return render_template(
        "procurement/selection.html",
        tender=made.tender,
        misfit=made.misfit,
        shown=selection_shown(found, made.tender, desk.reader(found.library)),
        form_entry=found.entry(FORM, FORM),
        **desk.around(found),
    )


def burden(tender_id: UUID) -> ResponseReturnValue:
    """What the tender asks of a bidder, of the supplier and of the buyer, duty by duty."""
    found = desk.draft(tender_id)
    if found.missing:
        return desk.incomplete(found)
    made = drawn(found)
    if made.tender.stopped:
        return redirect(url_for("procurement.risk", tender_id=tender_id))
    shown = burden_shown(made.tender, desk.reader(found.library))
    return render_template("procurement/burden.html", shown=shown, **desk.around(found))


def form(tender_id: UUID) -> ResponseReturnValue:
    """Switch between the short and the full form."""
    found, sent = desk.draft(tender_id), FormForm()
    if not sent.validate() or sent.form.data not in FORMS:
        abort(400)
    try:
        desk.decide(tender_id, FORM, FORM, sent.form.data, sent.revision.data)
    except Overtaken:
        flash(_("Somebody else switched the form meanwhile: look again before you switch it."))
    return redirect(url_for("procurement.selection", tender_id=found.id), 303)


def clause(tender_id: UUID, clause_id: str) -> ResponseReturnValue:
    """One clause in this tender, to add or to drop with a reason."""
    found = desk.draft(tender_id)
    if clause_id not in found.library.clauses:
        abort(404)
    if found.missing:
        return desk.incomplete(found)
    made, sent = drawn(found), ReasonForm()
    if made.tender.stopped:
        return redirect(url_for("procurement.risk", tender_id=tender_id))
    if request.method == "GET":
        return _clause_page(found, clause_id, ReasonForm(formdata=None), SHOWN_STATUS)
    shown = clause_page(found, made.tender, desk.reader(found.library), clause_id)
    way = shown.clause.decided or ("out" if shown.is_in else "in")
    address = url_for("procurement.clause", tender_id=tender_id, clause_id=clause_id)
    value = {"way": way, "reason": sent.reason.data}
    return _decided(found, CLAUSE, clause_id, sent, value, address)


# Taking a decision


def _decisions_on(found: Draft, kind: str | None) -> Mapping[str, Entry]:
    return found.entries.get(kind, {}) if kind in (CLAUSE, CONFLICT) else {}


def _decided(  # what was sent, what it decides, and where it leads
    found: Draft, kind: str, subject: str, form: Any, value: Any, onward: str
) -> ResponseReturnValue:
    """Take or withdraw a decision; the same page with what was typed where it cannot be taken."""
    undo = "undo" in request.form
    read = ButtonForm(prefix=form._prefix.rstrip("-")) if undo else form  # noqa: SLF001  # wtforms has no other name for it
    if not read.validate():
        return _again(found, kind, subject, form, INVALID_STATUS)
    try:
        desk.decide(UUID(found.id), kind, subject, None if undo else value, read.revision.data)
    except Overtaken:
        return _again(desk.draft_saved(UUID(found.id)), kind, subject, form, CONFLICT_STATUS)
    except BadAnswer:
        return redirect(url_for("procurement.risk", tender_id=found.id), 303)
    flash(_("Withdrawn.") if undo else _("Saved."))
    return redirect(onward, 303)


def _again(found: Draft, kind: str, subject: str, form: Any, status: int) -> ResponseReturnValue:
    if status == CONFLICT_STATUS:
        form.revision.raw_data, form.revision.data = None, found.entry(kind, subject).revision
    if kind == CLAUSE:
        return _clause_page(found, subject, form, status)
    return _risk_page(found, sent=form, subject=subject, status=status, overtaken=status == CONFLICT_STATUS)


def _reason(form: ReasonForm) -> str | None:
    reason: str | None = form.reason.data
    return reason


# Pages


def _risk_page(
    found: Draft, *, sent: Any = None, subject: str = "", status: int = SHOWN_STATUS, overtaken: bool = False
) -> ResponseReturnValue:
    if found.missing:
        return desk.incomplete(found)
    tender = drawn(found).tender
    shown = risk_shown(found, tender, desk.reader(found.library))
    forms = {row.id: _reason_form(found, row.id) for row in shown.conflicts}
    tier_form = _tier_form(found, formdata=None)
    if sent is not None:
        # What was sent about answers that fit together by now has no place on the page.
        forms |= {subject: sent} if subject in forms else {}
        tier_form = sent if subject == TIER else tier_form
    page = render_template(
        "procurement/risk.html",
        shown=shown,
        forms=forms,
        tier_form=tier_form,
        approval=_approval_form(found, shown),
        needs_opinion=needs_opinion(tender),
        overtaken=overtaken,
        stop_files_exist="exports.stop_file" in current_app.view_functions,
        **({"form": sent} if sent is not None else {}),
        **_what_if(found),
        **desk.around(found),
    )
    return page, CONFLICT_STATUS if overtaken else status


def _clause_page(found: Draft, clause_id: str, form: ReasonForm, status: int) -> ResponseReturnValue:
    made = drawn(found)
    shown = clause_page(found, made.tender, desk.reader(found.library), clause_id)
    if form.revision.data is None:
        form.revision.data = shown.entry.revision
        form.reason.data = form.reason.data or (shown.entry.value or {}).get("reason", "")
    page = render_template(
        "procurement/clause.html",
        shown=shown,
        form=form,
        overtaken=status == CONFLICT_STATUS,
        stopped=made.tender.assessment.tier == STOP,
        **desk.around(found),
    )
    return page, status


def _reason_form(found: Draft, name: str) -> ReasonForm:
    entry = found.entry(CONFLICT, name)
    return ReasonForm(formdata=None, prefix=name, data={"revision": entry.revision, "reason": entry.value or ""})


def _tier_form(found: Draft, **options: Any) -> TierForm:
    entry = found.entry(TIER, TIER)
    kept = entry.value or {}
    data = {"revision": entry.revision, "tier": kept.get("tier"), "reason": kept.get("reason", "")}
    form = TierForm(prefix="tier", data=data, **options)
    speaker, computed = desk.reader(found.library), found.assessment.computed_tier
    others = [number for number in TIERS if number != computed]
    form.tier.choices = [SelectChoice(str(number), f"{number} – {speaker.tier_name(number)}") for number in others]
    return form


def _approval_form(found: Draft, shown: RiskShown) -> ApprovalForm | None:
    """The approver's form, where there is something to approve and this person may."""
    person = signed_in_person()
    waits = shown.decided.state == WAITS and found.state == DRAFT
    if not waits or person.role is not Role.APPROVER or shown.decided.entry.person_id == person.id:
        return None
    data = {"revision": shown.decided.entry.revision, "ground": shown.decided.ground}
    return ApprovalForm(formdata=None, prefix="approval", data=data)


def _what_if(found: Draft) -> dict[str, Any]:
    """The question tried, the form of its answer, and what the answer would change."""
    speaker = desk.reader(found.library)
    rows = {name: row for name, row in found.library.questions.items() if row.options and name in found.answers}
    tried = rows.get(request.args.get("question", ""))
    choices = [(name, speaker.question(name)) for name in rows]
    if tried is None:
        return {"tried": None, "tried_choices": choices, "tried_form": None, "difference": None}
    tried_form = answer_field_form(tried, speaker, request.args)
    difference: DifferenceShown | None = None
    try:
        answer = tried.read(answer_typed(tried, tried_form["answer"].data)) if tried_form["answer"].data else None
        difference = None if answer is None else difference_shown(found, speaker, tried.id, answer)
    except BadAnswer as error:
        tried_form["answer"].errors = [speaker.refusal(error)]
    return {"tried": tried, "tried_choices": choices, "tried_form": tried_form, "difference": difference}


def _anchored(found: Draft, anchor: str) -> str:
    return url_for("procurement.risk", tender_id=found.id, _anchor=anchor)
