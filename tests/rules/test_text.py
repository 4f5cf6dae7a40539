import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, strategies

from rules.text import clean

ANYTHING = strategies.text(strategies.characters())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Plain words, with ñ, ã and 日本.", "Plain words, with ñ, ã and 日本."),
        ("two\r\nlines", "two\nlines"),
        ("two\rlines", "two\nlines"),
        ("two\x0blines\x0cand\x85more\u2028and\u2029more", "two\nlines\nand\nmore\nand\nmore"),
        ("a\x00b\x1fc\x7fd", "abcd"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("right\u202eto left", "rightto left"),
        ("soft\u00adhyphen", "softhyphen"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("n\u0303", "ñ"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_what_no_format_takes_or_nobody_sees_is_taken_out(typed, kept):
    assert clean(typed) == kept


@given(ANYTHING)
def test_a_clean_text_is_clean_goes_into_xml_and_stays_as_it_is(typed):
    kept = clean(typed)

    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    escaped = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert (ET.fromstring(f"<t>{escaped}</t>").text or "") == kept  # noqa: S314 (our own text)
