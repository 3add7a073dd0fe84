"""FHIR dates, each form that charts send and the junk between them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fhir_mappings.chart.projections import Period
from fhir_mappings.values.dates import days_of, is_future, when, when_effective

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        # partial dates are intervals
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-11-01", date(2026, 11, 1), date(2026, 11, 1)),
        # a time falls on the site's calendar day
        ("2026-11-01T14:59:59Z", date(2026, 11, 1), date(2026, 11, 1)),
        ("2026-11-01T15:00:00Z", date(2026, 11, 2), date(2026, 11, 2)),
        ("2026-11-01T23:30:00-05:00", date(2026, 11, 2), date(2026, 11, 2)),
        ("2026-11-01T23:30:00.123456789+09:00", date(2026, 11, 1), date(2026, 11, 1)),
        # without a zone it is the site's
        ("2026-11-01T23:30:00", date(2026, 11, 1), date(2026, 11, 1)),
        ("2026-11-01T23:30", date(2026, 11, 1), date(2026, 11, 1)),
        # midnight and leap second
        ("2026-11-01T24:00:00+09:00", date(2026, 11, 2), date(2026, 11, 2)),
        ("2016-12-31T23:59:60Z", date(2017, 1, 1), date(2017, 1, 1)),
        ("2016-12-31T23:59:60+09:00", date(2017, 1, 1), date(2017, 1, 1)),
        ("2026-10-31T08:00:00+14:00", date(2026, 10, 31), date(2026, 10, 31)),
        ("2026-01-29T08:00:00Z", date(2026, 1, 29), date(2026, 1, 29)),
    ],
)
def test_a_date_covers_the_days_it_may_mean(text: str, earliest: date, latest: date) -> None:
    found = days_of(text, SEOUL)

    assert found is not None
    assert (found.earliest, found.latest) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        None,
        20261101,
        True,
        "",
        "yesterday",
        "2026-13",
        "2026-00-10",
        "2026-02-30",
        "2026-02-29T10:00:00Z",
        "0000",
        "0001-01-01",
        "9999-12-31T23:59:59-05:00",
        "2026-11-01T25:00:00Z",
        "2026-11-01T24:00:01Z",
        "2026-11-01T10:60:00Z",
        "2026-11-01T10:00:61Z",
        "2026-11-01T10:00:00+15:00",
        "2026-11-01T10:00:00+0900",
        "2026-11-01T10Z",
        "2026-11-01 10:00:00Z",
        "20261101",
        "2026-W45-1",
        "2026-11-01T",
        "٢٠٢٦-11-01",
        "2026-11-01" * 10_000,
    ],
)
def test_what_is_no_fhir_date_is_none_and_never_an_error(text: object) -> None:
    assert when(text, SEOUL) is None


def test_digits_below_the_microsecond_are_cut_without_moving_the_moment() -> None:
    found = when("2026-11-01T10:00:00.123456999Z", SEOUL)

    assert found is not None
    assert found.earliest == found.latest == datetime(2026, 11, 1, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-01", "2026-11-03", (date(2026, 11, 1), date(2026, 11, 3))),
        ("2026-11-01", None, (date(2026, 11, 1), date(2026, 11, 1))),
        (None, "2026-11-03", (date(2026, 11, 3), date(2026, 11, 3))),
        ("2026-11-03", "2026-11-01", None),
        ("junk", "junk", None),
    ],
)
def test_an_effective_period_runs_from_start_to_end(
    start: str | None, end: str | None, expected: tuple[date, date] | None
) -> None:
    found = when_effective(None, Period(start=start, end=end), None, SEOUL)

    days = found.days(SEOUL) if found else None
    assert (days and (days.earliest, days.latest)) == expected


def test_a_day_is_future_only_when_it_is_later_than_tomorrow() -> None:
    on = date(2026, 11, 22)

    assert not is_future(date(2026, 11, 23), on)
    assert is_future(date(2026, 11, 24), on)
