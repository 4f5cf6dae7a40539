"""Whatever is opened, by whomever: not one row is written and not one byte of what is kept changes."""

import pytest
from sqlalchemy import text

from procurement.worked import worked_purchases
from rules.library import LANGUAGES
from tests.security.world import CALLERS, GETS, PUBLISHED, READY, STOPPED, UNDECIDED, World, fired

SHAPES = (READY, UNDECIDED, STOPPED, PUBLISHED)
DRAFT_FILES = ("tender.docx", "tender.pdf", "checklist.xlsx", "internal.docx", "internal.pdf")


@pytest.mark.parametrize("caller", CALLERS)
def test_opening_every_page_writes_nothing(world: World, caller: str) -> None:
    before = world.content()
    wrote = {}

    for row in GETS:
        shapes = SHAPES if caller == "officer" else (row.shape, PUBLISHED)
        for shape in shapes if row.shape else ("",):
            answer = fired(world, row, caller, world.tender(shape) if shape else "")
            assert answer.status_code < 500
            if world.writes:
                wrote[f"{row.name} {shape}"] = list(world.writes)

    assert wrote == {}
    assert world.content() == before


def test_looking_further_writes_nothing(world: World) -> None:
    before = world.content()
    tender = f"/en/tenders/{world.tender(UNDECIDED)}"
    ready = f"/en/tenders/{world.tender(READY)}"
    addresses = [f"{tender}/steps/{step}" for step in range(1, 10)]
    addresses += [f"{tender}/risk?question={name}&answer={option}" for name, option in _tried()]
    addresses += [f"{tender}/preview?in={language}" for language in LANGUAGES]
    addresses += [f"{ready}/files/{name}" for name in DRAFT_FILES]
    addresses += ["/en/library?q=bias&kind=technical&tier=3", "/en/published?page=1", f"/en/verify?sha256={'a' * 64}"]

    statuses = {address: world.ask("officer", "GET", address).status_code for address in addresses}

    assert {address: status for address, status in statuses.items() if status != 200} == {}
    assert world.writes == []
    assert world.content() == before


def _tried() -> list[tuple[str, str]]:
    answers = worked_purchases()["S02"].answers
    return [(name, answer) for name, answer in answers.items() if isinstance(answer, str) and name != "problem"][:8]


def test_a_page_that_wrote_would_be_seen(world: World) -> None:
    before = world.content()

    with world.engine.begin() as connection:
        connection.execute(text("UPDATE people SET name = 'x' WHERE id = :id"), {"id": world.person("officer")})

    assert world.writes
    assert world.content() != before
