"""The command `tender build`: the files of a tender from a file of answers."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from click.testing import Result
from lxml import etree

from app import create_app
from clause_library.releases import shipped_library
from exports.errors import PdfUnavailable
from exports.pdf import pdf_bytes
from procurement.commands import assessed_line
from tests.exports.sample_document import sample_document

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
CHAT, JOBS, FACES = "S01-city-services-chat", "S14-job-applications", "S05-live-face-recognition"
WITHOUT_PDF = "docx,xlsx,json"
REQUIREMENT = re.compile(r"[A-Z]{2,3}-\d{2}\.\d+")
INPUT = {
    "particulars": {"title": "Asistente", "reference": "X-1", "buyer": "A City", "date": "2026-11-20"},
    "parameters": {"regression_max_drop_pp": "1,5"},
    "decisions": {"form": "full", "clauses": {"USE-02": {"way": "out", "reason": "Está en otro anexo."}}},
}
Build = Callable[..., Result]


def answers_of(scenario: str) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((SCENARIOS / f"{scenario}.json").read_text(encoding="utf-8"))["answers"]
    return answers


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('empty') / 'library.sqlite'}"})
    yield app.test_cli_runner()
    app.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def build(commands: Any, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds into a folder from answers, and from a file of input if there is one."""

    def built(out: Path, answers: Any, *options: str, given: Any = None, formats: str = WITHOUT_PDF) -> Result:
        folder = tmp_path_factory.mktemp("given")
        arguments = ["tender", "build", str(written(folder / "answers.json", answers)), "--out", str(out)]
        arguments += ["--formats", formats, *([] if "--language" in options else ["--language", "es"]), *options]
        if given is not None:
            arguments += ["--input", str(written(folder / "input.json", given))]
        return commands.invoke(args=arguments)

    return built


def written(path: Path, content: Any) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


