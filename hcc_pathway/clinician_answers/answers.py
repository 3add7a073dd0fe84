"""The answers themselves: what may be asked, in which units, and how they are kept as JSON."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from hcc_pathway.errors import HccCdsError


class SignGrade(StrEnum):
    """Ascites or hepatic encephalopathy as it is today (A34)."""

    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


HIGHEST_ECOG = 4
# lowest and highest that a person can have written down; beyond it is a slip of the pen
RANGES: Mapping[str, tuple[Decimal, Decimal]] = {
    "afp_ng_per_ml": (Decimal(0), Decimal(100_000_000)),
    "bilirubin_mg_per_dl": (Decimal(0), Decimal(100)),
    "albumin_g_per_dl": (Decimal("0.1"), Decimal(10)),
    "inr": (Decimal("0.1"), Decimal(50)),
}


class AnswerRefused(HccCdsError):  # noqa: N818 - the name says what happened
    """An answer that cannot be used; ``field`` names it, ``because`` is an id of the texts."""

    def __init__(self, field: str, because: str) -> None:
        """Keep which answer it is and why, without what was written."""
        self.field = field
        self.because = because
        super().__init__(f"The answer {field!r} cannot be used: {because}.")


class ClinicianAnswers(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """What one clinician answered about one patient; None is not answered.

    Units are in the names. Days are calendar days in the site's time zone. ``answered_by`` is a
    reference such as ``Practitioner/dr-1``; ``answered_at`` is aware.
    """

    progressed: bool | None = None  # on or after sorafenib, or the last line
    progressed_on: date | None = None
    took_minimum_dose: bool | None = None  # >= 400 mg a day on >= 20 of the 28 days (S4)
    not_tolerated: bool | None = None  # sorafenib stopped because of that (S5, A3)
    stopped_on: date | None = None  # its last day
    sorafenib_from: date | None = None  # where the chart does not say that it was taken (A33)
    sorafenib_to: date | None = None
    no_other_lines: bool | None = None  # the systemic therapies of the chart are all (A19)
    is_hcc: bool | None = None  # A35
    afp_ng_per_ml: Decimal | None = None
    afp_on: date | None = None
    bilirubin_mg_per_dl: Decimal | None = None
    albumin_g_per_dl: Decimal | None = None
    inr: Decimal | None = None
    laboratory_on: date | None = None  # of bilirubin, albumin and INR
    ascites: SignGrade | None = None
    encephalopathy: SignGrade | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    ecog: Annotated[int, msgspec.Meta(ge=0, le=HIGHEST_ECOG)] | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None

    @property
    def given(self) -> frozenset[str]:
        """The names of the questions that are answered (days and authorship are no questions)."""
        return frozenset(name for name in QUESTIONS if getattr(self, name) is not None)

    def __bool__(self) -> bool:
        """Whether anything is answered."""
        return bool(self.given)


QUESTIONS = (
    "progressed",
    "took_minimum_dose",
    "not_tolerated",
    "sorafenib_from",
    "no_other_lines",
    "is_hcc",
    "afp_ng_per_ml",
    "bilirubin_mg_per_dl",
    "albumin_g_per_dl",
    "inr",
    "ascites",
    "encephalopathy",
    "child_pugh",
    "ecog",
)
_DAYS = (
    "progressed_on",
    "stopped_on",
    "sorafenib_from",
    "sorafenib_to",
    "afp_on",
    "laboratory_on",
)


def answers_as_json(answers: ClinicianAnswers) -> bytes:
    """Write answers as JSON, without what is not answered."""
    return msgspec.json.encode(answers)


def answers_from_json(written: bytes) -> ClinicianAnswers:
    """Read answers back; nothing at all is no answer. Raises AnswerRefused."""
    if not written:
        return ClinicianAnswers()
    try:
        return msgspec.json.decode(written, type=ClinicianAnswers)
    except msgspec.DecodeError:  # its message may quote a value
        field, because = "answers", "not-readable"
        raise AnswerRefused(field, because) from None


def require_usable(answers: ClinicianAnswers, on: date) -> None:
    """Refuse what no record can be made of; raises AnswerRefused naming the field."""
    for field, because in _faults(answers, on):
        raise AnswerRefused(field, because)


def _faults(answers: ClinicianAnswers, on: date) -> Iterator[tuple[str, str]]:
    for name in _DAYS:
        day: date | None = getattr(answers, name)
        if day is not None and day > on:
            yield name, "in-the-future"
    for name, (lowest, highest) in RANGES.items():
        value: Decimal | None = getattr(answers, name)
        if value is not None and not (value.is_finite() and lowest <= value <= highest):
            yield name, "out-of-range"
    if answers.progressed and answers.progressed_on is None:
        yield "progressed_on", "day-needed"
    first, last = answers.sorafenib_from, answers.sorafenib_to
    if last is None and first is not None:
        yield "sorafenib_to", "day-needed"
    elif first is None and last is not None:
        yield "sorafenib_from", "day-needed"
    elif first is not None and last is not None and last < first:
        yield "sorafenib_to", "ends-before-it-begins"
