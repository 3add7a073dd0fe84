"""Stretches on one drug: what joins and parts records, when a drug ran, and what came after."""

from datetime import date, timedelta

import msgspec
import pytest

from hcc_pathway.drug_record import DayBound, DrugRecord
from hcc_pathway.treatment_history.drug_courses import Course, courses_of

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    COMPLETED,
    DISPENSED,
    IN_MARCH,
    JUNE,
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

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 23)
NEW_YEAR = date(2026, 12, 31)
DAY = timedelta(days=1)
Span = tuple[date, date]


def only(*records: DrugRecord) -> Course:
    (course,) = courses_of(records, TODAY)
    return course


def exactly(day: date) -> DayBound:
    return DayBound(day, day)


def spans(course: Course) -> list[Span]:
    return [(date.fromordinal(first), date.fromordinal(last)) for first, last in course.spans]


@pytest.mark.rule("A19", "A20", "A24")
@pytest.mark.parametrize(
    ("records", "last", "running", "certain"),
    [
        ([record(STATED, COMPLETED, MARCH, MAY)], MAY, False, [(MARCH, MAY)]),
        ([record(PRESCRIBED, ACTIVE)], None, True, [(MARCH, TODAY)]),
        # it ended, nobody knows when: certain is the first day
        ([record(PRESCRIBED, COMPLETED)], None, False, [(MARCH, MARCH)]),
        ([record(STATED, STOPPED)], None, False, [(MARCH, MARCH)]),
        ([record(STATED, ON_HOLD)], None, False, [(MARCH, MARCH)]),
        ([record(STATED, UNKNOWN_STATUS)], None, False, [(MARCH, MARCH)]),
        ([record(STATED, ACTIVE, asserted=MAY)], None, True, [(MARCH, MAY)]),
        # tablets in a drawer prove no day
        ([record(DISPENSED, COMPLETED, supply=MAY)], MAY, False, []),
        ([record(DISPENSED, COMPLETED, supply=YESTERDAY)], YESTERDAY, False, []),
        ([record(DISPENSED, COMPLETED, supply=TODAY)], None, True, []),
        (
            [
                record(DISPENSED, COMPLETED, supply=APRIL, source="a"),
                record(STATED, COMPLETED, APRIL, MAY, source="b"),
            ],
            MAY,
            False,
            [(APRIL, MAY)],
        ),
        # an end today or later: running, unless the record says that it was ended
        ([record(PRESCRIBED, ACTIVE, MARCH, YESTERDAY)], YESTERDAY, False, [(MARCH, YESTERDAY)]),
        ([record(PRESCRIBED, ACTIVE, MARCH, TODAY)], None, True, [(MARCH, TODAY)]),
        ([record(STATED, ACTIVE, MARCH, NEW_YEAR)], None, True, [(MARCH, TODAY)]),
        ([record(STATED, COMPLETED, MARCH, TODAY)], TODAY, False, [(MARCH, TODAY)]),
        # no day after the day of the answer is one
        ([record(STATED, STOPPED, MARCH, NEW_YEAR)], TODAY, False, [(MARCH, TODAY)]),
        # infusions: from the first to the last
        (
            [
                record(ADMINISTERED, COMPLETED, MARCH, MARCH, source="a"),
                record(ADMINISTERED, COMPLETED, MAY, MAY, source="b"),
            ],
            MAY,
            False,
            [(MARCH, MAY)],
        ),
        # a stated end closes what was left open
        (
            [
                record(PRESCRIBED, ACTIVE, source="a"),
                record(STATED, STOPPED, MARCH, MAY, source="b"),
            ],
            MAY,
            False,
            [(MARCH, MAY), (MARCH, MAY)],
        ),
        # what began on its very day as well
        (
            [
                record(STATED, STOPPED, MARCH, MAY, source="a"),
                record(PRESCRIBED, ACTIVE, MAY, source="b"),
            ],
            MAY,
            False,
            [(MARCH, MAY), (MAY, MAY)],
        ),
        # and not what began after it
        (
            [
                record(STATED, STOPPED, MARCH, APRIL, source="a"),
                record(PRESCRIBED, ACTIVE, MAY, source="b"),
            ],
            None,
            True,
            [(MARCH, APRIL), (MAY, TODAY)],
        ),
        # an unknown end does not matter where a later record goes on to a known one
        (
            [
                record(PRESCRIBED, STOPPED, MARCH, source="a"),
                record(PRESCRIBED, COMPLETED, APRIL, MAY, source="b"),
            ],
            MAY,
            False,
            [(MARCH, MARCH), (APRIL, MAY)],
        ),
        (
            [
                record(PRESCRIBED, COMPLETED, MARCH, APRIL, source="a"),
                record(PRESCRIBED, STOPPED, MAY, source="b"),
            ],
            None,
            False,
            [(MARCH, APRIL), (MAY, MAY)],
        ),
        # both began on one day: neither outlives the other
        (
            [
                record(PRESCRIBED, COMPLETED, MARCH, APRIL, source="a"),
                record(PRESCRIBED, STOPPED, MARCH, source="b"),
            ],
            None,
            False,
            [(MARCH, APRIL), (MARCH, MARCH)],
        ),
    ],
)
def test_when_a_drug_ended_whether_it_runs_and_which_days_are_certain(
    records: list[DrugRecord], last: date | None, certain: list[Span], *, running: bool
) -> None:
    course = only(*records)

    assert course.first_day == exactly(MARCH)
    assert (course.last_day, course.running) == (last and exactly(last), running)
    assert spans(course) == certain


