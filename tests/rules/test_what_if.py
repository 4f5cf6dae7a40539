from clause_library.releases import shipped_library
from rules.questions import read_answers
from rules.what_if import what_if
from tests.rules.briefs import brief
from tests.rules.promises import Engine

LIBRARY = shipped_library()


def test_another_answer_shows_the_tier_and_the_clauses_that_come_and_go():
    answers = read_answers(LIBRARY.questions, brief(acquisition="saas", pilot="no"))

    difference = what_if(LIBRARY, answers, "safety_component", "yes")

    assert (difference.tier_before, difference.tier_after) == (1, 3)
    assert {"PER-08", "HUM-04", "GOV-07"} <= set(difference.clauses_in)
    assert difference.clauses_out == ()
    assert difference.then_asked == ()


def test_clauses_that_come_and_go_are_those_of_the_two_briefs():
    before, after = brief(acquisition="saas"), brief(acquisition="services_using_ai")
    clauses = Engine(LIBRARY).clauses

    difference = what_if(LIBRARY, read_answers(LIBRARY.questions, before), "acquisition", "services_using_ai")

    assert difference.clauses_in == tuple(name for name in clauses(after) if name not in clauses(before))
    assert difference.clauses_out == tuple(name for name in clauses(before) if name not in clauses(after))
    assert difference.clauses_in
    assert difference.clauses_out


def test_a_question_that_would_then_be_asked_is_named():
    given = {name: value for name, value in brief().items() if name != "training_on_buyer_data"}

    difference = what_if(LIBRARY, read_answers(LIBRARY.questions, given), "vendor_holds_data", "yes")

    assert difference.then_asked == ("training_on_buyer_data",)
    assert "IPR-01" in difference.clauses_in


def test_the_same_answer_changes_nothing():
    answers = read_answers(LIBRARY.questions, brief(personal_data=["health"]))

    difference = what_if(LIBRARY, answers, "personal_data", ("health",))

    assert difference.tier_before == difference.tier_after == 2
    assert difference.clauses_in == difference.clauses_out == ()


def test_a_red_line_newly_ticked_shows_the_stop_while_no_exception_is_known():
    given = {name: answer for name, answer in brief().items() if name != "legal_exception"}
    answers = read_answers(LIBRARY.questions, given)

    difference = what_if(LIBRARY, answers, "red_lines", ("social_scoring",))

    assert difference.then_asked == ("legal_exception",)
    assert difference.tier_after == 0
