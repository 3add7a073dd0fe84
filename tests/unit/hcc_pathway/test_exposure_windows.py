"""The window of 28 days: its anchor, what was written after it, and its days in a row."""

from datetime import date
from decimal import Decimal

import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.case import Statement, StatementAbout
from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord
from hcc_pathway.treatment_history.drug_periods import periods_of
from hcc_pathway.treatment_history.sorafenib_days import ExposureDay, SorafenibDays
from hcc_pathway.treatment_history.sorafenib_exposure import Anchor, exposure

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    COMPLETED,
    DISPENSED,
    IN_MARCH,
    IN_MAY,
    JUNE,
    MARCH,
    MAY,
    ON_HOLD,
    PRESCRIBED,
    STATED,
    STOPPED,
    TODAY,
)
from .drug_histories_for_tests import dosed as record
from .test_sorafenib_days import KNOWLEDGE


@pytest.mark.rule("S4")
def test_all_records_count_as_read_unless_told_otherwise() -> None:
    low = record(STATED, COMPLETED, "200", MARCH, MAY)

    assert (
        exposure([low], progression=None, knowledge=KNOWLEDGE, on=TODAY).answer is Answer.NOT_MET
    )


@pytest.mark.rule("A6")
@pytest.mark.parametrize("begun", [JUNE, date(2026, 6, 10)])
@pytest.mark.parametrize("evidence", [STATED, ADMINISTERED, DISPENSED])
def test_sorafenib_taken_after_the_progression_moves_the_last_dose(
    evidence: DrugEvidence, begun: date
) -> None:
    before = record(STATED, COMPLETED, "800", MARCH, APRIL, source="a")
    july = date(2026, 7, 1)
    later = (
        record(DISPENSED, COMPLETED, "800", begun, supply=july, source="b")
        if evidence is DISPENSED
        else record(evidence, COMPLETED, "800", begun, july, source="b")
    )

    found = exposure(
        [before, later], progression=DayBound(JUNE, JUNE), knowledge=KNOWLEDGE, on=TODAY
    )

    assert found.last_sorafenib_day == july
    assert found.primary is not None
    assert found.primary.anchor is Anchor.PROGRESSION


@pytest.mark.rule("A6")
def test_an_order_written_after_the_progression_does_not_move_the_last_dose() -> None:
    before = record(STATED, COMPLETED, "800", MARCH, APRIL, source="a")

    for begun, last in ((JUNE, None), (date(2026, 6, 2), APRIL)):
        later = record(PRESCRIBED, ACTIVE, "800", begun, source="b")
        found = exposure(
            [before, later], progression=DayBound(JUNE, JUNE), knowledge=KNOWLEDGE, on=TODAY
        )
        assert found.last_sorafenib_day == last
        assert found.primary is not None
        assert found.primary.anchor is (Anchor.LAST_DOSE if last else Anchor.PROGRESSION)


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
        records, progression=DayBound(JUNE, last_possible), knowledge=KNOWLEDGE, on=TODAY
    ).primary

    assert found is not None
    assert (found.yes, found.no, found.unknown) == counts
    assert (found.anchor, found.first_day) == (Anchor.PROGRESSION, date(2026, 5, 4))


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("last", "days"), [(30, 2), (31, 1)])
def test_the_days_from_the_last_dose_to_progression_are_counted(last: int, days: int) -> None:
    found = exposure(
        [record(STATED, COMPLETED, "800", MARCH, date(2026, 5, last))],
        progression=DayBound(JUNE, JUNE),
        knowledge=KNOWLEDGE,
        on=TODAY,
    )

    assert found.last_dose_to_progression_days == days


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("records", "last"),
    [
        # the longest record, whichever began last
        (
            (
                record(STATED, COMPLETED, "800", MARCH, JUNE, source="a"),
                record(STATED, COMPLETED, "800", APRIL, MAY, source="b"),
            ),
            JUNE,
        ),
        # an order left open that began on the day of a documented end
        (
            (
                record(STATED, STOPPED, "800", MARCH, MAY, source="a"),
                record(PRESCRIBED, ACTIVE, "800", MAY, source="b"),
            ),
            MAY,
        ),
        # and one that began after it
        (
            (
                record(STATED, STOPPED, "800", MARCH, MAY, source="a"),
                record(PRESCRIBED, ACTIVE, "800", JUNE, source="b"),
            ),
            None,
        ),
    ],
)
def test_the_last_day_of_sorafenib_over_all_its_records(
    records: tuple[DrugRecord, ...], last: date | None
) -> None:
    found = exposure(records, progression=None, knowledge=KNOWLEDGE, on=TODAY)

    assert found.last_sorafenib_day == last


@pytest.mark.rule("A8")
def test_a_day_that_a_record_may_cover_names_it_and_stays_open() -> None:
    may_have_begun = record(STATED, COMPLETED, "800", IN_MARCH, MAY)
    days = SorafenibDays(periods_of("sorafenib", [may_have_begun]), Decimal(400))

    assert days.on(date(2026, 3, 15)) == ExposureDay(
        date(2026, 3, 15), Answer.UNKNOWN, STATED, ("a",)
    )


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    "one",
    [
        record(STATED, COMPLETED, "800", IN_MARCH, IN_MAY),
        record(STATED, COMPLETED, "800", MARCH, MAY),
        record(STATED, STOPPED, "800", MARCH),
        record(STATED, ON_HOLD, "800", MARCH, asserted=APRIL),
        record(PRESCRIBED, ACTIVE, "800", IN_MARCH),
        record(DISPENSED, COMPLETED, "800", MARCH, supply=MAY),
    ],
)
def test_days_asked_in_a_row_are_answered_as_each_alone(one: DrugRecord) -> None:
    periods = periods_of("sorafenib", [one])
    row = SorafenibDays(periods, Decimal(400))
    asked = [date.fromordinal(day) for day in range(MARCH.toordinal() - 3, JUNE.toordinal() + 3)]

    for days in (asked, asked[::-1]):
        for day in days:
            assert row.on(day) == SorafenibDays(periods, Decimal(400)).on(day), day


@pytest.mark.rule("A4", "A6")
@pytest.mark.parametrize(
    ("holds", "milligrams", "against"),
    [(True, "200", True), (False, "200", False), (True, "800", False), (False, "800", True)],
)
def test_a_clinicians_answer_counts_and_is_held_against_the_days_on_record(
    *, holds: bool, milligrams: str, against: bool
) -> None:
    days = [record(STATED, COMPLETED, milligrams, MARCH, APRIL)]
    counted = exposure(days, progression=DayBound(JUNE, JUNE), knowledge=KNOWLEDGE, on=TODAY)
    stated = Statement(
        about=StatementAbout.TOLERATED_DOSE, holds=holds, recorded_on=TODAY, source="page"
    )

    found = counted.with_statement(stated)

    assert counted.with_statement(None) == counted
    assert found.answer is (Answer.MET if holds else Answer.NOT_MET)
    assert found.against_the_records is against
    assert not found.windows_disagree
    # the count itself differs from the editorial's window, in which all days lie after the end
    assert counted.windows_disagree is (milligrams == "800")
    assert not counted.against_the_records


def test_without_a_window_nothing_is_held_against_a_clinicians_answer() -> None:
    nothing = exposure([], progression=None, knowledge=KNOWLEDGE, on=TODAY)
    stated = Statement(
        about=StatementAbout.TOLERATED_DOSE, holds=True, recorded_on=TODAY, source="page"
    )

    assert not nothing.with_statement(stated).against_the_records
