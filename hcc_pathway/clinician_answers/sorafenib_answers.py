"""Answers about sorafenib as records: taken, tolerated at dose, stopped because not tolerated."""

from collections.abc import Iterator
from datetime import date

from hcc_pathway.case import PatientCase, Statement, StatementAbout
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.clinician_answers.recorded_end import (
    ends_on_record,
    last_sorafenib_course,
    recorded_last_day,
)
from hcc_pathway.clinician_answers.sources import answered_no, source_of_answer
from hcc_pathway.drug_record import (
    DayBound,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    StopReason,
)
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.treatment_history.drug_courses import Course
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB


def sorafenib_records(
    case: PatientCase, answers: ClinicianAnswers, on: date
) -> Iterator[tuple[str, object]]:
    """Give each record with the field of the case that it belongs to."""
    if answers.sorafenib_from is not None and answers.sorafenib_to is not None:
        yield "drugs", _taken(answers.sorafenib_from, answers.sorafenib_to, on)
    if answers.took_minimum_dose is not None:
        yield (
            "statements",
            Statement(
                about=StatementAbout.TOLERATED_DOSE,
                holds=answers.took_minimum_dose,
                recorded_on=on,
                source=source_of_answer("sorafenib-exposure"),
            ),
        )
    if answers.not_tolerated:
        yield from _not_tolerated(case, answers, on)
    elif answers.not_tolerated is False:
        yield "context", answered_no("sorafenib-intolerance", on)


def _taken(first: date, last: date, on: date) -> DrugRecord:
    return DrugRecord(
        drug=SORAFENIB,
        evidence=DrugEvidence.STATED,
        status=DrugStatus.COMPLETED,
        first_day=DayBound(first, first),
        last_day=DayBound(last, last),
        asserted_on=on,
        as_received=SORAFENIB,
        recorded_on=on,
        source=source_of_answer("prior-lines-sorafenib"),
    )


def _not_tolerated(
    case: PatientCase, answers: ClinicianAnswers, on: date
) -> Iterator[tuple[str, DrugRecord | IntoleranceRecord]]:
    """Say that sorafenib was not tolerated; one that still runs in the chart has ended (A32)."""
    course, stopped = last_sorafenib_course(case, on), answers.stopped_on
    source = source_of_answer("sorafenib-intolerance")
    if course is not None and course.running and stopped is None:
        yield "drugs", _given_up(answers.day_of("not_tolerated", on), on, source)
        return
    said = "answered-not-tolerated" if stopped is None else "answered-not-tolerated-until"
    yield (
        "intolerances",
        IntoleranceRecord(
            is_allergy=False, day=None, as_received=say_id(said, day=stopped), source=source
        ),
    )
    last_day = None if course is None or stopped is None else _last_day(course, stopped, on)
    if course is not None and last_day is not None:
        yield "drugs", _ended(course, last_day, on)


def _last_day(course: Course, stopped: date, on: date) -> date | None:
    """Give the last day of sorafenib that the answer adds; None where the chart records it.

    Days on which the chart records sorafenib stay days of it: an answer makes none of them zero.
    """
    recorded = recorded_last_day(course, on)
    if recorded is None or recorded <= stopped:
        return None if ends_on_record(course) else stopped
    return recorded if course.running else None


def _ended(course: Course, last_day: date, on: date) -> DrugRecord:
    """Close what was left open: the last day has a dose, the day after has none."""
    return DrugRecord(
        drug=SORAFENIB,
        evidence=DrugEvidence.STATED,
        status=DrugStatus.STOPPED,
        first_day=course.first_day,
        last_day=DayBound(last_day, last_day),
        asserted_on=on,
        recorded_on=on,
        source=source_of_answer("sorafenib-end"),
    )


def _given_up(day: date, on: date, source: str) -> DrugRecord:
    return DrugRecord(
        drug=SORAFENIB,
        evidence=DrugEvidence.STATED,
        status=DrugStatus.NOT_TAKEN,
        first_day=DayBound(day, day),
        last_day=None,
        asserted_on=on,
        stop_reason=StopReason.INTOLERANCE,
        stop_reason_as_received=say_id("answered-not-tolerated"),
        recorded_on=day,
        source=source,
    )
