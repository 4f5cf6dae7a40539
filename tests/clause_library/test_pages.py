import re
from html import unescape

import pytest

from clause_library import forms, store
from clause_library.bundles import read_release_file
from clause_library.releases import shipped_library, shipped_release
from clause_library.review import parts_of

CLAUSE = "EXP-02"
PAGE = f"/en/library/clauses/{CLAUSE}"
TEXT = "en-EXP-02.2-text"
CHANGED = (
    "{{ term.supplier.The }} must deliver to {{ term.buyer }} the whole explanation of an outcome "
    "within {{ explanation_response_days }} business days of the request."
)


@pytest.fixture
def reviewer(signed_in_client):
    return signed_in_client("reviewer")


@pytest.fixture
def approver(signed_in_client):
    return signed_in_client("approver")


@pytest.fixture
def proposal(reviewer, typed, look):
    """The address of a proposal of the reviewer's, and the hash of its text."""
    answer = reviewer.post(f"{PAGE}/edit", data=typed() | {TEXT: CHANGED})
    assert answer.status_code == 303
    return answer.location, look(store.proposals)[0].content_hash


def _numbers(look):
    return [note.number for note in look(store.releases)]


def _text(answer):
    """The words of a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_anybody_reads_the_library_and_its_newest_clauses(client):
    library, clause = client.get("/en/library"), client.get(PAGE)

    assert library.status_code == clause.status_code == 200
    assert shipped_release()[0].hash[:12] in library.text
    for category in shipped_library().words["en"]["categories"].values():
        assert category in unescape(library.text)
    assert f"{CLAUSE}@1" in clause.text
    assert shipped_library().clauses[CLAUSE].hash in clause.text


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_every_clause_has_a_page_in_every_language(client, language):
    for clause in list(shipped_library().clauses.values())[::7]:
        answer = client.get(f"/{language}/library/clauses/{clause.id}")

        assert answer.status_code == 200
        assert shipped_library().texts[clause.id][language]["title"] in unescape(answer.text)
        assert all(requirement.id in answer.text for requirement in clause.requirements)
        assert "{{" not in answer.text


def test_a_clause_shows_its_figures_by_their_labels(client):
    answer = client.get(PAGE)

    label = shipped_library().words["en"]["parameters"]["explanation_response_days"]["label"]
    assert f'<a class="chip" href="#figure-explanation_response_days">{label}</a>' in answer.text
    assert 'id="figure-explanation_response_days"' in answer.text


@pytest.mark.parametrize("address", ["releases", "releases/1", "releases/1.json", f"clauses/{CLAUSE}/versions/1"])
def test_anybody_follows_a_cited_line_to_the_version_and_the_release_it_names(client, address):
    assert client.get(f"/en/library/{address}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "proposals",
        f"clauses/{CLAUSE}/edit",
        "proposals/00000000-0000-4000-8000-000000000000",
    ],
)
def test_whoever_is_not_signed_in_reads_the_rest_after_signing_in(client, address):
    answer = client.get(f"/en/library/{address}")

    assert answer.status_code == 303
    assert "/sign-in" in answer.location


@pytest.mark.parametrize(
    "address",
    [
        "clauses/XX-99",
        "clauses/XX-99/edit",
        f"clauses/{CLAUSE}/versions/9",
        "clauses/XX-99/versions/1",
        "releases/9",
        "releases/9.json",
        "proposals/00000000-0000-4000-8000-000000000000",
    ],
)
def test_what_is_not_there_is_not_found(reviewer, address):
    assert reviewer.get(f"/en/library/{address}").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=EXPLICACION+individual", True),
        ("q=explicaci%C3%B3n", True),
        ("q=exp-02", True),
        ("q=factores+principales&kind=functional&tier=3", True),
        ("q=EXP-02&kind=background", False),
        ("q=no+hay+tal+cosa", False),
        ("kind=contractual", True),
    ],
)
def test_words_are_found_without_their_accents_and_capitals(client, query, found):
    answer = client.get(f"/es/library?{query}")

    assert answer.status_code == 200
    assert (f"/es/library/clauses/{CLAUSE}" in answer.text) is found


@pytest.mark.parametrize("query", ["kind=x", "tier=9", "tier=x", f"q={'x' * 300}", "q=%00%E2%80%AE", "q=%3Cscript%3E"])
def test_a_search_that_makes_no_sense_does_no_harm(client, query):
    answer = client.get(f"/es/library?{query}")

    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_what_one_reviewer_proposes_another_person_approves_into_a_release(reviewer, approver, proposal, look):
    address, read_hash = proposal
    page = approver.get(address)
    assert "<del>" in page.text
    assert "<ins>" in page.text

    answer = approver.post(f"{address}/approve", data={"read_hash": read_hash})

    assert (answer.status_code, answer.location) == (303, "/en/library/releases/2")
    assert _numbers(look) == [2, 1]
    assert "the whole explanation of an outcome" in _text(reviewer.get(PAGE))
    assert "Version 1 became version 2" in reviewer.get(answer.location).text


def test_a_version_stays_readable_after_the_next(reviewer, approver, proposal):
    address, read_hash = proposal
    approver.post(f"{address}/approve", data={"read_hash": read_hash})

    first, second = (reviewer.get(f"{PAGE}/versions/{number}") for number in (1, 2))

    assert "individual explanation of an outcome" in _text(first)
    assert "There is a newer version" in first.text
    assert f"Release 1 · {CLAUSE}@1" in _text(first)
    assert f"Release 2 · {CLAUSE}@2" in _text(second)
    assert "[deleted:" in second.text


def test_the_author_is_offered_no_approval_and_gets_none(reviewer, proposal, look):
    address, read_hash = proposal
    assert "/approve" not in reviewer.get(address).text

    answer = reviewer.post(f"{address}/approve", data={"read_hash": read_hash})

    assert answer.status_code == 403
    assert _numbers(look) == [1]


@pytest.mark.parametrize("order", ["ra", "aw", "wa", "wra", "aawra"])
def test_no_order_of_clicks_lets_the_author_approve(reviewer, proposal, look, order):
    address, read_hash = proposal
    words = {"a": "approve", "r": "reject", "w": "withdraw"}

    answers = [reviewer.post(f"{address}/{words[click]}", data={"read_hash": read_hash}) for click in order]

    refused = [answer.status_code for answer, click in zip(answers, order, strict=True) if click != "w"]
    assert set(refused) <= {403, 409}
    assert _numbers(look) == [1]


def test_a_second_click_on_approve_makes_no_second_release(approver, proposal, look):
    address, read_hash = proposal

    statuses = [approver.post(f"{address}/approve", data={"read_hash": read_hash}).status_code for _ in range(2)]

    assert statuses == [303, 409]
    assert _numbers(look) == [2, 1]


@pytest.mark.parametrize("sent", [{}, {"read_hash": ""}, {"read_hash": "0" * 64}])
def test_what_was_not_read_is_not_approved(approver, proposal, look, sent):
    answer = approver.post(f"{proposal[0]}/approve", data=sent)

    assert answer.status_code == 409
    assert _numbers(look) == [1]


@pytest.mark.parametrize("role", ["officer", "administrator"])
@pytest.mark.parametrize("step", ["approve", "reject", "withdraw"])
def test_other_roles_read_a_proposal_and_decide_nothing(signed_in_client, proposal, look, role, step):
    address, read_hash = proposal
    person = signed_in_client(role)

    assert person.get(address).status_code == 200
    assert person.post(f"{address}/{step}", data={"read_hash": read_hash}).status_code == 403
    assert look(store.proposals)[0].state == "open"


@pytest.mark.parametrize("role", ["officer", "approver", "administrator"])
def test_only_a_reviewer_proposes(signed_in_client, typed, look, role):
    person = signed_in_client(role)

    assert person.get(f"{PAGE}/edit").status_code == 403
    assert person.post(f"{PAGE}/edit", data=typed() | {TEXT: CHANGED}).status_code == 403
    assert look(store.proposals) == []


def test_a_proposal_is_rejected_by_another_and_withdrawn_by_its_author(reviewer, approver, typed, look):
    addresses = [reviewer.post(f"{PAGE}/edit", data=typed(en__title=title)).location for title in ("One", "Two")]

    assert approver.post(f"{addresses[0]}/withdraw").status_code == 403
    assert approver.post(f"{addresses[0]}/reject").status_code == 303
    assert reviewer.post(f"{addresses[1]}/withdraw").status_code == 303

    assert {one.state for one in look(store.proposals)} == {"rejected", "withdrawn"}


def test_a_text_with_faults_comes_back_with_everything_typed_and_each_fault_at_its_field(reviewer, typed, look):
    sent = typed(es__title="") | {TEXT: "{{ term.supplier.The }} <b>must</b> {{ nothing }}", "reason": ""}

    answer = reviewer.post(f"{PAGE}/edit", data=sent)

    assert answer.status_code == 422
    assert "{{ term.supplier.The }} &lt;b&gt;must&lt;/b&gt; {{ nothing }}</textarea>" in answer.text
    for field in ("es-title", TEXT, "reason"):
        assert f'id="{field}-error"' in answer.text
        assert f'href="#{field}"' in answer.text
    assert "there is no parameter or term “nothing”" in answer.text
    assert look(store.proposals) == []


def test_a_proposal_that_changes_nothing_is_not_taken(reviewer, typed, look):
    answer = reviewer.post(f"{PAGE}/edit", data=typed())

    assert answer.status_code == 422
    assert "Nothing differs" in answer.text
    assert look(store.proposals) == []


def test_what_cannot_be_seen_is_taken_out_of_what_was_typed(reviewer, typed, look):
    reviewer.post(f"{PAGE}/edit", data=typed(en__title="  A\u202e title\x0b of\u200b clauses "))

    assert look(store.proposals)[0].texts["en"]["title"] == "A title of clauses"


def test_a_text_written_while_the_clause_changed_is_kept_beside_the_newer_one(
    signed_in_client, approver, proposal, typed, look
):
    address, read_hash = proposal
    approver.post(f"{address}/approve", data={"read_hash": read_hash})
    colleague = signed_in_client("reviewer")

    answer = colleague.post(f"{PAGE}/edit", data=typed(en__title="My title"))

    newest = look(store.newest_library).clauses[CLAUSE].hash
    assert answer.status_code == 409
    assert 'value="My title"' in answer.text
    assert f'value="{newest}"' in answer.text
    assert "the whole explanation of an outcome" in answer.text
    again = colleague.post(f"{PAGE}/edit", data=typed(newest, en__title="My title") | {TEXT: CHANGED})
    assert again.status_code == 303
    assert look(store.proposals, "open")[0].texts["en"]["requirements"]["EXP-02.2"]["text"] == CHANGED


def test_both_texts_are_shown_where_two_changed_the_same(signed_in_client, approver, proposal, typed):
    address, read_hash = proposal
    approver.post(f"{address}/approve", data={"read_hash": read_hash})
    mine = CHANGED.replace("whole", "short")

    answer = signed_in_client("reviewer").post(f"{PAGE}/edit", data=typed() | {TEXT: mine})

    assert answer.status_code == 409
    assert unescape(answer.text).count(f"{mine}</textarea>") == 1
    assert "Both of you changed this" in answer.text


def test_a_proposal_says_who_when_and_why(approver, proposal):
    page = _text(approver.get(proposal[0]))

    assert "A reviewer" in page
    assert "It reads better." in page
    assert "-0300" in page


def test_a_release_is_downloaded_as_a_file_that_verifies(reviewer):
    answer = reviewer.get("/en/library/releases/1.json")

    release, versions = read_release_file(answer.text)
    assert answer.content_type == "application/json"
    assert (release, versions) == shipped_release()


def test_open_proposals_are_not_shown_to_the_public(client, approver, proposal):
    assert "Open proposals" not in client.get(PAGE).text
    assert "Open proposals" in approver.get(PAGE).text
    assert proposal[0] in approver.get("/en/library/proposals").text


def test_the_form_leaves_the_shipped_texts_as_they_are():
    for clause, texts in shipped_library().texts.items():
        for language, text in texts.items():
            for _requirement, part, written in parts_of(text):
                tidied = forms._one_line(written) if part == "title" else forms._tidy(written)
                assert tidied == written, (clause, language, part)


def test_the_form_offers_three_languages_side_by_side(reviewer):
    page = reviewer.get(f"{PAGE}/edit")

    assert page.status_code == 200
    for language in ("es", "pt", "en"):
        assert re.search(rf'<textarea[^>]*id="{language}-EXP-02.1-text"[^>]*lang="{language}"', page.text)
    assert "{{ explanation_response_days }}" in page.text
