"""What a release covers and rests on is said openly: each test reads a description of a copy of the edition."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from clause_library.checks import problems_in
from clause_library.describing import SUBJECTS, describe, titles
from clause_library.description import (
    Cited,
    Description,
    Facts,
    Heading,
    Items,
    Link,
    Mark,
    Paragraph,
    Strong,
    Table,
    Tag,
    as_markdown,
)
from clause_library.pages import Reader
from clause_library.reach import Reach
from clause_library.releases import shipped_library
from rules.library import library_from

NAMES = {"es": "Español", "pt": "Português", "en": "English"}


class PlainVoice:
    """Says everything in English, dates and countries as they are written."""

    def gettext(self, message, **values):
        return message % values if values else message

    def ngettext(self, one, many, num, **values):
        return (one if num == 1 else many) % {"num": num, **values}

    def date(self, written):
        return written

    def country(self, code):
        return code


def described(subject, bundle=None, language="en"):
    library = library_from(bundle, "") if bundle else shipped_library()
    return describe(subject, Reader(library, language), PlainVoice())


def words(pieces):
    return "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)


def lines(block):
    """The words of a block, in rows of cells."""
    match block:
        case Heading():
            return [[block.text]]
        case Paragraph():
            return [[words(block.words)]]
        case Items():
            return [[words(row)] for row in block.rows]
        case Facts():
            return [[name, words(value)] for name, value in block.rows]
    return [[words(cell) for cell in row] for row in (block.headings, *block.rows)]


def text(description):
    return "\n".join(" | ".join(row) for block in description.blocks for row in lines(block))


def under(description, place):
    """The words under a heading, up to the next of its level or above."""
    found, level = [], 0
    for block in description.blocks:
        if isinstance(block, Heading) and level and block.level <= level:
            break
        if isinstance(block, Heading) and block.id == place:
            level = block.level
        if level:
            found.append(block)
    assert found, f"there is no {place}"
    return text(Description("", "", "", tuple(found)))


def tables(description, look=""):
    return [block for block in description.blocks if isinstance(block, Table) and block.look == look]


def question(bundle, name):
    return next(row for row in bundle["questions"] if row["id"] == name)


# Coverage


def test_every_clause_stands_beside_every_instrument_by_how_it_is_treated():
    library = shipped_library()

    rows = [row for table in tables(described("coverage"), "matrix") for row in table.rows]

    assert len(rows) == len(library.clauses)
    for row in rows:
        name = row[0][0].target
        for (mark,), instrument in zip(row[3:], library.instruments.values(), strict=True):
            treated = {"explicit": "explicit", "partial": "in part"}
            expected = next((word for group, word in treated.items() if name in instrument.get(group, ())), "none")
            assert (mark.text, mark.sign) == (expected, {"in part": "partial"}.get(expected, expected))


def test_a_clause_shows_how_much_of_it_is_mandatory_at_the_high_level(bundle):
    clause = next(row for row in bundle["clauses"] if row["id"] == "EXP-02")
    for requirement in clause["requirements"]:
        requirement["strength"]["3"] = "scored"
    clause["requirements"][0]["strength"]["3"] = "mandatory"

    rows = [row for table in tables(described("coverage", bundle), "matrix") for row in table.rows]

    (row,) = (row for row in rows if row[0][0].target == "EXP-02")
    assert [words(cell) for cell in row[1:3]] == [str(len(clause["requirements"])), "1"]


@pytest.mark.parametrize("language", NAMES)
def test_every_instrument_says_who_published_it_when_and_how_it_was_read(language):
    library, page = shipped_library(), described("coverage", language=language)

    for name, instrument in library.instruments.items():
        said = under(page, f"instrument-{name}")
        assert instrument["name"] in said
        assert f"{instrument['publisher']}, {instrument['country']}, {instrument['year']}" in said
        assert library.words[language]["instruments_compared"][name]["note"] in said
        sure = "is our reading of it" if instrument["read"] == "in full" else "is a guide, not a citation"
        assert sure in said


def test_the_comparison_is_said_to_be_no_citation():
    assert "no citation" in described("coverage").lead


def test_an_instrument_that_treats_none_of_our_clauses_is_said_to(bundle):
    bundle["instruments"]["WEF"]["explicit"] = bundle["instruments"]["WEF"]["partial"] = []

    page = described("coverage", bundle)

    assert "It treats none of our clauses" in under(page, "instrument-WEF")
    assert "It treats none of our clauses" not in under(page, "instrument-AMS")


def test_a_topic_found_in_no_instrument_is_listed(bundle):
    for instrument in bundle["instruments"].values():
        for group in ("explicit", "partial"):
            instrument[group] = [name for name in instrument.get(group, ()) if name != "EXP-02"]

    assert "EXP-02" in under(described("coverage", bundle), "alone")
    assert "EXP-02" not in under(described("coverage"), "alone")


@pytest.mark.parametrize("language", NAMES)
def test_every_gap_is_said(language):
    said = under(described("coverage", language=language), "gaps")

    for gap in shipped_library().words[language]["gaps"].values():
        assert gap["title"] in said
        assert gap["text"] in said


# Principles


def test_principles_lead_to_clauses_and_clauses_back_to_principles():
    page = described("principles")
    there, back, here = set(), set(), ""
    for block in page.blocks:
        if isinstance(block, Heading):
            here = block.id.removeprefix("principle-")
        if isinstance(block, Items) and block.look == "columns":
            there |= {(here, row[0].target) for row in block.rows}
    for table in tables(page):
        for clause, principles, _count in table.rows:
            links = [piece for piece in principles if isinstance(piece, Link)]
            back |= {(link.target.removeprefix("principle-"), clause[0].target) for link in links}

    clauses = shipped_library().clauses.values()
    assert there == back == {(name, clause.id) for clause in clauses for name in clause.principles}


def test_founding_documents_stand_there_by_their_own_titles():
    said = under(described("principles"), "documents")

    for source in shipped_library().sources.values():
        assert (source["title"] in said) is (source["kind"] == "founding_document")


def test_a_principle_that_no_clause_serves_is_said_to_be_without_one(bundle):
    for clause in bundle["clauses"]:
        clause["principles"] = [name for name in clause["principles"] if name != "UCCI-9"] or ["UCCI-2"]

    assert "No clause serves this principle" in under(described("principles", bundle), "principle-UCCI-9")
    assert "No clause serves this principle" not in text(described("principles"))


def test_a_principle_with_nothing_mandatory_is_said_to_be_so(bundle):
    for clause in bundle["clauses"]:
        if "UCCI-9" in clause["principles"]:
            for requirement in clause["requirements"]:
                requirement["strength"]["3"] = "informative"

    assert "Nothing is mandatory at risk level 3" in under(described("principles", bundle), "principle-UCCI-9")
    assert "Nothing is mandatory" not in text(described("principles"))


# The questionnaire


@pytest.mark.parametrize("language", NAMES)
def test_every_question_stands_there_with_all_its_words(language):
    page, library = described("questions", language=language), shipped_library()

    for name, asked in library.questions.items():
        said, put = under(page, f"question-{name}"), library.words[language]["questions"][name]
        assert all(put[part] in said for part in ("label", "text", "hint", "why") if part in put)
        for option in asked.options:
            assert put["options"][option]["label"] in said
            assert put["options"][option].get("hint", "") in said


def test_a_question_says_when_it_is_asked_in_words():
    page = described("questions")

    assert "Asked | Always." in under(page, "question-functions")
    assert "Asked | Only when ‘Direct users’ is" in under(page, "question-languages_of_use")


def test_a_question_says_what_not_knowing_does_to_the_score(bundle):
    question(bundle, "techniques")["weights"] = {"deep_learning": 1, "generative": 3}
    question(bundle, "people_affected")["weights"] = {}

    page = described("questions", bundle)

    assert "Offered. It counts as the worst case, with 3 points." in under(page, "question-techniques")
    assert "Offered. It counts as the worst case, and adds no points." in under(page, "question-people_affected")
    assert "Not offered." in under(page, "question-functions")
    assert "Generative AI | Produces new text, images or sound, as chat assistants do. | 3" in text(page)


def test_a_question_leads_to_what_leans_on_it_through_facts_too(bundle):
    bundle["facts"]["generative"] = {"question": "techniques", "includes": ["generative"]}
    clause = next(row for row in bundle["clauses"] if row["id"] == "EXP-02")
    clause["when"] = {"any": [{"not": {"fact": "generative"}}, {"tier_at_least": 1}]}

    led = Reach(library_from(bundle, "")).of("techniques")

    assert "generative" in led.facts
    assert "EXP-02" in led.clauses
    clauses_row = under(described("questions", bundle), "question-techniques").partition("Clauses that depend on it")[2]
    assert "EXP-02" in clauses_row


def test_the_condition_of_one_requirement_counts_for_its_clause(bundle):
    clause = next(row for row in bundle["clauses"] if row["id"] == "EXP-02")
    clause["requirements"][1]["when"] = {"question": "pilot", "is": ["yes"]}

    assert "EXP-02" in Reach(library_from(bundle, "")).of("pilot").clauses


def test_a_question_on_which_no_rule_leans_says_so():
    assert "No rule leans on it" in under(described("questions"), "question-problem")
    assert "No rule leans on it" not in under(described("questions"), "question-techniques")


# Guarantees and risk levels


@pytest.mark.parametrize("language", NAMES)
def test_every_guarantee_says_when_it_holds_and_what_is_then_mandatory(language):
    library = shipped_library()
    page = described("guarantees", language=language)

    for guarantee in library.guarantees:
        said = under(page, f"guarantee-{guarantee.id}")
        condition = Reader(library, language).speaker.condition(guarantee.when)
        assert condition[1:] in said
        assert all(name in said for name in guarantee.requirements)


def test_a_guarantee_of_nothing_and_a_release_without_any_are_said_openly(bundle):
    bundle["guarantees"][0]["requirements"] = []
    name = bundle["guarantees"][0]["id"]
    assert "It names no requirement" in under(described("guarantees", bundle), f"guarantee-{name}")

    bundle["guarantees"], bundle["exclusions"] = [], []

    assert "This release guarantees nothing" in text(described("guarantees", bundle))
    assert "This release names no such pair" in text(described("guarantees", bundle))


def test_pairs_that_exclude_each_other_stand_there():
    said = under(described("guarantees"), "exclusions")

    for pair in shipped_library().exclusions:
        assert all(name in said for name in pair)


def test_every_trigger_stands_under_its_level_with_its_condition():
    library, page = shipped_library(), described("guarantees")

    for trigger in library.triggers:
        said = under(page, f"tier-{trigger.tier}")
        assert library.words["en"]["triggers"][trigger.id]["title"] in said
        assert Reader(library, "en").speaker.condition(trigger.when)[1:] in said


# Sources


def test_every_source_says_how_sure_it_is():
    page, library = described("sources"), shipped_library()
    names = {"verified": "verified with the issuer", "secondary": "from a secondary source"}

    rows = [row for table in tables(page) for row in table.rows]

    assert len(rows) == len(library.sources)
    for source in library.sources.values():
        name = source["title"] + (f", {source['article']}" if source.get("article") else "")
        grades = {words(row[1]) for row in rows if words(row[0]) == name}
        assert names.get(source["confidence"], "not verified") in grades


def test_a_source_that_does_not_say_how_sure_it_is_is_not_verified(bundle):
    for source in bundle["sources"].values():
        source.pop("confidence", None)

    rows = [row for table in tables(described("sources", bundle)) for row in table.rows]

    assert {words(row[1]) for row in rows} == {"not verified"}


def test_law_that_is_no_longer_in_force_is_marked():
    revoked = [row["title"] for row in shipped_library().sources.values() if row.get("revoked")]

    rows = [
        words(row[0]) for table in tables(described("sources")) for row in table.rows if "No longer" in words(row[3])
    ]

    assert revoked
    assert len(rows) == len(revoked)


# Releases made before any of this was asked for


@pytest.fixture
def old_bundle(bundle):
    bundle["schema"] = 1
    for part in ("instruments", "exclusions", "grounds"):
        bundle.pop(part, None)
    for said in bundle["words"].values():
        for part in ("instruments_compared", "gaps", "guarantees"):
            said.pop(part, None)
    for source in bundle["sources"].values():
        for part in ("clauses", "confidence", "kind", "checked_on"):
            source.pop(part, None)
    return bundle


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_old_release_is_described_too(old_bundle, subject):
    assert described(subject, old_bundle).blocks


def test_an_old_release_says_openly_what_it_does_not_have(old_bundle):
    said = text(described("coverage", old_bundle)) + text(described("principles", old_bundle))

    assert "This release is compared with no instrument" in said
    assert "This release does not say what it lacks" in said
    assert "This release keeps no founding document" in said


# As Markdown


class Shown(HTMLParser):
    """The words a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.words = ""
        self.feed(html)

    def handle_data(self, data):
        self.words += data


