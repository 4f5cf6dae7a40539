"""What a tender is said to cost a bidder, and when the supplier's duties fall due."""

from pathlib import Path

from clause_library.releases import shipped_library
from procurement.burden_told import burden_told
from procurement.effort import calendar_of, effort_of
from tests.procurement.test_asked import duties, sorted_out


def test_a_tender_without_rows_costs_reading_and_sending_and_nothing_else() -> None:
    effort = effort_of(sorted_out())

    assert effort.total == effort.reading_and_sending
    assert effort.total.rounded == (4, 8)


def test_every_row_asked_and_every_duty_accepted_costs_more() -> None:
    rows = {strength: duties(1, strength) for strength in ("mandatory", "scored", "informative")}
    later = duties(1, "mandatory", id="later", moment="operation")
    bare = effort_of(sorted_out()).total

    for more in (*rows.values(), later):
        dearer = effort_of(sorted_out(*more)).total
        assert dearer.low > bare.low
        assert dearer.high > bare.high


def test_a_test_costs_more_than_a_number_and_a_technical_proof_more_than_a_signature() -> None:
    by_test, by_number = (effort_of(sorted_out(*duties(1, "scored", answer=how))) for how in ("test", "number"))
    technical, contractual = (
        effort_of(sorted_out(*duties(1, "mandatory", kind=kind))) for kind in ("technical", "contractual")
    )

    assert by_test.scored.high > by_number.scored.high
    assert technical.mandatory.high > contractual.mandatory.high


def test_the_low_end_is_never_above_the_high_one() -> None:
    effort = effort_of(sorted_out(*duties(3, "mandatory"), *duties(2, "scored"), *duties(2, "informative")))

    for part in (effort.reading_and_sending, effort.mandatory, effort.scored, effort.informative, effort.acceptance):
        assert 0 <= part.low <= part.high


def test_the_calendar_holds_every_later_duty_once_at_the_moment_it_falls_due() -> None:
    moved = duties(14, "mandatory")
    found = sorted_out(*moved, *duties(2, "informative", moment="operation"), *duties(1, "scored", moment="exit"))
    calendar = dict(calendar_of(found))

    assert [row.id for row in calendar["acceptance"]] == sorted(found.proof_moved, key=lambda name: int(name[10:]))
    assert len(calendar["operation"]) == 2
    assert len(calendar["exit"]) == 1
    assert sum(map(len, calendar.values())) == len(found.later)


def test_the_table_of_the_worked_purchases_says_what_the_edition_asks() -> None:
    table = Path(__file__).parents[2] / "docs" / "burden.md"

    assert table.read_text(encoding="utf-8") == burden_told(shipped_library())
