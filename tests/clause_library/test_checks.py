"""The checks find what they are there for: each row plants one kind of fault in a copy of the edition."""

from collections.abc import Callable
from typing import Any

import pytest

from clause_library.checks import count_of, problems_in, tiers_possible
from clause_library.releases import shipped_library
from rules.conditions import INSTRUMENTS, TENDER, condition_from
from rules.library import LANGUAGES
from tests.clause_library.planting import (
    At,
    Bundle,
    as_lines,
    clause,
    copy_of_the_edition,
    in_each,
    newly_said,
    requirement,
    said_of,
    said_of_the_edition,
)

DAYS = "explanation_response_days"
WHOLE = "DQ-02"


def _step(value: Any, name: Any) -> Any:
    """What is inside under a name: a key of a table, the place in a list, or the row with this id or name."""
    if isinstance(value, list) and isinstance(name, str):
        return next(row for row in value if row.get("id", row.get("name")) == name)
    return value[name]


def _inside(bundle: Bundle, path: tuple[Any, ...]) -> Any:
    found: Any = bundle
    for name in path:
        found = _step(found, name)
    return found


def put(*path: Any, value: Any) -> Callable[[Bundle], None]:
    """Writes a value at a place of the bundle."""

    def plant(bundle: Bundle) -> None:
        _inside(bundle, path[:-1])[path[-1]] = value

    return plant


def gone(*path: Any) -> Callable[[Bundle], None]:
    """Takes a row or a key away."""

    def plant(bundle: Bundle) -> None:
        where, last = _inside(bundle, path[:-1]), path[-1]
        if isinstance(where, list):
            where.remove(_step(where, last))
        else:
            del where[last]

    return plant


def more(*path: Any, value: Any) -> Callable[[Bundle], None]:
    """Adds a value to a list."""

    def plant(bundle: Bundle) -> None:
        where = _inside(bundle, path[:-1])
        where[path[-1]] = [*where[path[-1]], value]

    return plant


def twice(group: str) -> Callable[[Bundle], None]:
    """Adds the first row of a group once more."""

    def plant(bundle: Bundle) -> None:
        bundle[group].append(dict(bundle[group][0]))

    return plant


def _no_requirement_at_a_tier(bundle: Bundle) -> None:
    for row in clause(bundle, WHOLE)["requirements"]:
        row["strength"].pop("2", None)


def _only_conditional_requirements(bundle: Bundle) -> None:
    for row in clause(bundle, WHOLE)["requirements"]:
        row["when"] = {"fact": "generative"}


def _principle_nobody_serves(bundle: Bundle) -> None:
    bundle["edition"]["principles"].append("UCCI-10")
    for language in LANGUAGES:
        bundle["words"][language]["principles"]["UCCI-10"] = {"title": "A tenth", "document": "A charter"}


def _category_without_clauses(bundle: Bundle) -> None:
    bundle["edition"]["categories"].append("ZZZ")
    for language in LANGUAGES:
        bundle["words"][language]["categories"]["ZZZ"] = "The last"


def _category_that_is_not_there(bundle: Bundle) -> None:
    clause(bundle, WHOLE)["category"] = "ZZZ"


def _requirement_under_another_id(bundle: Bundle) -> None:
    requirement(bundle, "DQ-02.3")["id"] = "DQ-92.3"
    for text in clause(bundle, WHOLE)["texts"].values():
        text["requirements"]["DQ-92.3"] = text["requirements"].pop("DQ-02.3")


def _clause_twice(bundle: Bundle) -> None:
    bundle["clauses"].append(clause(bundle, WHOLE))


def _clause_on_the_list(name: str) -> Callable[[Bundle], None]:
    return put("edition", "incomplete", value=[name])


def _word_marked_up(bundle: Bundle) -> None:
    bundle["words"]["pt"]["tiers"]["3"]["meaning"] += " <b>alto"


def _lexicon(tag: str, **words: str) -> Callable[[Bundle], None]:
    def plant(bundle: Bundle) -> None:
        kept = bundle["words"]["pt"].get("lexicon", {})
        bundle["words"]["pt"]["lexicon"] = kept | {tag: kept.get(tag, {}) | words}

    return plant


