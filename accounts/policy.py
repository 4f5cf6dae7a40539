"""Who may ask for what: one table of endpoints, methods and roles. What is not in it is refused.

Each room adds its own rows beside its views:

    allow("procurement.tender", "GET", Role.OFFICER, Role.REVIEWER)
    allow("publication.tenders", "GET", PUBLIC)

A row says who may knock. Whether a person may see one particular tender is for the store to say, by looking only
inside the person's organisation.
"""

from enum import Enum
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.people import AccountsError, Person
from accounts.roles import Role
from accounts.signed_in import signed_in


class Anybody(Enum):
    PUBLIC = "public"


PUBLIC: Final = Anybody.PUBLIC
SIGNED_IN: Final = tuple(Role)
Caller: TypeAlias = Role | Literal[Anybody.PUBLIC]

_rows: dict[tuple[str, str], frozenset[Caller]] = {}
POLICY = MappingProxyType(_rows)


class PolicyConflict(AccountsError):
    """Two rows say different things about one endpoint and method."""


def allow(endpoint: str, method: str, *callers: Caller) -> None:
    """Let these roles, or everybody with PUBLIC, use an endpoint with a method. HEAD goes with GET.

    Raises PolicyConflict.
    """
    row, key = frozenset(callers), (endpoint, method)
    if not row or _rows.get(key, row) != row:
        raise PolicyConflict(f"{method} {endpoint}")
    _rows[key] = row


def permits(endpoint: str, method: str, person: Person | None) -> bool:
    """Whether this person, or nobody, may use an endpoint with a method."""
    row = _rows.get(_key(endpoint, method), frozenset[Caller]())
    return PUBLIC in row or (person is not None and person.role in row)


def enforce(app: Flask) -> None:
    """Check every request of the application."""
    app.before_request(_check)
    app.jinja_env.globals["permits"] = permits


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None or request.routing_exception is not None:
        return None
    if permits(request.endpoint, request.method, None):
        return None
    person = signed_in()
    if person is None and _rows.get(_key(request.endpoint, request.method)):
        return redirect(url_for("accounts.sign_in", next=_wanted()), 303)
    if not permits(request.endpoint, request.method, person):
        abort(403)
    return None


def _key(endpoint: str, method: str) -> tuple[str, str]:
    return endpoint, "GET" if method == "HEAD" else method


def _wanted() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


allow("static", "GET", PUBLIC)
allow("bootstrap.static", "GET", PUBLIC)
