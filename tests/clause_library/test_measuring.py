"""What buyers can start from is checked: each test plants one fault in a copy of the edition."""

from decimal import Decimal

import pytest

from clause_library.checks import problems_in
from clause_library.completeness import faults_in_words
from clause_library.measuring import (
    AT_LEAST,
    AT_MOST,
    OWN,
    PER_10K,
    PERCENT,
    PROPORTION,
    SHARES,
    THRESHOLD,
    faults_in_metrics,
    metrics_of,
    needed,
    share,
)
from clause_library.releases import shipped_library
from rules.library import LANGUAGES, library_from
from rules.sampling import MOST_CASES, Sample


def _two_ways_to_apply(bundle):
    bundle["metrics"]["extraction"]["when"] = {"fact": "generative"}


def _no_way_to_apply(bundle):
    del bundle["metrics"]["content_safety"]["when"]


def _function_that_does_not_exist(bundle):
    bundle["metrics"]["extraction"]["functions"].append("read_minds")


def _fact_that_does_not_exist(bundle):
    bundle["metrics"]["content_safety"]["when"] = {"all": [{"fact": "magic"}]}


def _question_that_does_not_exist(bundle):
    bundle["metrics"]["face_verification"]["when"]["question"] = "faces"


def _condition_of_another_language(bundle):
    bundle["metrics"]["content_safety"]["when"] = {"if": "generative"}


def _metric_that_is_no_option(bundle):
    bundle["metrics"]["extraction"]["metric"] = "accuracy"


def _threshold_of_no_metric(bundle):
    del bundle["metrics"]["extraction"]["metric"]


def _parameter_that_does_not_exist(bundle):
    bundle["metrics"]["citation"]["parameter"] = "citations"


def _unknown_direction(bundle):
    bundle["metrics"]["extraction"]["direction"] = "about"


def _unknown_unit(bundle):
    bundle["metrics"]["optimisation_saving"]["unit"] = "euros"


def _unknown_cost(bundle):
    bundle["metrics"]["extraction"]["error_costs"] = "money"


def _shown_by_nothing(bundle):
    bundle["metrics"]["extraction"]["shown_by"] = "trust"


def _share_the_other_way(bundle):
    bundle["metrics"]["people_false_positives"]["direction"] = "at_least"


def _share_in_another_unit(bundle):
    bundle["metrics"]["content_safety"]["unit"] = "percent"


def _word_errors_as_a_share_of_cases(bundle):
    bundle["metrics"]["transcription"] |= {"shown_by": "proportion", "margin": 3}


def _share_of_cases_as_a_mean(bundle):
    del bundle["metrics"]["extraction"]["margin"]
    bundle["metrics"]["extraction"]["shown_by"] = "mean"


def _tier_without_a_threshold(bundle):
    del bundle["metrics"]["extraction"]["suggested"]["3"]


def _tier_that_does_not_exist(bundle):
    bundle["metrics"]["extraction"]["suggested"]["5"] = [99, 99]


def _threshold_in_words(bundle):
    bundle["metrics"]["extraction"]["suggested"]["3"] = ["high", 96]


def _threshold_the_wrong_way_round(bundle):
    bundle["metrics"]["extraction"]["suggested"]["3"] = [96, 93]


def _one_end_only(bundle):
    bundle["metrics"]["extraction"]["suggested"]["3"] = [93]


def _no_margin(bundle):
    del bundle["metrics"]["extraction"]["margin"]


def _margin_of_nothing(bundle):
    bundle["metrics"]["extraction"]["margin"] = 0


def _margin_of_a_mean(bundle):
    bundle["metrics"]["transcription"]["margin"] = 2


def _threshold_nobody_reaches(bundle):
    bundle["metrics"]["extraction"]["suggested"]["4"] = [98, 100]


def _threshold_no_test_shows(bundle):
    bundle["metrics"]["face_verification"]["suggested"]["4"] = ["0.001", "0.1"]


def _threshold_beyond_its_parameter(bundle):
    bundle["metrics"]["groundedness"]["suggested"]["2"] = [70, 90]


def _threshold_at_a_tier_without_a_value(bundle):
    bundle["metrics"]["groundedness"]["suggested"]["1"] = [80, 85]


