"""Dosage as milligrams per calendar day, in phases where it changes over time.

An instruction that cannot be read is an unknown dose, never a wrong one: as needed, a unit that
is neither a mass nor tablets of known strength, words outside the closed grammar.
"""

from decimal import Decimal
from functools import lru_cache
from itertools import groupby

import msgspec

from fhir_mappings.chart.medication_projections import (
    NOTHING,
    AdministrationDosage,
    Dosage,
    DoseAndRate,
    Repeat,
)
from fhir_mappings.chart.projections import Period
from fhir_mappings.drugs.amounts import length_in_days, milligrams, shown
from fhir_mappings.drugs.dose_patterns import Amount, added, pattern
from fhir_mappings.drugs.schedules import day_counts
from fhir_mappings.drugs.sig import Sig, read_sig
from fhir_mappings.errors import UNREADABLE
from fhir_mappings.values.kept_texts import LONGEST_INSTRUCTION_KEPT
from hcc_pathway.drug_record import DosePattern

_TEXTS_KEPT = 2048


class Phase(msgspec.Struct, frozen=True):
    """One stretch of equal dosage; its bounds as written, where it has any."""

    dose: DosePattern | None
    bounds: Period | None = None
    days: int | None = None
    as_received: str = ""


_decoder = msgspec.json.Decoder(Dosage)
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_administered = msgspec.json.Decoder(AdministrationDosage)


def read_phases(raw: msgspec.Raw, strength_mg: Decimal | None) -> tuple[Phase, ...]:
    """Read a ``dosage`` or ``dosageInstruction``: phases one after the other, in their sequence.

    No phase means that no dosage is given. Instructions of the same sequence are taken side by
    side and add up.
    """
    if raw == NOTHING:
        return ()
    text = bytes(raw)
    read = _phases if len(text) <= LONGEST_INSTRUCTION_KEPT else _phases.__wrapped__
    return read(text, strength_mg)


# the same few instructions stand in many records
@lru_cache(_TEXTS_KEPT)
def _phases(text: bytes, strength_mg: Decimal | None) -> tuple[Phase, ...]:
    dosages = _dosages(text)
    ordered = sorted(dosages, key=_sequence)
    groups = [list(group) for _, group in groupby(ordered, key=_sequence)]
    return tuple(phase for group in groups for phase in _phases_of_group(group, strength_mg))


def read_administered(raw: msgspec.Raw, strength_mg: Decimal | None) -> tuple[Amount | None, str]:
    """Read what was given on one occasion: the amount, and its words."""
    try:
        dosage = _administered.decode(raw)
    except UNREADABLE:
        return None, ""
    words = dosage.text or shown(dosage.dose)
    found = milligrams(dosage.dose, strength_mg)
    if found is None and dosage.dose is None and dosage.text:
        sig = read_sig(f"{dosage.text} daily")
        found = None if sig is None else _amount_of_sig(sig, strength_mg)
    return found, words


def _dosages(text: bytes) -> list[Dosage | None]:
    """Decode one by one: an unreadable instruction is None and keeps its place."""
    try:
        parts = _list_decoder.decode(text)
    except UNREADABLE:
        parts = [msgspec.Raw(text)]
    found: list[Dosage | None] = []
    for part in parts:
        try:
            found.append(_decoder.decode(part))
        except UNREADABLE:
            found.append(None)
    return found


def _sequence(dosage: Dosage | None) -> int:
    return dosage.sequence if dosage is not None and dosage.sequence is not None else 0


def _phases_of_group(group: list[Dosage | None], strength_mg: Decimal | None) -> list[Phase]:
    phases = [_phase(dosage, strength_mg) for dosage in group]
    if len(phases) == 1:
        return phases
    words = "; ".join(phase.as_received for phase in phases if phase.as_received)
    if all(phase.bounds is not None and phase.bounds.start for phase in phases):
        starts = {phase.bounds.start for phase in phases if phase.bounds is not None}
        if len(starts) == len(phases):
            return sorted(phases, key=_start)
    first = phases[0]
    same_bounds = all(
        phase.days == first.days and _ends(phase) == _ends(first) for phase in phases
    )
    doses = [phase.dose for phase in phases if phase.dose is not None]
    total = added(doses) if same_bounds and len(doses) == len(phases) else None
    return [Phase(total, first.bounds if same_bounds else None, first.days, words)]