def test_an_imprecise_end_is_kept_as_it_was_recorded() -> None:
    whole = record(STATED, COMPLETED, MARCH, DayBound(APRIL, MAY), source="a")
    half = record(STATED, COMPLETED, MARCH, DayBound(date(2026, 4, 15), MAY), source="b")
    supply = record(DISPENSED, COMPLETED, MARCH, supply=DayBound(APRIL, MAY), source="c")

    assert only(half, whole).last_day == DayBound(APRIL, MAY)
    assert only(supply).last_day == DayBound(APRIL, MAY)


def test_the_first_day_is_the_earliest_that_a_record_gives() -> None:
    records = [
        record(STATED, COMPLETED, None, MAY, source="a"),
        record(STATED, COMPLETED, IN_MARCH, MAY, source="b"),
        record(STATED, COMPLETED, MARCH, MAY, source="c"),
        record(STATED, COMPLETED, APRIL, MAY, source="d"),
    ]

    assert only(*records).first_day == exactly(MARCH)
    assert only(records[0]).first_day is None


@pytest.mark.rule("A19")
@pytest.mark.parametrize(
    ("first", "begun"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False), (None, True)]
)
def test_only_what_began_by_the_day_of_the_answer_counts(
    first: date | None, *, begun: bool
) -> None:
    assert bool(courses_of([record(PRESCRIBED, ACTIVE, first)], TODAY)) is begun


def test_what_was_not_taken_is_no_course_but_closes_one() -> None:
    given_up = record(STATED, NOT_TAKEN, MAY, reason=None, source="b")

    assert courses_of([given_up], TODAY) == ()
    assert courses_of([record(PRESCRIBED, NOT_TAKEN)], TODAY) == ()


@pytest.mark.rule("A20")
@pytest.mark.parametrize(
    ("starts", "courses"),
    [
        ([date(2026, 4, 10)], 2),
        # on the last day, or from the next record on, nothing came between
        ([APRIL], 1),
        ([APRIL + DAY], 2),
        ([MAY], 2),
        ([MAY + DAY], 1),
        # what was given together with it before is part of the same treatment
        ([MARCH, date(2026, 4, 10)], 1),
        ([date(2026, 3, 15), date(2026, 4, 10)], 1),
        ([APRIL, date(2026, 4, 10)], 1),
        ([date(2026, 2, 28), date(2026, 4, 10)], 2),
        ([], 1),
    ],
)
def test_another_drug_between_two_records_makes_two_courses(
    starts: list[date], courses: int
) -> None:
    records = [
        record(STATED, COMPLETED, MARCH, APRIL, source="a"),
        record(STATED, COMPLETED, MAY, JUNE, source="b"),
    ]
    others = [
        record(ADMINISTERED, COMPLETED, day, day, drug="nivolumab", source=str(day))
        for day in starts
    ]

    found = [one for one in courses_of([*records, *others], TODAY) if one.drug == "sorafenib"]

    assert len(found) == courses


@pytest.mark.rule("A20")
def test_records_that_overlap_are_one_course_whatever_came_between() -> None:
    records = [
        record(STATED, COMPLETED, MARCH, JUNE, source="a"),
        record(STATED, COMPLETED, date(2026, 3, 5), date(2026, 3, 6), source="b"),
        record(STATED, COMPLETED, MAY, date(2026, 7, 1), source="c"),
    ]
    other = record(STATED, COMPLETED, APRIL, MAY, drug="lenvatinib", source="d")

    found = [one for one in courses_of([*records, other], TODAY) if one.drug == "sorafenib"]

    assert [len(one.records) for one in found] == [3]


def test_courses_are_in_order_of_start_certain_start_and_name() -> None:
    found = courses_of(
        [
            record(STATED, COMPLETED, MAY, JUNE, drug="a", source="1"),
            record(STATED, COMPLETED, MARCH, JUNE, drug="d", source="2"),
            record(STATED, COMPLETED, MARCH, JUNE, drug="c", source="3"),
            record(STATED, COMPLETED, IN_MARCH, JUNE, drug="b", source="4"),
            record(STATED, COMPLETED, None, JUNE, drug="e", source="5"),
        ],
        TODAY,
    )

    assert [course.drug for course in found] == ["e", "c", "d", "b", "a"]