CLAUSES = {
    "no requirement sure to apply at a tier": (
        _no_requirement_at_a_tier,
        f"{WHOLE}: it can be in at tier 2, where none of its requirements is sure to apply",
    ),
    "every requirement under a condition": (
        _only_conditional_requirements,
        tuple(
            f"{WHOLE}: it can be in at tier {tier}, where none of its requirements is sure to apply"
            for tier in (2, 3, 4)
        ),
    ),
    "a parameter without value at a tier": (
        put("clauses", "EXP-02", "requirements", "EXP-02.2", "strength", "1", value="mandatory"),
        tuple(
            str(
                At(
                    "es",
                    "EXP-02.2",
                    part,
                    f"the parameter {DAYS} has no value at a tier at which the requirement applies",
                )
            )
            for part in ("text", "question")
        ),
    ),
    "two essential requirements": (
        put("clauses", WHOLE, "requirements", "DQ-02.2", "essential", value=True),
        f"{WHOLE}: 2 essential requirements, not one",
    ),
    "no essential requirement": (
        put("clauses", WHOLE, "requirements", "DQ-02.1", "essential", value=False),
        f"{WHOLE}: 0 essential requirements, not one",
    ),
    "an unknown principle": (
        more("clauses", WHOLE, "principles", value="XX-1"),
        f"{WHOLE}: there is no principle XX-1",
    ),
    "no principle": (put("clauses", WHOLE, "principles", value=[]), f"{WHOLE}: no principle"),
    "a principle nobody serves": (_principle_nobody_serves, "principle UCCI-10: no clause serves it"),
    "a category without clauses": (_category_without_clauses, "category ZZZ: it has no clause"),
    "a clause of another category": (_category_that_is_not_there, f"{WHOLE}: category ZZZ"),
    "a requirement under the id of another clause": (
        _requirement_under_another_id,
        f"{WHOLE}, DQ-92.3: an id of another clause",
    ),
    "a requirement at no tier": (
        put("clauses", WHOLE, "requirements", "DQ-02.3", "strength", value={}),
        f"{WHOLE}, DQ-02.3: it applies at no tier, or at one that does not exist",
    ),
    "a requirement at a tier there is not": (
        put("clauses", WHOLE, "requirements", "DQ-02.3", "strength", value={"3": "mandatory", "5": "mandatory"}),
        f"{WHOLE}, DQ-02.3: it applies at no tier, or at one that does not exist",
    ),
    "an unknown fact": (
        put("clauses", WHOLE, "when", value={"fact": "invented"}),
        f"library: clause {WHOLE}: there is no fact invented",
    ),
    "an unknown question": (
        put("clauses", WHOLE, "when", value={"question": "colour", "is": ["red"]}),
        f"library: clause {WHOLE}: there is no question colour",
    ),
    "a clause that is not on the shelf, called incomplete": (
        _clause_on_the_list("DQ-99"),
        "edition, incomplete: there is no clause DQ-99",
    ),
    "a whole clause, called incomplete": (
        _clause_on_the_list(WHOLE),
        f"edition, incomplete: {WHOLE} is whole by now: take it off the list",
    ),
    "no source behind a clause": (
        lambda bundle: [
            row.update(clauses=[name for name in row.get("clauses", ()) if name != "AUD-08"])
            for row in bundle["sources"].values()
        ],
        "AUD-08: no source stands behind it",
    ),
}

RULES = {
    "a parameter nobody uses": (
        lambda bundle: bundle["parameters"].append({"name": "spare_days", "type": "int"})
        or [
            bundle["words"][language]["parameters"].update(spare_days={"label": "Days", "help": "Spare ones."})
            for language in LANGUAGES
        ],
        "parameter spare_days: no clause uses it",
    ),
    "a default out of bounds": (
        put("parameters", DAYS, "defaults", "3", value=31),
        f"parameter {DAYS}: the default 31 is out of its bounds",
    ),
    "a default in words": (
        put("parameters", DAYS, "defaults", "3", value="some"),
        f"parameter {DAYS}: the default some is no number",
    ),
    "a default where there is no value": (
        put("parameters", DAYS, "defaults", "1", value=5),
        f"parameter {DAYS}: a default for tier 1, where it has no value",
    ),
    "a default that is no choice": (
        put("parameters", "exit_rehearsal", "defaults", "3", value="often"),
        "parameter exit_rehearsal: the default often is not among its choices",
    ),
    "a lower bound nobody knows": (
        put("parameters", DAYS, "not_below", value="lucky_days"),
        f"parameter {DAYS}: there is no parameter lucky_days",
    ),
    "a guarantee of nothing": (
        put("guarantees", 0, "requirements", value=[]),
        "guarantee @guarantee: it names no requirement",
    ),
    "a guarantee of no requirement": (
        put("guarantees", 0, "requirements", value=["HUM-99.1"]),
        "guarantee @guarantee: there is no requirement HUM-99.1",
    ),
    "a guarantee of what is not mandatory": (
        lambda bundle: bundle["guarantees"][0].update(
            requirements=["DQ-02.3"], when={"all": [{"tier_at_least": 2}, {"not": {"tier_at_least": 3}}]}
        ),
        "guarantee @guarantee: DQ-02.3 is not mandatory at tier 2",
    ),
    "a clause id used twice": (
        _clause_twice,
        (f"clause {WHOLE}: the id is used 2 times",
         *(f"requirement DQ-02.{number}: the id is used 2 times" for number in (1, 2, 3))),
    ),
    "a flag id used twice": (twice("flags"), "flag @flag: the id is used 2 times"),
    "a parameter name used twice": (twice("parameters"), "parameter @parameter: the id is used 2 times"),
    "a flag of a place that is not there": (
        put("jurisdictions", "CL", "flags", "moonlight", value=[]),
        "jurisdiction CL: there is no flag moonlight",
    ),
    "an arrangement of a place that is not there": (
        put("jurisdictions", "CL", "arrangement", value="moon"),
        "jurisdiction CL: there is no arrangement moon",
    ),
    "an arrangement of a place for an instrument that is not there": (
        put("jurisdictions", "CL", "arrangements", value={"partnership_agreement": "moon"}),
        "jurisdiction CL: there is no arrangement moon",
    ),
    "a bound on no parameter": (
        put("jurisdictions", "BR", "bounds", 0, "parameter", value="lucky_days"),
        ("jurisdiction BR: there is no parameter lucky_days",),
    ),
    "a bound without a reason": (
        put("jurisdictions", "BR", "bounds", 0, "because_pt", value=""),
        "jurisdiction BR, pt: no reason for the bound of @bound",
    ),
}  # fmt: skip

