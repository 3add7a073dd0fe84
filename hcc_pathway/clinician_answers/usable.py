"""Which answers can be used: by themselves, and beside what is recorded of the patient.

A day that the records leave no room for is refused, never read as something else.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answers import (
    ANSWERS_OF_A_DAY,
    DAYS,
    RANGES,
    AnswerRefused,
    ClinicianAnswers,
)
from hcc_pathway.drug_record import DrugStatus
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB

_OLDEST: Final = date(1900, 1, 1)  # nobody alive was born before


def require_usable(answers: ClinicianAnswers, on: date, case: PatientCase | None = None) -> None:
    """Refuse what no record can be made of; raises AnswerRefused naming the field.

    With a ``case`` days that do not fit what it records are refused, too.
    """
    for field, because in faults_of(answers, on, case).items():
        raise AnswerRefused(field, because)


def faults_of(
    answers: ClinicianAnswers, on: date, case: PatientCase | None = None
) -> Mapping[str, str]:
    """Name each field that cannot be used, with the id of the sentence that says why."""
    faults: dict[str, str] = {}
    for field, because in (
        *_days(answers, on),
        *_values(answers),
        *_stretch(answers),
        *(() if case is None else _beside(answers, case)),
    ):
        faults.setdefault(field, because)
    return faults


def first_sorafenib_day(case: PatientCase) -> date | None:
    """Give the first day on which sorafenib may have been taken, where every record has one."""
    first = [
        one.first_day
        for one in case.drugs
        if one.drug == SORAFENIB and one.status is not DrugStatus.NOT_TAKEN
    ]
    days = [day.earliest for day in first if day is not None]
    return min(days) if days and len(days) == len(first) else None


def _days(answers: ClinicianAnswers, on: date) -> Iterator[tuple[str, str]]:
    for name in DAYS:
        day: date | None = getattr(answers, name)
        if day is not None and day > on:
            yield name, "in-the-future"
        if day is not None and day < _OLDEST:
            yield name, "long-past"
    for question, given_on in answers.answered_on.items():
        if given_on > on:
            yield question, "in-the-future"
    if answers.progressed and answers.progressed_on is None:
        yield "progressed_on", "day-needed"
    for name, questions in ANSWERS_OF_A_DAY.items():
        if getattr(answers, name) is not None and not any(
            _says_something(answers, one) for one in questions
        ):
            yield name, "day-without-answer"


def _says_something(answers: ClinicianAnswers, question: str) -> bool:
    """Whether an answer has a day: "no" has none."""
    value: object = getattr(answers, question)
    return value is not None and value is not False


def _values(answers: ClinicianAnswers) -> Iterator[tuple[str, str]]:
    for name, (lowest, highest) in RANGES.items():
        value: object = getattr(answers, name)
        plausible = isinstance(value, Decimal) and value.is_finite() and lowest <= value <= highest
        if value is not None and not plausible:
            yield name, "out-of-range"


def _stretch(answers: ClinicianAnswers) -> Iterator[tuple[str, str]]:
    first, last = answers.sorafenib_from, answers.sorafenib_to
    if last is None and first is not None:
        yield "sorafenib_to", "day-needed"
    elif first is None and last is not None:
        yield "sorafenib_from", "day-needed"
    elif first is not None and last is not None and last < first:
        yield "sorafenib_to", "ends-before-it-begins"


def _beside(answers: ClinicianAnswers, case: PatientCase) -> Iterator[tuple[str, str]]:
    """Set the days against birth and the first day of sorafenib."""
    for name in DAYS:
        day: date | None = getattr(answers, name)
        if day is not None and case.birth is not None and day < case.birth.earliest:
            yield name, "before-birth"
    first = first_sorafenib_day(case)
    if first is None:
        first = answers.sorafenib_from
    if first is None:
        return
    for name in ("progressed_on", "stopped_on"):
        day = getattr(answers, name)
        if day is not None and day < first:
            yield name, "before-sorafenib"
