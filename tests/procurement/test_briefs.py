import json

import pytest

from clause_library.releases import shipped_library
from procurement.briefs import answers_from_json
from rules.errors import BadAnswer

LIBRARY = shipped_library()


def test_the_answers_of_a_line_come_out_in_the_order_of_the_questions():
    line = json.dumps({"pilot": "no", "personal_data": ["children", "ordinary"], "contract_months": 12})

    answers = answers_from_json(LIBRARY, line)

    assert list(answers.items()) == [
        ("contract_months", 12), ("personal_data", ("ordinary", "children")), ("pilot", "no"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code", "question"),
    [
        ("", "invalid_json", ""),
        ("{", "invalid_json", ""),
        ("{'pilot': 'no'}", "invalid_json", ""),
        ('{"contract_months": NaN}', "invalid_json", ""),
        ('{"contract_months": -Infinity}', "invalid_json", ""),
        ('{"contract_months": ' + "9" * 5000 + "}", "invalid_json", ""),
        ("[" * 100_000, "invalid_json", ""),
        ('{"pilot": "no"} {"pilot": "no"}', "invalid_json", ""),
        ("[]", "not_an_object", ""),
        ("null", "not_an_object", ""),
        ('"pilot"', "not_an_object", ""),
        ('{"pilot": "no", "pilot": "no"}', "duplicate_key", "pilot"),
        ('{"problem": {"a": 1, "a": 2}}', "duplicate_key", "a"),
        ('{"pilots": "no"}', "unknown_question", "pilots"),
        ('{"pilot": "perhaps"}', "unknown_option", "pilot"),
        ('{"contract_months": 1e400}', "wrong_type", "contract_months"),
        ('{"contract_months": 12.5}', "wrong_type", "contract_months"),
        ('{"contract_months": 121}', "out_of_range", "contract_months"),
        ('{"listed_areas": ["none", "education"]}', "none_beside_others", "listed_areas"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_what_is_wrong(line, code, question):
    with pytest.raises(BadAnswer) as refused:
        answers_from_json(LIBRARY, line)

    assert (refused.value.code, refused.value.question) == (code, question)
    assert len(refused.value.value) <= 300
