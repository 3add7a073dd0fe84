"""Courses: stretches of days on one systemic drug, joined from all records that speak of it.

Records of one drug are one course unless another systemic drug was started between them: a refill,
a new order or a break is no new treatment (A20).
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus, StopReason
from hcc_pathway.treatment_history.course_end import closing_day, ending_of, last_stated_end
from hcc_pathway.treatment_history.daily_dose import documented_ends
from hcc_pathway.treatment_history.drug_periods import (
    FOREVER,
    NEVER,
    End,
    Period,
    begun_by,
    periods_of,
)
from hcc_pathway.treatment_history.refusals import says_why_not_taken


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch on one drug. ``last_day`` is None while it runs or when its end is unknown.

    ``started_by`` is a day number by which it had certainly begun, ``taken_to`` the last on which
    it was certainly taken or in hand. ``refusals`` say that it is not taken, and why.
    """

    drug: str
    periods: tuple[Period, ...]
    first_day: DayBound | None
    started_by: int
    last_day: DayBound | None
    running: bool
    spans: tuple[tuple[int, int], ...]  # day numbers between which the drug was certainly taken
    taken_to: int | None
    refusals: tuple[DrugRecord, ...] = ()

    @property
    def starts(self) -> int:
        """The earliest possible first day, as a day number."""
        return NEVER if self.first_day is None else self.first_day.earliest.toordinal()

    @property
    def records(self) -> tuple[DrugRecord, ...]:
        """The records of this course, and the refusals that ended it."""
        ended_it = (one for one in self.refusals if self.ended_by(one.first_day))
        return (*(period.record for period in self.periods), *ended_it)

    def stopped_for(self, reason: StopReason) -> tuple[DrugRecord, ...]:
        """Give the records that say why the drug was stopped; resumed, it was not (A32)."""
        said = tuple(one for one in self.records if one.stop_reason is reason)
        if reason is not StopReason.INTOLERANCE:
            return said
        return tuple(one for one in said if not self.goes_on_after(one.source))

    def ended_by(self, day: DayBound | None) -> bool:
        """Whether the drug ended, and was not certainly taken after a day; None is any day."""
        late = day is None or self.taken_to is None or day.latest.toordinal() >= self.taken_to
        return late and not self.running

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
        the next treatment: the scan of the day on which treatment changes belongs to the old one,
        and one of the first day is a baseline scan (A27).
        """
        seen = day.earliest.toordinal()
        if until is not None and day.latest.toordinal() > until:
            return False
        if seen > self.started_by:
            return True
        at_its_end = self.last_day is not None and day.earliest >= self.last_day.latest
        return at_its_end and seen > self.starts

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
    begun = begun_by(records, on)
    by_drug = {drug: _taken(periods_of(drug, begun)) for drug in {one.drug for one in begun}}
    starts: dict[str, list[int]] = {}
    for record in begun:
        if by_drug[record.drug] and record.first_day and record.status is not DrugStatus.NOT_TAKEN:
            starts.setdefault(record.drug, []).append(record.first_day.earliest.toordinal())
    found: list[Course] = []
    for drug in sorted(by_drug):
        others = [days for other, days in starts.items() if other != drug]
        own = [_course(drug, group, today) for group in _joined(by_drug[drug], others)]
        # a record left open does not run on beside a later course of the same drug
        own[:-1] = [msgspec.structs.replace(course, running=False) for course in own[:-1]]
        found += _with_refusals(own, [one for one in begun if one.drug == drug])
    return tuple(sorted(found, key=lambda course: (course.starts, course.started_by, course.drug)))


def _taken(periods: Iterable[Period]) -> list[Period]:
    return [period for period in periods if period.record.status is not DrugStatus.NOT_TAKEN]


def _with_refusals(own: Sequence[Course], records: Sequence[DrugRecord]) -> list[Course]:
    """Give each course of a drug the refusals of its time; those without a day go to the last."""
    refusals = [record for record in records if says_why_not_taken(record)]
    found = []
    for place, course in enumerate(own):
        following = own[place + 1].starts if place + 1 < len(own) else FOREVER
        found.append(
            msgspec.structs.replace(
                course,
                refusals=tuple(
                    one for one in refusals if course.starts <= _day_refused(one) < following
                ),
            )
        )
    return found


def _day_refused(record: DrugRecord) -> int:
    return FOREVER - 1 if record.first_day is None else record.first_day.latest.toordinal()


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
    stated_end = last_stated_end(documented_ends(periods))
    ending = ending_of(periods, today)
    certain = [
        min(last, today)
        for period in periods
        if (last := _taken_to(period, closing_day(period, stated_end))) < FOREVER
    ]
    return Course(
        drug=drug,
        periods=tuple(periods),
        first_day=_first_day(periods),
        started_by=min(min(period.surely_from, period.perhaps_to) for period in periods),
        last_day=None if ending.last_day is None else _last_bound(periods, ending.last_day),
        running=ending.running,
        spans=_spans(periods, stated_end, today),
        taken_to=max(certain, default=None),
    )


def _spans(periods: list[Period], stated_end: int, today: int) -> tuple[tuple[int, int], ...]:
    """Give the certain stretches; tablets in a drawer (dispensing alone) prove no overlap."""
    found: list[tuple[int, int]] = []
    given = [p for p in periods if p.record.evidence is DrugEvidence.ADMINISTERED]
    if given:
        found.append((min(p.surely_from for p in given), max(p.surely_to for p in given)))
    for period in periods:
        if period.record.evidence in {DrugEvidence.ADMINISTERED, DrugEvidence.DISPENSED}:
            continue
        last = _taken_to(period, closing_day(period, stated_end))
        found.append((period.surely_from, min(last, today)))
    return tuple((first, last) for first, last in found if first <= last)


def _taken_to(period: Period, closed_on: int | None = None) -> int:
    """Give the last day on which the drug was certainly taken, or the first if none is known."""
    if period.end is End.UNKNOWN and period.surely_to == FOREVER:
        last = period.surely_from
    else:
        last = period.surely_to
    return last if closed_on is None else min(last, closed_on)


def _first_day(periods: list[Period]) -> DayBound | None:
    """Give the first day; unknown if a record without one ended before the others began."""
    bounds = [period.record.first_day for period in periods if period.record.first_day]
    first = min(bounds, key=lambda bound: (bound.earliest, bound.latest), default=None)
    if first is None:
        return None
    earlier = any(period.surely_to < first.earliest.toordinal() for period in periods)
    return None if earlier else first


def _last_bound(periods: list[Period], last: int) -> DayBound:
    """Give the last day as precisely as the records that end on it."""
    ends = (one for one in periods if one.perhaps_to == last and one.end is not End.NOT_TAKEN)
    earliest = min((one.surely_to for one in ends), default=last)
    return DayBound(date.fromordinal(earliest), date.fromordinal(last))
