from dataclasses import replace
from datetime import UTC, datetime

import pytest

from clause_library.errors import AlreadyClosed, BadTexts, NotAllowed, NothingChanged
from clause_library.releases import shipped_library
from clause_library.review import (
    APPROVED,
    OPEN,
    REJECTED,
    WITHDRAWN,
    Known,
    Proposal,
    check_may_approve,
    check_may_close,
    check_texts,
    content_hash,
    faults_in,
    known_in,
    parts_of,
    steps_for,
)
from clause_library.wording import PARTS
from rules.library import LANGUAGES

REQUIREMENT = "EXP-02.2"


@pytest.fixture
def body(bundle):
    return next(row for row in bundle["clauses"] if row["id"] == "EXP-02")


@pytest.fixture
def known(bundle) -> Known:
    return known_in(bundle)


@pytest.fixture
def proposal() -> Proposal:
    return Proposal("id", "EXP-02", "base", {}, "content", "why", "author", OPEN, 1, datetime(2026, 1, 1, tzinfo=UTC))


def _said(texts, language, part, text):
    texts[language]["requirements"][REQUIREMENT][part] = text


def _found(body, texts, known):
    return {(fault.where, fault.code, fault.mark) for fault in faults_in(body, texts, known)}


def test_whoever_wrote_a_text_may_not_approve_it(proposal):
    with pytest.raises(NotAllowed):
        check_may_approve(proposal, "author")

    check_may_approve(proposal, "somebody else")


@pytest.mark.parametrize("state", [APPROVED, REJECTED, WITHDRAWN])
def test_what_is_closed_is_neither_approved_nor_closed_again(proposal, state):
    closed = replace(proposal, state=state)

    with pytest.raises(AlreadyClosed):
        check_may_approve(closed, "somebody else")
    with pytest.raises(AlreadyClosed):
        check_may_close(closed, REJECTED, "somebody else")
    assert not steps_for(closed, "somebody else", "base")


@pytest.mark.parametrize(("state", "person"), [(REJECTED, "author"), (WITHDRAWN, "somebody else")])
def test_only_the_author_withdraws_and_only_somebody_else_rejects(proposal, state, person):
    with pytest.raises(NotAllowed):
        check_may_close(proposal, state, person)


def test_the_steps_offered_are_the_steps_allowed(proposal):
    assert steps_for(proposal, "author", "base") == {WITHDRAWN}
    assert steps_for(proposal, "somebody else", "base") == {APPROVED, REJECTED}
    assert steps_for(proposal, "somebody else", "a newer version") == {REJECTED}


def test_a_text_that_changes_nothing_is_no_proposal(body, texts, known):
    with pytest.raises(NothingChanged):
        check_texts(body, texts, known)


def test_every_fault_is_named_at_once(body, texts, known):
    _said(texts, "en", "evidence", "")
    _said(texts, "pt", "verification", "<script>")

    with pytest.raises(BadTexts) as refused:
        check_texts(body, texts, known)

    assert [fault.where for fault in refused.value.faults] == [
        f"pt, {REQUIREMENT}, verification",
        f"en, {REQUIREMENT}, evidence",
    ]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", ("empty", "")),
        ("  \n ", ("empty", "")),
        ("x" * 6001, ("long", "6000")),
        ("## EXP-02.9", ("heading", "#")),
        ("{% include 'x' %}", ("stray", "{%")),
        ("{{ 7*7 }}", ("stray", "{{")),
        ("{{ config.items() }}", ("stray", "{{")),
        ("<img src=x>", ("stray", "<i")),
        ("</p>", ("stray", "</")),
        ("{{ nothing }}", ("unknown", "nothing")),
        ("{{ term.owner }}", ("unknown", "term.owner")),
        ("{{ term.supplier.with }}", ("unknown", "term.supplier.with")),
        ("See [[XX-99]].", ("no_clause", "XX-99")),
    ],
)
def test_a_part_with_a_fault_is_refused_where_it_is(body, texts, known, written, fault):
    for language in LANGUAGES:
        _said(texts, language, "evidence", written)

    found = _found(body, texts, known)

    assert {(f"{language}, {REQUIREMENT}, evidence", *fault) for language in LANGUAGES} <= found


def test_a_title_holds_words_only(body, texts, known):
    texts["en"]["title"] = "Within {{ explanation_response_days }} days"

    assert _found(body, texts, known) == {("en, title", "plain", "explanation_response_days")}


@pytest.mark.parametrize("part", ["text", *PARTS])
@pytest.mark.parametrize("mark", ["{{ explanation_response_days }}", "[[DQ-01]]"])
def test_what_one_language_uses_the_others_use(body, texts, known, part, mark):
    for language in LANGUAGES:
        _said(texts, language, part, f"Words. {mark if language == 'pt' else ''}")

    lacking = {fault.language for fault in faults_in(body, texts, known) if fault.code == "lacking"}

    assert lacking == {"es", "en"}


def test_a_term_may_take_another_form_in_another_language(body, texts, known):
    for language, form in zip(LANGUAGES, ("The", "of", "by"), strict=True):
        _said(texts, language, "text", f"{{{{ term.bidder.{form} }}}} answers.")

    assert not _found(body, texts, known)


def test_a_parameter_without_a_value_at_a_tier_is_not_used_by_a_requirement_of_that_tier(body, texts, known):
    for language in LANGUAGES:
        texts[language]["requirements"]["EXP-02.1"]["text"] = "{{ explanation_response_days }}"

    assert _found(body, texts, known) == {("es, EXP-02.1, text", "no_value", "explanation_response_days")}


def test_a_requirement_cannot_be_left_out_or_added(body, texts, known):
    texts["en"]["requirements"]["EXP-02.9"] = texts["en"]["requirements"].pop(REQUIREMENT)

    codes = {(fault.language, fault.requirement) for fault in faults_in(body, texts, known) if fault.code == "missing"}

    assert codes == {("en", REQUIREMENT), ("en", "EXP-02.9")}


def test_an_approval_is_bound_to_clause_version_and_every_word(texts):
    bound = content_hash("EXP-02", "base", texts)
    other = texts | {"en": texts["en"] | {"title": texts["en"]["title"] + "."}}

    hashes = [
        content_hash("EXP-03", "base", texts),
        content_hash("EXP-02", "other", texts),
        content_hash("EXP-02", "base", other),
    ]

    assert len({bound, *hashes}) == 4


def test_the_parts_of_a_text_are_all_its_words():
    text = shipped_library().texts["EXP-02"]["es"]

    written = [words for _requirement, _part, words in parts_of(text)]

    assert sorted(written) == sorted(
        [
            text["title"],
            text["summary"],
            *(word for row in text["requirements"].values() for word in row.values()),
            *text["notes"].values(),
        ]
    )
