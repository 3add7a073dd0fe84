"""Until when a chart records sorafenib: what an answered last day is set against.

An order that was written for longer, and tablets in hand, are no intake: a last day before their
end contradicts nothing.
"""

from datetime import date

from hcc_pathway.case import PatientCase
from hcc_pathway.drug_record import DrugEvidence
from hcc_pathway.treatment_history.daily_dose import documented_ends
from hcc_pathway.treatment_history.drug_courses import Course, courses_of
from hcc_pathway.treatment_history.drug_periods import FOREVER, Period
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB

_INTAKE = frozenset({DrugEvidence.ADMINISTERED, DrugEvidence.STATED})


def last_sorafenib_course(case: PatientCase, on: date) -> Course | None:
    """Give the last course of sorafenib on record; None where there is none."""
    own = [course for course in courses_of(case.drugs, on) if course.drug == SORAFENIB]
    return own[-1] if own else None


def ends_on_record(course: Course) -> bool:
    """Whether the chart itself says on which day the course ended."""
    return not course.running and bool(documented_ends(course.periods))


def recorded_last_day(course: Course, on: date) -> date | None:
    """Give the last day until which the chart certainly records intake; None for no such day.

    The end of a statement or of a stopped order, an administration, or the day on which a
    statement says that the drug is being taken.
    """
    last = max((_certain_last(period) for period in _of_certain_intake(course)), default=None)
    return None if last is None else date.fromordinal(min(last, on.toordinal()))


def sources_of_the_end(course: Course, on: date) -> tuple[str, ...]:
    """Name the records that say so."""
    last = recorded_last_day(course, on)
    if last is None or course.running:
        return tuple(sorted({period.record.source for period in course.periods}))
    return tuple(
        sorted(
            {
                period.record.source
                for period in _of_certain_intake(course)
                if min(_certain_last(period), on.toordinal()) == last.toordinal()
            }
        )
    )


def _of_certain_intake(course: Course) -> list[Period]:
    """List the periods until whose last day the chart certainly records intake."""
    ends = documented_ends(course.periods)
    return [
        period for period in course.periods if period in ends or period.record.evidence in _INTAKE
    ]


def _certain_last(period: Period) -> int:
    return period.surely_from if period.surely_to == FOREVER else period.surely_to
