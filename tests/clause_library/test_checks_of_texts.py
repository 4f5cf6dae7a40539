"""The editor's rules hold: each row plants one kind of fault in a copy of the edition, and says what is found."""

from collections.abc import Callable
from typing import Any

import pytest

from clause_library.editing import faults_for_editors
from rules.library import LANGUAGES
from tests.clause_library.planting import (
    At,
    Bundle,
    add,
    as_lines,
    clause,
    copy_of_the_edition,
    everywhere,
    in_each,
    newly_said,
    parts,
    requirement,
    said_of_the_edition,
    write,
)

# One due at the bid with wordings to fall back on, one at acceptance, one in operation; then a scored one, a buyer's.
BID, ACCEPTANCE, OPERATION = "DQ-02.1", "DQ-02.2", "DQ-02.3"
CLAUSE = "DQ-02"
SCORED, BUYERS = "DQ-03.1", "DQ-05.3"
SHEETS = {
    "es": "{{ term.supplier.The }} debe guardar una copia de cada hoja que firma en la mesa del fondo.",
    "pt": "{{ term.supplier.The }} deve guardar uma cópia de cada folha que assina na mesa do fundo.",
    "en": "{{ term.supplier.The }} must keep a copy of each sheet it signs at the table at the back.",
}
BRIEF = {
    "es": "{{ term.supplier.The }} debe responder.",
    "pt": "{{ term.supplier.The }} deve responder.",
    "en": "{{ term.supplier.The }} must answer.",
}


def facts(name: str, **changed: Any) -> Callable[[Bundle], None]:
    """Changes facts of a requirement; None takes one away."""

    def plant(bundle: Bundle) -> None:
        row = requirement(bundle, name)
        row.update(changed)
        for fact in [fact for fact, value in changed.items() if value is None]:
            del row[fact]

    return plant


def without(name: str, part: str, *languages: str) -> Callable[[Bundle], None]:
    """Takes away a part of a requirement in some languages."""

    def plant(bundle: Bundle) -> None:
        for language in languages:
            del parts(bundle, name, language)[part]

    return plant


def added(name: str, part: str, **said: str) -> Callable[[Bundle], None]:
    return lambda bundle: add(bundle, name, part, **said)


def written(name: str, part: str, **said: str) -> Callable[[Bundle], None]:
    return lambda bundle: write(bundle, name, part, **said)


def replaced(name: str, part: str, language: str, old: str, new: str) -> Callable[[Bundle], None]:
    def plant(bundle: Bundle) -> None:
        text = parts(bundle, name, language)[part]
        assert old in text
        parts(bundle, name, language)[part] = text.replace(old, new)

    return plant


def of_clause(part: str, **said: str) -> Callable[[Bundle], None]:
    """Adds words to the title or the summary."""

    def plant(bundle: Bundle) -> None:
        for language, text in said.items():
            clause(bundle, CLAUSE)["texts"][language][part] += text

    return plant


def _without_a_note(bundle: Bundle) -> None:
    del clause(bundle, CLAUSE)["texts"]["pt"]["notes"]["avoid"]


def _note_about_no_clause(bundle: Bundle) -> None:
    clause(bundle, CLAUSE)["texts"]["en"]["notes"]["mistake"] += " See [[DQ-99]]."


def _parameter_in_a_note(bundle: Bundle) -> None:
    clause(bundle, CLAUSE)["texts"]["en"]["notes"]["use"] += " {{ cure_days }}"


def _few_words(bundle: Bundle) -> None:
    for name in (ACCEPTANCE, OPERATION):
        write(bundle, name, "text", **SHEETS)
    write(bundle, BID, "text", **{name: said.replace("term.supplier", "term.bidder") for name, said in SHEETS.items()})


def _without_a_requirement(bundle: Bundle) -> None:
    del clause(bundle, CLAUSE)["texts"]["en"]["requirements"][OPERATION]


def _requirement_from_nowhere(bundle: Bundle) -> None:
    rows = clause(bundle, CLAUSE)["texts"]["pt"]["requirements"]
    rows["DQ-02.9"] = dict(rows[OPERATION])


def _in_facts(name: str, part: str, what: str) -> str:
    return f"{name.partition('.')[0]}, facts, {name}, {part}: {what}"


