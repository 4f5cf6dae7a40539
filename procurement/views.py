"""The addresses of the officer's pages, who may use them, and what their errors become."""

from collections.abc import Callable
from typing import TypeAlias

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict, NotFound

from accounts.policy import allow
from accounts.roles import Role
from procurement import decision_views, drafting_views
from procurement.errors import NoSuchTender, NotAllowed

View: TypeAlias = Callable[..., ResponseReturnValue]

procurement = Blueprint("procurement", __name__)

READERS = (Role.OFFICER, Role.REVIEWER, Role.APPROVER)
WRITERS = (Role.OFFICER,)
APPROVERS = (Role.APPROVER,)
_TENDER = "/tenders/<uuid:tender_id>"
_PAGES: tuple[tuple[str, View], ...] = (
    ("/tenders", drafting_views.tenders),
    (_TENDER, drafting_views.tender),
    (f"{_TENDER}/answers", drafting_views.answers),
    (f"{_TENDER}/risk", decision_views.risk),
    (f"{_TENDER}/selection", decision_views.selection),
    (f"{_TENDER}/burden", decision_views.burden),
)
_FORMS: tuple[tuple[str, View], ...] = (
    (f"{_TENDER}/particulars", drafting_views.particulars),
    (f"{_TENDER}/steps/<int:step>", drafting_views.step),
    (f"{_TENDER}/parameters", drafting_views.parameters),
    (f"{_TENDER}/release", drafting_views.release),
    (f"{_TENDER}/selection/<clause_id>", decision_views.clause),
)
_ACTS: tuple[tuple[str, View, tuple[Role, ...]], ...] = (
    ("/tenders", drafting_views.start, WRITERS),
    (f"{_TENDER}/conflicts/<conflict>", decision_views.conflict, WRITERS),
    (f"{_TENDER}/tier", decision_views.tier, WRITERS),
    (f"{_TENDER}/tier/approval", decision_views.tier_approval, APPROVERS),
    (f"{_TENDER}/withdrawal", decision_views.withdrawal, WRITERS),
    (f"{_TENDER}/form", decision_views.form, WRITERS),
)

procurement.add_url_rule("/tenders/new", view_func=drafting_views.new, methods=["GET"])
allow("procurement.new", "GET", *WRITERS)
for rule, view in _PAGES:
    procurement.add_url_rule(rule, view_func=view, methods=["GET"])
    allow(f"procurement.{view.__name__}", "GET", *READERS)
for rule, view in _FORMS:
    procurement.add_url_rule(rule, view_func=view, methods=["GET", "POST"])
    allow(f"procurement.{view.__name__}", "GET", *READERS)
    allow(f"procurement.{view.__name__}", "POST", *WRITERS)
for rule, view, callers in _ACTS:
    procurement.add_url_rule(rule, view_func=view, methods=["POST"])
    allow(f"procurement.{view.__name__}", "POST", *callers)


@procurement.app_errorhandler(NoSuchTender)
def _no_such_tender(_error: NoSuchTender) -> ResponseReturnValue:
    return current_app.handle_http_exception(NotFound())


@procurement.app_errorhandler(NotAllowed)
def _not_allowed(_error: NotAllowed) -> ResponseReturnValue:
    return current_app.handle_http_exception(Conflict())
