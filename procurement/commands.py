"""The command `assess`: answers in, one line of assessment out."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from clause_library.errors import NoSuchRelease
from clause_library.store import library_for_commands
from procurement.briefs import answers_from_json
from procurement.record import assessment_record
from rules.assessment import assess
from rules.errors import BadAnswer
from rules.library import LANGUAGES, Library
from rules.selection import select
from rules.sentences import Speaker


@click.command("assess")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--release", type=int, default=None, help="The number of a release; the newest otherwise.")
@with_appcontext
def assess_command(language: str, release: int | None) -> None:
    """Assess briefs: JSON Lines of answers on standard input, one line out for each in."""
    try:
        library = library_for_commands(release)
    except NoSuchRelease:
        raise click.ClickException(f"There is no release {release}.") from None
    failed = False
    for number, line in _lines(sys.stdin.buffer):
        result = assessed_line(library, line, number, language)
        failed = failed or "error" in result
        sys.stdout.buffer.write(_encoded(result))
    sys.stdout.buffer.flush()
    sys.exit(1 if failed else 0)


def assessed_line(library: Library, line: bytes, number: int, language: str) -> dict[str, Any]:
    """The assessment of one line, or {"error": {code, question, message}, "line": number}."""
    try:
        answers = answers_from_json(library, _decoded(line))
        assessment = assess(library, answers)
    except BadAnswer as error:
        message = Speaker(library, language).refusal(error)
        return {
            "error": {"code": error.code, "question": error.question or None, "message": message},
            "line": number,
        }
    selection = select(library, assessment)
    return assessment_record(library, assessment, selection.clauses, selection.excluded, language)


def _lines(stream: BinaryIO | Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers from 1; a byte order mark is skipped."""
    for number, line in enumerate(stream, start=1):
        text = line.removeprefix(b"\xef\xbb\xbf").strip()
        if text:
            yield number, text


def _encoded(result: dict[str, Any]) -> bytes:
    """One line of UTF-8; a lone surrogate, which JSON can name and UTF-8 cannot hold, stays an escape."""
    return json.dumps(result, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadAnswer("invalid_json", "", str(error)) from None
