"""How the records of one drug end, read together: it runs on, it ended, or nobody knows when.

A stated end closes records left open. What a record plans for days after the day of the answer
has not happened.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hcc_pathway.drug_record import DrugStatus
from hcc_pathway.treatment_history.daily_dose import documented_ends
from hcc_pathway.treatment_history.drug_periods import NEVER, End, Period


class Ending(msgspec.Struct, frozen=True):
    """``last_day`` is a day number; None while the drug runs, or if its end is not known."""

    running: bool
    last_day: int | None


def ending_of(periods: Sequence[Period], today: int) -> Ending:
    """Read the end of a drug out of its records, none of them after the day of the answer."""
    ends = documented_ends(periods)
    stated_end = last_stated_end(ends)
    latest_start = max((period.perhaps_from for period in periods), default=NEVER)
    left_open = [one for one in periods if closing_day(one, stated_end) is None]
    running = any(one.end is End.RUNNING for one in left_open)
    # a later record outlives one that ended on an unknown day
    unknown_end = any(
        one.end is End.UNKNOWN and one.perhaps_from == latest_start for one in left_open
    )
    last = max((_last_day(one, stated_end) for one in periods), default=NEVER)
    if last >= today:
        running = not any(_is_stop(end) and end.perhaps_to == last for end in ends)
    known = not running and not unknown_end and last > NEVER
    return Ending(running, min(last, today) if known else None)


def last_stated_end(ends: Iterable[Period]) -> int:
    """Give the latest day on which the drug is said to have ended; ``NEVER`` where none is."""
    return max((end.perhaps_to for end in ends), default=NEVER)


def closing_day(period: Period, stated_end: int) -> int | None:
    """Give the stated end that closes a record; None where it began later, or there is none."""
    return stated_end if NEVER < stated_end >= period.perhaps_from else None


def _last_day(period: Period, stated_end: int) -> int:
    """Give the last possible day of a record; ``NEVER`` where it was left open."""
    closed_on = closing_day(period, stated_end)
    if closed_on is not None:
        return min(period.perhaps_to, closed_on)
    return NEVER if period.end in {End.RUNNING, End.UNKNOWN} else period.perhaps_to


def _is_stop(end: Period) -> bool:
    return end.record.status is not DrugStatus.ACTIVE
