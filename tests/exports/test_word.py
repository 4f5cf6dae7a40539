import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings, strategies
from lxml import etree

from exports.document import Document, Heading, Paragraph, Requirement, Run, Table, plain_text
from exports.looks import make_base
from exports.word import BASE, word_bytes
from exports.word_lint import W, word_faults
from tests.exports.sample_document import sample_document, words

ROOT = Path(__file__).parent.parent.parent
HOSTILE = [
    "a\x0bb", "\x00", "\ud800\udfff", "\ufffe", '=cmd("calc")', "<w:p>]]>&amp;", "{{ 7*7 }}", "{{reference}}",
    "\u202eevil\u202c", "X" * 5000, "\"'><w:br/>", "&#0;", "--><script>", "\t\n\t", "é" * 100, "e\u0301\u0301",
]  # fmt: skip


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode("utf-8")


def body(content: bytes) -> etree._Element:
    return etree.fromstring(part(content, "word/document.xml").encode("utf-8"))


def spoken(element: etree._Element) -> str:
    return "".join(str(text.text or "") for text in element.iter(f"{W}t"))


def hostile_document(text: str) -> Document:
    runs = (Run(text, "value", target=text), Run(text, change="deleted"), Run(text, change="inserted"))
    document = sample_document(
        (
            Heading(1, f"T {text}", anchor=text),
            Paragraph(runs),
            Requirement(f"X{text}", text, text, runs, ((text, runs),)),
            Table(f"C {text}", sample_document().control.columns[:1], ((runs,),)),  # type: ignore[union-attr]
        )
    )
    return replace(
        document, title=f"T {text}", subtitle=text, reference=text, version_label=text, author=text, subject=text,
        keywords=(text,), cover=((text, text),), header_text=text, contents_title=text or "C",
        machine={"k" + text: text}, annex_label=f"{text}{{letter}}",
    )  # fmt: skip


def test_word_takes_the_file():
    content = word_bytes(sample_document())

    assert word_faults(content) == ()
    assert docx.Document(io.BytesIO(content)).core_properties.title == "Pliego de especificaciones técnicas"


def test_the_lint_sees_an_unknown_style_and_a_repeated_id():
    content = word_bytes(sample_document())
    broken = part(content, "word/document.xml").replace("TableText", "Tabletext").replace('w:id="2"', 'w:id="1"')

    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(written, "w") as other:
        for name in package.namelist():
            other.writestr(name, broken if name == "word/document.xml" else package.read(name))
    faults = word_faults(written.getvalue())

    assert any("Tabletext" in fault for fault in faults)
    assert any("The id 1 stands" in fault for fault in faults)


def test_the_same_document_gives_the_same_bytes_whatever_the_zone_and_the_hash_seed():
    script = (
        "import hashlib; from tests.exports.sample_document import sample_document; "
        "from exports.word import word_bytes; print(hashlib.sha256(word_bytes(sample_document())).hexdigest())"
    )
    surroundings = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}

    elsewhere = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=surroundings, capture_output=True, check=True
    )

    here = hashlib.sha256(word_bytes(sample_document())).hexdigest()
    assert elsewhere.stdout.decode().strip() == here


def test_the_base_document_is_what_its_script_makes(tmp_path: Path):
    made = tmp_path / "base.docx"

    make_base.main(made)

    with zipfile.ZipFile(made) as new, zipfile.ZipFile(BASE) as old:
        assert [(name, new.read(name)) for name in new.namelist()] == [
            (name, old.read(name)) for name in old.namelist()
        ]


def test_a_requirement_id_stands_whole_in_one_run():
    content = word_bytes(sample_document())

    runs = [spoken(run) for run in body(content).iter(f"{W}r")]

    for wanted in ("GOV-01.1", "DQ-03.1", "DQ-03.2", "EXI-02.1"):
        assert wanted in runs


def test_headings_are_numbered_by_word_and_their_numbers_are_not_typed():
    content = word_bytes(sample_document())

    headings = [
        p for p in docx.Document(io.BytesIO(content)).paragraphs if p.style and p.style.name.startswith("Heading")
    ]

    assert headings[2].text == "Responsable designado del proveedor"
    assert headings[2].style is not None
    assert headings[2].style.name == "Heading 2"
    assert 'w:val="Anexo %1."' in part(content, "word/numbering.xml")


def test_each_ordered_list_has_a_pattern_of_its_own():
    content = word_bytes(sample_document())

    numbering = part(content, "word/numbering.xml")
    used = [one.get(f"{W}val") for one in body(content).iter(f"{W}numId")]

    assert {"10", "11"} <= set(used)
    assert '<w:num w:numId="11"><w:abstractNumId w:val="11"/></w:num>' in numbering