def shown(markdown):
    return " ".join(Shown(MarkdownIt("commonmark").enable("table").render(markdown)).words.split())


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("language", NAMES)
def test_a_file_shows_every_word_of_its_description_in_its_order(subject, language):
    page = described(subject, language=language)

    seen = shown(as_markdown(page, language, titles(PlainVoice()), NAMES))

    at = 0
    for block in page.blocks:
        for row in lines(block):
            for cell in row:
                # A sign that says none is a dash.
                said = " ".join(cell.split()).removesuffix("none")
                at = seen.find(said, at)
                assert at >= 0, cell
                at += len(said)


def test_a_file_leads_to_the_other_languages_and_subjects_by_names_that_are_written():
    written = as_markdown(described("coverage"), "en", titles(PlainVoice()), NAMES)

    for name in ("coverage.es.md", "coverage.pt.md", *(f"{subject}.en.md" for subject in SUBJECTS[1:])):
        assert f"]({name})" in written
    assert "](coverage.en.md)" not in written


ODD = st.text(st.sampled_from("\\`*_[]<>|~&#+-=1.) !ab\n¿é{}(:"), min_size=1, max_size=20).filter(
    lambda one: one.strip()
)


@given(ODD)
@settings(deadline=None)
def test_signs_that_mean_something_in_markdown_are_shown_as_they_are(odd):
    blocks = (
        Paragraph((odd,)),
        Items(((odd, Strong("s")),)),
        Facts(((f"n{odd}n", (f"a{odd}",)),)),
        Table(
            "",
            (("h",), (f"a{odd}",)),
            (
                (
                    (Link(f"b{odd}b", "here", ""),),
                    (Mark("m", "explicit"), Tag("t")),
                ),
            ),
        ),
        Paragraph((Cited("c"), odd)),
    )

    seen = shown(as_markdown(Description("x", "Title", "Lead", blocks), "en", {}, {}))

    tidy = " ".join(odd.split())
    item = " ".join(f"{odd}s".split())
    assert seen.startswith(f"Title Lead {tidy} {item} n")
    for expected in (f"n{odd}n", f"a{odd}", f"b{odd}b"):
        assert " ".join(expected.split()) in seen