def _refused(name: str, value: str, allowed: str) -> str:
    return f"library: requirement {name}: {value!r} is not one of {allowed}"


MOMENTS = "bid, acceptance, operation, exit"
OUTCOMES = "exclusion, no_points, rejection, cure, credit, suspension, termination, escalation"
ANSWER = "a requirement that is scored says answer, one of number, level, test; no other does"
NO_POINTS = "no_points goes with scored, and only with it"
SCALE = "a scale stands where the requirement is scored, and only there"

FACTS = {
    "no moment of evidence": (
        facts(ACCEPTANCE, evidence_at=None),
        _in_facts(ACCEPTANCE, "evidence_at", f"evidence_at is some of {MOMENTS}, each once"),
    ),
    "a moment of evidence twice": (
        facts(ACCEPTANCE, evidence_at=["acceptance", "acceptance"]),
        _in_facts(ACCEPTANCE, "evidence_at", f"evidence_at is some of {MOMENTS}, each once"),
    ),
    "evidence at an unknown moment": (
        facts(ACCEPTANCE, evidence_at=["some day"]),
        _refused(ACCEPTANCE, "some day", MOMENTS),
    ),
    "verified at no moment": (
        facts(ACCEPTANCE, verified_at=[]),
        _in_facts(ACCEPTANCE, "verified_at", f"verified_at is some of {MOMENTS}, each once"),
    ),
    "verified by nobody": (
        facts(ACCEPTANCE, verified_by=None),
        _in_facts(ACCEPTANCE, "verified_by", "verified_by is one of buyer, independent, internal_control"),
    ),
    "verified by a stranger": (
        facts(ACCEPTANCE, verified_by="a friend"),
        _refused(ACCEPTANCE, "a friend", ", buyer, independent, internal_control"),
    ),
    "nothing follows from a failure": (
        facts(ACCEPTANCE, on_failure=[]),
        _in_facts(ACCEPTANCE, "on_failure", f"on_failure is some of {OUTCOMES}, each once"),
    ),
    "an unknown outcome": (facts(ACCEPTANCE, on_failure=["regret"]), _refused(ACCEPTANCE, "regret", OUTCOMES)),
    "an outcome twice": (
        facts(ACCEPTANCE, on_failure=["cure", "cure"]),
        _in_facts(ACCEPTANCE, "on_failure", f"on_failure is some of {OUTCOMES}, each once"),
    ),
    "due at the bid without evidence there": (
        facts(BID, evidence_at=["acceptance"]),
        _in_facts(BID, "evidence_at", "it is due at the bid and no evidence is asked there"),
    ),
    "a scored one that does not say its answer": (facts(SCORED, answer=None), _in_facts(SCORED, "answer", ANSWER)),
    "an answer where nothing is scored": (facts(ACCEPTANCE, answer="number"), _in_facts(ACCEPTANCE, "answer", ANSWER)),
    "an unknown kind of answer": (facts(SCORED, answer="essay"), _refused(SCORED, "essay", ", number, level, test")),
    "no points where nothing is scored": (
        facts(ACCEPTANCE, on_failure=["no_points", "rejection"]),
        _in_facts(ACCEPTANCE, "on_failure", NO_POINTS),
    ),
    "scored and not without points": (
        facts(SCORED, on_failure=["termination"]),
        _in_facts(SCORED, "on_failure", NO_POINTS),
    ),
    "excluded for what is due later": (
        facts(ACCEPTANCE, on_failure=["exclusion"]),
        _in_facts(ACCEPTANCE, "on_failure", "only what is mandatory at the bid excludes a bid"),
    ),
    "excluded for what is mandatory nowhere": (
        facts("PER-01.4", on_failure=["exclusion", "no_points"]),
        _in_facts("PER-01.4", "on_failure", "only what is mandatory at the bid excludes a bid"),
    ),
    "a buyer's duty that ends the contract": (
        facts(BUYERS, on_failure=["termination"]),
        _in_facts(BUYERS, "on_failure", "a duty of the buyer ends in escalation or suspension of the use"),
    ),
}

