import datetime as dt
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, strategies

from exports.data import canonical_json
from exports.document import Heading, Note, Paragraph, Requirement, Run, Table, check, outline, plain_text
from exports.errors import FaultyDocument
from exports.wording import language_tag, long_date
from rules.text import clean
from tests.exports.sample_document import sample_document, words


def test_a_soft_break_pasted_from_word_becomes_a_new_line():
    pasted = "uno\x0bdos\r\ntres\rcuatro\u2028cinco"

    text = clean(pasted)

    assert text == "uno\ndos\ntres\ncuatro\ncinco"


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x1b", "\x9d", "\ud800", "\ufffe", "\uffff", "\u202e", "\u2066", "\u200b", "\ufeff"]
)
def test_what_formats_refuse_or_nobody_sees_is_left_out(hidden: str):
    text = clean(f"no{hidden} debe")

    assert text == "no debe"


@given(strategies.text(alphabet=strategies.characters(codec=None)))
def test_clean_text_stays_as_it_is(text: str):
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


def test_headings_are_numbered_and_each_annex_begins_again():
    document = sample_document()

    numbers = [entry.number for entry in outline(document)]

    assert numbers[:4] == ["1", "2", "2.1", "2.2"]
    assert numbers[-6:] == ["Anexo A.", "A.1", "A.2", "A.2.1", "Anexo B.", "B.1"]


def test_a_heading_without_number_does_not_count():
    document = sample_document((Heading(1, "Firmas", numbered=False), Heading(1, "Último")))

    numbers = [entry.number for entry in outline(document)]

    assert numbers[-2:] == ["", "3"]


def test_the_sample_is_sound():
    check(sample_document())


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Heading(3, "Salto"), "skips a level"),
        (Heading(1, " \u200b"), "is empty"),
        (Heading(1, "Otra vez", anchor="DQ-03"), "stands 2 times"),
        (Requirement("DQ-03.1", "Obligatorio", "mandatory", words("Repetido.")), "stands 2 times"),
        (Table("", (), ()), "has no caption"),
        (Table("Cuadro", (), ()), "has no columns"),
        (Note("Nota", (Note("Dentro", ()),)), "stands inside another"),  # type: ignore[arg-type]
    ],
)
def test_a_faulty_document_is_refused_with_its_place(fault: Heading | Requirement | Table | Note, message: str):
    blocks = (Heading(1, "Fin"), fault)

    with pytest.raises(FaultyDocument, match=message):
        check(sample_document(blocks))


def test_a_document_without_title_or_page_label_is_refused():
    document = sample_document()

    for faulty in (
        replace(document, title=" "),
        replace(document, page_label="Página"),
        replace(document, language=""),
    ):
        with pytest.raises(FaultyDocument):
            check(faulty)


def test_the_plain_text_says_everything_but_what_was_deleted():
    document = sample_document((Paragraph((Run("antes", change="deleted"), Run("después", change="inserted"))),))

    text = plain_text(document)

    assert text.endswith("después\n")
    assert "2.3 Representatividad de la población y del territorio" in text
    assert "DQ-03.1 Obligatorio" in text
    assert "Prueba: Informe de composición de los datos" in text
    assert "Personas con discapacidad\tPadrón" in text
    assert "OPS-07.1" not in text


def test_languages_get_a_region_and_dates_their_words():
    date = dt.date(2026, 3, 12)

    assert [language_tag(tag) for tag in ("es", "pt", "en", "es-AR", "pt-BR")] == [
        "es-ES", "pt-PT", "en-GB", "es-AR", "pt-BR",
    ]  # fmt: skip
    assert long_date(date, "es-AR") == "12 de marzo de 2026"
    assert long_date(date, "pt") == "12 de março de 2026"
    assert long_date(date, "xx-no") == "March 12, 2026"


def test_data_files_are_sorted_readable_and_end_with_a_new_line():
    written = canonical_json({"b": ["ñ", 1], "a": None})

    assert written == '{\n  "a": null,\n  "b": [\n    "ñ",\n    1\n  ]\n}\n'.encode()


def test_a_lone_surrogate_leaves_data_readable():
    assert canonical_json("\ud800") == b'"\\ud800"\n'
