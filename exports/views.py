"""The draft of a tender as a page and as files, for the people of its organisation, and what failed renders become."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.policy import allow
from accounts.roles import Role
from exports.assembly import tender_document
from exports.bidding import checklist_sheet
from exports.checklist import checklist_bytes
from exports.document import Document
from exports.downloads import download_name, private_file
from exports.errors import ExportError, FaultyDocument, PdfUnavailable, RenderTooLarge
from exports.files import MEDIA_TYPES
from exports.obstacles import Standing, standing, told
from exports.pdf import pdf_bytes
from exports.preview import body, contents, control
from exports.reports import internal_document, stop_document
from exports.storage import AlteredFile, NotKept
from exports.telling import fixed_words
from exports.turns import NoTurn, turn
from exports.word import word_bytes
from procurement import desk
from procurement.draft import DRAFT, Draft
from procurement.forms import PARTICULAR_NAMES
from procurement.tender import Tender
from rules.library import LANGUAGES
from rules.text import clean

exports = Blueprint("exports", __name__)
exports.add_app_template_filter(clean)

READERS = (Role.OFFICER, Role.REVIEWER, Role.APPROVER)
SECONDS_BEFORE_ASKING_AGAIN = 30
INTERNAL, STOP_REPORT, CHECKLIST = "internal", "stop", "checklist"
DRAFT_FILES = ("tender.docx", "tender.pdf", "checklist.xlsx")
INTERNAL_FILES = ("internal.docx", "internal.pdf")
STOP_FILES = ("stop.docx", "stop.pdf")
DOCUMENTS: dict[str, Callable[[Tender, str], Document]] = {
    "tender": lambda tender, language: tender_document(tender, language, draft=True),
    INTERNAL: internal_document,
    STOP_REPORT: stop_document,
}
# What went wrong, for the page to say, and the status it answers with.
PROBLEMS: dict[type[ExportError], tuple[str, HTTPStatus]] = {
    NoTurn: ("busy", HTTPStatus.SERVICE_UNAVAILABLE),
    PdfUnavailable: ("no-pdf", HTTPStatus.SERVICE_UNAVAILABLE),
    RenderTooLarge: ("too-large", HTTPStatus.UNPROCESSABLE_ENTITY),
    FaultyDocument: ("faulty", HTTPStatus.UNPROCESSABLE_ENTITY),
    AlteredFile: ("altered", HTTPStatus.INTERNAL_SERVER_ERROR),
    NotKept: ("altered", HTTPStatus.INTERNAL_SERVER_ERROR),
}


@exports.get("/tenders/<uuid:tender_id>/preview")
def preview(tender_id: UUID) -> ResponseReturnValue:
    found = desk.draft(tender_id)
    stands, language = standing(found), _wanted_language(desk.language())
    shown = {"draft": found, "standing": stands, "shown_in": language, "texts": LANGUAGES}
    in_the_way = [told(found.library, obstacle, desk.language()) for obstacle in stands.obstacles]
    return render_template(
        "exports/preview.html",
        obstacles=in_the_way,
        **shown,
        **_page_of(found, stands, language),
        **_around(found),
    )


def _page_of(found: Draft, stands: Standing, language: str) -> dict[str, Any]:
    if stands.tender is None:
        return {"document": None, "files": (), "internal_files": ()}
    if stands.tender.stopped:
        document = stop_document(stands.tender, language)
    else:
        document = tender_document(stands.tender, language, draft=found.state == DRAFT)
    unfilled = fixed_words()[language]["not_filled"]
    offered = () if stands.tender.stopped or found.state != DRAFT else DRAFT_FILES
    return {
        "document": document,
        "contents": contents(document),
        "body": body(document, unfilled),
        "control": control(document, unfilled),
        "files": offered,
        "internal_files": INTERNAL_FILES,
        "stop_files": STOP_FILES if stands.tender.stopped else (),
    }


def _around(found: Draft) -> dict[str, Any]:
    return {
        "is_draft": found.state == DRAFT,
        "particular_names": PARTICULAR_NAMES,
        "publish_exists": "publication.publish" in current_app.view_functions,
    }


@exports.get("/tenders/<uuid:tender_id>/files/<name>")
def draft_file(tender_id: UUID, name: str) -> ResponseReturnValue:
    found = desk.draft(tender_id)
    offered = (*DRAFT_FILES, *INTERNAL_FILES) if found.state == DRAFT else INTERNAL_FILES
    return _file(found, name, offered)


@exports.get("/tenders/<uuid:tender_id>/stop/<name>")
def stop_file(tender_id: UUID, name: str) -> ResponseReturnValue:
    return _file(desk.draft(tender_id), name, STOP_FILES)


def _file(found: Draft, name: str, offered: tuple[str, ...]) -> ResponseReturnValue:
    """A file of a draft; while its brief is incomplete, or a red line decides otherwise, the page that says so."""
    if name not in offered:
        abort(404)
    tender = standing(found).tender
    if tender is None or (name not in INTERNAL_FILES and tender.stopped != (name in STOP_FILES)):
        return redirect(url_for("exports.preview", tender_id=found.id), 303)
    kind, ending = name.split(".")
    language = _wanted_language(tender.languages[0])
    content = _content(tender, kind, ending, language)
    saved_as = download_name(tender.particulars.reference, f"{_mark(name)}{kind}-{language}.{ending}")
    return private_file(content, saved_as, MEDIA_TYPES[ending])


def _content(tender: Tender, kind: str, ending: str, language: str) -> bytes:
    if kind == CHECKLIST:
        return checklist_bytes(checklist_sheet(tender, language))
    document = DOCUMENTS[kind](tender, language)
    if ending == "docx":
        return word_bytes(document)
    with turn():
        return pdf_bytes(document)


def _mark(name: str) -> str:
    return "draft-" if name in DRAFT_FILES else ""


def _wanted_language(otherwise: str) -> str:
    wanted = request.args.get("in", "")
    return wanted if wanted in LANGUAGES else otherwise


@exports.app_errorhandler(ExportError)
def _not_made(error: ExportError) -> ResponseReturnValue:
    found = (PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)
    problem, status = next(found, ("failed", HTTPStatus.SERVICE_UNAVAILABLE))
    current_app.logger.warning("%s: %s", type(error).__name__, error)
    tender_id = (request.view_args or {}).get("tender_id")
    page = render_template("exports/not_made.html", problem=problem, status=int(status), tender_id=tender_id)
    waits = {"Retry-After": str(SECONDS_BEFORE_ASKING_AGAIN)} if problem == "busy" else {}
    return page, status, waits


for endpoint in ("exports.preview", "exports.draft_file", "exports.stop_file"):
    allow(endpoint, "GET", *READERS)