@pytest.fixture(scope="module", params=[CHAT, JOBS])
def folder(request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tender in Word and Excel with its record, without any input."""
    out = tmp_path_factory.mktemp("out") / "new" / "folder"
    result = build(out, answers_of(request.param))
    assert (result.exit_code, result.output) == (0, "")
    return out


@pytest.fixture(scope="module")
def with_pdf() -> None:
    try:
        pdf_bytes(sample_document())
    except PdfUnavailable as missing:
        pytest.skip(str(missing))


def record_in(out: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((out / "record.json").read_text(encoding="utf-8"))
    return record


def suppliers_requirements(record: dict[str, Any]) -> set[str]:
    return {one["id"] for entry in record["clauses"] for one in entry["requirements"] if one["owed_by"] != "buyer"}


def runs(content: bytes) -> list[str]:
    """The text of each run of a Word document."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return ["".join(text.text or "" for text in run.iter(f"{name}t")) for run in body.iter(f"{name}r")]


def cells(content: bytes) -> dict[str, list[str]]:
    """The text of each cell, per sheet in order."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [str(cell.value) for row in sheet for cell in row if cell.value] for sheet in book}


def names_in(texts: list[str]) -> set[str]:
    return {name for text in texts for name in REQUIREMENT.findall(text)}


def test_a_tender_is_written_as_word_excel_and_record_with_gaps_listed(folder):
    record = record_in(folder)

    assert sorted(path.name for path in folder.iterdir()) == ["checklist.xlsx", "record.json", "tender.docx"]
    assert record["unfilled"]
    for name, digest in record["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert sorted(record["files"]) == ["checklist.xlsx", "tender.docx"]


@pytest.mark.parametrize("scenario", [JOBS, FACES])
def test_the_record_begins_as_the_line_of_assess(build, tmp_path, scenario):
    build(tmp_path, answers_of(scenario), formats="json")

    record = record_in(tmp_path)
    line = assessed_line(shipped_library(), json.dumps(answers_of(scenario)).encode(), 1, "es")
    assert {name: record[name] for name in line} == line
    assert record["answers"] == answers_of(scenario)


def test_every_requirement_of_the_supplier_stands_whole_in_one_run_of_the_word_file(folder):
    wanted = suppliers_requirements(record_in(folder))

    found = names_in(runs((folder / "tender.docx").read_bytes()))

    assert len(wanted) > 40
    assert wanted - found == set()


def test_every_requirement_of_the_supplier_is_a_row_of_the_checklist_or_accepted_under_one_signature(folder):
    wanted = suppliers_requirements(record_in(folder))

    sheets = cells((folder / "checklist.xlsx").read_bytes())

    rows = names_in([text for text in sheets["Checklist"] if REQUIREMENT.fullmatch(text)])
    accepted = {text for text in sheets["Aceptación"] if REQUIREMENT.fullmatch(text)}
    assert rows | accepted == wanted
    assert rows & accepted == set()


def test_gaps_are_marked_in_the_text(folder):
    words = json.loads((folder / "record.json").read_text(encoding="utf-8"))["unfilled"]
    labels = shipped_library().words["es"]["parameters"]

    text = "\n".join(runs((folder / "tender.docx").read_bytes()))

    assert all(labels[name]["label"] in text for name in words)


@pytest.mark.parametrize("name", ["tender.docx", "checklist.xlsx", "record.json"])
def test_the_same_answers_give_the_same_bytes_in_another_place_and_process(build, tmp_path_factory, name):
    here, there = _built_twice(build, tmp_path_factory)

    assert (here / name).read_bytes() == (there / name).read_bytes()


def _built_twice(build: Build, factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same tender from this process and from one in another time zone with other hashes; made once."""
    if not hasattr(_built_twice, "made"):
        here, there = factory.mktemp("here"), factory.mktemp("there")
        build(here, answers_of(JOBS), given=INPUT)
        answers = written(factory.mktemp("given") / "a.json", answers_of(JOBS))
        given = written(answers.with_name("b.json"), INPUT)
        command = [sys.executable, "-m", "flask", "--app", "app", "tender", "build", str(answers), "--language", "es",
                   "--out", str(there), "--input", str(given), "--formats", WITHOUT_PDF]  # fmt: skip
        environment = os.environ | {
            "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "12345", "LC_ALL": "C",
            "DATABASE_URL": f"sqlite:///{there}-database/library.sqlite",
        }  # fmt: skip
        subprocess.run(command, env=environment, cwd=ROOT, check=True)
        _built_twice.made = here, there  # type: ignore[attr-defined]
    return _built_twice.made  # type: ignore[attr-defined,no-any-return]


def test_input_fills_decides_and_is_kept_in_the_record(build, tmp_path):
    result = build(tmp_path, answers_of(CHAT), given=INPUT)

    record = record_in(tmp_path)
    text = "\n".join(runs((tmp_path / "tender.docx").read_bytes()))
    assert (result.exit_code, result.output) == (0, "")
    assert record["particulars"] == INPUT["particulars"]
    assert record["decisions"] == INPUT["decisions"]
    assert record["parameters"]["regression_max_drop_pp"] == {"value": 1.5, "origin": "given"}
    assert record["form"] == "full"
    assert "USE-02" not in [entry["id"] for entry in record["clauses"]]
    assert "Asistente" in text


def test_a_date_on_the_command_line_is_the_date_of_the_tender(build, tmp_path):
    build(tmp_path, answers_of(CHAT), "--date", "2026-12-01", given=INPUT, formats="json")

    assert record_in(tmp_path)["particulars"]["date"] == "2026-12-01"


def test_a_folder_with_other_files_keeps_them(build, tmp_path):
    written(tmp_path / "notes.txt", b"mine")
    written(tmp_path / "record.json", b"old")

    result = build(tmp_path, answers_of(FACES), formats="docx,xlsx,json")

    assert result.exit_code == 0
    assert (tmp_path / "notes.txt").read_bytes() == b"mine"
    assert record_in(tmp_path)["tier"] == 0


@pytest.mark.usefixtures("with_pdf")
def test_a_stopped_purchase_gives_a_stop_report_and_a_record_and_no_tender(build, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"

    results = [build(out, answers_of(FACES), formats="docx,pdf,xlsx,json") for out in (first, second)]

    assert [result.exit_code for result in results] == [0, 0]
    assert sorted(path.name for path in first.iterdir()) == ["record.json", "stop.docx", "stop.pdf"]
    assert all(path.read_bytes() == (second / path.name).read_bytes() for path in first.iterdir())
    record = record_in(first)
    assert (record["tier"], record["clauses"], record["unfilled"]) == (0, [], [])
    assert sorted(record["files"]) == ["stop.docx", "stop.pdf"]


@pytest.mark.usefixtures("with_pdf")
def test_every_requirement_of_the_supplier_stands_whole_in_one_line_of_the_pdf(build, tmp_path):
    result = build(tmp_path, answers_of(CHAT), formats="pdf,json")

    reader = pypdf.PdfReader(tmp_path / "tender.pdf")
    lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
    assert result.exit_code == 0
    assert suppliers_requirements(record_in(tmp_path)) - names_in(lines) == set()


@pytest.mark.parametrize("language", ["pt", "en"])
def test_another_language_says_the_same_requirements(build, tmp_path, language):
    spanish, other = tmp_path / "es", tmp_path / language

    build(spanish, answers_of(CHAT), formats="docx")
    build(other, answers_of(CHAT), "--language", language, formats="docx")

    texts = [runs((out / "tender.docx").read_bytes()) for out in (spanish, other)]
    assert names_in(texts[0]) == names_in(texts[1])
    assert texts[0] != texts[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "input.json"),
        (None, ""),
        ({"prices": {}}, "prices"),
        (b"{", "input.json"),
        (b"\xff", "input.json"),
        ({"particulars": ["title"]}, "particulars"),
        ({"particulars": {"colour": "red"}}, "colour"),
        ({"particulars": {"bids_until": "tomorrow"}}, "tomorrow"),
        ({"particulars": {"amount": "a lot"}}, "a lot"),
        ({"parameters": {"hours": 3}}, "hours"),
        ({"parameters": {"cure_days": 100_000}}, "100000"),
        ({"parameters": {"cure_days": "soon"}}, "soon"),
        ({"parameters": 3}, "parameters: 3"),
        ({"decisions": {"tier": {"tier": 9, "reason": "No."}}}, "9"),
        ({"decisions": {"clauses": {"ZZZ-01": {"way": "in", "reason": "Yes."}}}}, "ZZZ-01"),
        ({"decisions": {"clauses": {"USE-01": {"way": "out"}}}}, "reason"),
        ({"decisions": {"colour": "red"}}, "colour"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--date", "2026-12-01"]])
def test_input_that_cannot_be_read_is_refused_in_words_and_nothing_is_written(build, tmp_path, given, said, options):
    out = tmp_path / "out"

    result = build(out, answers_of(CHAT), *options, given=b"null" if given is None else given, formats="json")

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [({}, "Ámbito"), (b"[]", "JSON"), (b"{", "JSON"), (b"\xff", "JSON"), ({"colour": "red"}, "colour")],
)
def test_answers_that_cannot_be_read_are_refused_in_words(build, tmp_path, answers, said):
    result = build(tmp_path / "out", answers, formats="json")

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert said.lower() in result.stderr.lower()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [["--language", "fr"], ["--formats", "odt"], ["--formats", ""], ["--date", "tomorrow"], ["--release", "x"]],
)
def test_a_wrong_use_is_told_apart(build, tmp_path, options):
    result = build(tmp_path / "out", answers_of(CHAT), *options)

    assert result.exit_code == 2
    assert "Usage:" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_release_that_is_not_there_is_named(build, tmp_path):
    result = build(tmp_path / "out", answers_of(CHAT), "--release", "99", formats="json")

    assert isinstance(result.exception, SystemExit)
    assert "99" in result.stderr


def test_a_file_of_answers_that_is_not_there_is_named(commands, tmp_path):
    arguments = ["tender", "build", str(tmp_path / "none.json"), "--language", "es", "--out", str(tmp_path / "out")]

    result = commands.invoke(args=arguments)

    assert result.exit_code == 2
    assert "none.json" in result.stderr


def test_answers_may_begin_with_a_mark_and_hold_what_no_file_can_show(build, tmp_path):
    answers = {**answers_of(CHAT), "problem": "Señales \ud800 \x00 <w:p> {{ x }}"}

    result = build(tmp_path, b"\xef\xbb\xbf" + json.dumps(answers).encode())

    assert (result.exit_code, result.output) == (0, "")
    assert record_in(tmp_path)["tier"] == 2
