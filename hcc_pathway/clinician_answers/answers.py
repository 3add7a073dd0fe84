"""The answers themselves: what may be asked, in which units, and how they are kept as JSON."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

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

    Units are in the names. Days are calendar days in the site's time zone. ``answered_at`` is
    aware, and of the form that was sent last. ``answered_on`` keeps by question the day on which
    it was answered (``day_of``). Who answered is in the session, and not here.
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
    answered_at: datetime | None = None
    answered_on: dict[str, date] = {}

    def day_of(self, question: str, on: date) -> date:
        """Give the day on which a question was answered: its own, where kept, else ``on``.

        It is the day of every answer that names no day itself, such as ECOG.
        """
        return self.answered_on.get(question, on)

    def dated(self, on: date, before: Self) -> Self:
        """Keep the day of each answer: ``on``, or of one that stands as before its former day."""
        return msgspec.structs.replace(
            self,
            answered_on={
                question: before.day_of(question, on)
                if getattr(before, question) == getattr(self, question)
                else on
                for question in QUESTIONS
                if question in self.given
            },
        )

    def without(self, questions: Collection[str]) -> Self:
        """Leave out the answers to some questions, with the days that belong to them alone."""
        left_out: dict[str, object] = dict.fromkeys(questions)
        if "sorafenib_from" in left_out:
            left_out["sorafenib_to"] = None
        for day, belongs_to in ANSWERS_OF_A_DAY.items():
            if not set(belongs_to) & (self.given - left_out.keys()):
                left_out[day] = None
        left_out["answered_on"] = {
            question: day for question, day in self.answered_on.items() if question not in left_out
        }
        return msgspec.structs.replace(self, **left_out)

    @property
    def given(self) -> frozenset[str]:
        """The names of the questions that are answered (days and moments are no questions)."""
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
DAYS = (
    "progressed_on",
    "stopped_on",
    "sorafenib_from",
    "sorafenib_to",
    "afp_on",
    "laboratory_on",
)
# the answers of which a day says when; without them it says nothing
ANSWERS_OF_A_DAY: Mapping[str, tuple[str, ...]] = {
    "progressed_on": ("progressed",),
    "stopped_on": ("not_tolerated",),
    "afp_on": ("afp_ng_per_ml",),
    "laboratory_on": ("bilirubin_mg_per_dl", "albumin_g_per_dl", "inr"),
}


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
