"""How texts are said where they are used: the parties in the forms of the place, words in its spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.places import ELSEWHERE, Place, language_in_place, place_of
from clause_library.releases import shipped_library
from clause_library.wording import TERM_FORMS, TERMS
from rules.assessment import assess
from rules.conditions import INSTRUMENTS, PARTNERSHIP_AGREEMENT
from rules.library import LANGUAGES
from rules.questions import read_answers
from tests.rules.briefs import brief

WORDS = {
    "terms": {
        "supplier": {
            "default": {"the": "o fornecedor", "of": "do fornecedor", "one": "fornecedor"},
            "BR": {"the": "a contratada", "of": "da contratada"},
            "partnership_agreement": {"the": "o parceiro", "of": "do parceiro"},
        },
        "buyer": {"default": {"the": "a administração"}},
    },
    "lexicon": {
        "pt-PT": {
            "usuário": "utilizador",
            "registro": "registo",
            "registro de eventos": "diário de eventos",
            "equipe": "equipa",
            "ia": "ia",
        }
    },
}


@pytest.mark.parametrize(
    ("language", "place", "tag"),
    [
        ("es", "AR-CABA", "es-AR"),
        ("es", "CL", "es-CL"),
        ("es", "ES", "es-ES"),
        ("pt", "BR", "pt-BR"),
        ("pt", "PT", "pt-PT"),
        ("pt", "AR-CABA", "pt"),
        ("es", "BR", "es"),
        ("en", "PT", "en"),
        ("pt", "EU-other", "pt"),
        ("es", ELSEWHERE, "es"),
    ],
)
def test_a_language_is_written_as_in_the_place_where_it_is_spoken(language, place, tag):
    assert language_in_place(language, place) == Place(WORDS, language, place).tag == tag


@pytest.mark.parametrize(
    ("place", "instrument", "said"),
    [
        ("BR", "tender", "da contratada"),
        ("PT", "tender", "do fornecedor"),
        (ELSEWHERE, "tender", "do fornecedor"),
        ("PT", "partnership_agreement", "do parceiro"),
        ("BR", "partnership_agreement", "do parceiro"),
        ("BR", "request_for_information", "da contratada"),
    ],
)
def test_a_party_is_called_as_in_the_instrument_else_the_place_else_anywhere(place, instrument, said):
    assert Place(WORDS, "pt", place, instrument).term("supplier", "of") == said


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_a_party_without_words_for_an_instrument_keeps_those_of_the_place(instrument):
    assert Place(WORDS, "pt", "BR", instrument).term("buyer") == "a administração"


def test_a_form_an_old_release_does_not_have_is_said_with_the_article():
    place = Place(WORDS, "pt", "BR")

    assert place.term("supplier", "one") == "a contratada"
    assert place.term("buyer", "the_many") == "a administração"
    assert Place(WORDS, "pt").term("supplier", "one") == "fornecedor"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_edition_says_every_party_in_every_form_everywhere(language):
    library = shipped_library()
    for jurisdiction in library.jurisdictions:
        for instrument in INSTRUMENTS:
            place = Place(library.words[language], language, jurisdiction, instrument)
            said = [place.term(term, form) for term in TERMS for form in TERM_FORMS]
            assert all(said)
            assert place.term("supplier", "The")[0].isupper()


def test_a_brief_brings_the_place_of_its_buyer_and_the_instrument_that_is_drafted():
    library = shipped_library()
    answers = read_answers(library.questions, brief(buyer_jurisdiction="BR"))

    place = place_of(library, "pt", assess(library, answers, instrument=PARTNERSHIP_AGREEMENT))

    assert (place.jurisdiction, place.tag, place.instrument) == ("BR", "pt-BR", PARTNERSHIP_AGREEMENT)


def test_a_brief_that_does_not_say_the_place_is_said_as_anywhere():
    library = shipped_library()
    assessment = assess(library, read_answers(library.questions, brief()))
    assessment.reading.chosen = dict.fromkeys(library.questions, ()).get

    assert place_of(library, "es", assessment).jurisdiction == ELSEWHERE


# The spelling of a place

LISBON = Place(WORDS, "pt", "PT")


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("o usuário", "o utilizador"),
        ("Usuário final", "Utilizador final"),
        ("USUÁRIO", "UTILIZADOR"),
        ("usuários", "usuários"),
        ("subusuário", "subusuário"),
        ("o registro de eventos", "o diário de eventos"),
        ("Registro de eventos e registro", "Diário de eventos e registo"),
        ("(equipe), equipe; equipe.", "(equipa), equipa; equipa."),
        ("registrou", "registrou"),
        ("", ""),
    ],
)
def test_whole_words_are_spelled_as_there_with_their_capitals(written, spelled):
    assert LISBON.spelled(written) == spelled


@pytest.mark.parametrize("place", ["BR", "AR-CABA", ELSEWHERE])
def test_where_no_word_differs_a_text_stays_as_it_is(place):
    assert Place(WORDS, "pt", place).spelled("o usuário e a equipe") == "o usuário e a equipe"


def test_a_release_without_a_lexicon_spells_nothing_anew():
    assert Place({"terms": {}}, "pt", "PT").spelled("o usuário") == "o usuário"


def test_a_word_the_lexicon_writes_with_a_capital_is_found_too():
    place = Place({"lexicon": {"pt-PT": {"Brasil": "Portugal"}}}, "pt", "PT")

    assert (place.spelled("brasil"), place.spelled("Brasil")) == ("Portugal", "Portugal")


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60))
def test_only_the_words_of_the_lexicon_change(text):
    spelled = LISBON.spelled(text)

    if not any(word in text.lower() for word in WORDS["lexicon"]["pt-PT"]):
        assert spelled == text


@given(
    st.lists(st.sampled_from(["usuário", "Equipe", "registro de eventos", "casa", ", ", " ", "\n", "x"]), max_size=12)
)
def test_what_is_spelled_once_is_not_spelled_otherwise_the_second_time(pieces):
    spelled = LISBON.spelled("".join(pieces))

    assert LISBON.spelled(spelled) == spelled


def test_tables_and_lists_are_spelled_throughout_and_their_names_are_not():
    words = {"usuário": ["a equipe", {"registro": "registro", "limit": 3}], "other": None}

    assert LISBON.spelled_throughout(words) == {
        "usuário": ["a equipa", {"registro": "registo", "limit": 3}],
        "other": None,
    }
