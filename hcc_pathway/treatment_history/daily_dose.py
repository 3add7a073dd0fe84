"""The dose of one record on one day, as the pathway reads it: enough, not enough, or unknown."""

from collections.abc import Sequence
from decimal import Decimal

from hcc_pathway.answer import Answer
from hcc_pathway.drug_record import CycleAnchor, DrugEvidence, DrugStatus
from hcc_pathway.treatment_history.drug_periods import End, Period

_ENDED = (DrugStatus.COMPLETED, DrugStatus.STOPPED, DrugStatus.ACTIVE)
_UNREAD: tuple[None, None] = (None, None)


def answer_on(period: Period, day: int, minimum_mg: Decimal) -> Answer:
    """Say whether one record gives at least the minimum on a day that it covers."""
    record = period.record
    if record.status is DrugStatus.NOT_TAKEN:
        return Answer.NOT_MET
    if record.status is DrugStatus.ON_HOLD:
        held = (
            record.evidence is DrugEvidence.STATED
            and record.asserted_on is not None
            and day >= record.asserted_on.toordinal()
        )
        return Answer.NOT_MET if held else Answer.UNKNOWN
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
        return Answer.UNKNOWN
    low, high = dose_on(period, day)
    return compare(low, high, minimum_mg)


def compare(low: Decimal | None, high: Decimal | None, minimum_mg: Decimal) -> Answer:
    """Set a dose between two readings against the minimum; None is no reading."""
    if low is not None and low >= minimum_mg:
        return Answer.MET
    if high is not None and high < minimum_mg:
        return Answer.NOT_MET
    return Answer.UNKNOWN


def dose_on(period: Period, day: int) -> tuple[Decimal | None, Decimal | None]:
    """Milligrams on a day, lower and upper reading; None where it cannot be read."""
    record = period.record
    if record.status is DrugStatus.NOT_TAKEN:
        return Decimal(0), Decimal(0)
    pattern = record.dose
    if pattern is None or record.status is DrugStatus.UNKNOWN:
        return _UNREAD
    if record.evidence is DrugEvidence.ADMINISTERED and record.status is DrugStatus.STOPPED:
        return _UNREAD
    length = len(pattern.low_mg)
    if length == 1:
        return pattern.low_mg[0], pattern.high_mg[0]
    if pattern.anchor is CycleAnchor.MONDAY:
        index = (day - 1) % 7  # day number 1 was a Monday
    elif period.perhaps_from != period.surely_from:
        return _UNREAD
    else:
        index = (day - period.surely_from) % length
    return pattern.low_mg[index], pattern.high_mg[index]


def documented_ends(periods: Sequence[Period]) -> list[Period]:
    """Give the statements and stopped orders that say on which day sorafenib ended."""
    return [
        period
        for period in periods
        if period.end is End.DOCUMENTED
        and (
            (period.record.evidence is DrugEvidence.STATED and period.record.status in _ENDED)
            or (
                period.record.evidence is DrugEvidence.PRESCRIBED
                and period.record.status is DrugStatus.STOPPED
            )
        )
    ]
