"""The shape of what is typed when publishing and when checking a file."""

import re

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

HASH = re.compile(r"[0-9a-f]{64}")


class PublishForm(FlaskForm):
    """The knowing consent of whoever publishes. `read` is the digest of the draft that was on the page."""

    confirmed = BooleanField(
        _("I have read the preview to its end, and I publish this tender"),
        validators=[InputRequired(_("Tick the box to publish, or go back to the preview"))],
    )
    read = HiddenField()


def hash_typed(typed: str) -> str | None:
    """The SHA-256 in what was typed or pasted, capitals, spaces and colons allowed; None where there is none."""
    plain = re.sub(r"[\s:]", "", typed).lower()
    return plain if HASH.fullmatch(plain) else None
