"""Answers about AFP, liver function and performance status as records of a case."""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from hcc_pathway.case import EcogReading, Grade, Reading, SignRecord, StoredChildPugh
from hcc_pathway.clinician_answers.answers import ClinicianAnswers, SignGrade
from hcc_pathway.clinician_answers.sources import source_of_answer
from hcc_pathway.explanation.wording import say_id

_LABORATORY: Final = (
    ("afp", "alpha-fetoprotein", "afp_ng_per_ml", "afp_on", "ng/mL"),
    ("bilirubin", "bilirubin", "bilirubin_mg_per_dl", "laboratory_on", "mg/dL"),
    ("albumin", "albumin", "albumin_g_per_dl", "laboratory_on", "g/dL"),
    ("inr", "inr", "inr", "laboratory_on", "1"),
)
_SIGNS: Final = ("ascites", "encephalopathy")


def measured_records(
    answers: ClinicianAnswers, on: date, zone: tzinfo
) -> Iterator[tuple[str, object]]:
    """Give each record with the field of the case that it belongs to.

    An answer that names no day is of the day on which it was given, and ``on`` where that is not
    kept.
    """
    for field, fact, value_name, day_name, unit in _LABORATORY:
        value: Decimal | None = getattr(answers, value_name)
        if value is not None:
            day = getattr(answers, day_name) or answers.day_of(value_name, on)
            yield field, _reading(fact, value, unit, day, zone)
    for name in _SIGNS:
        grade: SignGrade | None = getattr(answers, name)
        if grade is not None:
            yield name, _sign(name, grade, answers.day_of(name, on))
    yield from _judged(answers, on, zone)


def _judged(answers: ClinicianAnswers, on: date, zone: tzinfo) -> Iterator[tuple[str, object]]:
    if answers.child_pugh is not None:
        day = answers.day_of("child_pugh", on)
        earliest, latest = _moments(day, zone)
        yield (
            "stored_child_pugh",
            StoredChildPugh(
                score=None,
                child_pugh_class=answers.child_pugh,
                earliest=earliest,
                latest=latest,
                recorded_on=day,
                as_received=answers.child_pugh,
                source=source_of_answer("child-pugh"),
            ),
        )
    if answers.ecog is not None:
        day = answers.day_of("ecog", on)
        earliest, latest = _moments(day, zone)
        yield (
            "ecog",
            EcogReading(
                grade=answers.ecog,
                earliest=earliest,
                latest=latest,
                recorded_on=day,
                as_received=str(answers.ecog),
                source=source_of_answer("ecog"),
            ),
        )


def _moments(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    return datetime.combine(day, time.min, zone), datetime.combine(day, time.max, zone)


def _reading(fact: str, value: Decimal, unit: str, day: date, zone: tzinfo) -> Reading:
    earliest, latest = _moments(day, zone)
    return Reading(
        low=value,
        high=value,
        unit=unit,
        as_received=f"{value:f} {unit}".removesuffix(" 1"),
        earliest=earliest,
        latest=latest,
        recorded_on=day,
        source=source_of_answer(fact),
    )


def _sign(name: str, grade: SignGrade, on: date) -> SignRecord:
    present = grade is not SignGrade.NONE
    return SignRecord(
        present=present,
        grade=Grade(grade.value) if present else None,
        recorded_on=on,
        as_received=say_id(f"answered-grade-{grade.value}"),
        source=source_of_answer(name),
        answered_on=on,
    )
