"""The form's fields as answers: what was chosen or written, or why it cannot be used."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answers import (
    DAYS,
    HIGHEST_ECOG,
    RANGES,
    ClinicianAnswers,
    SignGrade,
)
from hcc_pathway.clinician_answers.usable import faults_of
from smart_app.page.words import Words

YES_OR_NO: Final = (
    "progressed",
    "took_minimum_dose",
    "not_tolerated",
    "no_other_lines",
    "is_hcc",
)
NUMBERS: Final = tuple(RANGES)
GRADES: Final = ("ascites", "encephalopathy")
CLASSES: Final = ("A", "B", "C")
_NO_ANSWERS: Final = ClinicianAnswers()
_LONGEST: Final = 40
_PLAIN_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?\Z")
_GROUPED_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What was sent: the answers, and by field what cannot be used (ids of the page's texts)."""

    answers: ClinicianAnswers
    refused: Mapping[str, str] = field(default_factory=dict)
    sent: Mapping[str, str] = field(default_factory=dict)


class _Unusable(Exception):  # noqa: N818 - never leaves this module
    """A field that holds no answer of its kind."""


def filled_form(
    sent: Mapping[str, str],
    on: date,
    at: datetime | None = None,
    *,
    case: PatientCase | None = None,
    before: ClinicianAnswers = _NO_ANSWERS,
) -> FilledForm:
    """Read the fields of a form; fields that are empty or unknown are no answers.

    ``case`` is what the days must fit; ``before`` are the answers that the session keeps: one
    that stands as it was keeps the day on which it was given.
    """
    found: dict[str, object] = {}
    refused: dict[str, str] = {}
    for name, read in _READERS.items():
        written = sent.get(name, "").strip()[:_LONGEST]
        if not written:
            continue
        try:
            found[name] = read(written)
        except _Unusable as unusable:
            refused[name] = str(unusable)
    answers = ClinicianAnswers(**found, answered_at=at)  # type: ignore[arg-type]  # by its reader
    if not refused:
        refused |= faults_of(answers, on, case)
    shown = {name: sent.get(name, "")[:_LONGEST] for name in _READERS}
    return FilledForm(answers.dated(on, before), refused, shown)


def refusals(refused: Mapping[str, str], words: Words) -> tuple[str, ...]:
    """Name each field that cannot be used, and why."""
    return tuple(
        words.say(
            "refused.of",
            field=words.say(f"question.{name}"),
            because=words.say(f"refused.{because}"),
        )
        for name, because in refused.items()
    )


def form_values(answers: ClinicianAnswers) -> dict[str, str]:
    """Write answers as the form's fields hold them."""
    written = {}
    for name in _READERS:
        value = getattr(answers, name)
        if isinstance(value, bool):
            written[name] = "yes" if value else "no"
        elif value is not None:
            written[name] = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return written


_Choice = TypeVar("_Choice")


def _choice(choices: Mapping[str, _Choice]) -> Callable[[str], _Choice]:
    def read(written: str) -> _Choice:
        if written not in choices:
            because = "not-a-choice"
            raise _Unusable(because)
        return choices[written]

    return read


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        because = "not-a-day"
        raise _Unusable(because) from None


def _number(written: str) -> Decimal:
    """Read digits with a decimal point, and commas only where they group thousands."""
    if _GROUPED_NUMBER.match(written):
        written = written.replace(",", "")
    if not _PLAIN_NUMBER.match(written):
        because = "not-a-number"
        raise _Unusable(because)
    return Decimal(written)


_READERS: Final[Mapping[str, Callable[[str], object]]] = (
    dict.fromkeys(YES_OR_NO, _choice({"yes": True, "no": False}))
    | dict.fromkeys(DAYS, _day)
    | dict.fromkeys(NUMBERS, _number)
    | dict.fromkeys(GRADES, _choice({grade.value: grade for grade in SignGrade}))
    | {
        "child_pugh": _choice({letter: letter for letter in CLASSES}),
        "ecog": _choice({str(grade): grade for grade in range(HIGHEST_ECOG + 1)}),
    }
)
