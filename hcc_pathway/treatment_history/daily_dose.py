"""The dose of one record on one day, as the pathway reads it: enough, not enough, or unknown."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import CycleAnchor, DrugEvidence, DrugRecord, DrugStatus
from hcc_pathway.treatment_history.drug_periods import End, Period

_ENDED = (DrugStatus.COMPLETED, DrugStatus.STOPPED, DrugStatus.ACTIVE)
Dose = tuple[Decimal | None, Decimal | None]  # mg on a day, lower and upper reading
UNREAD: Dose = (None, None)
NO_DRUG: Dose = (Decimal(0), Decimal(0))


def taken_on(period: Period, day: int) -> Dose:
    """Milligrams that one record gives on a day that it covers, lower and upper reading.

    What is held or not taken is a dose of 0; what nobody can say is None, never 0.
    """
    record = period.record
    if record.status is DrugStatus.NOT_TAKEN:
        return NO_DRUG
    if record.status is DrugStatus.ON_HOLD:
        held = (
            record.evidence is DrugEvidence.STATED
            and record.asserted_on is not None
            and day >= record.asserted_on.toordinal()
        )
        return NO_DRUG if held else UNREAD
    stopped_some_day = (
        record.evidence is DrugEvidence.STATED
        and period.end is End.UNKNOWN
        and day > period.surely_from
    )
    if (
        record.status is DrugStatus.UNKNOWN
        or record.taken_as_prescribed is False
        or stopped_some_day
    ):
        return UNREAD
    return dose_on(period, day)


def compare(low: Decimal | None, high: Decimal | None, minimum_mg: Decimal) -> Answer:
    """Set a dose between two readings against the minimum; None is no reading."""
    if low is not None and low >= minimum_mg:
        return Answer.MET
    if high is not None and high < minimum_mg:
        return Answer.NOT_MET
    return Answer.UNKNOWN


def dose_on(period: Period, day: int) -> Dose:
    """Milligrams on a day, lower and upper reading; None where it cannot be read."""
    record = period.record
    if record.status is DrugStatus.NOT_TAKEN:
        return NO_DRUG
    pattern = record.dose
    if pattern is None or record.status is DrugStatus.UNKNOWN:
        return UNREAD
    if record.evidence is DrugEvidence.ADMINISTERED and record.status is DrugStatus.STOPPED:
        return UNREAD
    length = len(pattern.low_mg)
    if length == 1:
        return pattern.low_mg[0], pattern.high_mg[0]
    if pattern.anchor is CycleAnchor.MONDAY:
        index = (day - 1) % 7  # day number 1 was a Monday
    elif period.perhaps_from != period.surely_from:
        return UNREAD
    else:
        index = (day - period.surely_from) % length
    return pattern.low_mg[index], pattern.high_mg[index]


def documented_ends(periods: Sequence[Period]) -> list[Period]:
    """Give the statements and stopped orders that say on which day a drug ended.

    An older one that a later statement "active" contradicts is none of them (A24).
    """
    asserted = [
        (period, said)
        for period in periods
        if period.end is End.RUNNING
        and period.record.evidence is DrugEvidence.STATED
        and (said := period.record.asserted_on) is not None
    ]
    return [
        end
        for end in periods
        if end.end is End.DOCUMENTED
        and _says_ended(end.record)
        and not any(_outlives(period, said, end) for period, said in asserted)
    ]


def _says_ended(record: DrugRecord) -> bool:
    if record.evidence is DrugEvidence.PRESCRIBED:
        return record.status is DrugStatus.STOPPED
    return record.evidence is DrugEvidence.STATED and record.status in _ENDED


def _outlives(active: Period, said: date, end: Period) -> bool:
    """Whether a drug was asserted as active after an end, and the end not written later still."""
    written = end.record.asserted_on
    written_before = written is None or written < said
    return active.perhaps_from <= end.perhaps_to < said.toordinal() and written_before


def dose_changes(periods: Sequence[Period]) -> list[int]:
    """Give the day numbers from which on a record speaks, or speaks differently."""
    found: set[int] = set()
    for period in periods:
        found.update((period.perhaps_from, period.surely_from, period.surely_from + 1))
        found.update((period.begun, period.surely_to + 1, period.perhaps_to + 1))
        if period.record.asserted_on is not None:
            found.add(period.record.asserted_on.toordinal())
    return sorted(found)


def envelope(doses: list[Dose]) -> Dose:
    """Give the lowest and highest reading of records that speak of one day."""
    lows, highs = zip(*doses, strict=True)
    return (
        None if None in lows else min(lows),
        None if None in highs else max(highs),
    )
