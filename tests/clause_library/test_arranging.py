"""The arrangements of the shipped edition: each has a place for every requirement, and says it in three languages."""

import pytest

from clause_library.arranging import KNOWN, faults_in_arrangements
from clause_library.releases import shipped_library
from exports.assembly import part_for
from procurement.asked import Row
from rules.conditions import INSTRUMENTS, TENDER
from rules.library import LANGUAGES, Clause, Selected
from rules.selection import ClauseIn

LIBRARY = shipped_library()


def _entry(clause: Clause) -> ClauseIn:
    return ClauseIn(clause=clause, grounds=(), triggered_by_bid=False, requirements=())


def test_the_arrangements_of_the_edition_have_no_fault(bundle):
    assert list(faults_in_arrangements(bundle)) == []


@pytest.mark.parametrize("instrument", [name for name in INSTRUMENTS if name != TENDER])
def test_every_instrument_but_a_tender_has_an_arrangement_of_its_own(instrument):
    assert instrument in LIBRARY.arrangements


@pytest.mark.parametrize("place", LIBRARY.jurisdictions)
def test_every_place_has_an_arrangement(place):
    assert LIBRARY.jurisdictions[place]["arrangement"] in LIBRARY.arrangements


@pytest.mark.parametrize("name", LIBRARY.arrangements)
def test_every_requirement_has_one_document_that_is_drawn_up_here(name):
    arrangement = LIBRARY.arrangements[name]
    drawn_up = {part["id"] for part in arrangement["documents"] if not part.get("cited")}
    for clause in LIBRARY.clauses.values():
        entry = _entry(clause)
        for requirement in clause.requirements:
            for strength in set(requirement.strength.values()):
                assert part_for(arrangement, Row(entry, Selected(requirement, strength))) in drawn_up


@pytest.mark.parametrize("name", LIBRARY.arrangements)
def test_no_document_is_drawn_up_for_nothing(name):
    for part in LIBRARY.arrangements[name]["documents"]:
        assert part.get("cited") or part.get("takes") or part.get("articles")


def test_what_is_most_precise_wins():
    documents = [
        {"id": "any", "takes": ["technical", "functional", "background", "contractual"]},
        {"id": "points", "takes": ["scored"]},
        {"id": "tests", "takes": ["technical.acceptance"]},
    ]
    found = {}
    for clause in LIBRARY.clauses.values():
        for requirement in clause.requirements:
            for strength in set(requirement.strength.values()):
                row = Row(_entry(clause), Selected(requirement, strength))
                key = (requirement.kind, requirement.moment, strength == "scored")
                found[key] = part_for({"documents": documents}, row)

    assert all(part == "points" for (_, _, scored), part in found.items() if scored)
    assert found["technical", "acceptance", False] == "tests"
    assert found["technical", "operation", False] == "any"


def test_everything_a_requirement_can_be_has_a_name():
    names = {f"{row.kind}.{row.moment}" for clause in LIBRARY.clauses.values() for row in clause.requirements}

    assert names <= KNOWN


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", LIBRARY.arrangements)
def test_the_documents_of_an_arrangement_have_different_titles(name, language):
    titles = [part["title"][language] for part in LIBRARY.arrangements[name]["documents"]]

    assert len(set(titles)) == len(titles)
