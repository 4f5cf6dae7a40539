"""The command `tender build`: the files of a tender from a file of answers, without a server."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from clause_library.errors import NoSuchRelease
from clause_library.store import library_for_commands
from exports.data import canonical_json
from exports.errors import PdfUnavailable
from exports.files import FORMATS, File, tender_files
from procurement.briefs import answers_from_json
from procurement.burden_told import burden_told
from procurement.decisions import decisions_from
from procurement.errors import BadInput
from procurement.parameters import read_parameters
from procurement.particulars import particulars_from
from procurement.record import tender_record
from procurement.tender import Tender, draw_up
from rules.errors import BadAnswer
from rules.library import LANGUAGES, Library
from rules.sentences import Speaker

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("tender")
def tender_group() -> None:
    """Tenders without a server."""


@tender_group.command("build")
@click.argument("answers", type=READABLE)
@click.option("--language", type=click.Choice(LANGUAGES), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--input", "input_file", type=READABLE, default=None, help="Particulars, parameters and decisions.")
@click.option("--formats", default=",".join(FORMATS), show_default=True)
@click.option("--date", "date_text", default=None, help="The date of the documents, YYYY-MM-DD.")
@click.option("--release", type=int, default=None, help="The number of a release; the newest otherwise.")
@with_appcontext
def build(
    answers: Path,
    language: str,
    out: Path,
    input_file: Path | None,
    formats: str,
    date_text: str | None,
    release: int | None,
) -> None:
    """Write the tender, checklist and record of ANSWERS (one JSON object) into a folder."""
    wanted = _formats(formats)
    try:
        library = library_for_commands(release)
    except NoSuchRelease:
        raise click.ClickException(f"There is no release {release}.") from None
    given, dated = _given(input_file), {} if date_text is None else {"date": _date(date_text)}
    try:
        tender = _tender(library, answers, given, dated)
    except (BadAnswer, BadInput) as error:
        raise click.ClickException(_said(library, language, error)) from None
    try:
        files = tender_files(tender, language, wanted)
    except PdfUnavailable as error:
        raise click.ClickException(f"{error} Or leave pdf out of --formats.") from None
    _write(out, files)
    if "json" in wanted:
        record = tender_record(tender, language, {file.name: file.sha256 for file in files})
        _write_file(out / "record.json", canonical_json(record))


@tender_group.command("burden")
@with_appcontext
def burden() -> None:
    """Print what the worked purchases ask of bidders, supplier and buyer, as Markdown."""
    click.echo(burden_told(library_for_commands(None)), nl=False)


def _formats(text: str) -> list[str]:
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise click.BadParameter(f"choose among {', '.join(FORMATS)}", param_hint="--formats")
    return wanted


def _given(input_file: Path | None) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if input_file is not None:
        try:
            given = json.loads(input_file.read_text(encoding="utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise click.ClickException(f"{input_file.name}: {error}") from None
    unknown = set(given) - {"particulars", "parameters", "decisions"} if isinstance(given, dict) else {"list"}
    if unknown:
        raise click.ClickException(f"{input_file and input_file.name}: unknown part {min(unknown)!r}")
    return given


def _date(text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date such as 2026-11-20", param_hint="--date") from None


def _tender(library: Library, answers: Path, given: Mapping[str, Any], dated: Mapping[str, str]) -> Tender:
    try:
        text = answers.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadAnswer("invalid_json", "", str(error)) from None
    return draw_up(
        library,
        answers_from_json(library, text),
        particulars_from({**_part(given, "particulars"), **dated}),
        read_parameters(library, _part(given, "parameters")),
        decisions_from(library, _part(given, "decisions")),
    )


def _part(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = given.get(name, {})
    if not isinstance(part, Mapping):
        raise BadInput("bad_value", name, str(part)[:80])
    return part


def _said(library: Library, language: str, error: BadAnswer | BadInput) -> str:
    speaker = Speaker(library, language)
    if isinstance(error, BadAnswer):
        return speaker.refusal(error)
    sentence: str = speaker.sentences["errors"][error.code]
    return sentence.format(question=error.field, value=error.value)


def _write(out: Path, files: tuple[File, ...]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    for file in files:
        _write_file(out / file.name, file.content)


def _write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
