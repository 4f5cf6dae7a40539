"""Passwords are kept as argon2id hashes; tokens, which are long and random, as plain hashes."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_hasher = PasswordHasher()
# Checked in place of the hash of an unknown account, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def password_hash(password: str) -> str:
    """The hash to keep of a password."""
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password of the hash kept; takes as long where none is kept."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_token() -> str:
    """256 random bits, as text that can stand in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hash to keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