WORDS = {
    "markup among the words": (_word_marked_up, "pt, tiers, 3, meaning: the mark <b does not belong there"),
    "a label that is empty": (
        put("words", "es", "questions", "techniques", "options", "generative", "label", value=" "),
        "es, questions, techniques, generative: no label",
    ),
    "a fact without its negative": (
        put("words", "en", "facts", "generative", "no", value=""),
        "en, facts, generative: no no",
    ),
    "a flag without a text": (put("words", "es", "flags", "dpia", "text", value=""), "es, flags, dpia: no text"),
    "a conflict without a way out": (
        put("words", "pt", "conflicts", "narrow-with-profiling", "resolve", value=""),
        "pt, conflicts, narrow-with-profiling: no resolve",
    ),
    "a red line without alternatives": (
        put("words", "en", "red_lines", "social_scoring", "alternatives", value=[]),
        "en, red_lines, social_scoring: no alternatives",
    ),
    "a parameter without a label": (
        put("words", "es", "parameters", DAYS, "label", value=""),
        f"es, parameters, {DAYS}: no label",
    ),
    "a principle without its document": (
        put("words", "en", "principles", "GPP", "document", value=""),
        "en, principles, GPP: no document",
    ),
    "a term without a form": (
        gone("words", "es", "terms", "supplier", "default", "the_many"),
        "es, terms, supplier, default: no form 'the_many'",
    ),
    "a term in no place": (
        put(
            "words",
            "pt",
            "terms",
            "buyer",
            "MOON",
            value=dict.fromkeys(("the", "The", "of", "to", "by", "one", "the_many"), "x"),
        ),
        "pt, terms, buyer, MOON: there is no such place",
    ),
    "a sentence with other blanks": (
        put("words", "pt", "sentences", "tier", value="o nível é {nivel}"),
        "pt, sentences, tier: its blanks are not those of es",
    ),
    "a lexicon no place reads": (_lexicon("pt-AO", fato="facto"), "pt, lexicon, pt-AO: no place reads this language"),
    "a lexicon with a capital": (
        _lexicon("pt-PT", Zeta="zetta"),
        "pt, lexicon, pt-PT, Zeta: a word in small letters and what is written for it",
    ),
    "a lexicon with an empty word": (
        _lexicon("pt-PT", zeta=" "),
        "pt, lexicon, pt-PT, zeta: a word in small letters and what is written for it",
    ),
    "a lexicon that changes nothing": (
        _lexicon("pt-PT", zeta="Zeta"),
        "pt, lexicon, pt-PT, zeta: it is written the same there",
    ),
}

