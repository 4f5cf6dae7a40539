"""What every view of a tender does first and last: read it for the person at the desk, or save in one transaction."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template
from flask_babel import get_locale

from accounts.roles import Role
from accounts.signed_in import signed_in_person
from accounts.store import people_of
from database import reading, request_session, transaction
from procurement import store
from procurement.clause_words import Reader
from procurement.draft import CLAUSE, CONFLICT, DRAFT, TIER, Draft, ground
from procurement.errors import NotAllowed, Overtaken
from procurement.pages import answer_rows
from procurement.store import Change
from rules.library import Library

SHOWN_STATUS, CONFLICT_STATUS, INVALID_STATUS = 200, 409, 422


def language() -> str:
    """The language of this page."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def reader(library: Library) -> Reader:
    """Says what a library says, in the language of this page."""
    return Reader(library, language())


def draft(tender_id: UUID) -> Draft:
    """A tender of the organisation of whoever is signed in. Raises NoSuchTender."""
    return store.draft(request_session(), signed_in_person().organisation.id, str(tender_id))


def draft_saved(tender_id: UUID) -> Draft:
    """The tender as it is now, also where this request has read it before. Raises NoSuchTender."""
    with reading() as session:
        return store.draft(session, signed_in_person().organisation.id, str(tender_id))


def around(found: Draft) -> dict[str, Any]:
    """What every page of a tender shows besides its own: who may write, and the names of the people here."""
    people = people_of(request_session(), found.organisation_id)
    return {"draft": found, "may_write": may_write(found), "names": {person.id: person.name for person in people}}


def incomplete(found: Draft) -> str:
    """The page that says which answers must come first."""
    rows = answer_rows(found, reader(found.library))
    missing = [(row, [one for one in row.rows if one.missing]) for row in rows]
    return render_template("procurement/incomplete.html", missing=missing, **around(found))


def may_write(found: Draft) -> bool:
    """Whether whoever is signed in may change this tender."""
    return found.state == DRAFT and signed_in_person().role is Role.OFFICER


def save(tender_id: UUID, kind: str, left: Mapping[str, tuple[Any, int]]) -> None:
    """Save what was left in a form: values with the revisions they were read at. Raises Overtaken, NotAllowed."""
    changes = {name: Change(value, revision) for name, (value, revision) in left.items()}
    person = signed_in_person()
    with transaction() as session:
        found = store.draft(session, person.organisation.id, str(tender_id), for_update=True)
        store.save(session, found, kind, changes, person.id)


def decide(tender_id: UUID, kind: str, subject: str, value: Any, revision: int) -> None:
    """Take a decision, or withdraw it with None, on the ground of the tender as it is now.

    Taking the same decision again renews its ground. Raises BadAnswer while the brief is incomplete, Overtaken,
    NotAllowed.
    """
    person = signed_in_person()
    with transaction() as session:
        found = store.draft(session, person.organisation.id, str(tender_id), for_update=True)
        rests_on = "" if value is None else _ground(found, kind, subject)
        store.save(session, found, kind, {subject: Change(value, revision, rests_on)}, person.id)


def approve_tier(tender_id: UUID, revision: int, read_ground: str) -> None:
    """Approve the lowering of the tier that was read. Raises NotAllowed to whoever asked for it, Overtaken."""
    person = signed_in_person()
    with transaction() as session:
        found = store.draft(session, person.organisation.id, str(tender_id), for_update=True)
        entry = found.entry(TIER, TIER)
        now_ground = _ground(found, TIER, TIER)
        if not read_ground == entry.ground == now_ground:
            raise Overtaken({TIER: entry})
        if entry.value.get("approved_by") or entry.person_id == person.id:
            raise NotAllowed("approval")
        change = Change({**entry.value, "approved_by": person.id}, revision, now_ground)
        store.save(session, found, TIER, {TIER: change}, person.id)


def move_to_release(tender_id: UUID, release_hash: str) -> None:
    """Pin a tender to another release. Raises NotAllowed."""
    person = signed_in_person()
    with transaction() as session:
        found = store.draft(session, person.organisation.id, str(tender_id), for_update=True)
        store.move_to_release(session, found, release_hash, person.id)


def _ground(found: Draft, kind: str, subject: str) -> str:
    if kind not in (TIER, CLAUSE, CONFLICT):
        return ""
    return ground(found.library, found.assessment, kind, subject)
