"""What the officer, and then the bidder, reads about the tests that the values of a tender ask for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from clause_library.measuring import PROPORTION, metrics_of
from clause_library.releases import shipped_library
from exports.assembly import tender_document
from exports.document import plain_text
from procurement.clause_words import Reader
from procurement.decisions import decisions_from
from procurement.parameters import read_parameters
from procurement.particulars import particulars_from
from procurement.samples import Hint, SampleNeeded, hints, samples_needed
from procurement.tender import Tender, draw_up
from procurement.worked import worked_purchases
from rules.questions import read_answers
from tests.procurement.test_pages import sent, text_of

Start = Callable[..., str]
Draft = Callable[[str], Any]
LIBRARY = shipped_library()
SHARES = ("precision", "recall", "groundedness", "task_success")


def drawn(worked: str = "S01", answers: dict[str, Any] | None = None, **given: str) -> Tender:
    """A worked purchase in its full form, with some answers and values of parameters different."""
    told = {**worked_purchases()[worked].answers_in("en"), **(answers or {})}
    decisions = decisions_from(LIBRARY, {"form": "full"})
    read = read_answers(LIBRARY.questions, told)
    return draw_up(LIBRARY, read, particulars_from({}), read_parameters(LIBRARY, given), decisions)


def sample(name: str, worked: str = "S01", **given: str) -> SampleNeeded | None:
    tender = drawn(worked, **given)
    return samples_needed(LIBRARY, tender.assessment, tender.parameters).get(name)


def hinted(worked: str = "S01", answers: dict[str, Any] | None = None, **given: str) -> dict[str, tuple[Hint, ...]]:
    tender = drawn(worked, answers, **given)
    return hints(LIBRARY, tender.assessment, tender.parameters, Reader(LIBRARY, "en"))


def ids(found: dict[str, tuple[Hint, ...]], name: str) -> set[str]:
    return {hint.id for hint in found.get(name, ())}


# The test of a value


def test_a_share_from_below_asks_for_the_same_test_as_its_errors_from_above():
    grounded = sample("groundedness_min_pct", groundedness_min_pct="90", test_set_min_cases="300")

    assert grounded is not None
    assert (grounded.cases, grounded.at_least, grounded.allowed) == (29, True, 21)
    assert grounded.points == ((29, 0), (179, 11), (300, 21))


def test_a_threshold_of_the_main_metric_is_a_share_only_for_metrics_that_count_cases():
    for metric in LIBRARY.parameters["primary_metric"].choices:
        found = sample("primary_metric_threshold", primary_metric=metric, primary_metric_threshold="90")
        assert (found is not None) == (metric in SHARES)


def test_a_threshold_without_a_metric_asks_for_nothing_yet():
    assert sample("primary_metric_threshold", primary_metric_threshold="90") is None


def test_no_test_shows_a_share_of_everything_and_every_test_shows_one_of_nothing():
    whole = sample("citation_rate_min_pct", citation_rate_min_pct="100")

    assert whole is not None
    assert (whole.cases, whole.too_few, whole.points) == (None, False, ())
    assert sample("citation_rate_min_pct", citation_rate_min_pct="0") is None


def test_harmful_answers_are_counted_in_ten_thousands():
    harmful = sample("harmful_output_max_per_10k", harmful_output_max_per_10k="5")

    assert harmful is not None
    assert harmful.cases == 5990
    assert harmful.too_few


def test_only_some_cases_count_for_some_rates_and_the_whole_test_is_then_no_point_of_theirs():
    missed = sample("max_false_negative_rate", max_false_negative_rate="5", test_set_min_cases="500")

    assert missed is not None
    assert missed.counted == "positives"
    assert missed.points == ((59, 0), (361, 11))


def test_a_test_between_the_fewest_cases_and_those_of_a_good_system_is_few():
    few = sample("groundedness_min_pct", groundedness_min_pct="95", test_set_min_cases="60")
    enough = sample("groundedness_min_pct", groundedness_min_pct="95", test_set_min_cases="361")

    assert few is not None
    assert enough is not None
    assert (few.too_few, few.barely, few.allowed, few.passed) == (False, True, 0, 21)
    assert (enough.barely, enough.allowed) == (False, 11)


def test_nothing_is_computed_without_a_confidence():
    tender = drawn(max_false_negative_rate="5")
    without = {name: row for name, row in tender.parameters.items() if name != "confidence_level"}

    assert samples_needed(LIBRARY, tender.assessment, without) == {}


# What buyers can start from


def test_hints_are_for_what_the_system_does():
    assistant, invoices = hinted("S01"), hinted("S08")

    assert {"conversation", "retrieval"} <= ids(assistant, "primary_metric_threshold")
    assert ids(assistant, "groundedness_min_pct") == {"groundedness"}
    assert ids(assistant, "harmful_output_max_per_10k") == {"content_safety"}
    assert "extraction" not in ids(assistant, "primary_metric")
    assert ids(invoices, "primary_metric_threshold") == {"extraction", "text_recognition", "routing"}


def test_a_condition_brings_a_hint_as_a_function_does():
    ordinary, faces = (
        hinted("S01", {"biometrics": use, "legal_exception": "no"}) for use in ("none", "verification_1to1")
    )

    assert "face_verification" not in ids(ordinary, "max_false_positive_rate")
    assert "face_verification" in ids(faces, "max_false_positive_rate")


@pytest.mark.parametrize("worked", [name for name, one in worked_purchases().items() if one.tier])
def test_every_worked_purchase_has_something_to_start_from(worked):
    assert hinted(worked)["primary_metric"]


def test_a_metric_that_is_chosen_leaves_its_own_hints_at_the_threshold():
    chosen = hinted("S01", primary_metric="recall")

    assert ids(chosen, "primary_metric_threshold") == {"retrieval"}
    assert "conversation" in ids(chosen, "primary_metric")


def test_a_metric_for_which_there_is_no_hint_leaves_the_others():
    chosen = hinted("S08", primary_metric="AUC")

    assert "extraction" in ids(chosen, "primary_metric_threshold")


def test_a_metric_no_clause_has_a_place_for_is_with_the_choice_of_metric():
    assert "synthetic_media" in ids(hinted("S01", {"functions": ["synthetic_media"]}), "primary_metric")


def test_hints_follow_the_tier_and_the_confidence_of_the_tender():
    (sure,) = hinted("S01", confidence_level="99")["groundedness_min_pct"]
    (usual,) = hinted("S01", confidence_level="95")["groundedness_min_pct"]

    assert [one.fewest for one in usual.tests] == [19, 29]
    assert [one.fewest for one in sure.tests] == [29, 44]
    assert (usual.lowest, usual.highest) == (85, 90)


@pytest.mark.parametrize("worked", [name for name, one in worked_purchases().items() if one.tier])
def test_no_hint_ever_fills_a_parameter(worked):
    tender = drawn(worked)

    for name in ("primary_metric", "primary_metric_threshold", "max_false_positive_rate", "max_false_negative_rate"):
        if name in tender.parameters:
            assert tender.parameters[name].value is None
            assert tender.parameters[name].default is None


def test_a_metric_that_is_no_share_has_no_computed_test():
    told = {hint.id: hint for row in hinted("S12").values() for hint in row}

    for metric in metrics_of(LIBRARY):
        if metric.id in told:
            assert told[metric.id].pilot_first == (metric.shown_by != PROPORTION)
            assert bool(told[metric.id].tests) != told[metric.id].pilot_first


# The officer's page


def in_full(desk: FlaskClient, address: str) -> str:
    """The address of the page about parameters of a tender, in its full form."""
    desk.post(f"/en{address}/form", data={"form": "full", "revision": "0"})
    return f"/en{address}/parameters"


def test_the_page_shows_where_to_start_from_and_offers_nothing_to_accept(
    desk: FlaskClient, start: Start, draft: Draft
) -> None:
    address = start("S01")
    page = desk.get(in_full(desk, address)).text
    shown = re.findall(r'<details class="parameter-hints".*?</details>', page, re.DOTALL)

    said = " ".join(text_of(one) for one in shown)
    assert "Conversations that solve the matter" in said
    assert "at least 85 to 90%" in said
    assert "85%: 19 cases without an error, or 281 with up to 32 wrong" in said
    assert "Nothing here is filled in for you" in said
    assert not re.search(r"<(input|button|select|textarea|a)\b", "".join(shown))
    assert re.search(r'<input[^>]*name="primary_metric_threshold"[^>]*value=""', page)
    assert not draft(address).values("parameter")


def test_a_value_says_the_larger_test_and_what_the_test_of_the_tender_allows(desk: FlaskClient, start: Start) -> None:
    page = in_full(desk, start("S01"))
    desk.post(page, data=sent(desk, page, groundedness_min_pct="95", test_set_min_cases="60", confidence_level="95"))

    said = text_of(desk.get(page).text)

    assert "To show this at 95% confidence takes 59 cases without a single error." in said
    assert "So that a good system, with 2.5% of errors, passes 4 times in 5: 361 cases, with up to 11 wrong." in said
    assert "Of the 60 cases of the acceptance test, none may be wrong." in said
    assert "That good system would pass it only 21 times in 100: ask for more cases." in said


def test_a_threshold_the_test_cannot_show_is_warned_of_and_saved(desk: FlaskClient, start: Start, draft: Draft) -> None:
    address = start("S01")
    page = in_full(desk, address)

    saved = desk.post(page, data=sent(desk, page, groundedness_min_pct="99", test_set_min_cases="100"))

    assert saved.status_code == 303
    assert "Ask for more, or for a lower threshold." in text_of(desk.get(page).text)
    assert str(draft(address).drawn_up().parameters["groundedness_min_pct"].value) == "99"


@pytest.mark.parametrize("language", ["es", "pt"])
def test_hints_are_in_the_language_of_the_page(desk: FlaskClient, start: Start, language: str) -> None:
    said = text_of(desk.get(f"/{language}{start('S01')}/parameters").text)

    assert LIBRARY.words[language]["metrics"]["conversation"]["name"] in said


# The tender


@pytest.mark.parametrize(
    ("language", "fewest", "errors"),
    [
        ("en", "at least 59 cases without a single error", "with more cases: 11 in 361 cases; 23 in 650 cases."),
        ("es", "al menos 59 casos sin un solo error", "con más casos: 11 en 361 casos; 23 en 650 casos."),
        ("pt", "pelo menos 59 casos sem um único erro", "com mais casos: 11 em 361 casos; 23 em 650 casos."),
    ],
)  # fmt: skip
def test_the_tender_says_how_many_cases_show_each_share_and_with_how_many_errors(language, fewest, errors):
    tender = drawn(groundedness_min_pct="95", test_set_min_cases="650")

    said = plain_text(tender_document(tender, language)).replace("\u00a0", " ")

    assert fewest in said
    assert errors in said


def test_the_tender_says_which_cases_count():
    tender = drawn(max_false_negative_rate="5", primary_metric="precision", primary_metric_threshold="80")

    said = plain_text(tender_document(tender, "en"))

    assert "Only cases that are really positive count." in said
    assert "Only cases the system flagged count." in said


def test_the_tender_holds_no_hint():
    tender = drawn("S01")

    said = plain_text(tender_document(tender, "en"))

    for words in LIBRARY.words["en"]["metrics"].values():
        assert str(words["how"]) not in said
        assert str(words["caution"]) not in said
