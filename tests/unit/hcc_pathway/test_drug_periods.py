"""From when to when a record speaks of its drug."""

from datetime import date

import pytest

from hcc_pathway.drug_record import DayBound, DrugRecord, DrugStatus, StopReason
from hcc_pathway.treatment_history.drug_periods import FOREVER, NEVER, End, periods_of

from .drug_histories_for_tests import (
    ACTIVE,
    ADMINISTERED,
    APRIL,
    BEFORE_MAY,
    COMPLETED,
    DISPENSED,
    IN_MARCH,
    IN_MAY,
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


def days(
    perhaps_from: date | int,
    surely_from: date | int,
    surely_to: date | int,
    perhaps_to: date | int,
) -> tuple[int, ...]:
    ends = (perhaps_from, surely_from, surely_to, perhaps_to)
    return tuple(end if isinstance(end, int) else end.toordinal() for end in ends)


def resolved(*records: DrugRecord) -> list[tuple[str, tuple[int, ...], End]]:
    return [
        (
            period.record.source,
            (period.perhaps_from, period.surely_from, period.surely_to, period.perhaps_to),
            period.end,
        )
        for period in periods_of("sorafenib", records)
    ]


@pytest.mark.rule("A6", "A8")
@pytest.mark.parametrize(
    ("one", "expected", "end"),
    [
        (
            record(STATED, COMPLETED, MARCH, MAY),
            days(MARCH, MARCH, MAY, MAY),
            End.DOCUMENTED,
        ),
        (
            record(STATED, COMPLETED, IN_MARCH, IN_MAY),
            days(MARCH, date(2026, 3, 31), MAY, date(2026, 5, 31)),
            End.DOCUMENTED,
        ),
        # its last day is one of its days, whenever it began
        (record(STATED, COMPLETED, None, MAY), days(NEVER, MAY, MAY, MAY), End.DOCUMENTED),
        (record(STATED, COMPLETED, IN_MAY, MAY), days(MAY, MAY, MAY, MAY), End.DOCUMENTED),
        (
            record(STATED, COMPLETED, None, IN_MAY),
            days(NEVER, date(2026, 5, 31), MAY, date(2026, 5, 31)),
            End.DOCUMENTED,
        ),
        # a statement left open holds until it was made
        (record(STATED, ACTIVE, asserted=MAY), days(MARCH, MARCH, MAY, MAY), End.RUNNING),
        (record(STATED, ACTIVE), days(MARCH, MARCH, MARCH, MARCH), End.RUNNING),
        (record(STATED, ACTIVE, MAY, asserted=MARCH), days(MAY, MAY, MAY, MAY), End.RUNNING),
        (record(STATED, ACTIVE, None, asserted=MAY), days(NEVER, MAY, MAY, MAY), End.RUNNING),
        (record(STATED, NOT_TAKEN, asserted=MAY), days(MARCH, MARCH, MAY, MAY), End.UNKNOWN),
        (record(STATED, COMPLETED), days(MARCH, MARCH, FOREVER, FOREVER), End.UNKNOWN),
        (record(STATED, STOPPED), days(MARCH, MARCH, FOREVER, FOREVER), End.UNKNOWN),
        (record(STATED, ON_HOLD), days(MARCH, MARCH, FOREVER, FOREVER), End.UNKNOWN),
        (record(STATED, UNKNOWN_STATUS), days(MARCH, MARCH, FOREVER, FOREVER), End.UNKNOWN),
        # an order runs until its supply, if it is known
        (record(PRESCRIBED, ACTIVE), days(MARCH, MARCH, FOREVER, FOREVER), End.RUNNING),
        (record(PRESCRIBED, ON_HOLD), days(MARCH, MARCH, FOREVER, FOREVER), End.UNKNOWN),
        (record(PRESCRIBED, COMPLETED), days(MARCH, MARCH, MARCH, MARCH), End.UNKNOWN),
        (record(PRESCRIBED, STOPPED), days(MARCH, MARCH, MARCH, MARCH), End.UNKNOWN),
        (record(PRESCRIBED, ACTIVE, supply=MAY), days(MARCH, MARCH, MAY, MAY), End.RUNNING),
        (record(PRESCRIBED, COMPLETED, supply=MAY), days(MARCH, MARCH, MAY, MAY), End.SUPPLY),
        (record(PRESCRIBED, STOPPED, supply=MAY), days(MARCH, MARCH, MAY, MAY), End.UNKNOWN),
        (
            record(PRESCRIBED, COMPLETED, supply=IN_MAY),
            days(MARCH, MARCH, MAY, date(2026, 5, 31)),
            End.SUPPLY,
        ),
        # tablets handed over, and one administration
        (record(DISPENSED, COMPLETED, supply=MAY), days(MARCH, MARCH, MAY, MAY), End.SUPPLY),
        (record(DISPENSED, COMPLETED), days(MARCH, MARCH, MARCH, MARCH), End.UNKNOWN),
        (record(ADMINISTERED, COMPLETED), days(MARCH, MARCH, MARCH, MARCH), End.UNKNOWN),
    ],
)
def test_a_record_alone_speaks_of_these_days(
    one: DrugRecord, expected: tuple[int, ...], end: End
) -> None:
    assert resolved(one) == [("own", expected, end)]


def _other(first: date, status: DrugStatus = ACTIVE) -> DrugRecord:
    return record(PRESCRIBED, status, first, drug="regorafenib", source="other")


def _next_order(first: date) -> DrugRecord:
    return record(PRESCRIBED, ACTIVE, first, source="next")


@pytest.mark.rule("A6", "A24")
@pytest.mark.parametrize(
    ("one", "next_one", "last", "end"),
    [
        (record(PRESCRIBED, ACTIVE), _next_order(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, ACTIVE), _other(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, COMPLETED), _other(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, ON_HOLD), _next_order(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, STOPPED), _next_order(MAY), MARCH, End.UNKNOWN),
        # what was not taken, or began before, ends nothing
        (record(PRESCRIBED, ACTIVE), _other(MAY, NOT_TAKEN), FOREVER, End.RUNNING),
        (record(PRESCRIBED, ACTIVE), _other(MARCH), FOREVER, End.RUNNING),
        (record(PRESCRIBED, ACTIVE), _next_order(MARCH), FOREVER, End.RUNNING),
        (record(PRESCRIBED, ACTIVE, MAY), _other(MARCH), FOREVER, End.RUNNING),
        # another drug cuts the supply short, from its first day on; the next order does not
        (record(PRESCRIBED, ACTIVE, supply=JUNE), _other(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, ACTIVE, supply=MAY), _other(MAY), BEFORE_MAY, End.REPLACED),
        (record(PRESCRIBED, ACTIVE, supply=BEFORE_MAY), _other(MAY), BEFORE_MAY, End.SUPPLY),
        (record(PRESCRIBED, STOPPED, supply=JUNE), _other(MAY), JUNE, End.UNKNOWN),
        (record(PRESCRIBED, ACTIVE, supply=JUNE), _next_order(MAY), JUNE, End.RUNNING),
        # a statement is not ended by an order
        (record(STATED, ACTIVE, asserted=JUNE), _other(MAY), JUNE, End.RUNNING),
        (record(STATED, ACTIVE, asserted=JUNE), _next_order(MAY), JUNE, End.RUNNING),
    ],
)
def test_what_begins_later_ends_an_order_the_day_before(
    one: DrugRecord, next_one: DrugRecord, last: date | int, end: End
) -> None:
    first = MAY if one.first_day == DayBound(MAY, MAY) else MARCH
    expected = ("own", days(first, first, last, last), end)

    assert expected in resolved(one, next_one)
    assert expected in resolved(next_one, one)


def test_an_imprecise_supply_is_cut_where_another_drug_begins_within_it() -> None:
    one = record(PRESCRIBED, ACTIVE, supply=DayBound(APRIL, JUNE))

    assert resolved(one, _other(MAY)) == [
        ("own", days(MARCH, MARCH, APRIL, BEFORE_MAY), End.REPLACED)
    ]


def _given_up(
    first: date | DayBound | None = MAY,
    last: date | None = None,
    *,
    asserted: date | None = None,
    reason: StopReason | None = StopReason.INTOLERANCE,
) -> DrugRecord:
    return record(
        STATED, NOT_TAKEN, first, last, asserted=asserted, reason=reason, source="given-up"
    )


@pytest.mark.rule("A32", "A37")
@pytest.mark.parametrize(
    ("one", "given_up", "surely_to", "perhaps_to", "end"),
    [
        (record(PRESCRIBED, ACTIVE), _given_up(), BEFORE_MAY, BEFORE_MAY, End.NOT_TAKEN),
        (
            record(PRESCRIBED, ACTIVE),
            _given_up(None, asserted=MAY),
            BEFORE_MAY,
            BEFORE_MAY,
            End.NOT_TAKEN,
        ),
        (record(PRESCRIBED, ACTIVE), _given_up(MAY, MAY), BEFORE_MAY, BEFORE_MAY, End.NOT_TAKEN),
        (
            record(PRESCRIBED, ACTIVE),
            _given_up(IN_MAY),
            BEFORE_MAY,
            date(2026, 5, 30),
            End.NOT_TAKEN,
        ),
        # a stretch with an end of its own is a pause; without a reason nothing was given up
        (record(PRESCRIBED, ACTIVE), _given_up(MAY, JUNE), FOREVER, FOREVER, End.RUNNING),
        (
            record(PRESCRIBED, ACTIVE),
            _given_up(None, JUNE, asserted=MAY),
            FOREVER,
            FOREVER,
            End.RUNNING,
        ),
        (record(PRESCRIBED, ACTIVE), _given_up(reason=None), FOREVER, FOREVER, End.RUNNING),
        (record(PRESCRIBED, ACTIVE), _given_up(None), FOREVER, FOREVER, End.RUNNING),
        # before the record began it says nothing of it
        (record(PRESCRIBED, ACTIVE), _given_up(MARCH), FOREVER, FOREVER, End.RUNNING),
        # supply that outlasts the day is cut, supply that ended before is not
        (
            record(DISPENSED, COMPLETED, supply=JUNE),
            _given_up(),
            BEFORE_MAY,
            BEFORE_MAY,
            End.NOT_TAKEN,
        ),
        (
            record(DISPENSED, COMPLETED, supply=MAY),
            _given_up(),
            BEFORE_MAY,
            BEFORE_MAY,
            End.NOT_TAKEN,
        ),
        (
            record(DISPENSED, COMPLETED, supply=BEFORE_MAY),
            _given_up(),
            BEFORE_MAY,
            BEFORE_MAY,
            End.SUPPLY,
        ),
        # a running statement made before is known to have gone on till some day before
        (
            record(STATED, ACTIVE, asserted=APRIL),
            _given_up(),
            APRIL,
            BEFORE_MAY,
            End.NOT_TAKEN,
        ),
        (record(PRESCRIBED, ACTIVE, supply=APRIL), _given_up(), APRIL, APRIL, End.NOT_TAKEN),
        (
            record(DISPENSED, COMPLETED, supply=date(2026, 5, 10)),
            _given_up(IN_MAY),
            BEFORE_MAY,
            date(2026, 5, 10),
            End.NOT_TAKEN,
        ),
        # only a statement gives up, and only one that says "not taken"
        (
            record(PRESCRIBED, ACTIVE),
            record(STATED, STOPPED, MAY, reason=StopReason.INTOLERANCE, source="x"),
            FOREVER,
            FOREVER,
            End.RUNNING,
        ),
        (
            record(PRESCRIBED, ACTIVE),
            record(DISPENSED, NOT_TAKEN, MAY, reason=StopReason.INTOLERANCE, source="x"),
            FOREVER,
            FOREVER,
            End.RUNNING,
        ),
        # what has an end, or paused, keeps it
        (record(STATED, COMPLETED, MARCH, JUNE), _given_up(), JUNE, JUNE, End.DOCUMENTED),
        (record(PRESCRIBED, STOPPED), _given_up(), MARCH, MARCH, End.UNKNOWN),
    ],
)
def test_a_statement_with_a_reason_closes_what_was_left_open_the_day_before(
    one: DrugRecord,
    given_up: DrugRecord,
    surely_to: date | int,
    perhaps_to: date | int,
    end: End,
) -> None:
    found = {source: (when, how) for source, when, how in resolved(one, given_up)}

    assert found["own"] == (days(MARCH, MARCH, surely_to, perhaps_to), end)


def test_of_several_statements_the_first_after_the_start_closes_the_record() -> None:
    early, late = _given_up(date(2026, 2, 1)), _given_up(JUNE)

    for order in ((early, _given_up(), late), (late, _given_up(), early)):
        found = [one for one in resolved(record(PRESCRIBED, ACTIVE), *order) if one[0] == "own"]
        assert found == [("own", days(MARCH, MARCH, BEFORE_MAY, BEFORE_MAY), End.NOT_TAKEN)]


def test_days_refused_one_after_the_other_cut_the_end_whatever_their_order() -> None:
    tenth, eighth, seventh, fifth = (date(2026, 4, day) for day in (10, 8, 7, 5))
    last = record(STATED, NOT_TAKEN, eighth, tenth, source="last")
    before = record(STATED, NOT_TAKEN, fifth, seventh, source="before")

    for order in ((before, last), (last, before)):
        tablets = record(DISPENSED, COMPLETED, MARCH, supply=tenth)
        found = {source: when for source, when, _ in resolved(tablets, *order)}
        assert found["own"] == days(MARCH, MARCH, date(2026, 4, 4), date(2026, 4, 4))


def test_periods_are_in_order_of_their_certain_start_then_source() -> None:
    found = resolved(
        record(STATED, COMPLETED, MAY, JUNE, source="c"),
        record(STATED, COMPLETED, MARCH, JUNE, source="b"),
        record(STATED, COMPLETED, MARCH, JUNE, source="a"),
        record(STATED, COMPLETED, IN_MARCH, JUNE, source="d"),
        record(STATED, COMPLETED, MARCH, JUNE, drug="regorafenib", source="e"),
    )

    assert [source for source, _, _ in found] == ["a", "b", "d", "c"]
