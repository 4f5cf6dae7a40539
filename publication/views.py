"""Publishing a tender, and what everybody may see of it: the list, its page, its files, and whether a file is ours."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from accounts.people import Person
from accounts.policy import PUBLIC, allow
from accounts.roles import Role
from accounts.signed_in import signed_in_person
from database import request_session, transaction
from exports.downloads import download_name, lasting_file
from exports.obstacles import Standing, standing, told
from exports.storage import storage_of
from procurement import desk
from procurement import store as tenders_store
from procurement.draft import DRAFT, Draft
from procurement.forms import PARTICULAR_NAMES
from publication import store
from publication.errors import AlreadyPublished, ChangedMeanwhile, NoSuchPublication
from publication.forms import PublishForm, hash_typed
from publication.publishing import Prepared, counts, digest, prepare

publication = Blueprint("publication", __name__)

LAST_PAGE = 1_000_000


@publication.context_processor
def _names() -> dict[str, object]:
    return {"particular_names": PARTICULAR_NAMES}


# Publishing


@publication.route("/tenders/<uuid:tender_id>/publish", methods=["GET", "POST"])
def publish(tender_id: UUID) -> ResponseReturnValue:
    found, form = desk.draft_saved(tender_id), PublishForm()
    if found.state != DRAFT:
        return _published_before(found)
    stands = standing(found)
    if form.is_submitted() and form.read.data != digest(found):
        raise ChangedMeanwhile(found.id)
    if stands.tender is None or stands.obstacles or not form.validate_on_submit():
        return _publish_page(found, stands, form)
    person = signed_in_person()
    published_id = _published(found, prepare(stands.tender, person.organisation), person)
    flash(_("The tender is published. This is the page everybody sees."))
    return redirect(url_for("publication.tender", published_id=published_id), 303)


def _published(read: Draft, prepared: Prepared, person: Person) -> str:
    """Keep the bytes, and then publish the draft that was read, if it is still the same."""
    kept = storage_of(current_app)
    for made in prepared.files:
        kept.keep(made.content)
    with transaction() as session:
        found = tenders_store.draft(session, person.organisation.id, read.id, for_update=True)
        if found.state == DRAFT and digest(found) != digest(read):
            raise ChangedMeanwhile(read.id)
        return store.publish(session, found, prepared, person.id)


def _publish_page(found: Draft, stands: Standing, form: PublishForm) -> ResponseReturnValue:
    form.read.data = digest(found)
    language = desk.language()
    page = render_template(
        "publication/publish.html",
        form=form,
        draft=found,
        tender=stands.tender,
        counts=counts(stands.tender) if stands.tender else {},
        obstacles=[told(found.library, obstacle, language) for obstacle in stands.obstacles],
        tier_public=signed_in_person().organisation.tier_public,
    )
    return page, 422 if form.is_submitted() else 200


def _published_before(found: Draft) -> ResponseReturnValue:
    published_id = store.published_id_of(request_session(), found.id) or abort(404)
    if request.method == "POST":
        raise AlreadyPublished(published_id)
    return redirect(url_for("publication.tender", published_id=published_id), 303)


# What everybody sees


@publication.get("/published")
def tenders() -> ResponseReturnValue:
    page = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    found, pages = store.published_tenders(request_session(), page)
    if page > pages:
        abort(404)
    return render_template("publication/tenders.html", tenders=found, page=page, pages=pages)


@publication.get("/published/<uuid:published_id>")
def tender(published_id: UUID) -> ResponseReturnValue:
    found = store.published(request_session(), str(published_id))
    return render_template("publication/tender.html", tender=found)


@publication.get("/published/<uuid:published_id>/<name>")
def file(published_id: UUID, name: str) -> ResponseReturnValue:
    found = store.file(request_session(), str(published_id), name)
    reference = store.published(request_session(), found.published_id).particulars.reference
    content = storage_of(current_app).read(found.sha256)
    answer = lasting_file(content, download_name(reference, found.name), found.media_type, found.sha256)
    return answer.make_conditional(request)


@publication.get("/verify")
def verify() -> ResponseReturnValue:
    typed = request.args.get("sha256", "")
    sha256 = hash_typed(typed)
    found = store.files_with(request_session(), sha256) if sha256 else []
    page = render_template("publication/verify.html", typed=typed, sha256=sha256, found=found)
    return page, 422 if typed and not sha256 else 200


# Errors


@publication.app_errorhandler(NoSuchPublication)
def _no_such_publication(_error: NoSuchPublication) -> ResponseReturnValue:
    return current_app.handle_http_exception(NotFound())


@publication.app_errorhandler(AlreadyPublished)
def _already_published(error: AlreadyPublished) -> ResponseReturnValue:
    return render_template("publication/already_published.html", published_id=error.published_id), 409


@publication.app_errorhandler(ChangedMeanwhile)
def _changed_meanwhile(error: ChangedMeanwhile) -> ResponseReturnValue:
    return render_template("publication/changed_meanwhile.html", tender_id=error.tender_id), 409


for method in ("GET", "POST"):
    allow("publication.publish", method, Role.OFFICER)
for endpoint in ("publication.tenders", "publication.tender", "publication.file", "publication.verify"):
    allow(endpoint, "GET", PUBLIC)
