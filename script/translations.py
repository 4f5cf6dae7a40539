"""The catalogues of the pages: complete, in every language that needs one.

Says what is wrong with them, and ends with 1 where anything is. With `--update` it first adds what is missing, with
nothing as its translation, and drops what nobody says any more.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "pt")
ROOMS = ("accounts", "clause_library", "procurement", "exports", "publication")
SOURCES = [("app.py", "python"), *((f"{room}/**.py", "python") for room in ROOMS), ("templates/**.html", "jinja2")]
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext"), None),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
}
# Without dates, which would differ each time, and without names.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")


def catalogue_path(language: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def said_in_the_pages() -> Catalog:
    """Everything the Python files and the templates say through gettext, in English."""
    said = Catalog()
    found = extract_from_dir(
        ROOT, SOURCES, keywords=KEYWORDS, directory_filter=lambda folder: Path(folder).name not in (".venv", ".git")
    )
    for path, line, message, _comments, context in sorted(found, key=lambda row: row[:2]):
        said.add(message, None, [(path, line)], context=context)
    return said


def read_catalogue(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def faults(said: Catalog, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one line each."""
    for message in _messages(said):
        translated = catalogue.get(message.id, message.context)
        if translated is None:
            yield f"missing: {_shown(message)}"
        else:
            yield from _faults_of(translated)
    for message in _messages(catalogue):
        if said.get(message.id, message.context) is None:
            yield f"nobody says any more: {_shown(message)}"
    for obsolete in catalogue.obsolete:
        yield f"obsolete: {obsolete}"


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _shown(message: Message) -> str:
    places = ", ".join(f"{path}:{line}" if line else path for path, line in message.locations[:2])
    return f"{message.id!r} ({places})" if places else repr(message.id)


def _faults_of(message: Message) -> Iterator[str]:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if message.fuzzy:
        yield f"fuzzy: {_shown(message)}"
    if not all(strings):
        yield f"empty: {_shown(message)}"
        return
    # The singular may say "one" where the plural has a number.
    singular, plural = message.id if isinstance(message.id, (tuple, list)) else (message.id, message.id)
    allowed = (_placeholders(singular), _placeholders(plural))
    for string in strings:
        if _placeholders(string) not in allowed:
            yield f"other placeholders: {_shown(message)} → {string!r}"


def _placeholders(text: str | None) -> list[str]:
    return sorted(PLACEHOLDER.findall(text or ""))


def update(said: Catalog, language: str) -> None:
    """Write the catalogue with exactly what the pages say, in a stable order, keeping what is translated."""
    old = read_catalogue(language)
    new = Catalog(locale=language, charset="utf-8")
    for message in _messages(said):
        kept = old.get(message.id, message.context)
        places = [(path, 0) for path, _line in message.locations]
        string, flags = (kept.string, kept.flags) if kept else (None, ())
        new.add(message.id, string, places, flags=flags, context=message.context)
    written = io.BytesIO(HEADER.format(language=language, plurals=new.plural_forms).encode())
    written.seek(0, io.SEEK_END)
    write_po(written, new, width=110, include_lineno=False, omit_header=True)
    catalogue_path(language).parent.mkdir(parents=True, exist_ok=True)
    catalogue_path(language).write_bytes(written.getvalue())


def main(arguments: list[str]) -> int:
    said = said_in_the_pages()
    found = 0
    for language in LANGUAGES:
        if "--update" in arguments:
            update(said, language)
        for fault in faults(said, read_catalogue(language)):
            sys.stdout.write(f"{language}: {fault}\n")
            found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
