"""What steps aside for a supposition: the records of the same input, chart and answers alike."""

from datetime import date
from typing import Final

import msgspec

from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answers import ClinicianAnswers
from hcc_pathway.drug_record import DrugRecord, StopReason
from hcc_pathway.treatment_history.drug_courses import Course, courses_of
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB

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


def without_what_is_supposed(
    case: PatientCase, supposed: ClinicianAnswers, on: date
) -> PatientCase:
    """Give the case without the records that speak of what is supposed."""
    aside: dict[str, object] = {
        field: () for question, field in _MEASURED.items() if question in supposed.given
    }
    if supposed.child_pugh is not None:
        # a class that is supposed holds as a whole, whatever its components add up to
        aside |= dict.fromkeys(("stored_child_pugh", *_COMPONENTS), ())
    elif aside.keys() & set(_COMPONENTS):
        aside["stored_child_pugh"] = ()
    case = msgspec.structs.replace(case, **aside)
    if supposed.progressed is not None:
        case = _without_progression(case, on)
    if supposed.not_tolerated is not None:
        case = _without_intolerance(case, supposed)
    return case


def _without_progression(case: PatientCase, on: date) -> PatientCase:
    """Leave out the progression that the next line answers to: of the last line, or sorafenib."""
    courses = courses_of(case.drugs, on)
    later = _after_sorafenib(courses)
    if not later:
        drugs = _without_reason(case.drugs, {SORAFENIB}, StopReason.NO_RESPONSE)
        return msgspec.structs.replace(case, progressions=(), drugs=drugs)
    began = max(course.starts for course in later)
    return msgspec.structs.replace(
        case,
        progressions=tuple(
            one for one in case.progressions if one.day.latest.toordinal() <= began
        ),
        drugs=_without_reason(
            case.drugs, {course.drug for course in later}, StopReason.NO_RESPONSE
        ),
    )


def _after_sorafenib(courses: tuple[Course, ...]) -> list[Course]:
    """Give the courses of other drugs that were begun after sorafenib."""
    last = max((one.starts for one in courses if one.drug == SORAFENIB), default=None)
    return [
        one for one in courses if one.drug != SORAFENIB and (last is None or one.starts > last)
    ]


def _without_intolerance(case: PatientCase, supposed: ClinicianAnswers) -> PatientCase:
    left = (
        ()
        if supposed.not_tolerated is False
        else (tuple(one for one in case.intolerances if one.is_allergy))
    )
    drugs = _without_reason(case.drugs, {SORAFENIB}, StopReason.INTOLERANCE)
    return msgspec.structs.replace(case, intolerances=left, drugs=drugs)


def _without_reason(
    records: tuple[DrugRecord, ...], drugs: set[str], reason: StopReason
) -> tuple[DrugRecord, ...]:
    return tuple(
        msgspec.structs.replace(one, stop_reason=None)
        if one.stop_reason is reason and one.drug in drugs
        else one
        for one in records
    )
