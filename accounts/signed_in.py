"""Who is making this request."""

from flask import abort, g, request, session

from accounts import sign_ins
from accounts.people import Person
from database import METHODS_THAT_READ, reading, request_session

KEPT_AS = "sign_in"


def signed_in() -> Person | None:
    """The person making this request, read afresh from the database, or nobody."""
    if "person" not in g:
        g.person = _from_token(session.get(KEPT_AS))
    person: Person | None = g.person
    return person


def signed_in_person() -> Person:
    """The person making this request, where the policy lets nobody else in; otherwise the answer is 403."""
    return signed_in() or abort(403)


def remember(token: str) -> None:
    """Keep the token of a sign-in in the browser, and nothing else of what was kept there."""
    session.clear()
    session[KEPT_AS] = token
    g.pop("person", None)


def forget() -> None:
    """Keep nothing in the browser."""
    session.clear()
    g.person = None


def token() -> str | None:
    """The token of the sign-in the browser keeps, if any."""
    kept: str | None = session.get(KEPT_AS)
    return kept


def _from_token(kept: str | None) -> Person | None:
    if not kept:
        return None
    if request.method in METHODS_THAT_READ:
        return sign_ins.person_signed_in(request_session(), kept)
    with reading() as database:
        return sign_ins.person_signed_in(database, kept)
