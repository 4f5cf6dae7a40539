"""What stands behind the clauses is checked: each test plants one fault in a copy of the edition."""

import shutil

import pytest

from clause_library.checks import problems_in
from clause_library.edition import CONTENT, read_edition
from clause_library.errors import BadWording
from clause_library.sourcing import faults_in_sources
from rules.library import LANGUAGES

LAW = "br-lgpd-art-20"


def _source_of_a_clause_that_is_not_there(bundle):
    bundle["sources"][LAW]["clauses"].append("DP-99")


def _source_behind_a_clause_twice(bundle):
    bundle["sources"][LAW]["clauses"] += ["HUM-01", "HUM-01"]


def _source_behind_nothing(bundle):
    bundle["sources"][LAW]["clauses"] = []


def _revoked_source_behind_a_clause(bundle):
    bundle["sources"]["cl-res-60-2022"]["clauses"] = ["USE-05"]


def _place_that_leans_on_revoked_law(bundle):
    bundle["jurisdictions"]["CL"]["sources"].append("cl-res-60-2022")


def _clause_that_rests_on_nothing(bundle):
    for source in bundle["sources"].values():
        source["clauses"] = [name for name in source["clauses"] if name != "EXP-03"]


def _unknown_kind(bundle):
    bundle["sources"][LAW]["kind"] = "treaty"


def _unknown_confidence(bundle):
    bundle["sources"][LAW]["confidence"] = "certain"


def _country_in_words(bundle):
    bundle["sources"][LAW]["country"] = "Brasil"


def _source_without_a_title(bundle):
    bundle["sources"][LAW]["title"] = " "


def _date_of_another_form(bundle):
    bundle["sources"][LAW]["checked_on"] = "20/11/2026"


def _date_without_dashes(bundle):
    bundle["sources"][LAW]["in_force_from"] = "20201120"


def _date_that_never_was(bundle):
    bundle["sources"][LAW]["in_force_from"] = "2026-02-30"


def _revoked_in_no_month(bundle):
    bundle["sources"]["cl-res-60-2022"]["revoked"] = "2023-13"


def _never_checked(bundle):
    del bundle["sources"][LAW]["checked_on"]


def _instrument_read_by_nobody(bundle):
    bundle["instruments"]["AMS"]["read"] = "twice"


def _instrument_of_unknown_kind(bundle):
    bundle["instruments"]["AMS"]["kind"] = "essay"


def _instrument_without_a_year(bundle):
    bundle["instruments"]["AMS"]["year"] = "2020"


def _instrument_without_a_publisher(bundle):
    del bundle["instruments"]["AMS"]["publisher"]


def _instrument_in_no_country(bundle):
    bundle["instruments"]["AMS"]["country"] = "Holland"


def _instrument_on_no_clause(bundle):
    bundle["instruments"]["AMS"]["explicit"] = []


def _instrument_on_an_unknown_clause(bundle):
    bundle["instruments"]["AMS"]["partial"].append("AUD-99")


def _clause_both_explicit_and_partial(bundle):
    bundle["instruments"]["AMS"]["partial"].append("AUD-01")


def _ground_named_twice(bundle):
    bundle["grounds"].append("sex")


def _place_with_an_unknown_ground(bundle):
    bundle["jurisdictions"]["UY"]["protected_grounds"].append("zodiac_sign")


def _place_with_a_ground_twice(bundle):
    bundle["jurisdictions"]["UY"]["protected_grounds"].append("sex")


def _place_without_grounds(bundle):
    bundle["jurisdictions"]["UY"]["protected_grounds"] = []


def _place_with_an_unknown_source(bundle):
    bundle["jurisdictions"]["UY"]["sources"].append("uy-ley-0")


def _place_with_a_source_twice(bundle):
    bundle["jurisdictions"]["UY"]["sources"].append("uy-ley-18331")


def _place_under_the_law_of_another(bundle):
    bundle["jurisdictions"]["UY"]["sources"].append(LAW)