def _start(phase: Phase) -> str:
    return (phase.bounds.start or "") if phase.bounds is not None else ""


def _ends(phase: Phase) -> tuple[str | None, str | None]:
    return (phase.bounds.start, phase.bounds.end) if phase.bounds is not None else (None, None)


def _phase(dosage: Dosage | None, strength_mg: Decimal | None) -> Phase:
    if dosage is None:
        return Phase(None)
    repeat = dosage.timing.repeat if dosage.timing is not None else None
    bounds, days = _bounds(repeat)
    words = dosage.text or dosage.patient_instruction or ""
    sig = read_sig(words) if words else None
    dose = _dose(dosage, sig, strength_mg)
    if repeat is not None and repeat.count is not None and bounds is None and days is None:
        days = _days_of_count(repeat.count, dose)
        dose = dose if days is not None else None
    if days is None and bounds is None and sig is not None:
        days = sig.length_days
    return Phase(dose, bounds, days, words or _shown_dose(dosage))


def _bounds(repeat: Repeat | None) -> tuple[Period | None, int | None]:
    if repeat is None:
        return None, None
    if repeat.bounds_period is not None:
        return repeat.bounds_period, None
    return None, length_in_days(repeat.bounds_duration)


def _days_of_count(count: int, dose: DosePattern | None) -> int | None:
    """Give the days of a counted number of doses: readable only when it is a single one."""
    return 1 if count == 1 and dose is not None else None


def _dose(dosage: Dosage, sig: Sig | None, strength_mg: Decimal | None) -> DosePattern | None:
    if dosage.as_needed_boolean or dosage.as_needed_codeable_concept is not None:
        return None
    amount = _amount(dosage.doses, strength_mg)
    counts = day_counts(dosage.timing)
    if amount is not None and counts is not None:
        return pattern(amount, counts)
    if sig is None or (dosage.doses and amount is None):
        return None
    if dosage.timing is not None and counts is None and _structured(dosage):
        return None
    by_words = _amount_of_sig(sig, strength_mg)
    found = amount or by_words
    return None if found is None else pattern(found, counts or sig.counts)


def _structured(dosage: Dosage) -> bool:
    """Whether the schedule is structured, though in a way that says no daily number."""
    timing = dosage.timing
    if timing is None:
        return False
    repeat = timing.repeat
    return timing.event is not None or (
        repeat is not None and (repeat.period is not None or repeat.day_of_week is not None)
    )


def _amount(parts: list[DoseAndRate], strength_mg: Decimal | None) -> Amount | None:
    """Read the dose; ordered and calculated doses have to agree."""
    found = [_amount_of_part(part, strength_mg) for part in parts]
    if not found or any(one != found[0] for one in found):
        return None
    return found[0]


def _amount_of_part(part: DoseAndRate, strength_mg: Decimal | None) -> Amount | None:
    if part.dose_range is None:
        return milligrams(part.dose_quantity, strength_mg)
    low = milligrams(part.dose_range.low, strength_mg)
    high = milligrams(part.dose_range.high, strength_mg)
    if low is None and high is None:
        return None
    return Amount(
        Decimal(0) if low is None else low.low_mg, None if high is None else high.high_mg
    )


def _amount_of_sig(sig: Sig, strength_mg: Decimal | None) -> Amount | None:
    if not sig.in_tablets:
        return Amount(sig.low, sig.high)
    strength = sig.strength_mg or strength_mg
    return None if strength is None else Amount(sig.low * strength, sig.high * strength)


def _shown_dose(dosage: Dosage) -> str:
    parts = dosage.doses
    return shown(parts[0].dose_quantity) if parts else ""
