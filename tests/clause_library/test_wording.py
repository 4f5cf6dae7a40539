"""The file of a clause: its parts, their order, its notes, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.edition import CONTENT
from clause_library.errors import BadWording
from clause_library.wording import (
    NEEDED_PARTS,
    NOTES,
    PARTS,
    Piece,
    TextBlock,
    blocks,
    clause_source,
    clause_text,
    is_term,
    line_of,
    parameters_in,
    read_by_bidders,
    references_in,
    stray_marks,
    terms_in,
)

FILES = sorted((CONTENT / "clauses").glob("*/*.md"))
SOURCE = """# Title

The summary.

## XX-01.1

The duty.

### evidence

A sheet.

### verification

A look.

### failure

A cure.

### question

Done?

### scale

1. No.
2. Yes.

### fallback

1. Less.

## XX-01.2

Another duty.

### evidence

Another sheet.

### verification

Another look.

## use

Often.

## avoid

Seldom.

## mistake

Once.
"""


def _line(text: str) -> int:
    return SOURCE.split("\n").index(text) + 1


def test_a_file_is_read_into_its_parts():
    text = clause_text(SOURCE, "here")

    assert (text["title"], text["summary"]) == ("Title", "The summary.")
    assert list(text["requirements"]) == ["XX-01.1", "XX-01.2"]
    assert list(text["requirements"]["XX-01.1"]) == ["text", *PARTS]
    assert text["requirements"]["XX-01.2"] == {
        "text": "Another duty.",
        "evidence": "Another sheet.",
        "verification": "Another look.",
    }
    assert text["notes"] == {"use": "Often.", "avoid": "Seldom.", "mistake": "Once."}


def test_a_clause_without_notes_has_none():
    assert "notes" not in clause_text(SOURCE[: SOURCE.index("## use")], "here")


def test_what_bidders_read_is_everything_but_the_wordings_to_fall_back_on():
    read = read_by_bidders(clause_text(SOURCE, "here")["requirements"]["XX-01.1"])

    assert read.splitlines() == ["The duty.", "A sheet.", "A look.", "A cure.", "Done?", "1. No.", "2. Yes."]


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
def test_every_file_of_the_edition_is_as_it_would_be_written_anew(path):
    source = path.read_text(encoding="utf-8")

    assert clause_source(clause_text(source, path.name)) == source


def test_the_order_of_a_file_is_that_of_the_clause_whatever_order_its_data_came_in():
    kept = json.loads(json.dumps(clause_text(SOURCE, "here"), sort_keys=True))

    assert list(kept["notes"]) == sorted(NOTES)
    assert clause_source(kept) == SOURCE


@pytest.mark.parametrize(
    ("requirement", "part", "line"),
    [
        ("", "title", "# Title"),
        ("", "summary", "The summary."),
        ("XX-01.1", "text", "## XX-01.1"),
        ("XX-01.1", "fallback", "### fallback"),
        ("XX-01.2", "text", "## XX-01.2"),
        ("XX-01.2", "failure", "## XX-01.2"),
        ("", "avoid", "## avoid"),
        ("", "mistake", "## mistake"),
        ("XX-01.9", "evidence", "# Title"),
        ("", "nothing", "# Title"),
    ],
)
def test_a_part_begins_on_its_line_and_what_is_missing_under_what_it_should_be_in(requirement, part, line):
    kept = json.loads(json.dumps(clause_text(SOURCE, "here"), sort_keys=True))

    assert line_of(kept, requirement, part) == _line(line)


def test_the_same_part_of_a_later_requirement_has_its_own_line():
    assert line_of(clause_text(SOURCE, "here"), "XX-01.2", "evidence") == _line("Another sheet.") - 2


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("# Title\n", "Title\n", "the first line is the title"),
        ("The summary.\n", "\n", "a plain-language summary stands"),
        ("The summary.\n", "The summary.\n\n### evidence\n\nEarly.\n", "a plain-language summary stands"),
        ("## XX-01.2\n", "## XX-01.1\n", "the heading 'XX-01.1' stands twice"),
        ("### verification\n\nA look.", "### evidence\n\nA look.", "the heading 'evidence' stands twice"),
        ("## avoid\n", "## use\n", "the heading 'use' stands twice"),
        ("### failure\n", "### remedy\n", "unknown part 'remedy'"),
        ("### evidence\n\nA sheet.\n\n", "", "the part 'evidence' is missing or empty"),
        ("### verification\n\nAnother look.\n\n", "", "the part 'verification' is missing or empty"),
        ("The duty.\n", "\n", "the part 'text' is missing or empty"),
        ("Done?\n", "\n", "the part 'question' is missing or empty"),
        ("Seldom.\n", "\n", "the note 'avoid' is empty"),
        ("## mistake\n", "## error\n", "here, error: the part 'evidence' is missing or empty"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_name(old, new, refused):
    assert SOURCE.count(old) == 1

    with pytest.raises(BadWording, match="here") as found:
        clause_text(SOURCE.replace(old, new), "here")

    assert refused in str(found.value)


@pytest.mark.parametrize("source", ["", "\n\n", "#Title\n\nx", "# Title"])
def test_a_file_without_title_or_summary_is_refused(source):
    with pytest.raises(BadWording):
        clause_text(source, "here")


def test_blank_lines_make_no_difference():
    assert clause_text(SOURCE.replace("\n\n", "\n\n\n"), "here") == clause_text(f"\n{SOURCE}\n\n", "here")


_WORDS = st.sampled_from(["Una hoja.", "ñ", "¿1.5?", "{{ days }}", "[[DQ-03]]", "- x", "a  b", "*", "---", "x # y"])
_TEXTS = st.lists(_WORDS, min_size=1, max_size=2).map("\n\n".join)
_REQUIREMENTS = st.fixed_dictionaries(
    dict.fromkeys(("text", *NEEDED_PARTS), _TEXTS),
    optional={part: _TEXTS for part in PARTS if part not in NEEDED_PARTS},
)
_CLAUSES = st.builds(
    lambda title, summary, requirements, notes: (
        {
            "title": title,
            "summary": summary,
            "requirements": {f"XX-01.{number}": parts for number, parts in enumerate(requirements, start=1)},
        }
        | ({"notes": notes} if notes else {})
    ),
    _WORDS,
    _TEXTS,
    st.lists(_REQUIREMENTS, max_size=2),
    st.fixed_dictionaries({}, optional=dict.fromkeys(NOTES, _TEXTS)),
)


@given(_CLAUSES)
def test_whatever_is_written_is_read_back_as_it_was(text):
    assert clause_text(clause_source(text), "here") == text


@given(_CLAUSES)
def test_every_part_that_is_there_begins_on_a_line_of_its_own(text):
    lines = clause_source(text).splitlines()
    for name, parts in text["requirements"].items():
        for part in parts:
            line = line_of(text, name, part)
            assert lines[line - 1] == (f"## {name}" if part == "text" else f"### {part}")
            assert lines[line + 1] == parts[part].splitlines()[0]


# Inside a text


def test_a_text_is_paragraphs_and_items_in_pieces():
    found = blocks("One *two* {{ days }}\nmore.\n\n- {{ term.buyer.The }} looks\n- at [[DQ-03]]\n\n1. **last**")

    assert [block.kind for block in found] == ["paragraph", "item", "item", "step"]
    assert found[0].pieces == (
        Piece("plain", "One "),
        Piece("emphasis", "two"),
        Piece("plain", " "),
        Piece("parameter", "days"),
        Piece("plain", " "),
        Piece("plain", "more."),
    )
    assert found[1].pieces[0] == Piece("term", "buyer.The")
    assert found[2].pieces[1] == Piece("reference", "DQ-03")
    assert found[3] == TextBlock("step", (Piece("strong", "last"),))


def test_the_marks_of_a_text_are_told_apart():
    text = "{{ days }} {{ term.buyer }} {{term.supplier.of}} [[DQ-03]] [[DQ-3]] {% if %} {{ 7*7 }} a < b <b>"

    assert parameters_in(text) == {"days"}
    assert terms_in(text) == {"buyer", "supplier"}
    assert references_in(text) == {"DQ-03"}
    assert stray_marks(text) == ["[[", "]]", "{%", "{{", "}}", "<b"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("term.buyer", True),
        ("term.buyer.The", True),
        ("term.supplier.the_many", True),
        ("term.owner", False),
        ("term.buyer.with", False),
        ("term.buyer.", False),
        ("buyer.the", False),
        ("terms.buyer", False),
    ],
)
def test_a_term_is_a_party_in_a_form_it_has(name, known):
    assert is_term(name) is known