def _higher_tier_asks_for_less(bundle):
    bundle["metrics"]["extraction"]["suggested"]["4"] = [90, 98]


def _higher_tier_bears_more_errors(bundle):
    bundle["metrics"]["people_false_positives"]["suggested"]["4"] = [1, 6]


def _source_that_does_not_exist(bundle):
    bundle["metrics"]["extraction"]["anchor"] = "somebody-said-so"


def _own_judgement_as_verified(bundle):
    bundle["metrics"]["extraction"]["confidence"] = "verified"


def _surer_than_its_source(bundle):
    source = next(name for name, row in bundle["sources"].items() if row["confidence"] == "unverified")
    bundle["metrics"]["extraction"] |= {"anchor": source, "confidence": "secondary"}


def _sure_in_its_own_way(bundle):
    bundle["metrics"]["extraction"]["confidence"] = "quite"


def _function_without_a_metric(bundle):
    bundle["metrics"] = {name: row for name, row in bundle["metrics"].items() if "optimise" not in _functions(row)}


def _function_without_a_metric_for_no_reason(bundle):
    _function_without_a_metric(bundle)
    bundle["without_metric"]["optimise"] = " "


def _function_with_a_metric_listed_as_without(bundle):
    bundle["without_metric"]["optimise"] = "nobody knows how"


def _functions(row):
    return row.get("functions", ())


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (_two_ways_to_apply, "either functions or when"),
        (_no_way_to_apply, "either functions or when"),
        (_function_that_does_not_exist, "functions has no option read_minds"),
        (_fact_that_does_not_exist, "there is no fact magic"),
        (_question_that_does_not_exist, "faces has no option verification_1to1"),
        (_condition_of_another_language, "metric content_safety"),
        (_metric_that_is_no_option, "accuracy is not an option of primary_metric"),
        (_threshold_of_no_metric, "a threshold of primary_metric without a metric"),
        (_parameter_that_does_not_exist, "there is no parameter citations"),
        (_unknown_direction, "direction about is not one of"),
        (_unknown_unit, "unit euros is not one of"),
        (_unknown_cost, "error_costs money is not one of"),
        (_shown_by_nothing, "shown_by trust is not one of"),
        (_share_the_other_way, "max_false_positive_rate is at_most, in percent"),
        (_share_in_another_unit, "harmful_output_max_per_10k is at_most, in per_10k"),
        (_word_errors_as_a_share_of_cases, "WER is shown by a mean"),
        (_share_of_cases_as_a_mean, "task_success is shown by a proportion"),
        (_tier_without_a_threshold, "for each of the tiers 2, 3 and 4"),
        (_tier_that_does_not_exist, "for none that does not exist"),
        (_threshold_in_words, "that is no number"),
        (_threshold_the_wrong_way_round, "from the lower to the higher"),
        (_one_end_only, "from the lower to the higher"),
        (_no_margin, "a proportion has a margin above 0"),
        (_margin_of_nothing, "a proportion has a margin above 0"),
        (_margin_of_a_mean, "a proportion has a margin above 0"),
        (_threshold_nobody_reaches, "tier 4: no test of 100000 cases shows 100"),
        (_threshold_no_test_shows, "tier 4: no test of 100000 cases shows 0.001"),
        (_threshold_beyond_its_parameter, "tier 2: beyond the bounds of groundedness_min_pct"),
        (_threshold_at_a_tier_without_a_value, "groundedness_min_pct has no value at tier 1"),
        (_higher_tier_asks_for_less, "tier 4 asks for less than tier 3"),
        (_higher_tier_bears_more_errors, "tier 4 asks for less than tier 3"),
        (_source_that_does_not_exist, "there is no source somebody-said-so"),
        (_own_judgement_as_verified, "it is said to be verified"),
        (_surer_than_its_source, "it is said to be secondary"),
        (_sure_in_its_own_way, "confidence quite is not one of"),
        (_function_without_a_metric, "no metric is suggested for it"),
        (_function_without_a_metric_for_no_reason, "no metric is suggested for it"),
        (_function_with_a_metric_listed_as_without, "listed as having no metric"),
    ],
)
def test_a_planted_fault_is_found(bundle, plant, said):
    plant(bundle)

    assert any(said in what for _, what in faults_in_metrics(bundle))