# What is missing whole is told for each part of it: the sentence, and where everything told must be.
MISSING = {
    "a question without words": (
        gone("words", "pt", "questions", "techniques"),
        "pt, questions: no words for techniques",
    ),
    "a trigger without words": (gone("words", "en", "triggers", "H1"), "en, triggers: no words for H1"),
    "a choice without words": (
        gone("words", "pt", "parameters", "drift_check_frequency", "choices", "weekly"),
        "pt, parameters, drift_check_frequency: no words for weekly",
    ),
    "a place without words": (gone("words", "en", "jurisdictions", "CL"), "en, jurisdictions: no words for CL"),
    "a category without words": (gone("words", "pt", "categories", "HUM"), "pt, categories: no words for HUM"),
    "words for nothing": (
        put("words", "en", "facts", "forgotten", value={"yes": "so", "no": "not so"}),
        "en, facts: words for forgotten, which does not exist",
    ),
    "a term without words for every place": (
        gone("words", "en", "terms", "bidder", "default"),
        "en, terms, bidder: no words for every place",
    ),
    "words in one language": (
        put("words", "en", "sentences", "spare", value="A spare sentence."),
        "es, sentences, spare: said in en and not here",
    ),
    "an unknown source": (
        put("jurisdictions", "CL", "flags", "dpia", value=["cl-ley-0"]),
        "jurisdiction CL: there is no source cl-ley-0",
    ),
    "a parameter that is not there": (
        gone("parameters", DAYS),
        in_each("EXP-02.2", "text", f"there is no parameter or term {DAYS}"),
    ),
}


def _arrangement(**changed: Any) -> Callable[[Bundle], None]:
    """Adds an arrangement of two documents, one drawn up and one cited, with something changed."""
    paragraph = {"es": "Un párrafo.", "pt": "Um parágrafo.", "en": "A paragraph."}
    said = {"es": "Pliego", "pt": "Caderno", "en": "Schedule"}
    article = {"title": said, "text": paragraph | changed.pop("text", {})}
    drawn_up = {
        "id": "drawn",
        "takes": ["technical", "functional", "background", "contractual", "scored", "technical.acceptance"],
        "title": said,
        "lead": said | changed.pop("lead", {}),
        "articles": [article],
    }
    drawn_up |= changed.pop("drawn_up", {})
    cited = {"id": "cited", "title": said, "cited": True} | changed.pop("cited", {})

    def plant(bundle: Bundle) -> None:
        bundle["arrangements"]["probe"] = {"id": "probe", "documents": [drawn_up, cited]} | changed

    return plant


def _takes(*taken: str) -> dict[str, list[str]]:
    return {"takes": list(taken)}


ALL = ("technical", "functional", "background", "contractual", "scored")
LIST = "- Uno.\n- Otro."
ARRANGEMENTS = {
    **{
        f"no arrangement of a {name}": (gone("arrangements", name), f"arrangement {name}: it is missing")
        for name in INSTRUMENTS
        if name != TENDER
    },
    "a kind no document takes": (
        _arrangement(drawn_up=_takes(*ALL[1:])),
        "arrangement probe: no document takes what is technical",
    ),
    "a kind two documents take": (
        _arrangement(drawn_up=_takes(*ALL, "scored")),
        "arrangement probe: 2 documents take scored",
    ),
    "a tag that is nothing": (
        _arrangement(drawn_up=_takes(*ALL, "technical.monday")),
        "arrangement probe: technical.monday is nothing a requirement can be",
    ),
    "a cited document that takes": (
        _arrangement(cited=_takes("contractual.exit")),
        "arrangement probe, cited: it is only cited, and holds nothing",
    ),
    "two documents of one name": (
        _arrangement(cited={"id": "drawn"}),
        "arrangement probe: 2 documents are called drawn",
    ),
    "a lead without Portuguese": (_arrangement(lead={"pt": " "}), "arrangement probe, drawn, lead, pt: it is not said"),
    "no lead": (
        _arrangement(drawn_up={"lead": {}}),
        tuple(f"arrangement probe, drawn, lead, {language}: it is not said" for language in LANGUAGES),
    ),
    "a term in a lead": (
        _arrangement(lead={"en": "For {{ term.buyer }}."}),
        "arrangement probe, drawn, lead, en: the mark {{ term.buyer }} does not belong there",
    ),
    "a blank in a lead": (
        _arrangement(lead={"en": "See {annex}."}),
        "arrangement probe, drawn, lead, en: there is no blank annex",
    ),
    "articles of other shapes": (
        _arrangement(text={"en": LIST}),
        "arrangement probe, drawn, article 1: its paragraphs and lists differ between languages",
    ),
    "an article without a text": (
        _arrangement(drawn_up={"articles": [{"title": {"es": "T", "pt": "T", "en": "T"}}]}),
        tuple(f"arrangement probe, drawn, article 1, text, {language}: it is not said" for language in LANGUAGES),
    ),
    "an unknown term in an article": (
        _arrangement(text={"es": "Paga {{ term.owner }}."}),
        "arrangement probe, drawn, article 1, text, es: there is no term term.owner",
    ),
    "a parameter in an article": (
        _arrangement(text={"es": "En {{ cure_days }} días."}),
        "arrangement probe, drawn, article 1, text, es: there is no term cure_days",
    ),
    "an article about no clause": (
        _arrangement(text={"pt": "Ver [[DQ-99]]."}),
        "arrangement probe, drawn, article 1, text, pt: there is no clause DQ-99",
    ),
    "markup in an article": (
        _arrangement(text={"pt": "Ver <i>."}),
        "arrangement probe, drawn, article 1, text, pt: the mark <i does not belong there",
    ),
    "an unknown blank in the object": (
        _arrangement(object={"es": "Ver {annex}.", "pt": "Ver {annex}.", "en": "See {page}."}),
        "arrangement probe, object, en: there is no blank page",
    ),
    "a brace left open": (
        _arrangement(object={"es": "Ver {annex}.", "pt": "Ver {annex}.", "en": "See {annex."}),
        "arrangement probe, object, en: there is no blank See {annex.",
    ),
    "one line less to read in a language": (
        _arrangement(reading={"es": ["Una.", "Dos."], "pt": ["Uma.", "Duas."], "en": ["One."]}),
        "arrangement probe, reading: it has not as many items in each language",
    ),
}

