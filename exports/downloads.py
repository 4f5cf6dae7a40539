"""Handing out a file: under a name that we make, as an attachment."""

import io
import re
import unicodedata

from flask import send_file
from werkzeug.wrappers import Response

LONGEST_BEGINNING = 40


def download_name(reference: str, name: str) -> str:
    """The name a file is saved under: the reference in plain letters, digits and hyphens, and what it is."""
    plain = unicodedata.normalize("NFKD", reference).encode("ascii", "ignore").decode("ascii")
    beginning = re.sub(r"[^A-Za-z0-9]+", "-", plain)[:LONGEST_BEGINNING].strip("-")
    return f"{beginning}-{name}" if beginning else name


def private_file(content: bytes, name: str, media_type: str) -> Response:
    """A file for the person who asked, kept by nobody on the way."""
    answer = send_file(io.BytesIO(content), media_type, as_attachment=True, download_name=name, conditional=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def lasting_file(content: bytes, name: str, media_type: str, sha256: str) -> Response:
    """A file that will always be the same at its address, so that anybody may keep it."""
    answer = send_file(
        io.BytesIO(content),
        media_type,
        as_attachment=True,
        download_name=name,
        etag=sha256,
        max_age=31_536_000,
    )
    answer.cache_control.immutable = True
    return answer
