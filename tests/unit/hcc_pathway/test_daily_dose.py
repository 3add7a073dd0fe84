"""Whether a record covers a day, how many milligrams it gives, and whether they are enough."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import CycleAnchor, DosePattern, DrugRecord
from hcc_pathway.treatment_history.daily_dose import compare, documented_ends, dose_on, taken_on
from hcc_pathway.treatment_history.drug_periods import Period, periods_of
from hcc_pathway.treatment_history.sorafenib_days import SorafenibDays

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    COMPLETED,
    DISPENSED,
    IN_MARCH,
    IN_MAY,
    MARCH,
    MAY,
    NOT_TAKEN,
    ON_HOLD,
    PRESCRIBED,
    STATED,
    STOPPED,
    UNKNOWN_STATUS,
    record,
)

MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


def _dosed(one: DrugRecord, *milligrams: int, anchor: CycleAnchor | None = None) -> Period:
    doses = tuple(Decimal(mg) for mg in milligrams)
    pattern = DosePattern(doses, doses, anchor) if anchor else DosePattern(doses, doses)
    (period,) = periods_of("sorafenib", [msgspec.structs.replace(one, dose=pattern)])
    return period


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("period", "day", "mg"),
    [
        (_dosed(record(STATED, ACTIVE, asserted=MAY), 800), APRIL, 800),
        (_dosed(record(STATED, NOT_TAKEN, asserted=MAY), 800), APRIL, 0),
        (_dosed(record(STATED, UNKNOWN_STATUS), 800), APRIL, None),
        (_dosed(record(PRESCRIBED, STOPPED, MARCH, MAY), 800), APRIL, 800),
        # an infusion that was broken off
        (_dosed(record(ADMINISTERED, STOPPED), 800), MARCH, None),
        (_dosed(record(ADMINISTERED, COMPLETED), 800), MARCH, 800),
        # a cycle counts from the first day, 1 March
        (_dosed(record(PRESCRIBED, ACTIVE), 800, 400, 0), MARCH, 800),
        (_dosed(record(PRESCRIBED, ACTIVE), 800, 400, 0), date(2026, 3, 2), 400),
        (_dosed(record(PRESCRIBED, ACTIVE), 800, 400, 0), date(2026, 3, 3), 0),
        (_dosed(record(PRESCRIBED, ACTIVE), 800, 400, 0), date(2026, 3, 4), 800),
        # from a first day that is not certain it cannot be counted
        (_dosed(record(PRESCRIBED, ACTIVE, IN_MARCH), 800, 0), APRIL, None),
        (_dosed(record(PRESCRIBED, ACTIVE, IN_MARCH), 800), APRIL, 800),
    ],
)
def test_the_milligrams_of_a_day(period: Period, day: date, mg: int | None) -> None:
    expected = None if mg is None else Decimal(mg)

    assert dose_on(period, day.toordinal()) == (expected, expected)


@pytest.mark.rule("A8")
def test_a_week_counts_from_monday_whatever_the_first_day() -> None:
    week = _dosed(
        record(PRESCRIBED, ACTIVE, IN_MARCH), 1, 2, 3, 4, 5, 6, 7, anchor=CycleAnchor.MONDAY
    )
    monday = date(2026, 4, 6).toordinal()

    assert [dose_on(week, monday + step)[0] for step in range(8)] == [1, 2, 3, 4, 5, 6, 7, 1]


@pytest.mark.rule("S4", "A8")
@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [
        (400, 400, MET),
        (400, None, MET),
        (399, 399, NOT_MET),
        (None, 399, NOT_MET),
        (399, 400, UNKNOWN),
        (399, None, UNKNOWN),
        (None, 400, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_a_dose_between_two_readings_is_set_against_the_minimum(
    low: int | None, high: int | None, answer: Answer
) -> None:
    least, most = (None if mg is None else Decimal(mg) for mg in (low, high))

    assert compare(least, most, Decimal(400)) is answer


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    ("one", "day", "answer"),
    [
        (record(STATED, COMPLETED, MARCH, MAY), APRIL, MET),
        (record(STATED, NOT_TAKEN, asserted=MAY), APRIL, NOT_MET),
        # a hold counts from the day on which it was said
        (record(STATED, ON_HOLD, asserted=APRIL), date(2026, 3, 31), UNKNOWN),
        (record(STATED, ON_HOLD, asserted=APRIL), APRIL, NOT_MET),
        (record(STATED, ON_HOLD, asserted=APRIL), MAY, NOT_MET),
        (record(STATED, ON_HOLD), APRIL, UNKNOWN),
        (record(PRESCRIBED, ON_HOLD, asserted=APRIL), MAY, UNKNOWN),
        # a statement that ended some day holds on its first day alone
        (record(STATED, STOPPED), MARCH, MET),
        (record(STATED, STOPPED), date(2026, 3, 2), UNKNOWN),
        (record(STATED, UNKNOWN_STATUS, MARCH, MAY), APRIL, UNKNOWN),
        (record(PRESCRIBED, UNKNOWN_STATUS, MARCH, MAY), APRIL, UNKNOWN),
        (record(PRESCRIBED, STOPPED), MARCH, MET),
        (
            msgspec.structs.replace(
                record(PRESCRIBED, ACTIVE, MARCH, MAY), taken_as_prescribed=False
            ),
            APRIL,
            UNKNOWN,
        ),
        (
            msgspec.structs.replace(
                record(PRESCRIBED, ACTIVE, MARCH, MAY), taken_as_prescribed=True
            ),
            APRIL,
            MET,
        ),
    ],
)
def test_what_a_record_of_800_mg_says_of_a_day(one: DrugRecord, day: date, answer: Answer) -> None:
    dose = taken_on(_dosed(one, 800), day.toordinal())
    assert compare(*dose, Decimal(400)) is answer


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("one", "ends"),
    [
        (record(STATED, COMPLETED, MARCH, MAY), True),
        (record(STATED, STOPPED, MARCH, MAY), True),
        (record(STATED, ACTIVE, MARCH, MAY), True),
        (record(STATED, NOT_TAKEN, MARCH, MAY), False),
        (record(STATED, ON_HOLD, MARCH, MAY), False),
        (record(STATED, ACTIVE, MARCH), False),
        (record(PRESCRIBED, STOPPED, MARCH, MAY), True),
        (record(PRESCRIBED, COMPLETED, MARCH, MAY), False),
        (record(PRESCRIBED, STOPPED, MARCH), False),
        (record(ADMINISTERED, STOPPED, MARCH, MAY), False),
        (record(DISPENSED, COMPLETED, MARCH, MAY), False),
    ],
)
def test_which_records_say_on_which_day_the_drug_ended(one: DrugRecord, *, ends: bool) -> None:
    assert bool(documented_ends(periods_of("sorafenib", [one]))) is ends


def test_the_first_and_the_last_day_are_covered_and_their_neighbours_are_not() -> None:
    (period,) = periods_of("sorafenib", [record(STATED, COMPLETED, IN_MARCH, IN_MAY)])

    certain = (date(2026, 3, 31).toordinal(), MAY.toordinal())
    possible = (MARCH.toordinal(), date(2026, 5, 31).toordinal())
    assert [period.surely(day + step) for day in certain for step in (-1, 0, 1)] == [
        *(False, True, True),
        *(True, True, False),
    ]
    assert [period.perhaps(day + step) for day in possible for step in (-1, 0, 1)] == [
        *(False, True, True),
        *(True, True, False),
    ]


@pytest.mark.rule("A8")
def test_an_administration_of_every_other_day_is_read_for_the_day_asked() -> None:
    course = _dosed(record(ADMINISTERED, COMPLETED, MARCH, MAY), 800, 0)
    days = SorafenibDays([course], Decimal(400))

    answers = [days.on(MARCH + timedelta(days=day)).answer for day in range(3)]
    assert answers == [MET, NOT_MET, MET]
