"""From when to when dispensed supply lasts: early refills extend it, and never double it (6a)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord


def with_days_of_supply(
    records: Sequence[DrugRecord],
) -> Iterator[tuple[DrugRecord, DrugRecord]]:
    """Give each record of one drug, and the same with the days that its supply lasts.

    A refill starts when the supply before it has run out; other records keep their days.
    """
    refills = [record for record in records if record.evidence is DrugEvidence.DISPENSED]
    yield from ((one, one) for one in records if one.evidence is not DrugEvidence.DISPENSED)
    free_from: date | None = None
    for record in sorted(refills, key=_handed_over):
        moved = record if free_from is None else _begun_later(record, free_from)
        yield record, moved
        if moved.supply_ends is not None:
            after = moved.supply_ends.earliest + timedelta(days=1)
            free_from = after if free_from is None else max(free_from, after)


def _begun_later(record: DrugRecord, free_from: date) -> DrugRecord:
    """Move a refill to the day after the supply before it, if it was handed over sooner."""
    first, ends = record.first_day, record.supply_ends
    if first is None or ends is None or first.latest >= free_from:
        return record
    delay = free_from - first.earliest
    return msgspec.structs.replace(
        record,
        first_day=DayBound(free_from, free_from),
        supply_ends=DayBound(ends.earliest + delay, ends.latest + delay),
    )


def _handed_over(record: DrugRecord) -> tuple[date, date, str]:
    bound = record.first_day or DayBound(date.min, date.min)
    return bound.earliest, bound.latest, record.source
