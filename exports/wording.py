"""How a language is named and how it writes a date."""

import datetime as dt

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

DEFAULT_TAGS = {"es": "es-ES", "pt": "pt-PT", "en": "en-GB"}


def language_tag(language: str) -> str:
    """The tag with a region: es gives es-ES, pt pt-PT, en en-GB; es-AR stays."""
    return DEFAULT_TAGS.get(language.lower(), language)


def long_date(date: dt.date, language: str) -> str:
    """The date in words of the language, such as 12 de marzo de 2026."""
    try:
        locale = Locale.parse(language_tag(language), sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return format_date(date, "long", locale)
