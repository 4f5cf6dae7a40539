"""What the buyer wrote is printed as written; only the words of the library are spelled as in the place."""

import re
from dataclasses import replace

import pytest

from clause_library.releases import shipped_library
from exports.assembly import tender_document
from exports.bidding import checklist_sheet
from exports.document import Requirement, plain_text
from exports.reports import internal_document
from exports.telling import Teller
from procurement.decisions import decisions_from
from procurement.parameters import read_parameters
from procurement.particulars import particulars_from
from procurement.tender import Tender, draw_up
from rules.questions import read_answers
from tests.rules.briefs import brief

# A word of the fixed words, of clauses and of arrangements alike, written here as nobody would.
LEXICON = {"sistema": "zistema", "contrato": "kontrato", "proposta": "propozta", "documento": "dokumento"}
OWN = {
    "title": "Sistema de contrato",
    "reference": "SISTEMA-1",
    "file_number": "Contrato 7",
    "buyer": "Sistema de Água",
    "contact": "documento@contrato.example",
    "lots": "Lote 1: sistema; lote 2: documento",
    "date": "2026-11-20",
}
PROBLEM = "O sistema perde cada documento.\n\nO contrato termina."
REASON = "A proposta do sistema não o pede."


@pytest.fixture(scope="module")
def tender() -> Tender:
    library = shipped_library()
    words = dict(library.words) | {"pt": {**library.words["pt"], "lexicon": {"pt-BR": LEXICON}}}
    library = replace(library, words=words)
    answers = brief(buyer_jurisdiction="BR", tender_languages=["pt"], problem=PROBLEM, safety_component="yes")
    decided = {"clauses": {"GEN-13": {"way": "in", "reason": REASON}}}
    return draw_up(
        library,
        read_answers(library.questions, answers),
        particulars_from(OWN),
        read_parameters(library, {}),
        decisions_from(library, decided),
    )


def test_the_tender_says_what_the_buyer_wrote_as_it_was_written(tender):
    document = tender_document(tender, "pt")
    said = "\n".join((document.title, document.reference, document.author, *(line for _, line in document.cover)))
    said += plain_text(document)

    assert all(written in said for name, written in OWN.items() if name != "date")
    assert all(line in said for line in PROBLEM.split("\n\n"))


def test_the_words_of_the_library_are_spelled_as_there(tender):
    said = plain_text(tender_document(tender, "pt"))
    for own in (*OWN.values(), *PROBLEM.split("\n\n")):
        said = said.replace(own, "")

    assert "zistema" in said
    assert "kontrato" in said
    for block in tender_document(tender, "pt").blocks:
        if isinstance(block, Requirement):
            runs = [*block.runs, *(run for _, inner in block.details for run in inner)]
            assert not re.search(r"\b(sistema|contrato)\b", " ".join(run.text for run in runs), re.IGNORECASE), block.id


def test_the_checklist_keeps_the_words_of_the_buyer(tender):
    sheet = checklist_sheet(tender, "pt")

    assert OWN["title"] in str(sheet)
    assert OWN["reference"] in str(sheet)


def test_the_internal_file_keeps_the_officers_reasons(tender):
    said = plain_text(internal_document(tender, "pt"))

    assert REASON in said
    assert OWN["buyer"] in said or OWN["title"] in said


def test_a_value_the_buyer_typed_is_not_spelled_anew(tender):
    teller = Teller(tender, "pt")
    filled = replace(next(iter(tender.parameters.values())), value="Do contrato", origin="given")
    typed = replace(filled, parameter=replace(filled.parameter, type="multi"))

    assert teller.value(typed) == "Do contrato"
