"""The window of 28 days: its anchor, an imprecise anchor, and what was written after it."""

from datetime import date

import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import DayBound
from hcc_pathway.sorafenib_exposure import Anchor, exposure

from .test_drug_periods import APRIL, COMPLETED, JUNE, MARCH, MAY, STATED
from .test_sorafenib_days import KNOWLEDGE, record


@pytest.mark.rule("S4")
def test_all_records_count_as_read_unless_told_otherwise() -> None:
    low = record(STATED, COMPLETED, "200", MARCH, MAY)

    assert exposure([low], progression=None, knowledge=KNOWLEDGE).answer is Answer.NOT_MET


@pytest.mark.rule("A6")
def test_sorafenib_begun_after_the_progression_does_not_move_the_last_dose() -> None:
    before = record(STATED, COMPLETED, "800", MARCH, APRIL, source="a")
    after = record(STATED, COMPLETED, "800", date(2026, 6, 10), date(2026, 7, 1), source="b")
    same_day = record(STATED, COMPLETED, "800", JUNE, date(2026, 7, 1), source="c")

    for later in (after, same_day):
        found = exposure([before, later], progression=DayBound(JUNE, JUNE), knowledge=KNOWLEDGE)
        assert found.last_sorafenib_day == APRIL
        assert found.primary is not None
        assert found.primary.anchor is Anchor.LAST_DOSE


@pytest.mark.rule("A6", "A8")
@pytest.mark.parametrize(
    ("last_possible", "counts"),
    [
        (JUNE, (12, 16, 0)),
        # of each place in the window both days have to agree
        (date(2026, 6, 2), (11, 16, 1)),
        (date(2026, 6, 3), (10, 16, 2)),
    ],
)
def test_an_imprecise_progression_leaves_open_what_its_days_do_not_agree_on(
    last_possible: date, counts: tuple[int, int, int]
) -> None:
    records = (
        record(STATED, COMPLETED, "800", MARCH, date(2026, 5, 15), source="a"),
        record(STATED, COMPLETED, "200", date(2026, 5, 16), date(2026, 6, 30), source="b"),
    )
    found = exposure(
        records, progression=DayBound(JUNE, last_possible), knowledge=KNOWLEDGE
    ).primary

    assert found is not None
    assert (found.yes, found.no, found.unknown) == counts
    assert (found.anchor, found.first_day) == (Anchor.PROGRESSION, date(2026, 5, 4))
