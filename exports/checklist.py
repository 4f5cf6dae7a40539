"""The bidder's checklist as an Excel workbook."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import xlsxwriter

from exports.checklist_texts import ChecklistTexts
from exports.package import package, part
from rules.text import clean

AnswerKind = Literal["yes_no", "number", "level", "text", "test_result"]

CHECKLIST, LISTS = "Checklist", "Lists"
LOCAL_SHEETS = ("read_me", "supplier", "evidence", "acceptance", "deliverables")
# Excel keeps History for itself; sheet names are compared without regard to capitals.
RESERVED_NAMES = {"history", CHECKLIST.lower(), LISTS.lower()}
# Excel refuses longer cells and names; XlsxWriter would leave the cell empty without a word.
MOST_IN_CELL, MOST_IN_NAME, MOST_IN_HEADER = 32_000, 31, 110
SHADES = {
    "head": "#1F3A56",
    "head_text": "#FFFFFF",
    "rule": "#C8D0D9",
    "question": "#F3F6F9",
    "missing": "#FFF1C2",
}
GREY, NAVY = "#56606B", "#1F3A56"
EVIDENCE_ROWS = 60
CHECKLIST_WIDTHS = (11, 18, 46, 12, 28, 12, 32, 10, 8, 13, 20, 9, 20, 20, 12)
FIXED_HEIGHT = re.compile(rb'(<row [^>]*?) customHeight="1"')


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One requirement a bidder answers. `machine` is the id with its version, `digest` the hash of its text.

    `question` stands before the text of the duty and `scale` after it, where there are any. `choices` replaces the
    answers offered for yes_no and level. `most_words` is shown beside the answer; 0 is no limit.
    """

    id: str
    clause_title: str
    text: str
    strength: str
    strength_label: str
    evidence: str
    answer: AnswerKind
    machine: str = ""
    digest: str = ""
    choices: tuple[str, ...] = ()
    most_words: int = 0
    question: str = ""
    scale: str = ""

    @property
    def asked(self) -> str:
        """All that is read before answering."""
        return "\n".join(filter(None, (self.question, self.text, self.scale)))


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of the supplier that is accepted as a whole, not answered one by one."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    id: str
    duty: str
    moment: str
    term: str