ROWS = CLAUSES | RULES | WORDS | ARRANGEMENTS


def _blanks_filled(expected: Any) -> list[str]:
    """The ids and lines of the day written into what is expected."""
    bundle = copy_of_the_edition()
    filled = {
        "@guarantee": bundle["guarantees"][0]["id"],
        "@flag": bundle["flags"][0]["id"],
        "@parameter": bundle["parameters"][0]["name"],
        "@bound": bundle["jurisdictions"]["BR"]["bounds"][0]["parameter"],
    }
    lines = as_lines(expected)
    for blank, value in filled.items():
        lines = [one.replace(blank, value) for one in lines]
    return lines


def test_the_shipped_edition_has_no_problem(bundle):
    assert problems_in(bundle) == ()


@pytest.mark.parametrize(("plant", "expected"), ROWS.values(), ids=ROWS)
def test_a_planted_fault_is_found_and_named_and_nothing_else_is(plant, expected):
    bundle = copy_of_the_edition()
    plant(bundle)

    assert sorted(newly_said(bundle)) == sorted(_blanks_filled(expected))
    assert not said_of_the_edition() & set(_blanks_filled(expected))


@pytest.mark.parametrize(("plant", "expected"), MISSING.values(), ids=MISSING)
def test_what_is_missing_whole_is_found_and_named(plant, expected):
    bundle = copy_of_the_edition()
    plant(bundle)

    assert set(_blanks_filled(expected)) <= set(newly_said(bundle))
    assert not said_of_the_edition() & set(_blanks_filled(expected))


def test_a_library_without_clauses_is_a_problem(bundle):
    assert said_of(bundle | {"clauses": []}) == ["library: there is no clause"]


@pytest.mark.parametrize("part", ["words", "jurisdictions", "arrangements", "parameters", "guarantees"])
def test_a_release_that_leaves_a_part_out_is_told_so(bundle, part):
    del bundle[part]

    assert said_of(bundle) == [f"library: '{part}' is missing"]


def test_what_was_looked_at_is_counted(bundle):
    count = count_of(bundle)

    assert (count.clauses, count.questions) == (len(bundle["clauses"]), len(bundle["questions"]))
    assert min(count.requirements, count.parameters, count.guarantees, count.words) > 0


@pytest.mark.parametrize(
    ("condition", "tiers"),
    [
        ({"all": []}, (1, 2, 3, 4)),
        ({"tier_at_least": 3}, (3, 4)),
        ({"not": {"tier_at_least": 3}}, (1, 2)),
        ({"fact": "generative"}, (1, 2, 3, 4)),
        ({"all": [{"fact": "generative"}, {"tier_at_least": 2}]}, (2, 3, 4)),
        ({"any": [{"fact": "generative"}, {"tier_at_least": 2}]}, (1, 2, 3, 4)),
        ({"flag": "register"}, (1, 2, 3, 4)),
        ({"score_at_least": [1, 4]}, (1, 2, 3, 4)),
        ({"not": {"score_at_least": [1, 4]}}, (1, 2, 3, 4)),
        ({"any": []}, ()),
    ],
)
def test_a_condition_is_possible_at_the_tiers_that_do_not_rule_it_out(condition, tiers):
    assert tiers_possible(shipped_library(), condition_from(condition, "here")) == tiers
