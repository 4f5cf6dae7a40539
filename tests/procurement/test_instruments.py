"""What is drafted besides a tender: a request for information, and an agreement with a model provider."""

from typing import Any

import pytest

from clause_library.releases import shipped_library
from exports.assembly import tender_document
from exports.bidding import checklist_sheet
from exports.document import plain_text
from procurement.decisions import decisions_from
from procurement.errors import BadInput
from procurement.particulars import particulars_from
from procurement.tender import Tender, draw_up, obstacles
from rules.questions import read_answers
from rules.selection import MANDATORY_ROWS, SCORED_ROWS
from rules.sentences import Speaker
from tests.rules.briefs import brief

LIBRARY = shipped_library()
KNOWN = {"title": "Signals", "reference": "X-1", "buyer": "A City", "date": "2026-11-20"}
OF_PROVIDERS = ("GOV-12", "COM-10")
REQUEST, AGREEMENT = "request_for_information", "partnership_agreement"


def drawn(instrument: str = "", **answers: Any) -> Tender:
    read = read_answers(LIBRARY.questions, brief(**answers))
    particulars = particulars_from(KNOWN | {"instrument": instrument})
    return draw_up(LIBRARY, read, particulars, {}, decisions_from(LIBRARY, {}))


def clauses(tender: Tender) -> set[str]:
    return {entry.clause.id for entry in tender.clauses}


def test_clauses_for_agreements_with_providers_are_in_those_and_in_no_tender() -> None:
    assert clauses(drawn(AGREEMENT)) >= set(OF_PROVIDERS)
    assert not clauses(drawn()) & set(OF_PROVIDERS)
    assert not clauses(drawn(REQUEST)) & set(OF_PROVIDERS)


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_a_clause_left_out_for_the_instrument_says_so(language: str) -> None:
    tender, speaker = drawn(), Speaker(LIBRARY, language)
    left = next(entry for entry in tender.excluded if entry.clause.id == "COM-10")
    named = LIBRARY.words[language]["instruments"]

    said = " ".join(speaker.why_out(left, tender.assessment))

    assert named["tender"]["name"] in said
    assert named[AGREEMENT]["name"] in said


def test_a_request_for_information_asks_one_question_of_each_clause_and_binds_nobody() -> None:
    tender = drawn(REQUEST, effect_on_people="significant", role_in_decision="recommends")
    asked = tender.asked

    assert asked is not None
    assert {row.selected.strength for row in asked.rows} == {"informative"}
    assert all(row.selected.requirement.essential for row in asked.rows)
    assert len(asked.rows) <= MANDATORY_ROWS[3] + SCORED_ROWS[3]
    assert asked.later == ()


def test_a_request_for_information_asks_about_every_subject_before_it_asks_twice_about_one() -> None:
    tender = drawn(REQUEST, effect_on_people="significant", role_in_decision="recommends")
    assert tender.asked is not None
    with_duties = {
        entry.clause.category
        for entry in tender.clauses
        if any(one.requirement.essential and one.requirement.owed_by != "buyer" for one in entry.requirements)
    }

    assert {row.clause.clause.category for row in tender.asked.rows} == with_duties


def test_an_agreement_without_a_price_has_no_clause_on_prices_payments_and_penalties() -> None:
    answers = {"techniques": ["generative"], "foundation_model": "yes", "pilot": "yes", "worst_harm": "very_serious"}
    about_money = {"COM-03", "COM-04", "COM-05", "COM-07", "GEN-11"}

    assert clauses(drawn(**answers)) >= about_money
    assert not clauses(drawn(AGREEMENT, **answers)) & about_money


def test_a_request_for_information_waits_for_no_parameter() -> None:
    assert drawn(REQUEST).unfilled
    assert obstacles(drawn(REQUEST)) == ()


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_a_request_for_information_puts_the_questions_and_shows_what_a_contract_would_ask(language: str) -> None:
    tender = drawn(REQUEST)
    text = plain_text(tender_document(tender, language))
    row = checklist_sheet(tender, language).rows[0]

    assert row.answer == "text"
    assert row.question in text
    assert row.text.splitlines()[0] in text


@pytest.mark.parametrize("instrument", [REQUEST, AGREEMENT])
@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_each_instrument_has_a_document_with_its_own_headings(instrument: str, language: str) -> None:
    headings = plain_text(tender_document(drawn(instrument), language))
    parts = LIBRARY.arrangements[instrument]["documents"]

    assert all(part["title"][language] in headings for part in parts)


def test_what_is_drafted_is_one_of_three_things() -> None:
    with pytest.raises(BadInput):
        particulars_from({"instrument": "letter"})


@pytest.mark.parametrize(("place", "said"), [("PT", "Registo de eventos"), ("BR", "Registro de eventos")])
def test_a_term_is_defined_in_the_spelling_of_the_place(place: str, said: str) -> None:
    text = plain_text(tender_document(drawn(buyer_jurisdiction=place, safety_component="yes"), "pt"))

    assert any(line.startswith(said) for line in text.splitlines())
