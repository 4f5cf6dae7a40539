"""The commands `library check`, `verify`, `export`, `import`, `release` and `describe`."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from clause_library.bundles import bundle_of, read_release_file, release_file
from clause_library.checks import Problem, count_of, problems_in
from clause_library.describing import SUBJECTS, describe, titles
from clause_library.description import as_markdown, file_name
from clause_library.errors import ClauseLibraryError, HasReleases, NoSuchRelease
from clause_library.forms import LANGUAGE_NAMES
from clause_library.pages import Reader
from clause_library.proof import faults_in_evidence
from clause_library.proving import unproved
from clause_library.store import (
    enter_release,
    evidence,
    has_tables,
    library_for_commands,
    release_for_commands,
    releases,
)
from clause_library.voice import SpokenVoice
from database import reading, transaction
from ledger.verify import verify_chain
from rules.errors import BrokenLibrary
from rules.library import LANGUAGES

MISMATCH, NOTHING = 1, 2

library = AppGroup("library", help="The clause library: its checks, its proofs and its releases.")


@library.command("check")
@click.option("--release", "number", type=int, default=None, help="The number of a release; the newest otherwise.")
def check(number: int | None) -> None:
    """Check that a release is whole, in three languages; the shipped edition where there is no release."""
    try:
        bundle = bundle_of(*release_for_commands(number))
    except NoSuchRelease:
        raise click.ClickException(f"there is no release {number}") from None
    except (ClauseLibraryError, BrokenLibrary) as error:
        raise click.ClickException(f"the library cannot be read: {error}") from error
    except KeyError as error:
        raise click.ClickException(f"the library cannot be read: {error} is missing") from error
    problems = tuple(dict.fromkeys((*problems_in(bundle), *unproved(bundle))))
    for problem in problems:
        click.echo(_said(problem))
    counts = ", ".join(f"{count} {name}" for name, count in asdict(count_of(bundle)).items())
    click.echo(f"release {bundle['release']}: {counts}; {len(problems)} problems")
    sys.exit(MISMATCH if problems else 0)


@library.command("verify")
def verify() -> None:
    """Compute every hash of the database again, and the chain of its ledger.

    Exits with 0 where everything was checked and holds, 1 where something does not, 2 where there is nothing to check.
    """
    with reading() as session:
        if not has_tables(session):
            click.echo("nothing to check: the database holds no library")
            sys.exit(NOTHING)
        chain = verify_chain(session)
        try:
            found = evidence(session)
        except ValueError as error:
            raise click.ClickException(f"what is kept cannot be read: {error}") from error
    faults = sorted(faults_in_evidence(found))
    if not chain.holds:
        faults.append(f"ledger entry {chain.broken}: {chain.reason}")
    for fault in faults:
        click.echo(fault)
    click.echo(
        f"{len(found.versions)} versions, {len(found.releases)} releases, {len(found.proposals)} proposals, "
        f"{len(found.approvals)} approvals, {chain.entries} of {len(found.acts)} ledger entries; {len(faults)} faults"
    )
    click.echo(f"ledger head {chain.head}")
    if not found.releases and not faults:
        click.echo("nothing to check: there is no release")
        sys.exit(NOTHING)
    sys.exit(MISMATCH if faults else 0)


@library.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--release", "number", type=int, default=None, help="The number of a release; the newest otherwise.")
def export(file: Path, number: int | None) -> None:
    """Write a release with its versions to FILE, as one file that can be checked and imported."""
    try:
        release, versions = release_for_commands(number)
    except NoSuchRelease:
        raise click.ClickException(f"there is no release {number}") from None
    file.write_bytes(release_file(release, versions).encode())
    click.echo(f"release {release.number} {release.hash}")


@library.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_release(file: Path) -> None:
    """Enter the release in FILE, where the database has none yet."""
    try:
        release, versions = read_release_file(file.read_text(encoding="utf-8-sig"))
        bundle = bundle_of(release, versions)
        if problems := problems_in(bundle) or unproved(bundle):
            raise click.ClickException("\n".join(map(_said, problems)))
        with transaction() as session:
            note = enter_release(session, release, versions)
    except HasReleases:
        raise click.ClickException("the database has a release already") from None
    except UnicodeDecodeError as error:
        raise click.ClickException(f"not UTF-8: {error}") from error
    except ClauseLibraryError as error:
        raise click.ClickException(f"not a release that holds: {error}") from error
    click.echo(f"release {note.number} {note.hash}")


@library.command("release")
def list_releases() -> None:
    """List the releases, the newest first."""
    with reading() as session:
        notes = releases(session) if has_tables(session) else []
    for note in notes:
        click.echo(f"{note.number}\t{note.hash}\t{note.released_at:%Y-%m-%d}\t{note.origin}\t{note.reason}")
    if not notes:
        click.echo("there is no release")


def _said(problem: Problem) -> str:
    return f"{problem.where}: {problem.what}"


@library.command("describe")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--release", "number", type=int, default=None, help="The number of a release; the newest otherwise.")
def describe_release(folder: Path, number: int | None) -> None:
    """Write what a release covers and rests on to DIR, a Markdown file for each subject and language."""
    try:
        described = library_for_commands(number)
    except NoSuchRelease:
        raise click.ClickException(f"there is no release {number}") from None
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        with force_locale(language):
            reader, voice = Reader(described, language), SpokenVoice()
            for subject in SUBJECTS:
                written = as_markdown(describe(subject, reader, voice), language, titles(voice), LANGUAGE_NAMES)
                (folder / file_name(subject, language)).write_text(written, encoding="utf-8")
    click.echo(f"{len(SUBJECTS) * len(LANGUAGES)} files in {folder}")
