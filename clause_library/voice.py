"""How descriptions speak: the sentences, dates and countries of the language that is in use."""

from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask_babel import format_date, get_locale, gettext, ngettext

from clause_library.sourcing import INTERNATIONAL


class SpokenVoice:
    """The voice of the language of the page, or of the one that is forced."""

    def gettext(self, message: str, **values: object) -> str:
        """A sentence, its blanks filled in."""
        return str(gettext(message, **values))

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """A sentence about a number of things."""
        return str(ngettext(one, many, num, **values))

    def date(self, written: str) -> str:
        """A day or a month that is written as 2026-11-20 or 2026-11; anything else as it is."""
        locale: Any = get_locale()
        try:
            return str(format_date(date.fromisoformat(written), "long"))
        except ValueError:
            pass
        try:
            return format_skeleton("yMMMM", date.fromisoformat(f"{written}-01"), locale=locale)
        except ValueError:
            return written

    def country(self, code: str) -> str:
        """The name of a country."""
        if code == INTERNATIONAL:
            return str(gettext("International"))
        names: Any = get_locale().territories
        return str(names.get(code, code))