def _flag_on_what_the_place_does_not_list(bundle):
    bundle["jurisdictions"]["UY"]["sources"].remove("uy-ley-18331-art-16")


def _bound_on_what_the_place_does_not_list(bundle):
    bundle["jurisdictions"]["PE"]["bounds"][0]["sources"] = ["br-lei-14133"]


def _grounds_surer_than_their_sources(bundle):
    bundle["jurisdictions"]["UY"]["grounds_confidence"] = "verified"


def _bound_surer_than_its_sources(bundle):
    bundle["jurisdictions"]["PE"]["bounds"][0]["confidence"] = "secondary"


def _business_day_surer_than_no_source(bundle):
    bundle["jurisdictions"]["other"]["business_day_confidence"] = "secondary"


def _business_day_of_unknown_confidence(bundle):
    del bundle["jurisdictions"]["UY"]["business_day_confidence"]


def _place_without_a_business_day(bundle):
    bundle["jurisdictions"]["UY"]["business_day_pt"] = ""


def _ground_without_words(bundle):
    del bundle["words"]["pt"]["grounds"]["age"]


def _instrument_without_a_note(bundle):
    bundle["words"]["en"]["instruments_compared"]["NL"]["note"] = " "


def _words_for_an_instrument_that_is_not_there(bundle):
    bundle["words"]["es"]["instruments_compared"]["XX"] = {"name": "?", "note": "?"}


def _gap_in_two_languages_only(bundle):
    del bundle["words"]["en"]["gaps"]["no_court_practice"]


def _gap_without_a_text(bundle):
    del bundle["words"]["es"]["gaps"]["no_court_practice"]["text"]


def _nothing_admitted(bundle):
    for language in LANGUAGES:
        bundle["words"][language]["gaps"] = {}


FAULTS = {
    _source_of_a_clause_that_is_not_there: f"source {LAW}: there is no clause DP-99",
    _source_behind_a_clause_twice: f"source {LAW}: clause HUM-01 is named 2 times",
    _source_behind_nothing: f"source {LAW}: it stands behind no clause",
    _revoked_source_behind_a_clause: "source cl-res-60-2022: it is revoked",
    _place_that_leans_on_revoked_law: "jurisdiction CL: cl-res-60-2022 is revoked",
    _clause_that_rests_on_nothing: "EXP-03: no source stands behind it",
    _unknown_kind: f"source {LAW}: kind treaty is not one of law",
    _unknown_confidence: f"source {LAW}: confidence certain is not one of verified",
    _country_in_words: f"source {LAW}: country Brasil",
    _source_without_a_title: f"source {LAW}: no title",
    _date_of_another_form: f"source {LAW}: checked_on 20/11/2026 is no date",
    _date_without_dashes: f"source {LAW}: in_force_from 20201120 is no date",
    _date_that_never_was: f"source {LAW}: in_force_from 2026-02-30 is no date",
    _revoked_in_no_month: "source cl-res-60-2022: revoked 2023-13 is neither",
    _never_checked: f"source {LAW}: it does not say when it was checked",
    _instrument_read_by_nobody: "instrument AMS: read twice is not one of in full",
    _instrument_of_unknown_kind: "instrument AMS: kind essay is not one of",
    _instrument_without_a_year: "instrument AMS: no year",
    _instrument_without_a_publisher: "instrument AMS: no publisher",
    _instrument_in_no_country: "instrument AMS: country Holland",
    _instrument_on_no_clause: "instrument AMS: it treats no clause",
    _instrument_on_an_unknown_clause: "instrument AMS: there is no clause AUD-99",
    _clause_both_explicit_and_partial: "instrument AMS: clause AUD-01 is named 2 times",
    _ground_named_twice: "grounds: ground sex is named 2 times",
    _place_with_an_unknown_ground: "jurisdiction UY: there is no ground zodiac_sign",
    _place_with_a_ground_twice: "jurisdiction UY: ground sex is named 2 times",
    _place_without_grounds: "jurisdiction UY: no protected ground",
    _place_with_an_unknown_source: "jurisdiction UY: there is no source uy-ley-0",
    _place_with_a_source_twice: "jurisdiction UY: source uy-ley-18331 is named 2 times",
    _place_under_the_law_of_another: f"jurisdiction UY: {LAW} is of BR",
    _flag_on_what_the_place_does_not_list: "jurisdiction UY: flag automated-decision: uy-ley-18331-art-16 is not among",
    _bound_on_what_the_place_does_not_list: "jurisdiction PE: bound of breach_notice_hours: br-lei-14133 is not among",
    _grounds_surer_than_their_sources: "jurisdiction UY: grounds: it is said to be verified, which none",
    _bound_surer_than_its_sources: "jurisdiction PE: bound of breach_notice_hours: it is said to be secondary",
    _business_day_surer_than_no_source: "jurisdiction other: business_day: it is said to be secondary",
    _business_day_of_unknown_confidence: "jurisdiction UY: business_day: confidence None is not one of",
    _place_without_a_business_day: "jurisdiction UY: it does not say what a business day is in pt",
    _ground_without_words: "pt, grounds: no words for age",
    _instrument_without_a_note: "en, instruments_compared, NL: no note",
    _words_for_an_instrument_that_is_not_there: "es, instruments_compared: words for XX, which does not exist",
    _gap_in_two_languages_only: "en, gaps: no words for no_court_practice",
    _gap_without_a_text: "es, gaps, no_court_practice: no text",
    _nothing_admitted: "gaps: the release admits to none",
}


