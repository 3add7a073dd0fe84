"""A case with answers: each answered fact is one more record, and says that it was answered.

``with_answers`` takes nothing of the chart away: where chart and answer differ, the rules for two
records of the chart decide, and the difference is named (``contradictions``). ``supposing`` is for
what is only supposed: there what is recorded or answered of the same input steps aside.
"""

from collections.abc import Iterator
from datetime import date, tzinfo

import msgspec

from hcc_pathway.case import (
    Answered,
    Diagnosis,
    DiagnosisKind,
    PatientCase,
    ProgressionRecord,
    Statement,
    StatementAbout,
)
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.clinician_answers.measured_answers import measured_records
from hcc_pathway.clinician_answers.sorafenib_answers import sorafenib_records
from hcc_pathway.clinician_answers.sources import answered_no, source_of_answer
from hcc_pathway.clinician_answers.supposed import without_what_is_supposed
from hcc_pathway.clinician_answers.usable import require_usable
from hcc_pathway.drug_record import DayBound
from hcc_pathway.explanation.wording import say_id


def with_answers(
    case: PatientCase, answers: ClinicianAnswers, *, on: date, zone: tzinfo
) -> PatientCase:
    """Give the case with every answer as a record beside those of the chart.

    ``on`` is the day of the answers, ``zone`` the site's. Without answers it is the same case.
    Raises AnswerRefused for an answer that no record can be made of, or that the chart leaves no
    room for.
    """
    require_usable(answers, on, case)
    if not answers:
        return case
    together = _with_records(case, answers, on, zone)
    return msgspec.structs.replace(together, answered=Answered(case, answers))


def supposing(
    case: PatientCase, answers: ClinicianAnswers, *, on: date, zone: tzinfo
) -> PatientCase:
    """Give the case as it would be if the answers held instead of what is recorded or answered.

    For "what if" alone; raises AnswerRefused as ``with_answers`` does.
    """
    chart = case if case.answered is None else case.answered.recorded
    require_usable(answers, on, chart)
    recorded = _with_records(without_what_is_supposed(chart, answers, on), answers, on, zone)
    if case.answered is None:
        return recorded
    left = case.answered.answers.without(answers.given)
    answered = without_what_is_supposed(with_answers(chart, left, on=on, zone=zone), answers, on)
    supposed = _with_records(answered, answers, on, zone)
    return msgspec.structs.replace(supposed, answered=Answered(recorded, left) if left else None)


def _with_records(
    case: PatientCase, answers: ClinicianAnswers, on: date, zone: tzinfo
) -> PatientCase:
    added: dict[str, list[object]] = {}
    for field, record in (
        *_disease(answers, on),
        *sorafenib_records(case, answers, on),
        *measured_records(answers, on, zone),
    ):
        added.setdefault(field, []).append(record)
    together = {name: (*getattr(case, name), *records) for name, records in added.items()}
    return msgspec.structs.replace(case, **together)


def _disease(answers: ClinicianAnswers, on: date) -> Iterator[tuple[str, object]]:
    if answers.is_hcc is not None:
        yield "diagnoses", _diagnosis(on, hcc=answers.is_hcc)
    if answers.progressed and answers.progressed_on is not None:
        day = DayBound(answers.progressed_on, answers.progressed_on)
        source = source_of_answer("progression")
        yield (
            "progressions",
            ProgressionRecord(day=day, as_received=say_id("answered-yes"), source=source),
        )
    elif answers.progressed is False:
        yield "context", answered_no("progression", on)
    if answers.no_other_lines is not None:
        yield (
            "statements",
            Statement(
                about=StatementAbout.NO_OTHER_LINES,
                holds=answers.no_other_lines,
                recorded_on=on,
                source=source_of_answer("prior-lines"),
            ),
        )


def _diagnosis(on: date, *, hcc: bool) -> Diagnosis:
    return Diagnosis(
        kind=DiagnosisKind.HCC if hcc else DiagnosisKind.OTHER_SUBTYPE,
        as_received=say_id("answered-hcc" if hcc else "answered-not-hcc"),
        code="",
        onset=None,
        recorded_on=on,
        source=source_of_answer("diagnosis"),
    )