TEXTS = {
    "a note missing": (_without_a_note, At("pt", "", "avoid", "the note is missing", CLAUSE, missing=True)),
    "few words of duty": (
        _few_words,
        tuple(
            At(language, "", "text", f"{count} words of duty, not 60", CLAUSE)
            for language, count in (("es", 45), ("pt", 42), ("en", 48))
        ),
    ),
    "a long summary": (
        of_clause("summary", en=" Nobody reads this far." * 16),
        At("en", "", "summary", "more than 60 words", CLAUSE),
    ),
    "no failure": (without(BID, "failure", "es"), At("es", BID, "failure", "it is missing", missing=True)),
    "no question": (without(BID, "question", "pt"), At("pt", BID, "question", "it is missing", missing=True)),
    "two duties": (added(BID, "text", en=" It must answer."), At("en", BID, "text", "2 duties, not one")),
    "no duty": (replaced(BID, "text", "es", " debe ", " puede "), At("es", BID, "text", "0 duties, not one")),
    "a short duty": (
        written(OPERATION, "text", **BRIEF),
        in_each(OPERATION, "text", "3 words; a duty has 12 to 130"),
    ),
    "a long duty": (
        added(BID, "text", pt=" Folha seguinte." * 60),
        At("pt", BID, "text", "168 words; a duty has 12 to 130"),
    ),
    "a long question": (
        written(BID, "question", es=f"¿{' hoja' * 41}?"),
        At("es", BID, "question", "more than 40 words"),
    ),
    "a question that asks nothing": (
        replaced(BID, "question", "en", "?", "."),
        At("en", BID, "question", "it does not end as a question"),
    ),
    "scored without a scale": (without(SCORED, "scale", "pt"), At("pt", SCORED, "scale", SCALE, missing=True)),
    "a scale where nothing is scored": (
        written(ACCEPTANCE, "scale", en="1. None.\n2. Some.\n3. All."),
        f"{CLAUSE}, en, line 50, {ACCEPTANCE}, scale: {SCALE}",
    ),
    "a scale of two levels": (
        written(SCORED, "scale", **everywhere("1. 0.\n2. 100.")),
        in_each(SCORED, "scale", "a numbered list of at least 3 is wanted"),
    ),
    "one wording to fall back on": (
        written(BID, "fallback", **everywhere("1. Una, uma, one.")),
        in_each(BID, "fallback", "a numbered list of at least 2 is wanted"),
    ),
    "a duty among the evidence": (
        added(BID, "evidence", en=" It must be signed."),
        At("en", BID, "evidence", "a duty stands outside the text of the requirement"),
    ),
    "a vague word in Spanish": (
        added(BID, "verification", es=" En forma adecuada."),
        At("es", BID, "verification", "vague: adecuada"),
    ),
    "a vague word in Portuguese": (
        added(BID, "failure", pt=" De modo razoável."),
        At("pt", BID, "failure", "vague: razoável"),
    ),
    "a vague word in English": (added(BID, "text", en=" In a timely way."), At("en", BID, "text", "vague: timely")),
    "a brand": (added(BID, "evidence", es=" En Excel."), At("es", BID, "evidence", "a brand: Excel")),
    "a long sentence": (
        added(BID, "verification", pt=f" Folha{' e folha' * 30}."),
        At("pt", BID, "verification", "a sentence of 61 words, more than 60"),
    ),
    "another number": (
        added(BID, "evidence", es=" Hasta 7 hojas.", pt=" Até 8 folhas.", en=" Up to 7 sheets."),
        At("pt", BID, "evidence", "the numbers differ from es"),
    ),
    "a number without its decimals": (
        added(BID, "evidence", es=" Hasta 1,5 hojas.", pt=" Até 1,5 folhas.", en=" Up to 15 sheets."),
        At("en", BID, "evidence", "the numbers differ from es"),
    ),
    "a list in one language": (
        added(BID, "evidence", en="\n\n- first\n- second"),
        At("en", BID, "evidence", "the lists differ from es"),
    ),
    "a numbered list for a bulleted one": (
        added(BID, "evidence", es="\n\n- una\n- otra", pt="\n\n- uma\n- outra", en="\n\n1. one\n2. other"),
        (
            At("en", BID, "evidence", "the numbers differ from es"),
            At("en", BID, "evidence", "the lists differ from es"),
        ),
    ),
    "a fallback in two languages": (
        without(BID, "fallback", "es"),
        At("es", BID, "fallback", "said in another language and not here", missing=True),
    ),
    "a fallback in one language": (
        without(BID, "fallback", "pt", "en"),
        tuple(At(one, BID, "fallback", "said in another language and not here", missing=True) for one in ("pt", "en")),
    ),
}


