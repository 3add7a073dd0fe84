"""Courses: stretches of days on one systemic drug, joined from all records that speak of it.

Records of one drug are one course unless another systemic drug was started between them: a refill,
a new order or a break is no new treatment (A20).
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus, StopReason
from hcc_pathway.treatment_history.daily_dose import documented_ends
from hcc_pathway.treatment_history.drug_periods import FOREVER, NEVER, End, Period, periods_of


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch on one drug. ``last_day`` is None while it runs or when its end is unknown."""

    drug: str
    periods: tuple[Period, ...]
    first_day: DayBound | None
    last_day: DayBound | None
    running: bool
    spans: tuple[tuple[int, int], ...]  # day numbers between which the drug was certainly taken

    @property
    def starts(self) -> int:
        """The earliest possible first day, as a day number."""
        return NEVER if self.first_day is None else self.first_day.earliest.toordinal()

    @property
    def started_by(self) -> int:
        """The latest possible first day, as a day number."""
        return FOREVER if self.first_day is None else self.first_day.latest.toordinal()

    @property
    def stop_reasons(self) -> tuple[tuple[StopReason, DayBound | None, str], ...]:
        """Why the drug was stopped, where records say so: reason, last day, source."""
        return tuple(
            (record.stop_reason, record.last_day, record.source)
            for record in self.records
            if record.stop_reason is not None
        )

    @property
    def records(self) -> tuple[DrugRecord, ...]:
        """The records of this course."""
        return tuple(period.record for period in self.periods)

    def days_with(self, other: "Course") -> int:
        """Count the longest stretch of days that both courses certainly cover."""
        return max(
            (
                min(my_last, their_last) - max(my_first, their_first) + 1
                for my_first, my_last in self.spans
                for their_first, their_last in other.spans
            ),
            default=0,
        )

    def progressed_by(self, day: DayBound, until: int | None) -> bool:
        """Whether a progression is certainly one of this course.

        It must lie after the start, or not before the end, and not after ``until``, the start of
        the next treatment: the scan of the day on which treatment changes belongs to the old one.
        """
        if until is not None and day.latest.toordinal() > until:
            return False
        if day.earliest.toordinal() > self.started_by:
            return True
        return self.last_day is not None and day.earliest >= self.last_day.latest

    def goes_on_after(self, source: str) -> bool:
        """Whether the drug was certainly taken after the record of this source ended (A32)."""
        if self.running:
            return True
        stopped = [period for period in self.periods if period.record.source == source]
        others = [period for period in self.periods if period.record.source != source]
        return any(
            _taken_to(other) > _taken_to(own)
            if own.end is not End.UNKNOWN
            else other.surely_from > own.surely_from
            for own in stopped[-1:]
            for other in others
        )


def courses_of(records: Sequence[DrugRecord], on: date) -> tuple[Course, ...]:
    """Give the courses of all systemic drugs started by a day, in order of their start."""
    today = on.toordinal()
    begun = [
        record
        for record in records
        if record.first_day is None or record.first_day.earliest.toordinal() <= today
    ]
    taken = [record for record in begun if record.status is not DrugStatus.NOT_TAKEN]
    given_up = [
        record
        for record in begun
        if record.status is DrugStatus.NOT_TAKEN and record.evidence is DrugEvidence.STATED
    ]
    starts: dict[str, list[int]] = {}
    for record in taken:
        if record.first_day is not None:
            starts.setdefault(record.drug, []).append(record.first_day.earliest.toordinal())
    found: list[Course] = []
    for drug in sorted({record.drug for record in taken}):
        others = [days for other, days in starts.items() if other != drug]
        periods = [
            period
            for period in periods_of(drug, [*taken, *given_up])
            if period.record.status is not DrugStatus.NOT_TAKEN
        ]
        own = [_course(drug, group, today) for group in _joined(periods, others)]
        # a record left open does not run on beside a later course of the same drug
        found += [msgspec.structs.replace(course, running=False) for course in own[:-1]]
        found += own[-1:]
    return tuple(sorted(found, key=lambda course: (course.starts, course.started_by, course.drug)))


