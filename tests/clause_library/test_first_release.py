"""The first release is kept for ever: it is read, checked, imported and built upon as on the day it was made."""

import pytest

from clause_library.bundles import bundle_of, release_file
from clause_library.checks import problems_in
from clause_library.proving import unproved
from database import engine_for, migrate
from exports.bidding import checklist_sheet
from exports.files import tender_files
from exports.reports import internal_document
from procurement.decisions import decisions_from
from procurement.particulars import particulars_from
from procurement.tender import Tender, draw_up
from rules.assessment import assess
from rules.library import LANGUAGES
from rules.questions import read_answers
from rules.selection import select
from rules.sentences import Speaker
from tests.clause_library.first_release import HASH, first_cases, first_file, first_library, first_release

CASES = first_cases()
BY_ID = {case["id"]: case for case in CASES}
KNOWN = {"title": "Signals", "reference": "X-1", "buyer": "A City", "date": "2026-11-20"}


def drawn(case: str) -> Tender:
    library = first_library()
    answers = read_answers(library.questions, BY_ID[case]["answers"])
    return draw_up(library, answers, particulars_from(KNOWN), {}, decisions_from(library, {}))


def test_it_has_the_hash_it_always_had_and_is_written_as_it_always_was():
    release, versions = first_release()

    assert release.hash == first_library().hash == HASH
    assert release_file(release, versions) == first_file()


def test_it_is_of_the_first_form():
    bundle = bundle_of(*first_release())
    clause = bundle["clauses"][0]

    assert bundle["schema"] == 1
    assert not {"instruments", "grounds", "exclusions", "metrics"} & set(bundle)
    assert not {"notes"} & set(clause["texts"]["es"])
    assert not {"evidence_at", "verified_by", "on_failure"} & set(clause["requirements"][0])
    assert not {"failure", "question"} & set(next(iter(clause["texts"]["es"]["requirements"].values())))
    assert not {"glossary", "lexicon", "instruments"} & set(bundle["words"]["es"])


def test_nothing_is_asked_of_it_that_was_not_asked_when_it_was_made():
    bundle = bundle_of(*first_release())

    assert problems_in(bundle) == ()
    assert unproved(bundle) == ()


def test_a_fault_planted_in_it_is_found_all_the_same():
    bundle = bundle_of(*first_release())
    bundle["clauses"][0]["texts"]["en"]["summary"] += " {% raw %}"
    del bundle["words"]["pt"]["terms"]["buyer"]["default"]["of"]
    bundle["guarantees"][0]["requirements"] = ["XX-99.1"]

    said = [problem.what for problem in problems_in(bundle)]

    assert said == [
        "the mark {% does not belong there",
        "there is no requirement XX-99.1",
        "no form 'of'",
    ]


@pytest.mark.parametrize("case", CASES, ids=BY_ID)
def test_a_worked_case_comes_out_as_it_did(case):
    library = first_library()

    assessment = assess(library, read_answers(library.questions, case["answers"]))
    chosen = select(library, assessment).clauses

    assert {
        "tier": assessment.tier,
        "score": assessment.score,
        "triggers": list(assessment.triggers),
        "flags": list(assessment.flags),
        "conflicts": list(assessment.conflicts),
        "requirements": {one.requirement.id: one.strength for entry in chosen for one in entry.requirements},
        "triggered_by_bid": [entry.clause.id for entry in chosen if entry.triggered_by_bid],
    } == {name: case[name] for name in case if name not in ("id", "answers")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", CASES, ids=BY_ID)
def test_every_reason_in_and_out_can_be_said(case, language):
    tender, speaker = drawn(case["id"]), Speaker(first_library(), language)

    assert all(all(speaker.why_in(entry, tender.assessment)) for entry in tender.clauses)
    assert all(all(speaker.why_out(entry, tender.assessment)) for entry in tender.excluded)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ["S01", "S14", "S05"])
def test_its_tenders_are_built_in_every_language(case, language):
    tender = drawn(case)

    files = {file.name: file.content for file in tender_files(tender, language, ("docx", "xlsx"))}

    assert set(files) == ({"stop.docx"} if tender.stopped else {"tender.docx", "checklist.xlsx"})
    assert all(files.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_checklist_and_internal_file_say_nothing_it_does_not_know(language):
    tender = drawn("S14")

    assert checklist_sheet(tender, language).rows
    assert internal_document(tender, language).blocks


def test_it_is_imported_where_there_is_no_release(make_app, tmp_path):
    address, file = f"sqlite:///{tmp_path / 'empty.sqlite'}", tmp_path / "first.json"
    engine = engine_for(address)
    migrate(engine)
    engine.dispose()
    file.write_text(first_file(), encoding="utf-8")
    run = make_app(DATABASE_URL=address).test_cli_runner()

    imported = run.invoke(args=["library", "import", str(file)])

    assert (imported.exit_code, imported.output) == (0, f"release 1 {HASH}\n")
    assert run.invoke(args=["library", "verify"]).exit_code == 0
    checked = run.invoke(args=["library", "check"])
    assert "0 problems" in checked.output
