"""The defined terms of a release: which of them a text uses, and what is wrong with them."""

from typing import Any

import pytest

from clause_library.glossary import faults_in_glossary, terms_used
from rules.library import LANGUAGES

FORMS = {
    "es": {"annex": ["anexo de finalidad"], "day": ["día hábil", "días hábiles"]},
    "pt": {"annex": ["anexo de finalidade"], "day": ["dia útil", "dias úteis"]},
    "en": {"annex": ["purpose annex"], "day": ["business day", "business days"]},
}
DUTIES = {
    "es": "El anexo de finalidad se entrega en 3 días hábiles.",
    "pt": "O anexo de finalidade entrega-se em 3 dias úteis.",
    "en": "The purpose annex is delivered in 3 business days.",
}


@pytest.fixture
def release() -> dict[str, Any]:
    """Two terms and a clause of two requirements that use them both."""
    return {
        "words": {
            language: {
                "glossary": {
                    name: {"term": name, "meaning": "What {{ term.buyer }} says.", "forms": list(forms)}
                    for name, forms in words.items()
                }
            }
            for language, words in FORMS.items()
        },
        "clauses": [
            {
                "id": "XX-01",
                "texts": {
                    language: {
                        "title": "T",
                        "summary": "S.",
                        "requirements": {
                            name: {"text": text, "evidence": "E.", "verification": "V."}
                            for name in ("XX-01.1", "XX-01.2")
                        },
                    }
                    for language, text in DUTIES.items()
                },
            }
        ],
    }


def _texts(release: dict[str, Any], language: str) -> Any:
    return release["clauses"][0]["texts"][language]["requirements"]


def _said(release: dict[str, Any]) -> list[str]:
    return [f"{where}: {what}" for where, what in faults_in_glossary(release)]


def test_terms_that_are_defined_and_used_alike_are_in_order(release):
    assert _said(release) == []


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Within 3 Business Days.", ["day"]),
        ("One business day, the Purpose Annex.", ["annex", "day"]),
        ("The agribusiness days.", []),
        ("business  day", []),
        ("The business-day rule.", []),
        ("{{ business_day }} {{ term.business.day }}", []),
        ("(business day)", ["day"]),
        ("", []),
    ],
)
def test_a_term_is_used_where_a_form_of_it_stands_as_words_of_their_own(release, text, used):
    assert [name for name, _ in terms_used(release["words"]["en"], text)] == used


def test_a_release_without_a_glossary_uses_no_term():
    assert terms_used({}, "Within 3 business days.") == []


def test_a_term_that_no_requirement_uses_is_told_in_its_language(release):
    for name in ("XX-01.1", "XX-01.2"):
        for language in LANGUAGES:
            _texts(release, language)[name]["text"] = "Sin más. Sem mais. No more."

    assert len(_said(release)) == 6
    assert "pt, glossary, day: defined and used in no requirement" in _said(release)


def test_a_term_used_only_in_the_evidence_is_not_used(release):
    for language in LANGUAGES:
        for parts in _texts(release, language).values():
            parts.update(text="X.", evidence=DUTIES[language])

    assert "en, glossary, annex: defined and used in no requirement" in _said(release)


@pytest.mark.parametrize(
    ("language", "text", "annex", "name"),
    [
        ("es", " Ver el anexo de sombras.", "anexo de sombras", "XX-01.1"),
        ("pt", " Ver o anexo de sombras.", "anexo de sombras", "XX-01.2"),
        ("en", " See the Shadow Annex.", "shadow annex", "XX-01.2"),
    ],
)
def test_an_annex_that_is_not_defined_is_told_with_its_line(release, language, text, annex, name):
    _texts(release, language)[name]["text"] += text
    line = {"XX-01.1": 5, "XX-01.2": 17}[name]

    assert _said(release) == [f"XX-01, {language}, line {line}, {name}, text: not defined: {annex}"]


@pytest.mark.parametrize("text", ["See that annex.", "Each annex counts.", "It is in the annex.", "See its annex."])
def test_an_annex_named_before_needs_no_definition_of_its_own(release, text):
    _texts(release, "en")["XX-01.1"]["text"] += f" {text}"

    assert _said(release) == []


def test_a_term_that_one_language_does_not_use_is_told_there(release):
    _texts(release, "pt")["XX-01.2"]["text"] = "O anexo de finalidade entrega-se em 3 dias."

    assert _said(release) == [
        "XX-01, pt, line 17, XX-01.2, text: the defined term day is used in another language and not here"
    ]


def test_a_requirement_that_one_language_does_not_have_is_not_told_again(release):
    del _texts(release, "en")["XX-01.2"]

    assert _said(release) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"term": " "}, "no term"),
        ({"meaning": ""}, "no meaning"),
        ({"forms": [""]}, "no form to know it by"),
        ({"meaning": "Of {{ term.owner }}."}, "there is no term term.owner"),
        ({"meaning": "In {{ cure_days }}."}, "there is no term cure_days"),
    ],
)
def test_a_term_that_is_defined_by_halves_is_told(release, changed, told):
    release["words"]["pt"]["glossary"]["day"].update(changed)

    assert f"pt, glossary, day: {told}" in _said(release)


def test_a_term_without_forms_is_told_and_is_used_nowhere(release):
    for language in LANGUAGES:
        release["words"][language]["glossary"]["day"]["forms"] = []

    assert _said(release) == [f"{language}, glossary, day: no form to know it by" for language in LANGUAGES]
