"""FHIR dates and times with the precision they came in, on the site's calendar.

``2026``, ``2026-05`` and ``2026-05-04`` are intervals; a time without a zone is taken as the
site's. Unlike ``datetime.fromisoformat``: 24:00 is the next midnight, a leap second is read, and
digits below the microsecond are cut without changing the order of days. Junk is None.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.chart.projections import Period
from hcc_pathway.drug_record import DayBound

_FORM: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
# the everyday form, which the standard library reads right and fast
_PLAIN: Final = re.compile(
    r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    r"T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)",
    re.ASCII,
)
_LONGEST: Final = 48
_TEXTS_KEPT: Final = 8192
_LATEST_OFFSET: Final = timedelta(hours=14)
_LEAP_SECOND: Final = 60
_LAST_HOUR: Final = 24
_FIRST_SAFE_YEAR: Final = 2
_LAST_SAFE_YEAR: Final = 9998
_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)


class When(msgspec.Struct, frozen=True, gc=False):
    """A stretch of time, first to last moment (aware), as precise as it was recorded."""

    earliest: datetime
    latest: datetime

    def days(self, zone: tzinfo) -> DayBound:
        """Give the calendar days of the site between which this lies."""
        return DayBound(self.earliest.astimezone(zone).date(), self.latest.astimezone(zone).date())


def when(text: object, zone: tzinfo) -> When | None:
    """Read a FHIR date, dateTime or instant; None for anything else."""
    return _when(text, zone) if isinstance(text, str) and len(text) <= _LONGEST else None


# the same few days stand in many elements of a chart
@lru_cache(_TEXTS_KEPT)
def _when(text: str, zone: tzinfo) -> When | None:
    if _PLAIN.fullmatch(text):
        moment = datetime.fromisoformat(text)
        return When(moment, moment)
    try:
        return _read(_FORM.fullmatch(text), zone)
    except (ValueError, OverflowError):
        return None


def _read(form: re.Match[str] | None, zone: tzinfo) -> When | None:
    if form is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = form.groups()
    if hour is None:
        return _whole_days(int(year), _number(month), _number(day), zone)
    moment = _moment(
        date(int(year), int(month), int(day)),
        (int(hour), int(minute), int(second or 0), int(((fraction or "") + "000000")[:6])),
        _zone(offset, zone),
    )
    if second is None:
        return When(moment, moment + timedelta(seconds=60) - _MOMENT)
    return When(moment, moment)


def when_effective(
    moment: str | None, period: Period | None, instant: str | None, zone: tzinfo
) -> When | None:
    """Give the effective time of an observation, whichever of the three forms it has.

    A period without an end is known from its start on only: the start is taken.
    """
    single = moment if moment is not None else instant
    if single is not None or period is None:
        return when(single, zone)
    start = when(period.start, zone)
    end = when(period.end, zone)
    if start is None or end is None:
        return start or end
    return When(start.earliest, end.latest) if start.earliest <= end.latest else None


def days_of(text: object, zone: tzinfo) -> DayBound | None:
    """Give the calendar days of the site on which a FHIR date or dateTime may lie."""
    return _days(text, zone) if isinstance(text, str) and len(text) <= _LONGEST else None


@lru_cache(_TEXTS_KEPT)
def _days(text: str, zone: tzinfo) -> DayBound | None:
    found = _when(text, zone)
    return None if found is None else found.days(zone)


def is_future(day: date, on: date) -> bool:
    """Whether a day lies later than tomorrow (clocks and zones may differ by a day)."""
    return day - on > _DAY


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _whole_days(year: int, month: int | None, day: int | None, zone: tzinfo) -> When:
    first = date(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        last = first
    elif month is not None:
        last = date(year, month, monthrange(year, month)[1])
    else:
        last = date(year, 12, 31)
    earliest = datetime.combine(first, time.min, zone)
    latest = datetime.combine(last, time.max, zone)
    if not _FIRST_SAFE_YEAR <= year <= _LAST_SAFE_YEAR:
        raise OverflowError  # no room left for another time zone
    return When(earliest, latest)


def _moment(day: date, clock: tuple[int, int, int, int], zone: tzinfo) -> datetime:
    hour, minute, second, micro = clock
    extra = timedelta(0)
    if hour == _LAST_HOUR:
        if minute or second or micro:
            raise ValueError
        hour, extra = 0, _DAY
    if second == _LEAP_SECOND:
        second, micro, extra = 59, 999_999, extra + _MOMENT
    moment = datetime.combine(day, time(hour, minute, second, micro), zone) + extra
    if not _FIRST_SAFE_YEAR <= moment.year <= _LAST_SAFE_YEAR:
        raise OverflowError
    return moment


def _zone(offset: str | None, site: tzinfo) -> tzinfo:
    if offset is None:
        return site
    if offset == "Z":
        return UTC
    shift = timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    if shift > _LATEST_OFFSET:
        raise ValueError
    return timezone(-shift if offset[0] == "-" else shift)
