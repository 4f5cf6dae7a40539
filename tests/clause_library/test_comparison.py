from itertools import pairwise, product

import pytest

from clause_library.comparison import Stretch, changes_between, compared, meeting

TEXTS = (
    "",
    "One.",
    "The Supplier must answer within {{ days }} days.",
    "The Supplier must answer, in writing, within {{ hours }} hours.",
    "The Buyer may\n\n- ask twice;\n- ask [[DQ-03]] once.",
    "  blanks  at   both ends  ",
    "Ñandú, ação; «comillas» y “aspas” — fin…",
)


@pytest.mark.parametrize(("before", "after"), list(product(TEXTS, TEXTS)))
def test_a_comparison_loses_no_character_of_either_text(before, after):
    stretches = compared(before, after)

    assert "".join(one.text for one in stretches if one.fate != "inserted") == before
    assert "".join(one.text for one in stretches if one.fate != "deleted") == after


def test_equal_texts_have_nothing_but_kept_words():
    assert {one.fate for one in compared(TEXTS[3], TEXTS[3])} == {"kept"}


def test_a_parameter_changes_as_a_whole():
    stretches = compared("within {{ some_days }} days", "within {{ some_hours }} days")

    assert Stretch("deleted", "{{ some_days }}") in stretches
    assert Stretch("inserted", "{{ some_hours }}") in stretches


def test_words_changed_side_by_side_are_read_as_one_phrase():
    assert compared("the quick brown fox", "a slow red fox") == (
        Stretch("deleted", "the quick brown"),
        Stretch("inserted", "a slow red"),
        Stretch("kept", " fox"),
    )


def test_changes_never_follow_in_the_wrong_order():
    stretches = compared(TEXTS[2], TEXTS[3])

    assert ("inserted", "deleted") not in {(one.fate, two.fate) for one, two in pairwise(stretches)}


def test_only_parts_that_differ_are_changes(texts):
    after = texts | {"pt": texts["pt"] | {"title": "Outro título"}}

    changes = changes_between(texts, after)

    assert [(one.language, one.requirement, one.part) for one in changes] == [("pt", "", "title")]


def test_what_a_writer_left_alone_is_taken_over_and_what_both_changed_is_a_conflict(texts):
    newer = texts | {"en": texts["en"] | {"title": "Newer title", "summary": "Newer summary."}}
    written = texts | {"en": texts["en"] | {"title": "My title"}, "es": texts["es"] | {"title": "Mi título"}}

    met = meeting(texts, written, newer)

    assert [(one.language, one.part) for one in met.taken_over] == [("en", "summary")]
    assert [(one.language, one.part) for one in met.conflicting] == [("en", "title")]
