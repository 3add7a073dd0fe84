"""Answers about sorafenib as records: taken, tolerated at dose, stopped because not tolerated."""

from collections.abc import Iterator
from datetime import date

from hcc_pathway.case import PatientCase, Statement, StatementAbout
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
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
from hcc_pathway.treatment_history.drug_courses import courses_of
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
        yield _not_tolerated(case, answers, on)
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
) -> tuple[str, DrugRecord | IntoleranceRecord]:
    """Say that sorafenib was not tolerated; one that still runs in the chart has ended (A32)."""
    source = source_of_answer("sorafenib-intolerance")
    ended = answers.stopped_on
    if ended is None and not any(
        course.running for course in courses_of(case.drugs, on) if course.drug == SORAFENIB
    ):
        return "intolerances", IntoleranceRecord(
            is_allergy=False, day=None, as_received=say_id("answered-not-tolerated"), source=source
        )
    stopped = DayBound(ended or on, ended or on)
    return "drugs", DrugRecord(
        drug=SORAFENIB,
        evidence=DrugEvidence.STATED,
        status=DrugStatus.NOT_TAKEN,
        first_day=stopped,
        last_day=None,
        asserted_on=on,
        stop_reason=StopReason.INTOLERANCE,
        stop_reason_as_received=say_id("answered-not-tolerated"),
        recorded_on=on,
        source=source,
    )
