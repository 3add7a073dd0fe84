"""The latest reading by effective time, ties, and how old is too old."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import msgspec
import pytest

from hcc_pathway.findings.latest import Freshness, freshness, latest, latest_usable
from hcc_pathway.knowledge_base.knowledge import load_knowledge

TODAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(TODAY)


class Timed(msgspec.Struct, frozen=True):
    source: str
    earliest: datetime
    latest: datetime
    recorded_on: date


def at(source: str, day: int, hour: int | None = None) -> Timed:
    """A reading in November 2026, at an hour or on a whole day."""
    first = datetime(2026, 11, day, hour or 0, tzinfo=UTC)
    last = first if hour is not None else first + timedelta(days=1, microseconds=-1)
    return Timed(source, first, last, first.date())


@pytest.mark.rule("A10", "A31")
@pytest.mark.parametrize(
    ("age_days", "expected"),
    [
        (-1, Freshness.CURRENT),
        (0, Freshness.CURRENT),
        (30, Freshness.CURRENT),
        (31, Freshness.AGED),
        (90, Freshness.AGED),
        (91, Freshness.STALE),
    ],
)
def test_freshness_changes_after_30_and_90_days(age_days: int, expected: Freshness) -> None:
    assert freshness(TODAY - timedelta(days=age_days), TODAY, KNOWLEDGE) is expected


def test_an_unknown_day_is_stale() -> None:
    assert freshness(None, TODAY, KNOWLEDGE) is Freshness.STALE


@pytest.mark.rule("A10")
@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((), ""),
        ((at("a", 1, 8), at("b", 2, 8)), "b"),
        ((at("a", 2, 8), at("b", 2, 8)), "ab"),
        # a day without a clock time overlaps every time of that day
        ((at("a", 2), at("b", 2, 8)), "ab"),
        ((at("a", 2), at("b", 2, 8), at("c", 1)), "ab"),
        ((at("a", 2), at("b", 3, 0)), "b"),
        ((at("a", 2), at("b", 2), at("c", 2)), "abc"),
    ],
)
def test_every_reading_that_may_be_the_latest_is_given(
    readings: tuple[Timed, ...], expected: str
) -> None:
    for order in permutations(readings):
        found = latest(order)

        assert {one.source for one in found} == set(expected)
        assert found == latest(readings)


def test_a_stale_reading_never_stands_in_the_way_of_a_usable_one() -> None:
    year = Timed(
        "year",
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 12, 31, tzinfo=UTC),
        date(2026, 1, 1),
    )

    assert latest_usable((year, at("b", 2, 8)), TODAY, KNOWLEDGE) == (at("b", 2, 8),)


def test_the_newest_of_several_comes_first() -> None:
    day, morning, evening = at("a", 2), at("b", 2, 8), at("c", 2, 20)

    assert latest((morning, day)) == (day, morning)  # the day ends later
    assert latest((evening, day)) == (day, evening)
    assert latest((at("e", 2, 8), at("d", 2, 8), day)) == (day, at("d", 2, 8), at("e", 2, 8))