def test_the_contents_shows_entries_and_pages_before_anybody_updates_it():
    content = word_bytes(sample_document(), {"": 9, "DQ-03": 4})

    lines = [spoken(p) for p in body(content).iter(f"{W}p") if "TOC2" in etree.tostring(p).decode()]

    assert "2.3Representatividad de la población y del territorio4" in lines
    assert "2.4Desempeño mínimo y diferencias entre grupos" in lines
    assert 'w:dirty="true"' in part(content, "word/document.xml")
    assert "<w:t>9</w:t>" in part(content, "word/footer1.xml")


def test_the_file_says_its_language_author_and_date_and_nothing_of_the_machine():
    content = word_bytes(sample_document())

    properties = docx.Document(io.BytesIO(content)).core_properties

    assert (properties.author, properties.last_modified_by) == ("Dirección General de Compras",) * 2
    assert properties.created is not None
    assert properties.created.isoformat().startswith("2026-03-12T00:00:00")
    assert '<w:lang w:val="es-AR"' in part(content, "word/styles.xml")
    assert "9f9f" in part(content, "docProps/custom.xml")


def test_changes_are_tracked_and_leave_the_new_text_when_accepted():
    content = word_bytes(sample_document())

    tree = body(content)

    assert "".join(str(t.text) for d in tree.iter(f"{W}del") for t in d.iter(f"{W}delText")).startswith("diez")
    assert not [t for d in tree.iter(f"{W}del") for t in d.iter(f"{W}t")]
    marks = [m for p in tree.iter(f"{W}pPr") for m in p.iter(f"{W}ins")]
    assert len(marks) == 1
    assert {one.get(f"{W}date") for one in tree.iter(f"{W}ins", f"{W}del")} == {"2026-03-12T00:00:00Z"}


def test_tables_repeat_their_header_and_have_a_description():
    written = part(word_bytes(sample_document()), "word/document.xml")

    assert written.count("<w:tblHeader/>") == written.count("<w:tbl>") == 2
    assert written.count("<w:tblDescription") == 2
    assert "w:trHeight" not in written


def test_a_link_out_goes_only_to_the_web_or_to_mail():
    links = (
        'https://ejemplo.gob.ar/?a=1&b="2"',
        "mailto:compras@ejemplo.gob.ar",
        "javascript:alert(1)",
        "file://host/x",
    )
    document = sample_document(tuple(Paragraph((Run("enlace", "reference", target=link),)) for link in links))

    relationships = part(word_bytes(document), "word/_rels/document.xml.rels")

    assert relationships.count('TargetMode="External"') == 3
    assert "javascript" not in relationships
    assert "file:" not in relationships


def test_without_cover_the_title_stands_above_the_text():
    document = replace(sample_document(), cover=(), control=None, contents_title="")

    written = part(word_bytes(document), "word/document.xml")

    assert 'w:type="page"' not in written
    assert "w:titlePg" not in written
    assert "TOC" not in written


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_hostile_text_is_text(text: str):
    content = word_bytes(hostile_document(text))

    assert word_faults(content) == ()
    assert docx.Document(io.BytesIO(content)).paragraphs


def test_braces_in_the_text_are_not_places_to_fill():
    document = replace(sample_document(), header_text="{{reference}} {{ 7*7 }}")

    assert "{{reference}} {{ 7*7 }}" in part(word_bytes(document), "word/header1.xml")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.text(alphabet=strategies.characters(codec=None), max_size=60))
def test_any_text_can_be_written(text: str):
    content = word_bytes(hostile_document(text))

    assert word_faults(content) == ()


def test_the_file_says_what_the_document_says():
    document = replace(sample_document(), cover=(), control=None, contents_title="")

    said = re.sub(r"\W+", "", "".join(spoken(p) for p in body(word_bytes(document)).iter(f"{W}p")))

    for line in plain_text(document).splitlines()[8:]:
        words_alone = re.sub(r"\W+", "", re.sub(r"^(Anexo [A-Z]\.|[A-Z]?[\d.]+) ", "", line))
        assert words_alone in said, line


def test_a_table_of_a_thousand_rows_is_written_at_once():
    rows = tuple((words(f"fila {n}"),) for n in range(1000))
    table = Table("Larga", sample_document().control.columns[:1], rows)  # type: ignore[union-attr]

    content = word_bytes(sample_document((table,)))

    assert part(content, "word/document.xml").count("<w:tr>") > 1000


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_office_suite_opens_it_with_its_numbers_and_pages(tmp_path: Path):
    (tmp_path / "tender.docx").write_bytes(word_bytes(sample_document()))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), "tender.docx"]

    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)

    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "tender.pdf").pages]
    assert "2.3 Representatividad" in re.sub(r"\s+", " ", "".join(pages[2:]))
    assert "DQ-03.1" in "".join(pages)
    assert f"Página 2 de {len(pages)}" in pages[1]