# The check


def said_of(bundle):
    return [f"{problem.where}: {problem.what}" for problem in problems_in(bundle)]


def test_a_principle_with_nothing_mandatory_at_the_high_tier_fails_the_check(bundle):
    for clause in bundle["clauses"]:
        if "UCCI-9" in clause["principles"]:
            for requirement in clause["requirements"]:
                requirement["strength"] |= {"3": "scored"}

    assert "principle UCCI-9: nothing that serves it is mandatory at tier 3" in said_of(bundle)


def test_what_is_mandatory_only_where_its_clause_cannot_be_serves_no_principle(bundle):
    for clause in bundle["clauses"]:
        if "UCCI-9" in clause["principles"]:
            clause["when"] = {"not": {"tier_at_least": 3}}

    assert "principle UCCI-9: nothing that serves it is mandatory at tier 3" in said_of(bundle)


def test_every_principle_of_the_edition_passes_and_an_old_release_is_not_asked(bundle):
    assert not any(said.startswith("principle ") for said in said_of(bundle))
    for clause in bundle["clauses"]:
        if "UCCI-9" in clause["principles"]:
            for requirement in clause["requirements"]:
                requirement["strength"] |= {"3": "scored"}
    bundle["schema"] = 1

    assert not any(said.startswith("principle ") for said in said_of(bundle))
