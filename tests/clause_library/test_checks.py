"""The checks find what they are there for: each test plants one fault in a copy of the edition."""

import pytest

from clause_library.checks import count_of, problems_in, tiers_possible
from clause_library.releases import shipped_library
from rules.conditions import condition_from
from rules.library import LANGUAGES
from tests.clause_library.planting import (
    as_lines,
    clause,
    copy_of_the_edition,
    newly_said,
    requirement,
    row,
    said_of,
    said_of_the_edition,
    write,
)


def _undefined_parameter(bundle):
    bundle["parameters"].remove(row(bundle, "parameters", "explanation_response_days"))


def _parameter_without_value(bundle):
    requirement(bundle, "EXP-02.2")["strength"]["1"] = "mandatory"


def _parameter_nobody_uses(bundle):
    bundle["parameters"].append({"name": "spare_days", "type": "int", "minimum": 1, "maximum": 9})


def _default_out_of_bounds(bundle):
    row(bundle, "parameters", "explanation_response_days")["defaults"]["3"] = 31


def _no_requirement_at_a_tier(bundle):
    for requirement in clause(bundle, "EXP-02")["requirements"]:
        requirement["strength"].pop("1", None)


def _two_essential(bundle):
    requirement(bundle, "EXP-02.2")["essential"] = True


def _none_essential(bundle):
    del requirement(bundle, "EXP-02.1")["essential"]


def _principle_without_aclause(bundle):
    for clause in bundle["clauses"]:
        clause["principles"] = [name for name in clause["principles"] if name != "UCCI-9"] or ["UCCI-2"]


def _unknown_principle(bundle):
    clause(bundle, "EXP-02")["principles"].append("XX-1")


def _category_without_aclause(bundle):
    bundle["clauses"] = [row for row in bundle["clauses"] if row["category"] != "EXI"]
    bundle["guarantees"] = []


def _guarantee_of_nothing(bundle):
    bundle["guarantees"][0]["requirements"] = ["HUM-99.1"]


def _guarantee_not_mandatory(bundle):
    requirement(bundle, "HUM-02.1")["strength"]["4"] = "scored"


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
    clause(bundle, "EXP-02")["when"] = {"fact": "invented"}


def _noclause(bundle):
    bundle["clauses"] = []


@@TABLE@@


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