def _joined(periods: Iterable[Period], other_starts: Sequence[list[int]]) -> list[list[Period]]:
    """Group the periods of one drug, ordered by start, into courses."""
    groups: list[list[Period]] = []
    since, until = NEVER, NEVER
    for period in sorted(periods, key=lambda p: (p.perhaps_from, p.surely_from)):
        begins = period.perhaps_from
        if groups and not any(
            _came_between(starts, since, until, begins) for starts in other_starts
        ):
            groups[-1].append(period)
        else:
            groups.append([period])
            since = begins
        until = max(until, _taken_to(period))
    return groups


def _came_between(starts: list[int], since: int, until: int, begins: int) -> bool:
    """Whether another drug was new after a course and before the next period.

    A drug that was started during the course as well is given with it: infusions of a combination
    alternate from cycle to cycle, and each is a record of its own.
    """
    given_with_it = any(since <= start <= until for start in starts)
    return not given_with_it and any(until < start <= begins for start in starts)


def _course(drug: str, periods: list[Period], today: int) -> Course:
    firsts = [period.record.first_day for period in periods if period.record.first_day]
    ends = documented_ends(periods)
    running, unknown_end, last = False, False, NEVER
    for period in periods:
        closed_on = max(
            (end.perhaps_to for end in ends if end.perhaps_to >= period.perhaps_from), default=None
        )
        until = period.perhaps_to if closed_on is None else min(period.perhaps_to, closed_on)
        if closed_on is None and period.end is End.RUNNING:
            running = True
        elif closed_on is None and period.end is End.UNKNOWN:
            unknown_end = unknown_end or not _outlived(period, periods)
        else:
            last = max(last, until)
    if last >= today:
        running = running or not any(end.perhaps_to == last for end in _stops(ends))
    known = not running and not unknown_end
    return Course(
        drug=drug,
        periods=tuple(periods),
        first_day=_earliest(firsts),
        last_day=_last_bound(periods, last) if known else None,
        running=running,
        spans=_spans(periods, ends, today),
    )


def _spans(periods: list[Period], ends: list[Period], today: int) -> tuple[tuple[int, int], ...]:
    """Give the certain stretches; tablets in a drawer (dispensing alone) prove no overlap."""
    found: list[tuple[int, int]] = []
    given = [p for p in periods if p.record.evidence is DrugEvidence.ADMINISTERED]
    if given:
        found.append((min(p.surely_from for p in given), max(p.surely_to for p in given)))
    for period in periods:
        if period.record.evidence in {DrugEvidence.ADMINISTERED, DrugEvidence.DISPENSED}:
            continue
        closed_on = max(
            (end.perhaps_to for end in ends if end.perhaps_to >= period.perhaps_from),
            default=FOREVER,
        )
        found.append((period.surely_from, min(_taken_to(period), closed_on, today)))
    return tuple((first, last) for first, last in found if first <= last)


def _taken_to(period: Period) -> int:
    """Give the last day on which the drug was certainly taken, or the first if none is known."""
    if period.end is End.UNKNOWN and period.surely_to == FOREVER:
        return period.surely_from
    return period.surely_to


def _stops(ends: list[Period]) -> list[Period]:
    return [end for end in ends if end.record.status is not DrugStatus.ACTIVE]


def _outlived(period: Period, periods: list[Period]) -> bool:
    """Whether a record that ended on an unknown day is followed by one that goes on."""
    return any(other.perhaps_from > period.perhaps_from for other in periods)


def _earliest(bounds: list[DayBound]) -> DayBound | None:
    return min(bounds, key=lambda bound: (bound.earliest, bound.latest), default=None)


def _last_bound(periods: list[Period], last: int) -> DayBound:
    day = date.fromordinal(last)
    bounds = (period.record.last_day or period.record.supply_ends for period in periods)
    same = [bound for bound in bounds if bound is not None and bound.latest == day]
    return min(same, key=lambda bound: bound.earliest) if same else DayBound(day, day)