def test_what_stands_behind_the_shipped_edition_has_no_fault(bundle):
    assert list(faults_in_sources(bundle)) == []


@pytest.mark.parametrize("plant", FAULTS, ids=[plant.__name__.strip("_") for plant in FAULTS])
def test_a_planted_fault_is_found_and_named(bundle, plant):
    plant(bundle)

    found = [f"{where}: {what}" for where, what in faults_in_sources(bundle)]

    assert len(found) < 4
    assert any(FAULTS[plant] in said for said in found), found


def test_the_check_of_a_library_looks_at_what_stands_behind_it(bundle):
    _unknown_kind(bundle)

    assert any("kind treaty" in problem.what for problem in problems_in(bundle))


@pytest.mark.parametrize("part", ["instruments", "grounds"])
def test_a_release_that_leaves_a_part_out_is_told_so(bundle, part):
    del bundle[part]

    assert any(f"'{part}' is missing" in problem.what for problem in problems_in(bundle))


def test_a_release_from_before_there_were_sources_is_held_to_nothing(bundle):
    old = bundle | {"schema": 1, "sources": {"a": {"id": "a", "title": "A law"}}}
    del old["instruments"], old["grounds"]

    assert list(faults_in_sources(old)) == []


@pytest.mark.parametrize("name", ["sources", "instruments"])
def test_an_id_used_twice_in_a_file_is_refused_and_not_lost(tmp_path, name):
    content = shutil.copytree(CONTENT, tmp_path / "content")
    rows = (content / f"{name}.toml").read_text(encoding="utf-8")
    first = rows[rows.index(f"[[{name}]]") :].split(f"[[{name}]]")[1]
    (content / f"{name}.toml").write_text(f"{rows}\n[[{name}]]{first}", encoding="utf-8")

    with pytest.raises(BadWording, match="is used 2 times"):
        read_edition(content)


def test_only_what_was_read_whole_says_so(bundle):
    whole = {name for name, row in bundle["instruments"].items() if row["read"] == "in full"}

    assert whole == {"AMS", "CA", "NL", "OCP"}


def test_the_founding_documents_are_sources_that_were_read(bundle):
    founding = [row for row in bundle["sources"].values() if row["kind"] == "founding_document"]

    assert [row["confidence"] for row in founding] == ["verified"] * 5


def test_no_place_under_european_law_keeps_logs_for_less_than_six_months(bundle):
    for name in ("ES", "PT", "EU-other"):
        bounds = {row["parameter"]: row for row in bundle["jurisdictions"][name]["bounds"]}
        assert bounds["log_retention_months"]["minimum"] == 6
