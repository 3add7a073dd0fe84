"""Tablets handed over: early refills extend the supply and never double it."""

from datetime import date

import pytest

from hcc_pathway.drug_record import DayBound, DrugRecord
from hcc_pathway.treatment_history.drug_periods import NEVER, End

from .drug_histories_for_tests import (
    APRIL,
    BEFORE_MAY,
    COMPLETED,
    DISPENSED,
    JUNE,
    MARCH,
    MAY,
    record,
)
from .test_drug_periods import days, resolved


def _refill(
    first: date | DayBound | None, supply: date | DayBound | None, source: str
) -> DrugRecord:
    return record(DISPENSED, COMPLETED, first, supply=supply, source=source)


@pytest.mark.rule("A8")
def test_an_early_refill_extends_and_never_doubles() -> None:
    first = _refill(MARCH, date(2026, 3, 30), "a")  # 30 days
    early = _refill(date(2026, 3, 21), date(2026, 4, 19), "b")  # 30 days, ten of them in hand
    third = _refill(date(2026, 4, 29), date(2026, 5, 28), "c")  # begins on the day b runs out
    late = _refill(JUNE, date(2026, 6, 30), "d")
    expected = [
        ("a", days(MARCH, MARCH, date(2026, 3, 30), date(2026, 3, 30)), End.SUPPLY),
        (
            "b",
            days(date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 29), date(2026, 4, 29)),
            End.SUPPLY,
        ),
        (
            "c",
            days(date(2026, 4, 30), date(2026, 4, 30), date(2026, 5, 29), date(2026, 5, 29)),
            End.SUPPLY,
        ),
        ("d", days(JUNE, JUNE, date(2026, 6, 30), date(2026, 6, 30)), End.SUPPLY),
    ]

    assert resolved(first, early, third, late) == expected
    assert resolved(late, third, early, first) == expected


def test_a_refill_on_the_day_after_the_last_tablet_is_not_moved() -> None:
    found = resolved(_refill(MARCH, date(2026, 3, 31), "a"), _refill(APRIL, BEFORE_MAY, "b"))

    assert found[1] == ("b", days(APRIL, APRIL, BEFORE_MAY, BEFORE_MAY), End.SUPPLY)


def test_a_short_refill_within_a_long_one_does_not_shorten_it() -> None:
    found = resolved(
        _refill(MARCH, JUNE, "a"),
        _refill(date(2026, 3, 2), date(2026, 3, 3), "b"),
        _refill(date(2026, 3, 4), date(2026, 3, 5), "c"),
    )

    starts = {source: date.fromordinal(when[0]) for source, when, _ in found}
    assert starts == {"a": MARCH, "b": date(2026, 6, 2), "c": date(2026, 6, 4)}


def test_a_refill_without_a_supply_moves_nothing_and_is_not_moved() -> None:
    found = resolved(
        _refill(MARCH, None, "a"), _refill(date(2026, 3, 2), MAY, "b"), _refill(APRIL, None, "c")
    )

    assert [(source, date.fromordinal(when[1])) for source, when, _ in found] == [
        ("a", MARCH),
        ("b", date(2026, 3, 2)),
        ("c", APRIL),
    ]


def test_refills_follow_each_other_by_day_and_not_by_name() -> None:
    found = resolved(
        _refill(date(2026, 3, 21), date(2026, 4, 19), "a"),
        _refill(MARCH, date(2026, 3, 30), "z"),
        _refill(None, None, "n"),
    )

    starts = {source: when[0] for source, when, _ in found}
    assert starts == {"z": MARCH.toordinal(), "a": date(2026, 3, 31).toordinal(), "n": NEVER}


def test_an_imprecise_refill_keeps_its_length_when_it_is_moved() -> None:
    found = resolved(
        _refill(MARCH, date(2026, 3, 30), "a"),
        _refill(date(2026, 3, 21), DayBound(date(2026, 4, 19), date(2026, 4, 21)), "b"),
    )

    assert found[1] == (
        "b",
        days(date(2026, 3, 31), date(2026, 3, 31), date(2026, 4, 29), date(2026, 5, 1)),
        End.SUPPLY,
    )


def test_a_refill_that_may_be_of_the_day_after_the_last_tablet_keeps_its_days() -> None:
    found = resolved(
        _refill(MARCH, date(2026, 3, 30), "a"),
        _refill(DayBound(date(2026, 3, 25), date(2026, 3, 31)), BEFORE_MAY, "b"),
    )

    assert found[1] == (
        "b",
        days(date(2026, 3, 25), date(2026, 3, 31), BEFORE_MAY, BEFORE_MAY),
        End.SUPPLY,
    )


def test_of_supplies_without_a_first_day_the_longest_delays_the_next_refill() -> None:
    found = resolved(
        _refill(None, MAY, "a"),
        _refill(None, APRIL, "b"),
        _refill(date(2026, 4, 15), date(2026, 5, 14), "c"),
    )

    starts = {source: when[0] for source, when, _ in found}
    assert starts == {"a": NEVER, "b": NEVER, "c": date(2026, 5, 2).toordinal()}