@pytest.mark.rule("A24")
@pytest.mark.parametrize(
    ("first", "last", "together"),
    [
        (MAY, JUNE, 1),
        (date(2026, 4, 30), JUNE, 2),
        (MARCH, MAY, 62),
        (APRIL, date(2026, 4, 10), 10),
        (MAY + DAY, JUNE, 0),
    ],
)
def test_the_days_that_two_courses_share(first: date, last: date, together: int) -> None:
    one = only(record(STATED, COMPLETED, MARCH, MAY))
    other = only(record(STATED, COMPLETED, first, last, drug="lenvatinib"))

    assert one.days_with(other) == other.days_with(one) == together


def test_tablets_alone_share_no_day() -> None:
    one = only(record(STATED, COMPLETED, MARCH, MAY))
    tablets = only(record(DISPENSED, COMPLETED, MARCH, supply=MAY, drug="lenvatinib"))

    assert one.days_with(tablets) == 0


@pytest.mark.rule("A27")
@pytest.mark.parametrize(
    ("one", "day", "until", "belongs"),
    [
        # after the first day; before it only where the drug had ended
        (record(STATED, COMPLETED, MARCH, MAY), exactly(MARCH), None, False),
        (record(STATED, COMPLETED, MARCH, MAY), exactly(MARCH + DAY), None, True),
        (record(STATED, COMPLETED, MARCH, MAY), exactly(JUNE), None, True),
        # a scan of the first day is a baseline, whenever the drug ended
        (record(STATED, COMPLETED, MARCH, MARCH), exactly(MARCH), None, False),
        (record(STATED, COMPLETED, MARCH, MARCH), exactly(MARCH + DAY), None, True),
        (
            record(STATED, COMPLETED, IN_MARCH, date(2026, 3, 31)),
            exactly(date(2026, 3, 31)),
            None,
            True,
        ),
        (record(STATED, COMPLETED, IN_MARCH, MAY), exactly(date(2026, 3, 31)), None, False),
        (record(STATED, COMPLETED, IN_MARCH, MAY), exactly(APRIL), None, True),
        (record(STATED, COMPLETED, None, MAY), exactly(MAY - DAY), None, False),
        (record(STATED, COMPLETED, None, MAY), exactly(MAY), None, True),
        (record(STATED, COMPLETED, None, DayBound(APRIL, MAY)), exactly(APRIL), None, False),
        (record(PRESCRIBED, ACTIVE, None), exactly(MAY), None, False),
        (record(PRESCRIBED, ACTIVE), exactly(MAY), None, True),
        # an imprecise day has to lie within as a whole
        (record(PRESCRIBED, ACTIVE), DayBound(MARCH, MAY), None, False),
        (record(PRESCRIBED, ACTIVE), DayBound(MARCH + DAY, MAY), MAY, True),
        (record(PRESCRIBED, ACTIVE), DayBound(APRIL, MAY), MAY - DAY, False),
        # the scan of the day on which treatment changes belongs to the old one
        (record(PRESCRIBED, ACTIVE), exactly(MAY), MAY, True),
        (record(PRESCRIBED, ACTIVE), exactly(MAY), MAY - DAY, False),
    ],
)
def test_which_progression_is_certainly_one_of_a_course(
    one: DrugRecord, day: DayBound, until: date | None, *, belongs: bool
) -> None:
    limit = None if until is None else until.toordinal()

    assert only(one).progressed_by(day, limit) is belongs


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    ("stopped", "other", "goes_on"),
    [
        (record(STATED, STOPPED, MARCH, APRIL), record(STATED, COMPLETED, MAY, JUNE), True),
        (record(STATED, STOPPED, MARCH, MAY), record(STATED, COMPLETED, APRIL, MAY), False),
        (record(STATED, STOPPED, MARCH, MAY), record(STATED, COMPLETED, APRIL, MAY + DAY), True),
        (record(STATED, STOPPED, MARCH, APRIL), record(PRESCRIBED, ACTIVE, MAY), True),
        (record(STATED, STOPPED, MAY, JUNE), record(STATED, COMPLETED, MARCH, APRIL), False),
        # stopped on a day nobody recorded: whatever began later
        (record(PRESCRIBED, STOPPED, MARCH), record(STATED, COMPLETED, APRIL, MAY), True),
        (record(PRESCRIBED, STOPPED, MARCH), record(STATED, COMPLETED, MARCH, MAY), False),
        (record(PRESCRIBED, STOPPED, APRIL), record(STATED, COMPLETED, MARCH, MAY), False),
    ],
)
def test_whether_a_drug_went_on_after_the_record_that_stopped_it(
    stopped: DrugRecord, other: DrugRecord, *, goes_on: bool
) -> None:
    other = msgspec.structs.replace(other, source="other")
    course = only(stopped, other)

    assert course.goes_on_after("own") is goes_on
    assert course.goes_on_after("unknown") is course.running


def test_of_two_records_under_one_source_the_later_one_counts() -> None:
    course = only(
        record(STATED, COMPLETED, MARCH, APRIL),
        record(STATED, STOPPED, MAY, JUNE),
        record(STATED, COMPLETED, APRIL, MAY, source="other"),
    )

    assert not course.goes_on_after("own")
