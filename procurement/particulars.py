"""The particulars of a purchase: what the officer knows and no rule decides."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation

from procurement.errors import BadInput
from rules.conditions import INSTRUMENTS, TENDER

# What requirements refer to as listed in the purpose annex, in the buyer's own words.
LISTS = ("groups", "data_categories", "permitted_aids", "tolerances")
LONGEST = {"title": 200, "reference": 80, "file_number": 80, "buyer": 200, "contact": 200, "lots": 2000}
LONGEST |= dict.fromkeys(LISTS, 2000)
CURRENCIES = ("ARS", "BRL", "CLP", "COP", "EUR", "MXN", "PEN", "USD", "UYU")


@dataclass(frozen=True)
class Particulars:
    """What is drafted, title, reference, file number, buyer, contact, dates, money, lots and lists; empty if unknown.

    `instrument` is one of INSTRUMENTS, empty for a tender; `amount` is in whole units of `currency`;
    `price_only` means the award goes to the lowest price.
    """

    instrument: str = ""
    title: str = ""
    reference: str = ""
    file_number: str = ""
    buyer: str = ""
    contact: str = ""
    date: datetime.date | None = None
    questions_until: datetime.date | None = None
    bids_until: datetime.date | None = None
    currency: str = ""
    amount: Decimal | None = None
    lots: str = ""
    groups: str = ""
    data_categories: str = ""
    permitted_aids: str = ""
    tolerances: str = ""
    price_only: bool = False

    @property
    def drafted(self) -> str:
        """What is drafted, one of INSTRUMENTS."""
        return self.instrument or TENDER

    def as_data(self) -> dict[str, object]:
        """The particulars as JSON can hold them; empty ones left out."""
        return {
            field.name: _plain(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) not in ("", None, False)
        }


def particulars_from(data: Mapping[str, object]) -> Particulars:
    """Read particulars from data. Raises BadInput for an unknown name or a value of the wrong shape."""
    known = {field.name for field in fields(Particulars)}
    for name in data:
        if name not in known:
            raise BadInput("unknown_particular", name, name)
    return Particulars(**{name: _read(name, value) for name, value in data.items()})  # type: ignore[arg-type]  # read per name


def _read(name: str, value: object) -> object:
    if name == "price_only":
        return _expect(isinstance(value, bool), name, value)
    if name == "amount":
        return _amount(value)
    if name in ("date", "questions_until", "bids_until"):
        return _date(name, value)
    _expect(isinstance(value, str) and len(value) <= LONGEST.get(name, 80), name, value)
    if name == "instrument":
        _expect(value in ("", *INSTRUMENTS), name, value)
    if name == "currency":
        _expect(value in ("", *CURRENCIES), name, value)
    return value


def _amount(value: object) -> Decimal | None:
    if value in ("", None):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise BadInput("bad_value", "amount", str(value)) from None
    _expect(not isinstance(value, bool) and amount.is_finite() and 0 <= amount < 10**15, "amount", value)
    return amount


def _date(name: str, value: object) -> datetime.date | None:
    if value in ("", None):
        return None
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise BadInput("bad_value", name, str(value)) from None


def _expect(holds: object, name: str, value: object) -> object:
    if not holds:
        raise BadInput("bad_value", name, str(value)[:80])
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