@dataclass(frozen=True, slots=True)
class ChecklistSheet:
    """All that the workbook says. `date` dates the file; `machine` goes into its properties, unseen."""

    language: str
    title: str
    reference: str
    date: dt.date
    texts: ChecklistTexts
    rows: tuple[ChecklistRow, ...]
    read_me: tuple[str, ...] = ()
    supplier_fields: tuple[str, ...] = ()
    acceptance: tuple[Duty, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    author: str = ""
    machine: Mapping[str, str] = field(default_factory=dict)


def checklist_bytes(sheet: ChecklistSheet) -> bytes:
    """The workbook as .xlsx, the same bytes each time."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(written, options) as workbook:
        _properties(workbook, sheet)
        _Workbook(workbook, sheet).write()
    return _with_growing_rows(written)


def _with_growing_rows(written: io.BytesIO) -> bytes:
    """The workbook with row heights that are a beginning, not fixed: a row grows with what is typed into it.

    XlsxWriter marks each height it is given as chosen by a person, and Excel then never changes it.
    """
    with zipfile.ZipFile(written) as workbook:
        contents = {name: workbook.read(name) for name in workbook.namelist()}
    return package(
        part(name, FIXED_HEIGHT.sub(rb"\1", content) if name.startswith("xl/worksheets/") else content)
        for name, content in contents.items()
    )


def _properties(workbook: Any, sheet: ChecklistSheet) -> None:
    workbook.set_properties(
        {
            "title": _cell(sheet.title),
            "subject": _cell(sheet.reference),
            "author": _cell(sheet.author),
            "created": dt.datetime.combine(sheet.date, dt.time()),
        }
    )
    for name in sorted(sheet.machine):
        workbook.set_custom_property(_cut(_cell(name), 255), _cut(_cell(sheet.machine[name]), 255), "text")


def _cell(text: str) -> str:
    """Text that Excel keeps as it is: clean, not too long, no tab."""
    text = clean(text).replace("\t", " ")
    return text if _units(text) <= MOST_IN_CELL else _cut(text, MOST_IN_CELL - 1) + "…"


def _units(text: str) -> int:
    """How long the text is for Excel, which counts a letter beyond the first plane twice."""
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _sheet_name(text: str, taken: set[str]) -> str:
    """A name Excel accepts for a sheet, unlike any taken before."""
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in clean(text))
    stem = _cut(" ".join(plain.split()).strip("' "), MOST_IN_NAME).strip("' ") or "Sheet"
    name, count = stem, 1
    while name.lower() in taken | RESERVED_NAMES:
        count += 1
        name = f"{_cut(stem, MOST_IN_NAME - 4)} {count}"
    taken.add(name.lower())
    return name


class _Workbook:
    """Writes the sheets of one workbook in their order; every text is written as text, never as a formula."""

    def __init__(self, workbook: Any, sheet: ChecklistSheet) -> None:
        self.workbook, self.sheet, self.texts = workbook, sheet, sheet.texts
        self.formats: dict[str, Any] = {}
        self.choices: dict[tuple[str, ...], str] = {}
        taken: set[str] = set()
        self.names = {name: _sheet_name(getattr(sheet.texts, name), taken) for name in LOCAL_SHEETS}

    def write(self) -> None:
        """The sheets in the order people see them; Read me comes first and counts what Checklist holds."""
        read_me = self._sheet(self.names["read_me"], portrait=True)
        supplier = self._sheet(self.names["supplier"], portrait=True)
        checklist = self._sheet(CHECKLIST)
        evidence = self._sheet(self.names["evidence"])
        acceptance = self._sheet(self.names["acceptance"], portrait=True)
        deliverables = self._sheet(self.names["deliverables"])
        lists = self.workbook.add_worksheet(LISTS)
        self._read_me(read_me)
        self._supplier(supplier)
        self._checklist(checklist)
        self._evidence(evidence)
        self._acceptance(acceptance)
        self._deliverables(deliverables)
        self._lists(lists)
        lists.hide()
        read_me.activate()

    # Shapes

    def _sheet(self, name: str, *, portrait: bool = False) -> Any:
        worksheet = self.workbook.add_worksheet(name)
        worksheet.hide_gridlines(2)
        worksheet.set_paper(9)
        worksheet.set_portrait() if portrait else worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.7)
        worksheet.set_header(f"&L&8{_in_header(self.sheet.title)}&R&8{_in_header(self.sheet.reference)}")
        worksheet.set_footer(f"&L&8{_in_header(name)}&R&8&P / &N")
        worksheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "select_locked_cells": True,
                "select_unlocked_cells": True,
            },
        )
        return worksheet

    def _format(self, kind: str) -> Any:
        if kind not in self.formats:
            self.formats[kind] = self.workbook.add_format(BASE_FORMAT | FORMATS[kind])
        return self.formats[kind]

    def _text(self, worksheet: Any, row: int, column: int, text: str, kind: str = "question") -> None:
        text = _cell(text)
        if text:
            worksheet.write_string(row, column, text, self._format(kind))
        else:
            worksheet.write_blank(row, column, None, self._format(kind))

    def _head(self, worksheet: Any, row: int, titles: tuple[str, ...], widths: tuple[float, ...]) -> None:
        for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
            worksheet.set_column(column, column, width)
            self._text(worksheet, row, column, title, "head")

    # Sheets

    def _read_me(self, worksheet: Any) -> None:
        sheet, texts = self.sheet, self.texts
        worksheet.set_column(0, 0, 78)
        worksheet.set_column(1, 2, 15)
        self._text(worksheet, 0, 0, sheet.title, "title")
        self._text(worksheet, 1, 0, sheet.reference, "quiet")
        worksheet.set_row(0, 27)
        row = 3
        for line in (*sheet.read_me, *texts.how_to):
            self._text(worksheet, row, 0, line, "prose")
            worksheet.set_row(row, 15 * _lines_needed(line, 76) + 6)
            row += 1
        self._counters(worksheet, row + 1)

    def _counters(self, worksheet: Any, row: int) -> None:
        """The counters: our only formulas. Each counts answers of one strength, given and asked."""
        texts = self.texts
        for column, title in enumerate((texts.completeness, texts.answered, texts.asked)):
            self._text(worksheet, row, column, title, "head")
        last = max(len(self.sheet.rows), 1) + 1
        strength = f"{CHECKLIST}!$O$2:$O${last}"
        answer = f"{CHECKLIST}!$F$2:$F${last}"
        labels = {one.strength: one.strength_label for one in self.sheet.rows}
        for code, label in labels.items():
            row += 1
            safe = "".join(letter for letter in clean(code) if letter.isalnum() or letter in "_-")
            self._text(worksheet, row, 0, label)
            given = f'=COUNTIFS({strength},"{safe}",{answer},"?*")+SUMPRODUCT(({strength}="{safe}")*ISNUMBER({answer}))'
            asked = sum(one.strength == code for one in self.sheet.rows)
            worksheet.write_formula(row, 1, given, self._format("count"), 0)
            worksheet.write_formula(row, 2, f'=COUNTIF({strength},"{safe}")', self._format("count"), asked)

    def _supplier(self, worksheet: Any) -> None:
        texts = self.texts
        self._head(worksheet, 0, (texts.field, texts.answer), (38, 60))
        for row, name in enumerate(self.sheet.supplier_fields or texts.supplier_fields, start=1):
            self._text(worksheet, row, 0, name)
            self._text(worksheet, row, 1, "", "answer")
            worksheet.set_row(row, 15 * _lines_needed(name, 36) + 6)
        worksheet.freeze_panes(1, 1)

    def _checklist(self, worksheet: Any) -> None:
        texts, rows = self.texts, self.sheet.rows
        titles: tuple[str, ...] = (
            texts.id,
            texts.clause,
            texts.requirement,
            texts.strength,
            texts.evidence_asked,
            texts.answer,
        )
        titles += (texts.explanation, texts.evidence_reference, texts.page, texts.secret, texts.secret_reason)
        titles += (texts.most_words, "machine_id", "digest", "strength_code")
        self._head(worksheet, 0, titles, CHECKLIST_WIDTHS)
        worksheet.set_row(0, 33)
        for row, one in enumerate(rows, start=1):
            self._question(worksheet, row, one)
        last = max(len(rows), 1)
        worksheet.set_column(12, 14, None, None, {"hidden": True})
        worksheet.freeze_panes(1, 1)
        worksheet.autofilter(0, 0, last, 11)
        worksheet.repeat_rows(0)
        worksheet.repeat_columns(0)
        worksheet.print_area(0, 0, last, 11)
        missing = self.workbook.add_format({"bg_color": SHADES["missing"]})
        for cells, rule in (
            (f"F2:F{last + 1}", '=AND($O2="mandatory",ISBLANK($F2))'),
            (f"K2:K{last + 1}", "=AND(NOT(ISBLANK($J2)),ISBLANK($K2))"),
        ):
            worksheet.conditional_format(cells, {"type": "formula", "criteria": rule, "format": missing})

    def _question(self, worksheet: Any, row: int, one: ChecklistRow) -> None:
        values = (one.id, one.clause_title, one.asked, one.strength_label, one.evidence)
        for column, text in enumerate(values):
            self._text(worksheet, row, column, text, "id" if column == 0 else "question")
        for column in range(5, 11):
            self._text(worksheet, row, column, "", "answer")
        self._text(worksheet, row, 11, str(one.most_words) if one.most_words else "", "question")
        for column, text in enumerate((one.machine, one.digest, one.strength), start=12):
            self._text(worksheet, row, column, text)
        needed = max(_lines_needed(one.asked, 44), _lines_needed(one.evidence, 26), _lines_needed(one.clause_title, 16))
        worksheet.set_row(row, 14.5 * max(needed, 2) + 5)
        self._validate(worksheet, row, one)

    def _validate(self, worksheet: Any, row: int, one: ChecklistRow) -> None:
        texts = self.texts
        if one.answer in ("yes_no", "level"):
            offered = one.choices or (texts.yes_no if one.answer == "yes_no" else texts.levels)
            rule: dict[str, Any] = {"validate": "list", "source": f"={self._list_name(offered)}"}
        elif one.answer == "number":
            rule = {"validate": "decimal", "criteria": ">=", "value": -1_000_000_000_000}
        else:
            rule = {"validate": "any"}
        prompt = _cut(_cell(texts.prompts[one.answer]), 255)
        rule |= {"input_title": _cut(_cell(one.id), 32), "input_message": prompt}
        rule |= {"error_title": _cut(_cell(one.id), 32), "error_message": prompt}
        worksheet.data_validation(row, 5, row, 5, rule)
        tick = {"validate": "list", "source": f"={self._list_name((texts.tick,))}"}
        worksheet.data_validation(row, 9, row, 9, tick)

    def _list_name(self, offered: tuple[str, ...]) -> str:
        return self.choices.setdefault(offered, f"answers_{len(self.choices) + 1}")

    def _evidence(self, worksheet: Any) -> None:
        texts = self.texts
        titles = (texts.evidence_reference, texts.document_title, texts.file_name, texts.pages, texts.remarks)
        self._head(worksheet, 0, titles, (14, 52, 40, 10, 40))
        for row in range(1, EVIDENCE_ROWS + 1):
            for column in range(5):
                self._text(worksheet, row, column, f"E{row}" if column == 0 else "", "answer")
            worksheet.set_row(row, 20)
        worksheet.freeze_panes(1, 1)
        worksheet.autofilter(0, 0, EVIDENCE_ROWS, 4)
        worksheet.repeat_rows(0)

    def _acceptance(self, worksheet: Any) -> None:
        texts = self.texts
        worksheet.set_column(0, 0, 30)
        worksheet.set_column(1, 1, 84)
        self._text(worksheet, 0, 1, texts.acceptance_statement, "prose")
        worksheet.set_row(0, 15 * _lines_needed(texts.acceptance_statement, 84) + 6)
        row = 1
        for name in texts.signature_fields:
            self._text(worksheet, row, 0, name)
            self._text(worksheet, row, 1, "", "answer")
            if row == 1:
                offered = f"={self._list_name(texts.yes_no)}"
                worksheet.data_validation(row, 1, row, 1, {"validate": "list", "source": offered})
            worksheet.set_row(row, 21)
            row += 1
        row += 1
        self._text(worksheet, row, 0, texts.id, "head")
        self._text(worksheet, row, 1, texts.duty, "head")
        for duty in self.sheet.acceptance:
            row += 1
            self._text(worksheet, row, 0, duty.id, "id")
            self._text(worksheet, row, 1, duty.text)
            worksheet.set_row(row, 14.5 * _lines_needed(duty.text, 86) + 5)

    def _deliverables(self, worksheet: Any) -> None:
        texts = self.texts
        self._head(worksheet, 0, (texts.id, texts.duty, texts.moment, texts.term), (12, 84, 22, 30))
        for row, one in enumerate(self.sheet.deliverables, start=1):
            for column, text in enumerate((one.id, one.duty, one.moment, one.term)):
                self._text(worksheet, row, column, text, "id" if column == 0 else "question")
            worksheet.set_row(row, 14.5 * max(_lines_needed(one.duty, 86), _lines_needed(one.term, 30)) + 5)
        worksheet.freeze_panes(1, 1)
        worksheet.autofilter(0, 0, max(len(self.sheet.deliverables), 1), 3)
        worksheet.repeat_rows(0)

    def _lists(self, worksheet: Any) -> None:
        """One column for each set of answers, under a name the dropdowns refer to."""
        for column, (offered, name) in enumerate(self.choices.items()):
            self._text(worksheet, 0, column, name)
            for row, choice in enumerate(offered, start=1):
                self._text(worksheet, row, column, choice)
            letter = xlsxwriter.utility.xl_col_to_name(column)
            self.workbook.define_name(name, f"={LISTS}!${letter}$2:${letter}${len(offered) + 1}")
        worksheet.protect()


BASE_FORMAT = {"font_name": "Calibri", "font_size": 11, "valign": "top", "text_wrap": True}
EDGE = {"bottom": 1, "bottom_color": SHADES["rule"]}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "font_color": NAVY, "text_wrap": False},
    "quiet": {"font_color": GREY, "text_wrap": False},
    "prose": {},
    "head": {
        "bold": True,
        "font_color": NAVY,
        "bg_color": SHADES["question"],
        "bottom": 2,
        "bottom_color": NAVY,
    },
    "question": EDGE,
    "id": EDGE | {"bold": True, "font_color": NAVY, "text_wrap": False},
    "answer": {"locked": False, "border": 1, "border_color": SHADES["rule"]},
    "count": EDGE | {"align": "left"},
}


def _in_header(text: str) -> str:
    """Text for a page header, where an ampersand is a command and digits after the font size are part of it."""
    text = _cell(text).replace("\n", " ")
    text = _cut(text, MOST_IN_HEADER - text[:MOST_IN_HEADER].count("&")).replace("&", "&&")
    return f" {text}" if text[:1].isdigit() else text


def _lines_needed(text: str, width: int) -> int:
    """How many lines the text takes in a column of that many characters, seen generously, at most 27 lines."""
    return min(sum(1 + len(line) // width for line in clean(text).split("\n")), 27)
