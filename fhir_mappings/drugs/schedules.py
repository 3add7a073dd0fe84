"""Timing: how many doses fall on each calendar day, from the schedule as FHIR structures it."""

from decimal import Decimal
from typing import Final

from fhir_mappings.chart.medication_projections import Repeat, Timing
from fhir_mappings.chart.projections import each
from fhir_mappings.drugs.amounts import is_plausible
from fhir_mappings.drugs.dose_patterns import DayCounts
from fhir_mappings.drugs.sig import frequency_named
from hcc_pathway.drug_record import CycleAnchor

_DAYS_OF_UNIT: Final = {"h": Decimal(1) / 24, "d": Decimal(1), "wk": Decimal(7)}
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS_OF_DAY: Final = 24
_LONGEST_CYCLE: Final = 366


def day_counts(timing: Timing | None) -> DayCounts | None:
    """Give the doses per calendar day; None when the schedule does not say.

    Periods above one day are never averaged: a dose falls on the first day of each period and the
    days between are without (A8). Several doses in a longer period: on which days is not known.
    """
    if timing is None or timing.event is not None:
        return None
    repeat = timing.repeat
    if repeat is None or not _speaks(repeat):
        return _coded(timing)
    if repeat.day_of_week is not None:
        return _weekdays(repeat)
    times = len(each(repeat.time_of_day)) or len(each(repeat.when))
    if repeat.period is None:
        if repeat.frequency is None and times:
            return DayCounts.every_day(Decimal(times))
        return _coded(timing)
    return _periodic(repeat, times)


def _speaks(repeat: Repeat) -> bool:
    parts = (repeat.frequency, repeat.period, repeat.day_of_week, repeat.time_of_day, repeat.when)
    return any(part is not None for part in parts)


def _coded(timing: Timing) -> DayCounts | None:
    """Read BID, QD, QOD and the like, in a coding or as the text."""
    if timing.code is None:
        return None
    names = [coding.code for coding in each(timing.code.coding)]
    names += [coding.display for coding in each(timing.code.coding)]
    names.append(timing.code.text)
    return next((found for found in map(frequency_named, names) if found is not None), None)


def _weekdays(repeat: Repeat) -> DayCounts | None:
    """Count doses on named days of the week; the other days are without."""
    named = {name.strip().lower() for name in each(repeat.day_of_week)}
    if not named <= set(_WEEKDAYS) or not named:
        return None
    low = high = Decimal(_most(repeat, len(each(repeat.time_of_day)) or len(each(repeat.when))))
    if repeat.period_unit == "wk" or repeat.period is None:
        # a weekly frequency counts the named days, not the doses of one of them
        frequency = repeat.frequency or 1
        if frequency not in {1, len(named)}:
            low = Decimal(frequency // len(named))
    elif repeat.period != 1 or repeat.period_unit != "d":
        return None
    return DayCounts(
        tuple(low if day in named else Decimal(0) for day in _WEEKDAYS),
        tuple(high if day in named else Decimal(0) for day in _WEEKDAYS),
        CycleAnchor.MONDAY,
    )


def _most(repeat: Repeat, times: int) -> int:
    if repeat.period_unit == "wk" or repeat.period is None:
        days = len(each(repeat.day_of_week))
        frequency = repeat.frequency or 1
        return max(times, 1 if frequency in {1, days} else frequency)
    return max(times, repeat.frequency or 1)


def _periodic(repeat: Repeat, times: int) -> DayCounts | None:
    unit = _DAYS_OF_UNIT.get(repeat.period_unit or "")
    low, high = _frequency(repeat, times)
    if unit is None or repeat.period is None or low < 0:
        return None
    periods = (repeat.period, repeat.period_max or repeat.period)
    if not all(is_plausible(period) and period > 0 for period in periods):
        return None
    if repeat.period_max is not None and repeat.period_max != repeat.period:
        return DayCounts.every_day(Decimal(0), _within_a_day(high, repeat, unit))
    if repeat.period_unit == "h":
        return _hourly(repeat.period, low, high)
    return _daily(repeat.period * unit, low, high)


def _daily(days: Decimal, low: int, high: int) -> DayCounts | None:
    if days == 1:
        return DayCounts.every_day(Decimal(low), Decimal(high))
    if days < 1 or days != int(days) or days > _LONGEST_CYCLE:
        return None
    if low == high == 1:
        between = (Decimal(0),) * (int(days) - 1)
        return DayCounts((Decimal(1), *between), (Decimal(1), *between))
    return DayCounts.every_day(Decimal(0), Decimal(high))


def _frequency(repeat: Repeat, times: int) -> tuple[int, int]:
    """Give doses per period, lower and upper; named times of day count as doses."""
    low = repeat.frequency if repeat.frequency is not None else times or 1
    return low, max(low, repeat.frequency_max or 0, times)


def _within_a_day(high: int, repeat: Repeat, unit: Decimal) -> Decimal:
    shortest = (repeat.period or Decimal(1)) * unit
    return Decimal(high) if shortest >= 1 else (Decimal(high) / shortest).to_integral_value()


def _hourly(hours: Decimal, low: int, high: int) -> DayCounts | None:
    if _HOURS_OF_DAY % hours == 0:
        per_day = Decimal(_HOURS_OF_DAY) / hours
        return DayCounts.every_day(low * per_day, high * per_day)
    if hours % _HOURS_OF_DAY == 0 and low == high == 1:
        between = (Decimal(0),) * (int(hours) // _HOURS_OF_DAY - 1)
        return DayCounts((Decimal(1), *between), (Decimal(1), *between))
    if hours < _HOURS_OF_DAY:
        whole = Decimal(_HOURS_OF_DAY) // hours
        return DayCounts.every_day(low * whole, high * (whole + 1))
    return DayCounts.every_day(Decimal(0), Decimal(high))
