"""The doses of a draft order, phase by phase: what it certainly gives on a day, and when."""

from collections.abc import Iterator
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Final

from fhir_mappings.chart.medication_projections import MedicationRequest
from fhir_mappings.chart.projections import Period
from fhir_mappings.drugs.dosage import Phase, read_phases
from fhir_mappings.values.dates import days_of
from hcc_pathway.order_check.draft_orders import DraftDose

_LONGEST_DAYS: Final = 3660  # a longer stretch is a slip of the pen


def read_drafted_doses(
    request: MedicationRequest, strength_mg: Decimal | None
) -> tuple[DraftDose, ...]:
    """Give the dose of each phase; one that cannot be read as milligrams gives none."""
    phases = read_phases(request.dosage_instruction, strength_mg)
    return tuple(_doses(phases))


def _doses(phases: tuple[Phase, ...]) -> Iterator[DraftDose]:
    for place, phase in enumerate(phases):
        certain = [mg for mg in phase.dose.low_mg if mg is not None] if phase.dose else []
        if not certain:
            continue
        first, last = _days(phase, date.min if place == 0 else None)
        yield DraftDose(daily_mg=max(certain), first=first, last=last)


def _days(phase: Phase, unless_dated: date | None) -> tuple[date | None, date]:
    """Give the days on which a phase certainly is taken; a length counts from its first day."""
    bounds = phase.bounds or Period()
    start, end = days_of(bounds.start, UTC), days_of(bounds.end, UTC)
    first = unless_dated if start is None else start.latest
    if end is not None:
        return first, end.earliest
    if phase.days is None or first is None:
        return first, date.max
    return first, first + timedelta(days=min(max(phase.days, 1), _LONGEST_DAYS) - 1)