def test_the_edition_has_no_fault_and_a_metric_for_every_function(bundle):
    assert list(faults_in_metrics(bundle)) == []


def test_a_function_may_go_without_a_metric_where_it_is_said_why(bundle):
    _function_without_a_metric(bundle)
    bundle["without_metric"]["optimise"] = "nobody has measured it yet"

    assert list(faults_in_metrics(bundle)) == []


def test_the_check_of_the_library_looks_at_the_metrics(bundle):
    _own_judgement_as_verified(bundle)

    assert any(problem.where == "metric extraction" for problem in problems_in(bundle))


@pytest.mark.parametrize("part", ["name", "how", "cases", "caution"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_said_of_a_metric_is_found(bundle, language, part):
    bundle["words"][language]["metrics"]["extraction"][part] = " "

    assert (f"{language}, metrics, extraction", f"no {part}") in list(faults_in_words(bundle))


def test_a_caution_nobody_wrote_is_found(bundle):
    bundle["metrics"]["extraction"]["cautions"].append("weather")

    found = list(faults_in_words(bundle))

    assert ("es, metric_cautions", "no words for weather") in found


def test_no_metric_pretends_to_be_law():
    assert {metric.anchor for metric in metrics_of(shipped_library())} == {OWN}


def test_no_value_of_a_parameter_comes_from_a_metric():
    library = shipped_library()

    assert not library.parameters["primary_metric"].defaults
    assert not library.parameters[THRESHOLD].defaults
    assert not library.parameters["max_false_positive_rate"].defaults
    assert not library.parameters["max_false_negative_rate"].defaults


def test_a_release_of_before_suggests_nothing(bundle):
    del bundle["metrics"]

    assert metrics_of(library_from(bundle, "")) == ()


# The tests that thresholds ask for


def test_a_threshold_from_below_is_an_error_rate_from_above():
    asked = needed(AT_LEAST, PERCENT, Decimal(95), Decimal(3), Decimal(95))

    assert (asked.limit, asked.good, asked.fewest) == (Decimal(5), Decimal("2.5"), 59)
    assert asked.sample == Sample(361, 11)


def test_a_margin_is_taken_where_it_leaves_a_good_system_half_the_errors_or_more():
    assert needed(AT_MOST, PERCENT, Decimal(10), Decimal(3), Decimal(95)).good == 7
    assert needed(AT_MOST, PERCENT, Decimal(10), Decimal(8), Decimal(95)).good == 5


def test_ten_thousandths_are_told_from_hundredths():
    asked = needed(AT_MOST, PER_10K, Decimal(5), Decimal(1), Decimal(95))

    assert (asked.limit, asked.good, asked.fewest) == (Decimal("0.05"), Decimal("0.04"), 5990)


def test_of_the_primary_metrics_only_those_that_count_cases_are_shares():
    assert share(THRESHOLD, "recall") == (AT_LEAST, PERCENT)
    assert share(THRESHOLD, "WER") is None
    assert share(THRESHOLD, None) is None
    assert set(SHARES) <= set(shipped_library().parameters)


def test_every_hint_that_counts_cases_says_how_many_show_it():
    for metric in metrics_of(shipped_library()):
        for tier in metric.suggested:
            tests = metric.needed_at(tier, Decimal(95))
            assert bool(tests) == (metric.shown_by == PROPORTION)
            for one in tests:
                assert one.fewest is not None
                assert one.sample is None or one.fewest <= one.sample.cases <= MOST_CASES


# The page of a clause


def test_the_page_of_a_clause_says_where_to_start_from(client):
    page = client.get("/en/library/clauses/PER-01").text

    assert 'id="metric-transcription"' in page
    assert "Word errors" in page
    assert "at least 90 to 93%" in page
    assert "90%: 29 cases without an error, or 179 with up to 11 wrong" in page
    assert "it comes from a pilot" in page
    assert "not law nor a standard" in page


def test_each_clause_shows_the_metrics_of_its_own_figures(client):
    grounded = client.get("/en/library/clauses/GEN-04").text

    assert 'id="metric-groundedness"' in grounded
    assert 'id="metric-transcription"' not in grounded
    assert 'id="metrics"' not in client.get("/en/library/clauses/EXP-02").text
