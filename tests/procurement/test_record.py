import json
from decimal import Decimal
from typing import Any

from clause_library.releases import shipped_library
from procurement.commands import assessed_line
from procurement.decisions import decisions_from
from procurement.parameters import read_parameters
from procurement.particulars import particulars_from
from procurement.record import tender_record
from procurement.tender import draw_up
from rules.questions import read_answers
from tests.rules.briefs import brief

LIBRARY = shipped_library()
LINE = ["tier", "tier_name", "score", "triggers", "flags", "conflicts", "clauses", "excluded", "ignored", "library"]


def record(answers: dict[str, Any], *, given: dict[str, Any] | None = None, **decisions: Any) -> dict[str, Any]:
    tender = draw_up(
        LIBRARY,
        read_answers(LIBRARY.questions, answers),
        particulars_from({"title": "Signals", "amount": "1200.50"}),
        read_parameters(LIBRARY, given or {}),
        decisions_from(LIBRARY, decisions),
    )
    return tender_record(tender, "en", {"tender.docx": "00ff"})


def test_the_record_of_a_tender_begins_as_the_line_of_its_assessment():
    answers = brief(personal_data=["health"], profiling="do_not_know")

    whole, line = record(answers), assessed_line(LIBRARY, json.dumps(answers).encode(), 1, "en")

    assert list(line) == LINE
    assert {name: whole[name] for name in LINE} == line


def test_the_record_adds_answers_parameters_decisions_gaps_and_hashes():
    decided = {"form": "full", "conflicts": {"harm-without-effect": "Goods."}}

    whole = record(brief(problem="Queues"), given={"audit_notice_business_days": 7}, **decided)

    assert whole["answers"]["problem"] == "Queues"
    assert whole["answers"]["personal_data"] == ["none"]
    assert whole["particulars"] == {"title": "Signals", "amount": "1200.50"}
    assert whole["decisions"] == decided
    assert whole["form"] == "full"
    assert whole["unfilled"]
    assert whole["files"] == {"tender.docx": "00ff"}


def test_a_parameter_says_its_value_and_where_it_comes_from():
    whole = record(brief(safety_component="yes"), given={"regression_max_drop_pp": "1,5", "cure_days": 20})
    parameters = whole["parameters"]

    assert parameters["regression_max_drop_pp"] == {"value": 1.5, "origin": "given"}
    assert {row["origin"] for row in parameters.values()} == {"given", "default", "words", "unfilled"}
    assert sorted(whole["unfilled"]) == sorted(name for name in parameters if parameters[name]["origin"] == "unfilled")
    assert not any(isinstance(row["value"], Decimal) for row in parameters.values())


def test_what_the_officer_brought_in_or_left_out_says_the_officers_reason():
    clauses = {"GEN-13": {"way": "in", "reason": "An agent may come"}, "USE-01": {"way": "out", "reason": "Elsewhere"}}

    whole = record(brief(), clauses=clauses)

    inside = {entry["id"]: entry["reasons"] for entry in whole["clauses"]}
    outside = {entry["id"]: entry["reasons"] for entry in whole["excluded"]}
    assert inside["GEN-13"] == ["Added by the officer: An agent may come"]
    assert outside["USE-01"] == ["Dropped by the officer: Elsewhere"]


def test_a_decision_the_rules_agree_with_is_not_why_a_clause_stands_there():
    decided = {"way": "in", "reason": "An agent may come"}

    whole = record(brief(agent_autonomy="autonomous"), clauses={"GEN-13": decided})

    (entry,) = (entry for entry in whole["clauses"] if entry["id"] == "GEN-13")
    assert entry["reasons"][0].startswith("Included because")


def test_a_stopped_purchase_says_the_red_line_whatever_the_officer_decided():
    decided = {"GEN-13": {"way": "in", "reason": "Yes"}, "USE-01": {"way": "out", "reason": "No"}}

    whole = record(brief(red_lines=["manipulation"]), clauses=decided)

    assert whole["clauses"] == []
    assert all(entry["reasons"][0].startswith("Not included: no tender is drafted") for entry in whole["excluded"])


def test_a_record_is_plain_data():
    whole = record(brief(safety_component="yes", contract_months=24))

    assert json.loads(json.dumps(whole)) == whole
