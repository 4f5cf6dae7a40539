"""Keeping who is signed in, and how often somebody tried."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.passwords import new_token, token_hash
from accounts.people import Person, TooManyAttempts, written_alike
from accounts.tables import AttemptsRow, PersonRow, SignInRow
from database import lock, now

SIGN_IN_LASTS = timedelta(hours=12)
ATTEMPTS_COUNT_FOR = timedelta(minutes=15)
ATTEMPTS_PER_ACCOUNT = 10
ATTEMPTS_PER_ADDRESS = 100


def open_sign_in(session: Session, person_id: str, instead_of: str | None = None) -> str:
    """Sign a person in; gives the token their browser keeps. The token it had before is good no longer."""
    if instead_of:
        close_sign_in(session, instead_of)
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now()))
    token = new_token()
    session.add(SignInRow(token_hash=token_hash(token), person_id=person_id, expires_at=now() + SIGN_IN_LASTS))
    return token


def person_signed_in(session: Session, token: str) -> Person | None:
    """Whoever is signed in with this token, as they are now."""
    query = (
        select(PersonRow)
        .join(SignInRow, SignInRow.person_id == PersonRow.id)
        .where(SignInRow.token_hash == token_hash(token), SignInRow.expires_at > now(), PersonRow.active)
    )
    row = session.scalars(query).first()
    return row.as_person() if row else None


def close_sign_in(session: Session, token: str) -> None:
    """Sign out whoever is signed in with this token."""
    session.execute(delete(SignInRow).where(SignInRow.token_hash == token_hash(token)))


def count_attempt(session: Session, email: str, address: str) -> None:
    """Count an attempt before it is made, so that many at once cannot slip through. Raises TooManyAttempts."""
    lock(session, "sign_in_attempts")
    session.execute(delete(AttemptsRow).where(AttemptsRow.since <= now() - ATTEMPTS_COUNT_FOR))
    _count(session, _of_account(email), ATTEMPTS_PER_ACCOUNT)
    _count(session, _of_address(address), ATTEMPTS_PER_ADDRESS)


def forget_attempts(session: Session, email: str) -> None:
    """Whoever signed in starts again from none; the address they came from does not."""
    session.execute(delete(AttemptsRow).where(AttemptsRow.tried == _of_account(email)))


def _count(session: Session, tried: str, most: int) -> None:
    row = session.get(AttemptsRow, tried)
    if row is None:
        session.add(AttemptsRow(tried=tried, count=1, since=now()))
    elif row.count >= most:
        raise TooManyAttempts
    else:
        row.count += 1


def _of_account(email: str) -> str:
    return hashlib.sha256(b"account\0" + written_alike(email).encode()).hexdigest()


def _of_address(address: str) -> str:
    return hashlib.sha256(b"address\0" + address.encode()).hexdigest()
