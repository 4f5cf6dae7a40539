import datetime as dt
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings, strategies
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from exports.checklist import ChecklistRow, ChecklistSheet, Deliverable, Duty, checklist_bytes
from exports.checklist_texts import ChecklistTexts, checklist_texts
from tests.exports.sample_checklist import sample_checklist

ROOT = Path(__file__).parent.parent.parent
HOSTILE = [
    '=cmd("calc")', "+1+1", "-2", "@SUM(A1)", "\t=1", "＝1+1", "{=1}", '=HYPERLINK("http://x")', "https://example.org",
    "a\x0bb", "\x00", "\ud800", "\ufffe", "_x0041_", "<c t='f'>", "{{ 7*7 }}", "\u202eevil", "X" * 40_000,
    "😀" * 20_000, "&" * 300, "&P &Q", "'a'", "[]:*?/\\", "007", "1E5", "TRUE",
]  # fmt: skip


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def checklist(content: bytes) -> Worksheet:
    sheet = opened(content)["Checklist"]
    assert isinstance(sheet, Worksheet)
    return sheet


def hostile_sheet(text: str) -> ChecklistSheet:
    row = ChecklistRow(text, text, text, text, text, text, "level", text, text, (text or "x", "b"), 5)
    texts = replace(
        checklist_texts("en"),
        **{
            one.name: text
            for one in fields(ChecklistTexts)
            if one.name not in {"how_to", "supplier_fields", "yes_no", "levels", "prompts", "signature_fields"}
        },
    )
    return ChecklistSheet(
        "en", text, text, dt.date(2026, 3, 12), texts, (row, row), (text,), (text,), (Duty(text, text),),
        (Deliverable(text, text, text, text),), text, {text or "k": text},
    )  # fmt: skip


def test_the_sheets_stand_in_order_and_the_lists_are_hidden():
    workbook = opened(checklist_bytes(sample_checklist("es")))

    names = ["Léame", "Oferente", "Checklist", "Pruebas", "Aceptación", "Entregables", "Lists"]
    assert workbook.sheetnames == names
    assert workbook["Lists"].sheet_state == "hidden"
    assert workbook.active is workbook["Léame"]


@pytest.mark.parametrize("language", ["es", "pt", "en", "pt-BR", "fr"])
def test_every_language_has_its_words_and_the_same_sheet_checklist(language: str):
    workbook = opened(checklist_bytes(sample_checklist(language)))

    assert "Checklist" in workbook.sheetnames
    assert len(workbook.sheetnames) == 7


def test_each_requirement_has_one_row_with_its_id_alone_in_a_cell():
    sheet = sample_checklist()

    written = checklist(checklist_bytes(sheet))

    assert [written.cell(row, 1).value for row in range(2, written.max_row + 1)] == [row.id for row in sheet.rows]
    assert [written.cell(row, 3).value for row in range(2, written.max_row + 1)] == [row.text for row in sheet.rows]


