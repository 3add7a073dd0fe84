"""From when to when a drug record speaks of its drug: certainly, perhaps, or not at all.

Open ends follow the clinical reference 6a: a statement holds until the day it was made, an order
until its supply, the next order of the same drug, or the start of another systemic drug. A later
statement that the drug is not taken any more, and why, closes what was left open; last days on
which it was certainly not taken are no days of a record.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus
from hcc_pathway.treatment_history.refills import with_days_of_supply
from hcc_pathway.treatment_history.refusals import given_up_on, outweighs

NEVER: Final = date.min.toordinal()
FOREVER: Final = date.max.toordinal()


class End(StrEnum):
    """What is known of how a record ends."""

    DOCUMENTED = "documented"  # the record gives its last day
    SUPPLY = "supply"  # dispensed or authorised supply runs out
    REPLACED = "replaced"  # a later order, or another systemic drug, begins
    NOT_TAKEN = "not-taken"  # a later statement says that the drug is not taken, and why
    RUNNING = "running"  # active, and nothing ends it
    UNKNOWN = "unknown"  # it ended, or paused, on a day nobody recorded


class Period(msgspec.Struct, frozen=True):
    """The days of one record, as day numbers (``date.toordinal``), both ends included.

    Days from ``surely_from`` to ``surely_to`` are covered for certain; other days from
    ``perhaps_from`` to ``perhaps_to`` may be.
    """

    record: DrugRecord
    perhaps_from: int
    surely_from: int
    surely_to: int
    perhaps_to: int
    end: End

    @property
    def begun(self) -> int:
        """The day by which it had begun; supply begins when it is handed over, not when used."""
        first = self.record.first_day
        return (
            self.surely_from if first is None else min(self.surely_from, first.latest.toordinal())
        )

    def surely(self, day: int) -> bool:
        """Whether the record certainly speaks of this day."""
        return self.surely_from <= day <= self.surely_to

    def perhaps(self, day: int) -> bool:
        """Whether the record may speak of this day."""
        return self.perhaps_from <= day <= self.perhaps_to


def begun_by(records: Sequence[DrugRecord], on: date) -> list[DrugRecord]:
    """Leave out what begins after the day of the answer."""
    return [one for one in records if one.first_day is None or one.first_day.earliest <= on]


def periods_of(drug: str, records: Sequence[DrugRecord]) -> tuple[Period, ...]:
    """Resolve the days of all records of one drug, ordered by start and source.

    ``records`` holds all systemic drugs: the start of another one ends an open order. Tablets and
    orders of days on which the drug was certainly not taken give no period.
    """
    own = [record for record in records if record.drug == drug]
    order_starts = sorted(
        record.first_day.earliest.toordinal()
        for record in own
        if record.evidence is DrugEvidence.PRESCRIBED and record.first_day is not None
    )
    other_starts = sorted(
        record.first_day.earliest.toordinal()
        for record in records
        if record.drug != drug
        and record.first_day is not None
        and record.status is not DrugStatus.NOT_TAKEN
    )
    given_up = [day for record in own if (day := given_up_on(record)) is not None]
    found = [
        _until_given_up(_period(record, moved, order_starts, other_starts), given_up)
        for record, moved in with_days_of_supply(own)
    ]
    refused = [one for one in found if one.record.status is DrugStatus.NOT_TAKEN]
    refused.sort(key=lambda one: one.surely_from, reverse=True)
    cut = (_without_last_days_refused(period, refused) for period in found)
    return tuple(sorted((period for period in cut if period is not None), key=_by_start))


def _until_given_up(period: Period, given_up: Sequence[DayBound]) -> Period:
    """Close what was left open, or supply that outlasts it, before the drug was given up."""
    if not given_up or period.end not in {End.RUNNING, End.SUPPLY}:
        return period
    day = next(
        (
            day
            for day in sorted(given_up, key=lambda one: one.latest)
            if day.earliest.toordinal() > period.surely_from
        ),
        None,
    )
    if day is None:
        return period
    certain, possible = day.earliest.toordinal() - 1, day.latest.toordinal() - 1
    said_before = period.end is End.RUNNING and period.record.evidence is DrugEvidence.STATED
    if period.end is End.SUPPLY and period.perhaps_to <= certain:
        return period
    return msgspec.structs.replace(
        period,
        surely_to=min(period.surely_to, certain),
        perhaps_to=possible if said_before else min(period.perhaps_to, possible),
        end=End.NOT_TAKEN,
    )


def _without_last_days_refused(period: Period, refused: Sequence[Period]) -> Period | None:
    """Cut the last days, if the drug was certainly not taken on them; None where that is all.

    ``refused`` is ordered by start, the latest first. A statement of intake keeps its days where
    another says that none of them was one: that is a contradiction, and no proof.
    """
    record, last = period.record, period.perhaps_to
    endless = last == FOREVER or period.end is End.UNKNOWN
    if record.status is DrugStatus.NOT_TAKEN or endless:
        return period
    for one in refused:
        if one.surely(last) and outweighs(one.record, record):
            last = one.surely_from - 1
    if last == period.perhaps_to:
        return period
    if last < period.perhaps_from:
        return period if record.evidence is DrugEvidence.STATED else None
    return msgspec.structs.replace(period, surely_to=min(period.surely_to, last), perhaps_to=last)


def _by_start(period: Period) -> tuple[int, int, str, str]:
    record = period.record
    return (period.surely_from, period.perhaps_from, record.source, record.as_received)


def _period(
    record: DrugRecord, moved: DrugRecord, order_starts: list[int], other_starts: list[int]
) -> Period:
    """Resolve the days of a record; ``moved`` is the same with the days of its supply."""
    first, ended = moved.first_day, moved.last_day
    perhaps_from = NEVER if first is None else first.earliest.toordinal()
    surely_from = FOREVER if first is None else first.latest.toordinal()
    if first is None and ended is None and record.asserted_on is not None:
        surely_from = record.asserted_on.toordinal()  # said on that day, since when is not known
    if ended is not None:  # its last day is one of its days
        surely_from = max(perhaps_from, min(surely_from, ended.latest.toordinal()))
    surely_to, perhaps_to, end = _end(moved, surely_from, order_starts, other_starts)
    return Period(record, perhaps_from, surely_from, surely_to, perhaps_to, end)


def _end(
    record: DrugRecord, start: int, order_starts: list[int], other_starts: list[int]
) -> tuple[int, int, End]:
    """Give the last certain day, the last possible day, and how the record ends."""
    if record.last_day is not None:
        return _bound(record.last_day, End.DOCUMENTED)
    if record.evidence is DrugEvidence.STATED:
        return _end_of_statement(record, start)
    if record.evidence is DrugEvidence.PRESCRIBED:
        return _end_of_order(record, start, order_starts, other_starts)
    if record.supply_ends is not None:
        return _bound(record.supply_ends, End.SUPPLY)
    return start, start, End.UNKNOWN


def _end_of_statement(record: DrugRecord, start: int) -> tuple[int, int, End]:
    """Read an open-ended statement: it holds until it was made, not until today."""
    asserted = None if record.asserted_on is None else record.asserted_on.toordinal()
    if record.status in {DrugStatus.ON_HOLD, DrugStatus.UNKNOWN}:
        return FOREVER, FOREVER, End.UNKNOWN
    if record.status in {DrugStatus.COMPLETED, DrugStatus.STOPPED}:
        return FOREVER, FOREVER, End.UNKNOWN
    last = start if asserted is None else max(asserted, start)
    end = End.UNKNOWN if record.status is DrugStatus.NOT_TAKEN else End.RUNNING
    return last, last, end


def _end_of_order(
    record: DrugRecord, start: int, order_starts: list[int], other_starts: list[int]
) -> tuple[int, int, End]:
    """Read an order without a last day of its own."""
    next_drug = next((day for day in other_starts if day > start), FOREVER)
    if record.supply_ends is not None:
        return _end_of_supply(record.status, record.supply_ends, next_drug)
    if record.status is DrugStatus.STOPPED:
        return start, start, End.UNKNOWN
    next_order = next((day for day in order_starts if day > start), FOREVER)
    closed_on = min(next_order, next_drug)
    if closed_on < FOREVER:
        return closed_on - 1, closed_on - 1, End.REPLACED
    if record.status is DrugStatus.COMPLETED:
        return start, start, End.UNKNOWN
    running = record.status is DrugStatus.ACTIVE
    return FOREVER, FOREVER, End.RUNNING if running else End.UNKNOWN


def _end_of_supply(
    status: DrugStatus, supply_ends: DayBound, next_drug: int
) -> tuple[int, int, End]:
    """Read an order that ends with its supply; another systemic drug ends it sooner."""
    certain, possible, end = _bound(supply_ends, End.SUPPLY)
    if status is DrugStatus.STOPPED:
        return certain, possible, End.UNKNOWN
    if possible >= next_drug:
        return min(certain, next_drug - 1), next_drug - 1, End.REPLACED
    # nobody has ended an active order, unless another drug was begun after its supply
    running = status is DrugStatus.ACTIVE and next_drug == FOREVER
    return certain, possible, End.RUNNING if running else end


def _bound(day: DayBound, end: End) -> tuple[int, int, End]:
    return day.earliest.toordinal(), day.latest.toordinal(), end
