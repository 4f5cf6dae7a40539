"""The checks find what they are there for: each test plants one fault in a copy of the edition."""

import pytest

from clause_library.checks import count_of, problems_in, tiers_possible
from clause_library.releases import shipped_library
from rules.conditions import condition_from
from rules.library import LANGUAGES


def _clause(bundle, name):
    return next(row for row in bundle["clauses"] if row["id"] == name)


def _row(bundle, group, name):
    return next(row for row in bundle[group] if row.get("id", row.get("name")) == name)


def _text(bundle, clause, language):
    return _clause(bundle, clause)["texts"][language]


def _requirement(bundle, name):
    return next(row for row in _clause(bundle, name.split(".")[0])["requirements"] if row["id"] == name)


def _second_language_lacks_a_parameter(bundle):
    parts = _text(bundle, "EXP-02", "pt")["requirements"]["EXP-02.2"]
    parts["text"] = parts["text"].replace("{{ explanation_response_days }}", "cinco")


def _third_language_lacks_a_requirement(bundle):
    del _text(bundle, "EXP-02", "en")["requirements"]["EXP-02.3"]


def _term_of_another(bundle):
    parts = _text(bundle, "EXP-02", "es")["requirements"]["EXP-02.1"]
    parts["text"] = parts["text"].replace("{{ term.supplier.The }}", "{{ term.bidder.The }}")


def _reference_to_nothing(bundle):
    for language in LANGUAGES:
        _text(bundle, "EXP-02", language)["requirements"]["EXP-02.1"]["text"] += " [[DQ-99]]"


def _undefined_parameter(bundle):
    bundle["parameters"].remove(_row(bundle, "parameters", "explanation_response_days"))


def _parameter_without_value(bundle):
    _requirement(bundle, "EXP-02.2")["strength"]["1"] = "mandatory"


def _parameter_nobody_uses(bundle):
    bundle["parameters"].append({"name": "spare_days", "type": "int", "minimum": 1, "maximum": 9})


def _default_out_of_bounds(bundle):
    _row(bundle, "parameters", "explanation_response_days")["defaults"]["3"] = 31


def _no_requirement_at_a_tier(bundle):
    for requirement in _clause(bundle, "EXP-02")["requirements"]:
        requirement["strength"].pop("1", None)


def _two_essential(bundle):
    _requirement(bundle, "EXP-02.2")["essential"] = True


def _none_essential(bundle):
    del _requirement(bundle, "EXP-02.1")["essential"]


def _principle_without_a_clause(bundle):
    for clause in bundle["clauses"]:
        clause["principles"] = [name for name in clause["principles"] if name != "UCCI-9"] or ["UCCI-2"]


def _unknown_principle(bundle):
    _clause(bundle, "EXP-02")["principles"].append("XX-1")


def _category_without_a_clause(bundle):
    bundle["clauses"] = [row for row in bundle["clauses"] if row["category"] != "EXI"]
    bundle["guarantees"] = []


def _guarantee_of_nothing(bundle):
    bundle["guarantees"][0]["requirements"] = ["HUM-99.1"]


def _guarantee_not_mandatory(bundle):
    _requirement(bundle, "HUM-02.1")["strength"]["4"] = "scored"


def _stray_mark(bundle):
    _text(bundle, "EXP-02", "en")["summary"] += " {% raw %}"


def _markup_in_words(bundle):
    bundle["words"]["pt"]["tiers"]["3"]["meaning"] += " <b>alto</b>"


def _question_without_words(bundle):
    del bundle["words"]["pt"]["questions"]["techniques"]


def _option_without_words(bundle):
    bundle["words"]["es"]["questions"]["techniques"]["options"]["generative"]["label"] = " "


def _fact_without_its_negative(bundle):
    bundle["words"]["en"]["facts"]["generative"]["no"] = ""


def _trigger_without_words(bundle):
    del bundle["words"]["en"]["triggers"]["H1"]


def _flag_without_words(bundle):
    del bundle["words"]["es"]["flags"]["dpia"]["text"]


def _conflict_without_words(bundle):
    del bundle["words"]["pt"]["conflicts"]["narrow-with-profiling"]["resolve"]


def _red_line_without_alternatives(bundle):
    bundle["words"]["en"]["red_lines"]["social_scoring"]["alternatives"] = []


def _parameter_without_words(bundle):
    del bundle["words"]["es"]["parameters"]["explanation_response_days"]["label"]


def _choice_without_words(bundle):
    del bundle["words"]["pt"]["parameters"]["drift_check_frequency"]["choices"]["weekly"]


def _place_without_words(bundle):
    del bundle["words"]["en"]["jurisdictions"]["CL"]


def _term_without_a_form(bundle):
    del bundle["words"]["es"]["terms"]["supplier"]["default"]["of"]


def _category_without_words(bundle):
    del bundle["words"]["pt"]["categories"]["HUM"]


def _principle_without_words(bundle):
    bundle["words"]["en"]["principles"]["GPP"]["document"] = ""


def _words_for_nothing(bundle):
    bundle["words"]["en"]["facts"]["forgotten"] = {"yes": "so", "no": "not so"}


