import pytest

from clause_library.releases import shipped_library
from procurement.decisions import LONGEST_REASON, ClauseDecision, Decisions, TierDecision, decisions_from
from procurement.errors import BadInput

LIBRARY = shipped_library()
WHOLE = {
    "tier": {"tier": 2, "reason": "A webcam with passers-by.", "approved_by": "somebody"},
    "form": "full",
    "clauses": {"GEN-13": {"way": "in", "reason": "An agent may come."}, "RSK-05": {"way": "out", "reason": "Nobody."}},
    "conflicts": {"harm-without-effect": "The harm is to goods."},
}


def test_decisions_are_read_and_written_as_they_were_given():
    decisions = decisions_from(LIBRARY, WHOLE)

    assert decisions.tier == TierDecision(2, "A webcam with passers-by.", "somebody")
    assert decisions.clauses["RSK-05"] == ClauseDecision("out", "Nobody.")
    assert decisions.as_data() == WHOLE
    assert decisions_from(LIBRARY, decisions.as_data()) == decisions


def test_no_decisions_are_nothing():
    assert decisions_from(LIBRARY, {}) == Decisions()
    assert decisions_from(LIBRARY, {"tier": None, "form": None}).as_data() == {}


def test_a_tier_that_nobody_approved_says_so():
    decisions = decisions_from(LIBRARY, {"tier": {"tier": 4, "reason": " More care. "}})

    assert decisions.tier == TierDecision(4, "More care.")
    assert decisions.as_data() == {"tier": {"tier": 4, "reason": "More care."}}


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ({"tiers": {}}, "unknown_decision", "tiers"),
        ({"form": "long"}, "unknown_decision", "form"),
        ({"form": ["short"]}, "unknown_decision", "form"),
        ({"tier": 3}, "unknown_decision", "tier"),
        ({"tier": {"tier": 0, "reason": "No."}}, "unknown_decision", "tier"),
        ({"tier": {"tier": 5, "reason": "No."}}, "unknown_decision", "tier"),
        ({"tier": {"tier": "3", "reason": "No."}}, "unknown_decision", "tier"),
        ({"tier": {"tier": True, "reason": "No."}}, "unknown_decision", "tier"),
        ({"tier": {"tier": [3], "reason": "No."}}, "unknown_decision", "tier"),
        ({"tier": {"tier": 3}}, "unknown_decision", "tier"),
        ({"tier": {"tier": 3, "reason": "  "}}, "unknown_decision", "tier"),
        ({"tier": {"tier": 3, "reason": "x" * (LONGEST_REASON + 1)}}, "unknown_decision", "tier"),
        ({"clauses": ["GEN-13"]}, "unknown_decision", "clauses"),
        ({"clauses": {"ZZZ-01": {"way": "in", "reason": "Yes."}}}, "unknown_clause", "ZZZ-01"),
        ({"clauses": {"GEN-13": "in"}}, "unknown_decision", "GEN-13"),
        ({"clauses": {"GEN-13": {"way": "aside", "reason": "Yes."}}}, "unknown_decision", "GEN-13"),
        ({"clauses": {"GEN-13": {"way": ["in"], "reason": "Yes."}}}, "unknown_decision", "GEN-13"),
        ({"clauses": {"GEN-13": {"way": "in"}}}, "unknown_decision", "GEN-13"),
        ({"conflicts": {"no-such": "Yes."}}, "unknown_decision", "conflicts"),
        ({"conflicts": {"harm-without-effect": ""}}, "unknown_decision", "harm-without-effect"),
        ({"conflicts": {"harm-without-effect": 3}}, "unknown_decision", "harm-without-effect"),
    ],
)
def test_a_decision_that_cannot_be_read_is_refused_with_its_place(data, code, field):
    with pytest.raises(BadInput) as refused:
        decisions_from(LIBRARY, data)

    assert (refused.value.code, refused.value.field) == (code, field)