def _nowhere(language: str, name: str, part: str, what: str) -> str:
    """What has no line of its own is told at the title."""
    return f"{CLAUSE}, {language}, line 1, {name}, {part}: {what}"


MARKS = {
    "a requirement in two languages": (
        _without_a_requirement,
        _nowhere("en", OPERATION, "text", "the requirement or its text is missing"),
    ),
    "a part that is empty": (written(BID, "evidence", pt="  "), At("pt", BID, "evidence", "it is empty")),
    "a part that is endless": (
        added(BID, "evidence", en=f" {'x' * 6001}"),
        At("en", BID, "evidence", "it has more than 6000 characters"),
    ),
    "a title that is endless": (
        of_clause("title", en=f" {'x' * 201}"),
        At("en", "", "title", "it has more than 200 characters", CLAUSE),
    ),
    "a heading inside a text": (
        added(BID, "evidence", en="\n\n#### Sheets"),
        At("en", BID, "evidence", "a line begins with #"),
    ),
    "a mark of a template": (
        of_clause("summary", en=" {% raw %}"),
        At("en", "", "summary", "the mark {% does not belong there", CLAUSE),
    ),
    "markup": (
        added(BID, "failure", es=" <b>ya</b>"),
        tuple(At("es", BID, "failure", f"the mark {mark} does not belong there") for mark in ("<b", "</")),
    ),
    "a parameter in the title": (
        of_clause("title", pt=" {{ cure_days }}"),
        At("pt", "", "title", "cure_days belongs in a requirement, not here", CLAUSE),
    ),
    "a parameter in a note": (
        _parameter_in_a_note,
        At("en", "", "use", "cure_days belongs in a requirement, not here", CLAUSE),
    ),
    "an unknown parameter": (
        added(BID, "evidence", **everywhere(" {{ lucky_days }}")),
        in_each(BID, "evidence", "there is no parameter or term lucky_days"),
    ),
    "a term in an unknown form": (
        added(BID, "evidence", es=" {{ term.supplier.with }}"),
        At("es", BID, "evidence", "there is no parameter or term term.supplier.with"),
    ),
    "an unknown term": (
        added(BID, "evidence", es=" {{ term.owner }}"),
        At("es", BID, "evidence", "there is no parameter or term term.owner"),
    ),
    "a reference to no clause": (
        added(BID, "evidence", **everywhere(" [[DQ-99]]")),
        in_each(BID, "evidence", "there is no clause DQ-99"),
    ),
    "a note about no clause": (_note_about_no_clause, At("en", "", "mistake", "there is no clause DQ-99", CLAUSE)),
    "a parameter in two languages": (
        replaced("DQ-02.3", "failure", "pt", "{{ cure_days }}", "alguns"),
        At("pt", "DQ-02.3", "failure", "cure_days is used in another language and not here"),
    ),
    "a reference in two languages": (
        replaced(OPERATION, "failure", "en", "[[COM-06]]", "on termination"),
        At("en", OPERATION, "failure", "COM-06 is used in another language and not here"),
    ),
    "another party": (
        replaced(ACCEPTANCE, "text", "es", "{{ term.supplier.The }}", "{{ term.bidder.The }}"),
        (
            At("es", ACCEPTANCE, "text", "supplier is used in another language and not here"),
            At("pt", ACCEPTANCE, "text", "bidder is used in another language and not here"),
            At("en", ACCEPTANCE, "text", "bidder is used in another language and not here"),
        ),
    ),
}


def _term(name: str, **forms: str) -> Callable[[Bundle], None]:
    """Defines a term in the glossary of every language."""

    def plant(bundle: Bundle) -> None:
        for language, form in forms.items():
            words = bundle["words"][language]
            words["glossary"] = {**words.get("glossary", {}), name: {"term": form, "meaning": form, "forms": [form]}}

    return plant


def _defined_and_used_in_two_languages(bundle: Bundle) -> None:
    _term("probe", es="sonda zeta", pt="sonda zeta", en="zeta probe")(bundle)
    add(bundle, BID, "text", es=" Con una sonda zeta.", pt=" Com uma sonda zeta.", en=" With a zeta probe.")
    add(bundle, ACCEPTANCE, "text", es=" Con una sonda zeta.", pt=" Com uma sonda zeta.", en=" With another probe.")