def _sentence_with_other_blanks(bundle):
    bundle["words"]["pt"]["sentences"]["tier"] = "o nível é {nivel}"


def _unknown_source(bundle):
    bundle["jurisdictions"]["CL"]["flags"]["dpia"] = ["cl-ley-0"]


def _bound_without_a_reason(bundle):
    bundle["jurisdictions"]["BR"]["bounds"][0]["because_pt"] = ""


def _id_used_twice(bundle):
    bundle["flags"].append(dict(bundle["flags"][0]))


def _unknown_fact(bundle):
    _clause(bundle, "EXP-02")["when"] = {"fact": "invented"}


def _no_clause(bundle):
    bundle["clauses"] = []


FAULTS = {
    _second_language_lacks_a_parameter: "pt, EXP-02.2, text: explanation_response_days",
    _third_language_lacks_a_requirement: "en, EXP-02.3, text: the requirement or its text is missing",
    _term_of_another: "es, EXP-02.1, text: supplier is used in another language",
    _reference_to_nothing: "there is no clause DQ-99",
    _undefined_parameter: "there is no parameter or term explanation_response_days",
    _parameter_without_value: "explanation_response_days has no value at a tier",
    _parameter_nobody_uses: "parameter spare_days: no clause uses it",
    _default_out_of_bounds: "the default 31 is out of its bounds",
    _no_requirement_at_a_tier: "EXP-02: it can be in at tier 1",
    _two_essential: "EXP-02: 2 essential requirements",
    _none_essential: "EXP-02: 0 essential requirements",
    _principle_without_a_clause: "principle UCCI-9: no clause serves it",
    _unknown_principle: "EXP-02: there is no principle XX-1",
    _category_without_a_clause: "category EXI: it has no clause",
    _guarantee_of_nothing: "there is no requirement HUM-99.1",
    _guarantee_not_mandatory: "HUM-02.1 is not mandatory at tier 4",
    _stray_mark: "EXP-02, en, summary: the mark {%",
    _markup_in_words: "pt, tiers, 3, meaning: the mark <b",
    _question_without_words: "pt, questions: no words for techniques",
    _option_without_words: "es, questions, techniques, generative: no label",
    _fact_without_its_negative: "en, facts, generative: no no",
    _trigger_without_words: "en, triggers: no words for H1",
    _flag_without_words: "es, flags, dpia: no text",
    _conflict_without_words: "pt, conflicts, narrow-with-profiling: no resolve",
    _red_line_without_alternatives: "en, red_lines, social_scoring: no alternatives",
    _parameter_without_words: "es, parameters, explanation_response_days: no label",
    _choice_without_words: "pt, parameters, drift_check_frequency: no words for weekly",
    _place_without_words: "en, jurisdictions: no words for CL",
    _term_without_a_form: "es, terms, supplier, default: no form 'of'",
    _category_without_words: "pt, categories: no words for HUM",
    _principle_without_words: "en, principles, GPP: no document",
    _words_for_nothing: "en, facts: words for forgotten",
    _sentence_with_other_blanks: "pt, sentences, tier: its blanks",
    _unknown_source: "jurisdiction CL: there is no source cl-ley-0",
    _bound_without_a_reason: "jurisdiction BR, pt: no reason",
    _id_used_twice: "the id is used 2 times",
    _unknown_fact: "there is no fact invented",
    _no_clause: "library: there is no clause",
}


def test_the_shipped_edition_has_no_problem(bundle):
    assert problems_in(bundle) == ()


@pytest.mark.parametrize("plant", FAULTS, ids=[plant.__name__.strip("_") for plant in FAULTS])
def test_a_planted_fault_is_found_and_named(bundle, plant):
    plant(bundle)

    found = [f"{problem.where}: {problem.what}" for problem in problems_in(bundle)]

    assert any(FAULTS[plant] in said for said in found), found


def test_what_was_looked_at_is_counted(bundle):
    count = count_of(bundle)

    assert (count.clauses, count.questions) == (len(bundle["clauses"]), len(bundle["questions"]))
    assert min(count.requirements, count.parameters, count.guarantees, count.words) > 0


@pytest.mark.parametrize(
    ("condition", "tiers"),
    [
        ({"all": []}, (1, 2, 3, 4)),
        ({"tier_at_least": 3}, (3, 4)),
        ({"not": {"tier_at_least": 3}}, (1, 2)),
        ({"fact": "generative"}, (1, 2, 3, 4)),
        ({"all": [{"fact": "generative"}, {"tier_at_least": 2}]}, (2, 3, 4)),
        ({"any": [{"fact": "generative"}, {"tier_at_least": 2}]}, (1, 2, 3, 4)),
        ({"flag": "register"}, (1, 2, 3, 4)),
        ({"score_at_least": [1, 4]}, (1, 2, 3, 4)),
        ({"not": {"score_at_least": [1, 4]}}, (1, 2, 3, 4)),
        ({"any": []}, ()),
    ],
)
def test_a_condition_is_possible_at_the_tiers_that_do_not_rule_it_out(condition, tiers):
    assert tiers_possible(shipped_library(), condition_from(condition, "here")) == tiers
