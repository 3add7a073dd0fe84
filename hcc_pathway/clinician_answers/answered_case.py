"""A case with answers: each answered fact is one more record, and says that it was answered.

``with_answers`` takes nothing of the chart away: where chart and answer differ, the rules for two
records of the chart decide, or the difference is named as a conflict. ``supposing`` is for what
is only supposed: there the chart's records of the same input step aside.
"""

from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from typing import Final

import msgspec

from hcc_pathway.case import (
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
from hcc_pathway.clinician_answers.usable import require_usable
from hcc_pathway.drug_record import DayBound, StopReason
from hcc_pathway.explanation.wording import say_id

_MEASURED: Final = {
    "afp_ng_per_ml": "afp",
    "bilirubin_mg_per_dl": "bilirubin",
    "albumin_g_per_dl": "albumin",
    "inr": "inr",
    "ascites": "ascites",
    "encephalopathy": "encephalopathy",
    "ecog": "ecog",
    "is_hcc": "diagnoses",
}
_COMPONENTS: Final = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")


def with_answers(
    case: PatientCase, answers: ClinicianAnswers, *, on: date, zone: tzinfo
) -> PatientCase:
    """Give the case with every answer as a record beside those of the chart.

    ``on`` is the day of the answers, ``zone`` the site's. Without answers it is the same case.
    Raises AnswerRefused for an answer that no record can be made of.
    """
    require_usable(answers, on, case)
    if not answers:
        return case
    added: dict[str, list[object]] = {}
    for field, record in (
        *_disease(answers, on),
        *sorafenib_records(case, answers, on),
        *measured_records(answers, on, zone),
    ):
        added.setdefault(field, []).append(record)
    together = {name: (*getattr(case, name), *records) for name, records in added.items()}
    return msgspec.structs.replace(case, **together)


def supposing(
    case: PatientCase, answers: ClinicianAnswers, *, on: date, zone: tzinfo
) -> PatientCase:
    """Give the case as it would be if the answers held instead of what is recorded.

    For "what if" alone; raises AnswerRefused as ``with_answers`` does.
    """
    aside: dict[str, object] = {
        field: () for question, field in _MEASURED.items() if question in answers.given
    }
    if answers.child_pugh is not None:
        # a class that is supposed holds as a whole, whatever its components add up to
        aside |= dict.fromkeys(("stored_child_pugh", *_COMPONENTS), ())
    elif aside.keys() & set(_COMPONENTS):
        aside["stored_child_pugh"] = ()
    aside |= _sorafenib_aside(case, answers)
    return with_answers(msgspec.structs.replace(case, **aside), answers, on=on, zone=zone)


def _sorafenib_aside(case: PatientCase, answers: ClinicianAnswers) -> Mapping[str, object]:
    """Leave out what the chart says of progression and of intolerance, where that is supposed."""
    aside: dict[str, object] = {}
    leave_out: set[StopReason] = set()
    if answers.progressed is not None:
        aside["progressions"] = ()
        leave_out.add(StopReason.NO_RESPONSE)
    if answers.not_tolerated is not None:
        aside["intolerances"] = tuple(one for one in case.intolerances if one.is_allergy)
        leave_out.add(StopReason.INTOLERANCE)
    if answers.not_tolerated is False:
        aside["intolerances"] = ()
    if leave_out:
        aside["drugs"] = tuple(
            msgspec.structs.replace(one, stop_reason=None)
            if one.stop_reason in leave_out and one.drug == "sorafenib"
            else one
            for one in case.drugs
        )
    return aside


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