GLOSSARY = {
    "a term nobody uses": (
        _term("probe", es="sonda zeta", pt="sonda zeta", en="zeta probe"),
        tuple(f"{language}, glossary, probe: defined and used in no requirement" for language in LANGUAGES),
    ),
    "an annex nobody defines": (
        added(BID, "text", en=" See the Shadow annex."),
        At("en", BID, "text", "not defined: shadow annex"),
    ),
    "a term in two languages": (
        _defined_and_used_in_two_languages,
        At("en", ACCEPTANCE, "text", "the defined term probe is used in another language and not here"),
    ),
}

ROWS = FACTS | TEXTS | MARKS | GLOSSARY


@pytest.mark.parametrize(("plant", "expected"), ROWS.values(), ids=ROWS)
def test_a_planted_fault_is_found_with_clause_language_and_line_and_nothing_else_is(plant, expected):
    bundle = copy_of_the_edition()
    plant(bundle)

    assert sorted(newly_said(bundle)) == sorted(as_lines(expected))
    assert not said_of_the_edition() & set(as_lines(expected))


def test_there_are_many_kinds_of_fault_in_texts():
    assert len(ROWS) >= 60


VAGUE = {
    "es": (
        "adecuado", "apropiadas", "razonables", "oportunamente", "periódicamente", "suficientes", "estado del arte",
        "mejores prácticas", "a la brevedad", "lo antes posible", "en la medida de lo posible", "cuando proceda",
        "de última generación", "y/o", "etc",
    ),
    "pt": (
        "adequado", "apropriadas", "razoáveis", "prontamente", "oportunamente", "periodicamente", "suficiente",
        "estado da arte", "melhores práticas", "o mais breve possível", "na medida do possível", "quando couber",
        "de última geração", "e/ou", "etc",
    ),
    "en": (
        "appropriate", "adequately", "reasonable", "promptly", "timely", "regularly", "periodically", "sufficient",
        "state-of-the-art", "best efforts", "as soon as possible", "where feasible", "industry standard", "and/or",
        "etc",
    ),
}  # fmt: skip
PHRASES = [(language, phrase) for language, phrases in VAGUE.items() for phrase in phrases]


def _found_in(language: str, text: str, part: str = "evidence") -> list[str]:
    """What the editor says of one part of a whole clause when words are added to it."""
    found = clause(copy_of_the_edition(), CLAUSE)
    found["texts"][language]["requirements"][BID][part] += text
    return [fault.what for fault in faults_for_editors(found)]


@pytest.mark.parametrize(("language", "phrase"), PHRASES)
def test_a_word_that_promises_and_measures_nothing_is_found(language, phrase):
    assert _found_in(language, f" X {phrase.capitalize()} x.") == [f"vague: {phrase.capitalize()}"]


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("es", "ajustes razonables"), ("pt", "adaptações razoáveis"), ("en", "reasonable accommodation"),
        ("es", "insuficiente"), ("pt", "etcoetera"), ("en", "untimely"), ("es", "debería"), ("en", "mustard"),
    ],
)  # fmt: skip
def test_a_term_of_art_or_a_longer_word_is_none_of_them(language, phrase):
    assert _found_in(language, f" X {phrase} x.") == []


@pytest.mark.parametrize(
    ("spanish", "portuguese", "english"),
    [
        ("1.000", "1 000", "1,000"),
        ("0,95", "0,95", "0.95"),
        ("12.500,5", "12.500,5", "12,500.5"),
        ("2.2", "2.2", "2.2"),
    ],
)
def test_a_number_is_the_same_however_a_language_writes_it(spanish, portuguese, english):
    found = clause(copy_of_the_edition(), CLAUSE)
    for language, number in zip(LANGUAGES, (spanish, portuguese, english), strict=True):
        found["texts"][language]["requirements"][BID]["evidence"] += f" ({number})."

    assert list(faults_for_editors(found)) == []


def test_notes_may_name_vague_words_and_duties_to_warn_of_them():
    found = clause(copy_of_the_edition(), CLAUSE)
    found["texts"]["en"]["notes"]["mistake"] += " A supplier who must do a reasonable thing has to do nothing."

    assert list(faults_for_editors(found)) == []
