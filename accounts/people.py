"""Organisations, their people, and the rules about them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from accounts.roles import Role

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


class AccountsError(Exception):
    """A rule about organisations, people or sign-in was broken."""


class EmailTaken(AccountsError):
    """Another person has this address already."""


class IdentifierTaken(AccountsError):
    """Another organisation has this identifier already."""


class LastAdministrator(AccountsError):
    """An organisation would be left without anybody to manage its people."""


class NotFound(AccountsError):
    """There is no such person or organisation, or not where the asker may look."""


class TooManyAttempts(AccountsError):
    """Somebody tried too often to sign in to one account or from one address."""


class WrongPassword(AccountsError):
    """The account is unknown, or the password is not that of the account; which of them is not told."""


@dataclass(frozen=True, kw_only=True)
class Organisation:
    id: str
    name: str
    identifier: str
    jurisdiction: str
    time_zone: str
    number_series: str
    tier_public: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account. Elsewhere a person is known by `id` alone."""

    id: str
    email: str
    name: str
    role: Role
    active: bool
    organisation: Organisation


def new_id() -> str:
    """An id that says nothing about whom it stands for."""
    return str(uuid4())


def written_alike(email: str) -> str:
    """The one way of writing an e-mail address, so that nobody has two accounts by spelling it differently."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def check_an_administrator_stays(people: Iterable[Person], changed: Person) -> None:
    """Raises LastAdministrator if, with this person as changed, nobody could manage the others."""
    after = [changed if person.id == changed.id else person for person in people]
    if not any(person.active and person.role is Role.ADMINISTRATOR for person in after):
        raise LastAdministrator(changed.organisation.id)


def is_own_address(address: str) -> bool:
    """Whether an address is a path of this site, safe to send somebody to after signing in."""
    return re.fullmatch(r"/(es|pt|en)(/[A-Za-z0-9_.~-]+)*/?(\?[A-Za-z0-9_.~=&%+-]*)?", address) is not None
