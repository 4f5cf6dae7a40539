"""What the officer, and whoever reads over her shoulder, sees while a tender is drafted."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.people import Organisation, Person
from accounts.roles import Role
from accounts.tables import PersonRow
from clause_library.store import approve, newest_library, propose
from database import transaction
from procurement import store

Start = Callable[..., str]
Draft = Callable[[str], Any]
REVISION = re.compile(r'name="((?:[a-z-]+-)?revision(?:-[a-z0-9_]+)?)"[^>]*value="(\d+)"')
FULL_STEP = {"pilot": "no", "footprint": "no", "algorithm_register": "no", "supervision_capacity": "medium"}


def text_of(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def revisions(page: str) -> dict[str, str]:
    """The hidden revisions of a page, as a browser sends them back."""
    return dict(REVISION.findall(page))


def sent(browser: FlaskClient, address: str, **typed: Any) -> dict[str, Any]:
    """What a browser sends that opened a page and typed this."""
    return revisions(browser.get(address).text) | typed


# Starting


def test_an_organisation_without_tenders_is_shown_how_to_start_one(desk: FlaskClient) -> None:
    page = desk.get("/en/tenders").text

    assert "There is no tender here yet" in page
    assert 'href="/en/tenders/new"' in page


def test_a_tender_started_from_a_worked_purchase_has_its_answers_in_the_language_of_the_page(
    desk: FlaskClient, draft: Draft
) -> None:
    answer = desk.post("/es/tenders", data={"worked": "S02"})

    started = draft(answer.location.removeprefix("/es"))
    assert answer.status_code == 303
    assert started.title == "Orden de atención para subsidios de vivienda"
    assert started.answers["problem"].startswith("Cada año llegan")
    assert not started.missing


def test_a_tender_started_blank_has_a_title_and_nothing_else(desk: FlaskClient, draft: Draft) -> None:
    answer = desk.post("/en/tenders", data={"title": "  Cameras\x00 "})

    started = draft(answer.location.removeprefix("/en"))
    assert started.title == "Cameras"
    assert not started.answers


def test_an_unknown_worked_purchase_starts_nothing(desk: FlaskClient) -> None:
    assert desk.post("/en/tenders", data={"worked": "S99"}).status_code == 422


# The task list


def test_the_task_list_tells_how_far_each_task_has_come(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start(pilot='no')}").text)

    assert "Particulars Title, reference, dates and amount In progress" in page
    assert "1. The problem and the use Not started" in page
    assert "9. Managing the contract In progress" in page
    assert "Risk How risky the use is, why, and what does not fit together Cannot start yet" in page


def test_a_conflict_nobody_settled_needs_attention(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S02', supervision_capacity='low')}").text)

    assert "what does not fit together Needs attention" in page
    assert "1 conflict to resolve or justify" in page


def test_a_tender_of_another_organisation_is_not_there(
    start: Start, signed_in_client: Callable[..., FlaskClient], other_organisation: Organisation
) -> None:
    address, stranger = start("S02"), signed_in_client(Role.OFFICER, other_organisation)

    pages = ("", "/particulars", "/steps/1", "/answers", "/risk", "/selection", "/parameters", "/release")

    assert {stranger.get(f"/en{address}{page}").status_code for page in pages} == {404}
    assert stranger.post(f"/en{address}/steps/9", data={"revision-pilot": "0", "pilot": "yes"}).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_whoever_reads_may_open_every_page_and_write_on_none(
    role: Role, start: Start, signed_in_client: Callable[..., FlaskClient]
) -> None:
    address, reader = start("S02"), signed_in_client(role)

    for page in ("", "/particulars", "/steps/1", "/answers", "/risk", "/selection", "/selection/HUM-02", "/parameters"):
        opened = reader.get(f"/en{address}{page}")
        assert opened.status_code == 200
        assert "Save and continue" not in opened.text
    assert reader.post(f"/en{address}/steps/9", data={"pilot": "yes"}).status_code == 403
    assert reader.post(f"/en{address}/tier", data={}).status_code == 403


def test_an_administrator_sees_no_tender(start: Start, signed_in_client: Callable[..., FlaskClient]) -> None:
    assert signed_in_client(Role.ADMINISTRATOR).get(f"/en{start('S02')}").status_code == 403


# Particulars


def test_the_reference_is_proposed_from_the_number_series_and_kept_only_when_saved(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start()

    page = desk.get(f"/en{address}/particulars").text

    assert re.search(r'name="reference"[^>]*value="TEST-\d{4}-001"', page)
    assert 'value="A City"' in page
    assert draft(address).particulars.reference == ""


def test_particulars_are_kept_as_typed(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start()
    page = f"/en{address}/particulars"
    typed = {"title": "Cameras", "reference": "X-1", "date": "2026-12-01", "amount": "1500000,50", "price_only": "y"}
    left_empty = dict.fromkeys(("questions_until", "bids_until", "currency", "lots", "contact", "file_number"), "")

    answer = desk.post(page, data=sent(desk, page, **typed, **left_empty))

    kept = draft(address).particulars
    assert answer.status_code == 303
    assert (kept.title, kept.reference, str(kept.date), str(kept.amount)) == (
        "Cameras",
        "X-1",
        "2026-12-01",
        "1500000.50",
    )
    assert kept.price_only


def test_a_wrong_particular_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start()
    page = f"/en{address}/particulars"
    typed = {"title": "New title", "amount": "1.500", "date": "2026-12-01", "bids_until": "2026-11-01"}

    refused = desk.post(page, data=sent(desk, page, **typed))
    in_order = desk.post(page, data=sent(desk, page, **{**typed, "amount": "1500"}))

    assert refused.status_code == in_order.status_code == 422
    assert "digits without separators" in refused.text
    assert 'value="New title"' in refused.text
    assert 'value="1.500"' in refused.text
    assert "comes before an earlier step" in in_order.text
    assert draft(address).title == "A purchase"


# The steps


def test_a_step_asks_its_questions_and_says_why(desk: FlaskClient, start: Start) -> None:
    page = desk.get(f"/en{start()}/steps/9").text

    assert "<h1>Managing the contract</h1>" in page
    assert page.count("Why we ask") == 4
    assert page.count('type="radio"') == 9


def test_answers_are_saved_in_part_and_the_rest_may_wait(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start()
    page = f"/en{address}/steps/7"

    answer = desk.post(page, data=sent(desk, page, personal_data=["ordinary", "health"], confidentiality="internal"))

    assert answer.location == f"/en{address}/steps/8"
    assert draft(address).answers == {"personal_data": ("ordinary", "health"), "confidentiality": "internal"}


def test_save_and_return_leads_to_the_list(desk: FlaskClient, start: Start) -> None:
    address = start()
    page = f"/en{address}/steps/9"

    answer = desk.post(page, data={**sent(desk, page, **FULL_STEP), "return": "1"})

    assert answer.location == f"/en{address}"


def test_the_last_step_leads_to_checking_the_answers(desk: FlaskClient, start: Start) -> None:
    address = start()
    page = f"/en{address}/steps/9"

    assert desk.post(page, data=sent(desk, page, **FULL_STEP)).location == f"/en{address}/answers"


def test_an_answer_that_brings_a_question_comes_back_to_the_step_with_it(desk: FlaskClient, start: Start) -> None:
    page = f"/en{start()}/steps/6"
    first = desk.get(page).text

    answer = desk.post(page, data=sent(desk, page, listed_areas=["education"], safety_component="no"))
    again = desk.get(answer.location.partition("#")[0]).text

    assert "question-narrow_task" not in first
    assert answer.location == f"{page}#question-narrow_task"
    assert 'id="question-narrow_task"' in again
    assert "a further question" in again


def test_none_beside_another_option_is_refused_at_its_field_and_everything_typed_is_kept(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start()
    page = f"/en{address}/steps/2"

    refused = desk.post(page, data=sent(desk, page, red_lines=["none", "manipulation"], biometrics="none"))

    assert refused.status_code == 422
    assert "‘none’ excludes every other option" in unescape(refused.text)
    assert re.search(r'<input[^>]*checked[^>]*value="manipulation"', refused.text)
    assert re.search(r'<input[^>]*checked[^>]*name="biometrics"[^>]*value="none"', refused.text)
    assert "<title>Error:" in refused.text
    assert not draft(address).answers


@pytest.mark.parametrize("typed", ["0", "121", "many", "1.5", "9" * 40])
def test_a_number_out_of_bounds_is_refused_and_kept_in_its_field(desk: FlaskClient, start: Start, typed: str) -> None:
    page = f"/en{start()}/steps/3"

    refused = desk.post(page, data=sent(desk, page, contract_months=typed))

    assert refused.status_code == 422
    assert "must be a whole number from 1 to 120" in refused.text
    assert f'value="{typed}"' in refused.text


def test_what_the_organisation_and_other_answers_suggest_is_shown_and_not_stored(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start(acquisition="saas", biometrics="emotion")

    third, seventh = (desk.get(f"/en{address}/steps/{step}").text for step in (3, 7))

    assert "Your organisation suggests: ‘City of Buenos Aires (Argentina)’." in third
    assert "The way you acquire it suggests: ‘" in seventh
    assert "Your answer on biometric data suggests: ‘Biometric data’." in seventh
    assert set(draft(address).answers) == {"acquisition", "biometrics"}


def test_whoever_saves_second_is_shown_both_answers_and_may_save_again(
    desk: FlaskClient, start: Start, draft: Draft, signed_in_client: Callable[..., FlaskClient]
) -> None:
    address, colleague = start(), signed_in_client(Role.OFFICER)
    page = f"/en{address}/steps/8"
    mine = sent(desk, page, availability="low", openness="escrow")
    colleague.post(page, data=sent(colleague, page, availability="medium"))

    overtaken = desk.post(page, data=mine)
    kept = draft(address).answers
    again = desk.post(page, data=revisions(overtaken.text) | {"availability": "low", "openness": "escrow"})

    assert overtaken.status_code == 409
    assert "A officer saved this meanwhile: It can be down for hours" in text_of(overtaken.text)
    assert re.search(r'<input[^>]*checked[^>]*name="availability"[^>]*value="low"', overtaken.text)
    assert kept == {"availability": "medium"}
    assert again.status_code == 303
    assert draft(address).answers == {"openness": "escrow", "availability": "low"}


def test_what_is_typed_cannot_become_part_of_the_page(desk: FlaskClient, start: Start) -> None:
    address = start(problem="<script>alert(1)</script>")

    for page in ("steps/1", "answers"):
        assert "<script>" not in desk.get(f"/en{address}/{page}").text


def test_there_is_no_tenth_step(desk: FlaskClient, start: Start) -> None:
    assert desk.get(f"/en{start()}/steps/10").status_code == 404


# Checking the answers


def test_the_answers_say_what_is_missing_and_what_counts_for_nothing(desk: FlaskClient, start: Start) -> None:
    page = desk.get(f"/en{start('S02', pilot=None, legal_exception='no')}/answers").text

    assert "1 question still has no answer" in page
    assert "/steps/9#question-pilot" in page
    assert "Answered, but not asked" in page
    assert text_of(page).count("Documented legal exception") == 1


# Risk


def test_risk_says_the_level_the_reasons_and_the_likely_duties_with_their_sources(
    desk: FlaskClient, start: Start
) -> None:
    page = text_of(desk.get(f"/en{start('S02')}/risk").text)

    assert "3 – high" in page
    assert "Score 23 of 48" in page
    assert "Profiling of people: the answer to ‘Profiling of people’ is" in page
    assert "Data protection impact assessment Likely, to be confirmed by counsel" in page
    assert "Ley 1845 de la Ciudad Autónoma de Buenos Aires – verified with the issuer" in page


def test_a_trigger_that_holds_for_want_of_an_answer_is_marked(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S12', safety_component='do_not_know')}/risk").text)

    assert "Because of “I do not know”" in page


@pytest.mark.parametrize("page", ["risk", "selection", "parameters", "selection/HUM-02"])
def test_while_answers_are_missing_the_page_says_which(page: str, desk: FlaskClient, start: Start) -> None:
    shown = desk.get(f"/en{start('S02', pilot=None)}/{page}").text

    assert "Some answers are missing" in shown
    assert "/steps/9#question-pilot" in shown


def test_a_red_line_stops_the_purchase_with_reason_source_and_alternatives(desk: FlaskClient, start: Start) -> None:
    address = start("S05")

    page = text_of(desk.get(f"/en{address}/risk").text)

    assert "This purchase is stopped" in page
    assert "Identify people live in public spaces" in page
    assert "Lawful alternatives Cameras that detect objects or incidents and identify nobody" in page
    assert "Raise or lower the level" not in page
    assert desk.get(f"/en{address}/selection").location == f"/en{address}/risk"
    assert (
        desk.post(f"/en{address}/tier", data={"tier-revision": "0", "tier-tier": "1", "tier-reason": "x"}).status_code
        == 409
    )


def test_a_red_line_nobody_ticked_but_the_use_implies_is_named(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S05', red_lines=['none'])}/risk").text)

    assert "This purchase is stopped" in page
    assert "Lawful alternatives Cameras that detect objects" in page


def test_a_conflict_is_justified_and_must_be_confirmed_again_once_an_answer_behind_it_changes(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start("S02", supervision_capacity="low")
    risk, conflict = f"/en{address}/risk", "low-capacity-high-tier"
    step = f"/en{address}/steps/4"
    act = f"/en{address}/conflicts/{conflict}"

    empty = desk.post(act, data={f"{conflict}-revision": "0", f"{conflict}-reason": " "})
    desk.post(act, data={f"{conflict}-revision": "0", f"{conflict}-reason": "Two people are hired"})
    justified = text_of(desk.get(risk).text)
    desk.post(
        step,
        data={
            "revision-worst_harm": "1",
            "worst_harm": "very_serious",
            "revision-reversibility": "1",
            "reversibility": "irreversible",
        },
    )
    stale = text_of(desk.get(risk).text)
    desk.post(act, data={f"{conflict}-revision": "1", f"{conflict}-reason": "Two people are hired"})

    assert empty.status_code == 422
    assert "Say why, in a sentence or two" in empty.text
    assert "Justified" in justified
    assert "Confirm again: the answers behind it changed" in stale
    assert "Justified" in text_of(desk.get(risk).text)
    assert not draft(address).to_confirm_again()


def test_a_justification_whose_conflict_is_resolved_can_only_be_withdrawn(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address, conflict = start("S02", supervision_capacity="low"), "low-capacity-high-tier"
    act = f"/en{address}/conflicts/{conflict}"
    desk.post(act, data={f"{conflict}-revision": "0", f"{conflict}-reason": "Two people are hired"})
    changed = {"revision-supervision_capacity": "1", "supervision_capacity": "high"}
    desk.post(f"/en{address}/steps/9", data=changed)

    shown = text_of(desk.get(f"/en{address}/risk").text)
    typed = {"kind": "conflict", "subject": conflict, "revision": "1"}
    desk.post(f"/en{address}/withdrawal", data=typed)

    assert "Little capacity for a high risk – no longer applies" in shown
    assert not draft(address).to_confirm_again()
    assert desk.post(f"/en{address}/withdrawal", data={**typed, "kind": "answer"}).status_code == 400


def test_a_lowered_level_does_not_make_a_justification_stale(
    desk: FlaskClient, start: Start, signed_in_client: Callable[..., FlaskClient], draft: Draft
) -> None:
    address, conflict = start("S02", supervision_capacity="low"), "low-capacity-high-tier"
    reason = {f"{conflict}-revision": "0", f"{conflict}-reason": "Two people are hired"}
    desk.post(f"/en{address}/tier", data={"tier-revision": "0", "tier-tier": "2", "tier-reason": "Webcam only"})
    ground = draft(address).entry("tier", "tier").ground
    signed_in_client(Role.APPROVER).post(
        f"/en{address}/tier/approval", data={"approval-revision": "1", "approval-ground": ground}
    )

    desk.post(f"/en{address}/conflicts/{conflict}", data=reason)
    page = text_of(desk.get(f"/en{address}/risk").text)

    assert "2 – limited" in page
    assert "Justified" in page
    assert "Confirm again" not in page


def test_whoever_justifies_second_sees_what_the_first_wrote_and_keeps_what_they_typed(
    desk: FlaskClient, start: Start
) -> None:
    address, conflict = start("S02", supervision_capacity="low"), "low-capacity-high-tier"
    act = f"/en{address}/conflicts/{conflict}"
    desk.post(act, data={f"{conflict}-revision": "0", f"{conflict}-reason": "First reason"})

    overtaken = desk.post(act, data={f"{conflict}-revision": "0", f"{conflict}-reason": "Second reason"})
    desk.post(act, data=revisions(overtaken.text) | {f"{conflict}-reason": "Second reason"})

    assert overtaken.status_code == 409
    assert "Saved meanwhile: First reason" in text_of(overtaken.text)
    assert "Second reason" in overtaken.text
    assert "Second reason" in desk.get(f"/en{address}/risk").text


def test_there_is_no_conflict_of_that_name(desk: FlaskClient, start: Start) -> None:
    assert desk.post(f"/en{start('S02')}/conflicts/made-up", data={}).status_code == 404


def test_a_raised_level_counts_at_once_and_can_be_undone(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S02")
    act = f"/en{address}/tier"

    desk.post(act, data={"tier-revision": "0", "tier-tier": "4", "tier-reason": "Press and council watch it"})
    raised = draft(address).drawn_up().assessment.tier
    desk.post(act, data={"tier-revision": "1", "undo": "1"})

    assert raised == 4
    assert draft(address).drawn_up().assessment.tier == 3


def test_a_lowered_level_counts_only_once_an_approver_approves_it(
    desk: FlaskClient, start: Start, draft: Draft, signed_in_client: Callable[..., FlaskClient]
) -> None:
    address, approver = start("S02"), signed_in_client(Role.APPROVER)
    risk = f"/en{address}/risk"

    desk.post(f"/en{address}/tier", data={"tier-revision": "0", "tier-tier": "2", "tier-reason": "Webcam only"})
    asked = draft(address).drawn_up().assessment.tier
    form = approver.get(risk).text
    ground = re.search(r'name="approval-ground"[^>]*value="([0-9a-f]+)"', form)
    assert ground
    approval = {"approval-revision": "1", "approval-ground": ground[1]}
    by_officer = desk.post(f"/en{address}/tier/approval", data=approval)
    approved = approver.post(f"/en{address}/tier/approval", data=approval)

    assert asked == 3
    assert "Waits for another person’s approval" in text_of(desk.get(risk).text) or approved.status_code == 303
    assert by_officer.status_code == 403
    assert draft(address).drawn_up().assessment.tier == 2
    assert "published only with a legal opinion" in text_of(desk.get(risk).text)


def test_whoever_asked_for_a_lower_level_never_approves_it(  # each is a fixture
    app: Flask, start: Start, officer: Person, desk: FlaskClient, draft: Draft,
    signed_in_client: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    address = start("S02")
    desk.post(f"/en{address}/tier", data={"tier-revision": "0", "tier-tier": "2", "tier-reason": "Webcam only"})
    ground = draft(address).entry("tier", "tier").ground
    _make_approver(app, officer)

    promoted = signed_in_client(person=officer)
    page = promoted.get(f"/en{address}/risk").text
    approved = promoted.post(f"/en{address}/tier/approval", data={"approval-revision": "1", "approval-ground": ground})

    assert "Approve the lower level" not in page
    assert approved.status_code == 409
    assert draft(address).drawn_up().assessment.tier == 3


def test_what_was_approved_must_be_what_was_read(
    desk: FlaskClient, start: Start, draft: Draft, signed_in_client: Callable[..., FlaskClient]
) -> None:
    address, approver = start("S02"), signed_in_client(Role.APPROVER)
    act = f"/en{address}/tier"
    desk.post(act, data={"tier-revision": "0", "tier-tier": "2", "tier-reason": "Webcam only"})
    ground = draft(address).entry("tier", "tier").ground
    desk.post(act, data={"tier-revision": "1", "tier-tier": "1", "tier-reason": "No camera at all"})

    answer = approver.post(f"{act}/approval", data={"approval-revision": "1", "approval-ground": ground})

    assert answer.status_code == 409
    assert not draft(address).entry("tier", "tier").value.get("approved_by")


def test_an_approval_does_not_count_where_an_answer_changed_under_it(
    desk: FlaskClient, start: Start, draft: Draft, signed_in_client: Callable[..., FlaskClient]
) -> None:
    address, approver = start("S02"), signed_in_client(Role.APPROVER)
    act = f"/en{address}/tier"
    desk.post(act, data={"tier-revision": "0", "tier-tier": "2", "tier-reason": "Webcam only"})
    ground = draft(address).entry("tier", "tier").ground
    desk.post(f"/en{address}/steps/4", data={"revision-worst_harm": "1", "worst_harm": "very_serious"})

    answer = approver.post(f"{act}/approval", data={"approval-revision": "1", "approval-ground": ground})

    assert answer.status_code == 409
    assert draft(address).entry("tier", "tier").revision == 1
    assert "Confirm again" in answer.text


def test_another_answer_is_tried_without_saving(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S02")
    risk = f"/en{address}/risk"

    chosen = text_of(desk.get(f"{risk}?question=biometrics").text)
    tried = text_of(desk.get(f"{risk}?question=role_in_decision&answer=decides_alone").text)
    wrong = text_of(desk.get(f"{risk}?question=red_lines&answer=none&answer=manipulation").text)

    assert "Check that a person is who they say" in chosen
    assert "The level goes from 3 – high to 4 – critical." in tried
    assert "‘none’ excludes every other option" in wrong
    assert draft(address).answers["role_in_decision"] == "recommends"


@pytest.mark.parametrize(
    "query", ["question=made_up", "question=biometrics&answer=made_up", "question=problem&answer=x"]
)
def test_a_question_or_answer_there_is_not_is_not_tried(query: str, desk: FlaskClient, start: Start) -> None:
    page = desk.get(f"/en{start('S02')}/risk?{query}")

    assert page.status_code == 200
    assert "The level" not in page.text


# Clauses


def test_clauses_stand_in_and_out_with_their_reasons_and_what_a_bidder_is_asked(
    desk: FlaskClient, start: Start
) -> None:
    page = text_of(desk.get(f"/en{start('S02')}/selection").text)

    assert "HUM-02 The final decision is a person’s" in page
    assert "Included because the risk level is 3 (high)" in page
    assert "Not included: it applies when" in page
    assert "mandatory (of 30 at this level)" in page


def test_a_clause_that_is_in_for_want_of_an_answer_is_tagged(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S02', foundation_model='do_not_know')}/selection").text)

    assert "Triggered by the bid" in page


def test_the_form_is_switched(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S02")

    desk.post(f"/en{address}/form", data={"form": "short", "revision": "0"})
    wrong = desk.post(f"/en{address}/form", data={"form": "tiny", "revision": "1"})

    assert draft(address).drawn_up().short
    assert "Short form" in desk.get(f"/en{address}/selection").text
    assert wrong.status_code == 400


def test_a_clause_shows_its_text_without_marks(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S02')}/selection/HUM-02").text)

    assert "The Supplier must" in page
    assert "{{" not in page
    assert "It holds a mandatory requirement" in page


def test_a_clause_is_dropped_with_a_reason_and_taken_back(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S02")
    page = f"/en{address}/selection/HUM-02"

    without_reason = desk.post(page, data={"revision": "0", "reason": ""})
    desk.post(page, data={"revision": "0", "reason": "The law orders it already"})
    dropped = {entry.clause.id for entry in draft(address).drawn_up().excluded}
    listed = text_of(desk.get(f"/en{address}/selection").text)
    desk.post(page, data={"revision": "1", "undo": "1"})

    assert without_reason.status_code == 422
    assert "HUM-02" in dropped
    assert "Dropped by the officer: The law orders it already" in listed
    assert "HUM-02" in {entry.clause.id for entry in draft(address).drawn_up().clauses}


def test_a_clause_is_added_with_a_reason(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S12")
    out = draft(address).drawn_up().excluded[0].clause.id

    desk.post(f"/en{address}/selection/{out}", data={"revision": "0", "reason": "The council asked for it"})

    assert out in {entry.clause.id for entry in draft(address).drawn_up().clauses}
    assert "Added by the officer: The council asked for it" in text_of(desk.get(f"/en{address}/selection").text)


def test_there_is_no_clause_of_that_name(desk: FlaskClient, start: Start) -> None:
    assert desk.get(f"/en{start('S02')}/selection/XXX-99").status_code == 404


# Parameters


def test_parameters_to_fill_in_come_first(desk: FlaskClient, start: Start) -> None:
    page = text_of(desk.get(f"/en{start('S02')}/parameters").text)

    assert page.index("Main performance metric") < page.index("The library proposes a value")
    assert page.index("The library proposes a value") < page.index("Notice of model changes")
    assert "Left empty: 60 days." in page


def test_a_rate_says_how_many_cases_show_it_and_warns_of_a_test_that_is_too_small(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start("S02")
    page = f"/en{address}/parameters"
    typed = {"max_false_negative_rate": "0,5", "confidence_level": "95"}

    desk.post(page, data=sent(desk, page, **typed))
    shown = text_of(desk.get(page).text)

    assert str(draft(address).drawn_up().parameters["max_false_negative_rate"].value) == "0.5"
    assert "To show this at 95% confidence takes 598 cases without a single error." in shown
    assert "Too few test cases The acceptance test asks for 500" in shown


def test_a_value_out_of_bounds_is_said_at_its_field_and_kept_there(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start("S02")
    page = f"/en{address}/parameters"

    refused = desk.post(page, data=sent(desk, page, model_change_notice_days="3", acceptance_period_days="soon"))

    assert refused.status_code == 422
    assert "Enter a value from 7 to 180" in refused.text
    assert "Enter a whole number" in refused.text
    assert 'value="soon"' in refused.text
    assert not draft(address).values("parameter")


def test_data_are_not_deleted_before_they_are_returned(desk: FlaskClient, start: Start) -> None:
    page = f"/en{start('S02')}/parameters"

    refused = desk.post(page, data=sent(desk, page, data_return_days="60", data_deletion_days="10"))

    assert refused.status_code == 422
    assert "Enter no less than in" in text_of(refused.text)


def test_a_place_with_narrower_bounds_says_why_and_a_value_beyond_them_breaks_no_page(
    desk: FlaskClient, start: Start
) -> None:
    address = start("S02")
    page = f"/en{address}/parameters"
    desk.post(page, data=sent(desk, page, breach_notice_hours="48"))
    desk.post(f"/en{address}/steps/3", data={"revision-buyer_jurisdiction": "1", "buyer_jurisdiction": "ES"})

    shown = desk.get(page)

    assert shown.status_code == 200
    assert "The buyer has 72 hours to report" in text_of(shown.text)
    assert "Enter a value from" in shown.text
    assert "A parameter does not fit any more" in desk.get(f"/en{address}/selection").text
    assert "Needs attention" in desk.get(f"/en{address}").text


# Releases


def test_a_newer_release_is_told_compared_and_taken(
    app: Flask, desk: FlaskClient, start: Start, draft: Draft, add_person: Callable[..., Person]
) -> None:
    address = start("S02")
    before = desk.get(f"/en{address}").text
    _release_with(app, "HUM-02", add_person(Role.REVIEWER).id, add_person(Role.APPROVER).id)

    told = desk.get(f"/en{address}").text
    page = desk.get(f"/en{address}/release").text
    newest = re.search(r'name="release"[^>]*value="([0-9a-f]{64})"', page)
    assert newest
    stale = desk.post(f"/en{address}/release", data={"release": "0" * 64})
    taken = desk.post(f"/en{address}/release", data={"release": newest[1]})

    assert "Release 2 of the library is out" not in before
    assert "Release 2 of the library is out" in told
    assert "<ins>" in page
    assert "Nobody but " in page
    assert stale.status_code == 409
    assert taken.status_code == 303
    assert draft(address).library.release == 2


# What a published tender takes


def test_a_published_tender_is_read_only(
    app: Flask, organisation: Organisation, desk: FlaskClient, start: Start
) -> None:
    address = start("S02")
    with transaction(app.extensions["engine"]) as session:
        name = address.removeprefix("/tenders/")
        store.mark_published(session, store.draft(session, organisation.id, name, for_update=True))

    page = desk.get(f"/en{address}/steps/9").text

    assert "Save and continue" not in page
    assert 'fieldset class="bare" disabled' in page
    assert desk.post(f"/en{address}/steps/9", data={"revision-pilot": "1", "pilot": "yes"}).status_code == 409


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_page_opens_in_the_other_languages(language: str, desk: FlaskClient, start: Start) -> None:
    stopped, address = start("S05"), start("S02", supervision_capacity="low", foundation_model="do_not_know")

    pages = (
        "",
        "/particulars",
        "/steps/1",
        "/answers",
        "/risk",
        "/selection",
        "/selection/DP-01",
        "/parameters",
        "/release",
    )

    for page in ("/tenders", "/tenders/new", f"{stopped}/risk", *(address + page for page in pages)):
        shown = desk.get(f"/{language}{page}")
        assert shown.status_code == 200
        assert shown.text.count("<h1") == 1
        assert f'<html lang="{language}"' in shown.text


def _make_approver(app: Flask, person: Person) -> None:
    with transaction(app.extensions["engine"]) as session:
        session.get_one(PersonRow, person.id).role = Role.APPROVER.value


def _release_with(app: Flask, clause_id: str, author: str, approver: str) -> None:
    with transaction(app.extensions["engine"]) as session:
        library = newest_library(session)
        texts = {
            language: {
                **library.texts[clause_id][language],
                "summary": f"Nobody but {language} knows. A person decides.",
            }
            for language in ("es", "pt", "en")
        }
        base = library.clauses[clause_id].hash
        made = propose(session, clause_id=clause_id, base_hash=base, texts=texts, reason="Clearer", author_id=author)
        approve(session, made.id, approver_id=approver, read_hash=made.content_hash)
