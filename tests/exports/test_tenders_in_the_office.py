"""Every worked case gives a tender that an office suite opens, with everything the supplier owes in it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest

from clause_library.releases import shipped_library
from exports.files import tender_files
from procurement.decisions import Decisions
from procurement.particulars import Particulars
from procurement.tender import Tender, draw_up
from rules.library import LANGUAGES
from rules.questions import read_answers

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.json"))
EVERY = [(path, language) for path in SCENARIOS for language in LANGUAGES]
# Each case once, the languages in turn; the others are for a long run.
SOME = [(path, LANGUAGES[turn % len(LANGUAGES)]) for turn, path in enumerate(SCENARIOS)]


def drawn(path: Path) -> Tender:
    library = shipped_library()
    answers: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["answers"]
    return draw_up(library, read_answers(library.questions, answers), Particulars(), {}, Decisions())


def owed_by_supplier(tender: Tender) -> list[str]:
    return [
        one.requirement.id
        for entry in tender.clauses
        for one in entry.requirements
        if one.requirement.owed_by != "buyer"
    ]


def opened(folder: Path, names: list[str]) -> dict[str, str]:
    """The text of each Word file as LibreOffice lays it out."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *names]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=900)
    texts = {}
    for name in names:
        pages = pypdf.PdfReader(folder / name.replace(".docx", ".pdf")).pages
        texts[name] = "\n".join(page.extract_text() for page in pages)
    return texts


def check(folder: Path, cases: list[tuple[Path, str]]) -> None:
    tenders = {}
    for path, language in cases:
        tender, name = drawn(path), f"{path.stem}-{language}.docx"
        (folder / name).write_bytes(tender_files(tender, language, ["docx"])[0].content)
        tenders[name] = tender
    texts = opened(folder, list(tenders))
    for name, tender in tenders.items():
        found = set(re.findall(r"[A-Z]{2,3}-\d{2}\.\d+", texts[name]))
        assert set(owed_by_supplier(tender)) <= found, name
        assert len(texts[name]) > 1_000, name


needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.mark.office
@needs_office
def test_every_case_opens_in_an_office_suite_with_all_the_supplier_owes(tmp_path):
    check(tmp_path, SOME)


@pytest.mark.office
@pytest.mark.long
@needs_office
def test_every_case_opens_in_every_language(tmp_path):
    check(tmp_path, EVERY)