def test_no_cell_is_merged_and_header_and_ids_stay_in_sight():
    workbook = opened(checklist_bytes(sample_checklist()))

    assert not [sheet for sheet in workbook.worksheets if sheet.merged_cells.ranges]
    sheet = workbook["Checklist"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:L12"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_rows_grow_with_what_is_typed():
    content = checklist_bytes(sample_checklist())

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = b"".join(package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet"))

    assert b" ht=" in sheets
    assert b"customHeight" not in sheets


def test_mandatory_rows_offer_yes_or_no_from_the_lists():
    workbook = opened(checklist_bytes(sample_checklist()))
    rules = {str(rule.sqref): rule for rule in workbook["Checklist"].data_validations.dataValidation}

    name = str(rules["F2"].formula1).removeprefix("=")
    destination = workbook.defined_names[name].attr_text

    assert destination == "Lists!$A$2:$A$3"
    assert [workbook["Lists"][cell].value for cell in ("A2", "A3")] == ["Sí", "No"]
    assert rules["F5"].type == "decimal"


def test_questions_are_locked_answers_are_not_and_there_is_no_password():
    workbook = opened(checklist_bytes(sample_checklist()))
    sheet = workbook["Checklist"]

    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not sheet.protection.formatColumns
    assert not sheet.protection.formatRows
    assert not sheet.protection.autoFilter
    assert [sheet.cell(2, column).protection.locked for column in range(1, 16)] == [True] * 5 + [False] * 6 + [True] * 4


def test_the_only_formulas_are_our_counters():
    workbook = opened(checklist_bytes(sample_checklist()))

    formulas = {
        sheet.title: [cell.value for row in sheet for cell in row if cell.data_type == "f"]
        for sheet in workbook.worksheets
    }

    assert {name for name, found in formulas.items() if found} == {"Léame"}
    assert all(
        str(formula).startswith(("=COUNTIF(Checklist!$O", "=COUNTIFS(Checklist!$O")) for formula in formulas["Léame"]
    )
    assert len(formulas["Léame"]) == 6


def test_unanswered_mandatory_rows_are_marked():
    rules = checklist(checklist_bytes(sample_checklist())).conditional_formatting

    found = {str(one.sqref): rule.formula for one in rules for rule in one.rules}

    assert found["F2:F12"] == ['AND($O2="mandatory",ISBLANK($F2))']
    assert found["K2:K12"] == ["AND(NOT(ISBLANK($J2)),ISBLANK($K2))"]


def test_ids_with_versions_and_hashes_travel_unseen():
    sheet = checklist(checklist_bytes(sample_checklist()))

    assert (sheet["M4"].value, sheet["N4"].value, sheet["O4"].value) == ("DQ-03.1@3", "ab" * 32, "mandatory")
    assert sheet.column_dimensions["M"].hidden


def test_the_same_checklist_gives_the_same_bytes_whatever_the_zone_and_the_hash_seed():
    script = (
        "import hashlib; from tests.exports.sample_checklist import sample_checklist; "
        "from exports.checklist import checklist_bytes; "
        "print(hashlib.sha256(checklist_bytes(sample_checklist())).hexdigest())"
    )
    surroundings = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}

    elsewhere = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=surroundings, capture_output=True, check=True
    )

    assert elsewhere.stdout.decode().strip() == hashlib.sha256(checklist_bytes(sample_checklist())).hexdigest()


def test_the_file_is_dated_by_the_tender_and_has_no_macros():
    content = checklist_bytes(sample_checklist())

    properties = opened(content).properties
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()

    assert properties.created == dt.datetime(2026, 3, 12)  # noqa: DTZ001 - Excel's dates have no zone
    assert properties.creator == "Dirección General de Compras"
    assert not [name for name in names if "vba" in name or "externalLink" in name]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:24])
def test_hostile_text_is_text(text: str):
    workbook = opened(checklist_bytes(hostile_sheet(text)))

    cells = [cell for sheet in workbook.worksheets for row in sheet for cell in row if cell.value is not None]
    assert not [
        cell for cell in cells if cell.data_type == "f" and not re.match(r"=COUNTIFS?\(Checklist", str(cell.value))
    ]
    assert not [cell for cell in cells if cell.hyperlink]
    assert all(cell.data_type in "sf" for cell in cells if cell.parent.title == "Checklist")
    assert len(workbook.sheetnames) == 7


def test_text_longer_than_a_cell_is_cut_where_people_see_it():
    content = checklist_bytes(
        sample_checklist("es", (replace(sample_checklist().rows[0], id="X-1", text="😀" * 20_000),))
    )

    text = str(checklist(content).cell(13, 3).value)

    assert text.endswith("…")
    assert len(text) > 10_000


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.text(alphabet=strategies.characters(codec=None), max_size=40))
def test_any_text_can_be_written(text: str):
    assert len(opened(checklist_bytes(hostile_sheet(text))).sheetnames) == 7


def test_a_checklist_without_rows_is_a_checklist():
    empty = replace(sample_checklist(), rows=(), acceptance=(), deliverables=(), read_me=(), supplier_fields=())

    assert checklist(checklist_bytes(empty)).max_row == 1
