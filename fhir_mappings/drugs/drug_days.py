"""First and last days of medication records, each type by its own elements (reference 6a)."""

from datetime import date, timedelta, tzinfo
from decimal import Decimal
from typing import Final

import msgspec

from fhir_mappings.chart.medication_projections import (
    DispenseRequest,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import Period
from fhir_mappings.drugs.amounts import is_plausible, length_in_days
from fhir_mappings.drugs.dosage import Phase
from fhir_mappings.values.dates import days_of
from hcc_pathway.drug_record import DayBound, DosePattern

_LONGEST: Final = 3660  # days; a longer stretch is a slip of the pen


class Days(msgspec.Struct, frozen=True):
    """The days of a record, as far as it says."""

    first: DayBound | None = None
    last: DayBound | None = None
    supply_ends: DayBound | None = None
    asserted: date | None = None
    recorded: date | None = None


def days_of_statement(record: MedicationStatement, zone: tzinfo) -> Days:
    """Read the effective time; one without an end is open until the day it was said."""
    asserted = days_of(record.date_asserted, zone)
    said = None if asserted is None else asserted.latest
    first, last = _period(record.effective_period, zone)
    if record.effective_period is None:
        first = days_of(record.effective_date_time, zone)
        last = first if record.status == "not-taken" else None
    recorded = said or (None if first is None else first.earliest)
    return Days(first, last, None, said, recorded)


def days_of_order(record: MedicationRequest, zone: tzinfo) -> Days:
    """Read when an order begins, and where its authorised supply runs out.

    Bounds inside the dosage come first; ``phased`` lays them over this.
    """
    authored = days_of(record.authored_on, zone)
    dispense = record.dispense_request or DispenseRequest()
    valid_from, valid_to = _period(dispense.validity_period, zone)
    first = valid_from or authored
    ends = [valid_to] if valid_to is not None else []
    length = length_in_days(dispense.expected_supply_duration)
    if length is not None and first is not None:
        repeats = max(dispense.number_of_repeats_allowed or 0, 0)
        supplied = after(first, length * (1 + repeats))
        ends += [supplied] if supplied is not None else []
    written = None if authored is None else authored.latest
    return Days(
        first,
        None,
        min(ends, key=lambda end: end.latest) if ends else None,
        written,
        written or (None if first is None else first.earliest),
    )


def days_of_administration(record: MedicationAdministration, zone: tzinfo) -> Days:
    """Read the occasion; one that began and has no end is known for its first day."""
    first, last = _period(record.effective_period, zone)
    if record.effective_period is None:
        first = days_of(record.effective_date_time, zone)
    return Days(first, last or first, recorded=None if first is None else first.earliest)


def days_of_dispensing(
    record: MedicationDispense,
    zone: tzinfo,
    dose: DosePattern | None,
    strength_mg: Decimal | None,
) -> Days:
    """Read when tablets were handed over, and for how many days they last."""
    first = days_of(record.when_handed_over, zone) or days_of(record.when_prepared, zone)
    length = _supplied_days(record, dose, strength_mg)
    ends = None if first is None or length is None else after(first, length)
    return Days(first, supply_ends=ends, recorded=None if first is None else first.earliest)


def _supplied_days(
    record: MedicationDispense, dose: DosePattern | None, strength_mg: Decimal | None
) -> int | None:
    """Give the days of supply: as written, else tablets times strength over the daily dose."""
    written = record.days_supply
    if written is not None and written.value is not None:
        if written.unit or written.code:
            return length_in_days(written)
        return int(written.value) if is_plausible(written.value) and written.value > 0 else None
    tablets = record.quantity.value if record.quantity is not None else None
    if tablets is None or not is_plausible(tablets) or strength_mg is None or dose is None:
        return None
    highest = [mg for mg in dose.high_mg if mg is not None]
    if len(highest) < len(dose.high_mg) or sum(highest) <= 0:
        return None
    days = int(tablets * strength_mg * len(highest) / sum(highest))
    return days if 0 < days <= _LONGEST else None


def phased(days: Days, phases: tuple[Phase, ...], zone: tzinfo) -> list[tuple[Days, Phase]]:
    """Lay the phases of a dosage over the days of its record.

    One phase after the other; where the end of one and the start of the next are both unwritten,
    the doses cannot be placed in time and are unknown as a whole.
    """
    if len(phases) <= 1:
        phase = phases[0] if phases else Phase(None)
        return [(_bounded(days, phase, zone), phase)]
    placed: list[tuple[Days, Phase]] = []
    next_first = days.first
    for place, phase in enumerate(phases):
        final = place == len(phases) - 1
        start = msgspec.structs.replace(
            days,
            first=next_first,
            last=days.last if final else None,
            supply_ends=days.supply_ends if final else None,
        )
        found = _bounded(start, phase, zone)
        if not final and found.last is None:
            found = msgspec.structs.replace(found, last=_day_before(phases[place + 1], zone))
        if found.first is None or (not final and found.last is None):
            words = "; ".join(one.as_received for one in phases if one.as_received)
            return [(days, Phase(None, as_received=words))]
        placed.append((found, phase))
        next_first = None if found.last is None else _shifted(found.last, 1)
    return placed


def _bounded(days: Days, phase: Phase, zone: tzinfo) -> Days:
    """Lay the bounds of one dosage over the days of its record; a record's own end stays."""
    starts, ends = _period(phase.bounds, zone)
    first = starts or days.first
    last = ends
    if last is None and phase.days is not None and first is not None:
        last = after(first, phase.days)
    if days.last is not None and (last is None or days.last.latest < last.latest):
        last = days.last
    return msgspec.structs.replace(days, first=first, last=last)


def _day_before(phase: Phase, zone: tzinfo) -> DayBound | None:
    starts, _ = _period(phase.bounds, zone)
    return None if starts is None else _shifted(starts, -1)


def after(first: DayBound, length: int) -> DayBound | None:
    """Give the last day of a stretch of ``length`` days."""
    return _shifted(first, length - 1) if 0 < length <= _LONGEST else None


def _shifted(bound: DayBound, days: int) -> DayBound | None:
    step = timedelta(days=days)
    try:
        return DayBound(bound.earliest + step, bound.latest + step)
    except OverflowError:
        return None


def _period(period: Period | None, zone: tzinfo) -> tuple[DayBound | None, DayBound | None]:
    """Read start and end; an end before the start makes both unknown."""
    if period is None:
        return None, None
    start, end = days_of(period.start, zone), days_of(period.end, zone)
    if start is not None and end is not None and end.latest < start.earliest:
        return None, None
    return start, end
