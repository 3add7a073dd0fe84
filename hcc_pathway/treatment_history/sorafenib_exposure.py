"""Sorafenib exposure: at least 400 mg on at least 20 of the 28 days before an anchor (S4, A6-A8).

Two windows are computed: the deciding one, before the earlier of progression and the end of
sorafenib, and the editorial's literal one, before progression. When they differ, that is said;
the deciding one decides. A clinician may state the answer; the days on record stay beside it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, Self

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.case import Statement
from hcc_pathway.drug_record import DayBound, DrugEvidence, DrugRecord, DrugStatus
from hcc_pathway.treatment_history.course_end import ending_of
from hcc_pathway.treatment_history.drug_periods import FOREVER, Period, begun_by, periods_of
from hcc_pathway.treatment_history.sorafenib_days import ExposureDay, SorafenibDays

SORAFENIB = "sorafenib"


class Parameters(Protocol):
    """Where the numbers come from: ``hcc_pathway.knowledge_base.knowledge.KnowledgeOnDay``."""

    def parameter(self, parameter_id: str, /) -> Decimal:
        """Give a parameter by its id."""
        ...


class Anchor(StrEnum):
    """What the 28 days lie before."""

    PROGRESSION = "progression"
    LAST_DOSE = "last-dose"


class ExposureWindow(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one window, oldest first, and what they amount to."""

    first_day: date
    last_day: date
    anchor: Anchor
    days: tuple[ExposureDay, ...]
    yes: int
    no: int
    unknown: int
    answer: Answer


class SorafenibExposure(msgspec.Struct, frozen=True, kw_only=True):
    """Exposure in the deciding window, and in the editorial's literal one where there is one.

    Both are None when neither progression nor the last day of sorafenib is known.
    """

    answer: Answer
    primary: ExposureWindow | None = None
    literal: ExposureWindow | None = None
    last_sorafenib_day: date | None = None
    last_dose_to_progression_days: int | None = None
    last_dose_long_before_progression: bool = False
    based_on_prescriptions: bool = False
    stated: Statement | None = None  # a clinician's: it is the answer

    @property
    def against_the_records(self) -> bool:
        """Whether a clinician stated what the days on record contradict."""
        counted = Answer.UNKNOWN if self.primary is None else self.primary.answer
        return self.stated is not None and counted not in {Answer.UNKNOWN, self.answer}

    def with_statement(self, stated: Statement | None) -> Self:
        """Give the exposure with a clinician's statement as its answer."""
        if stated is None:
            return self
        answer = Answer.MET if stated.holds else Answer.NOT_MET
        return msgspec.structs.replace(self, answer=answer, stated=stated)

    @property
    def windows_disagree(self) -> bool:
        """Whether the editorial's literal window would have answered differently (A6)."""
        return (
            self.stated is None
            and self.primary is not None
            and self.literal is not None
            and self.primary.answer is not self.literal.answer
        )


def exposure(
    records: Sequence[DrugRecord],
    *,
    progression: DayBound | None,
    knowledge: Parameters,
    on: date,
    complete: bool = True,
) -> SorafenibExposure:
    """Say whether sorafenib was tolerated at dose, as far as the records show.

    ``records``: all systemic drugs (another drug's start ends an open sorafenib order).
    ``progression``: the day that anchors (A27), None when there is none or its day is unknown.
    ``on``: the day of the answer; what is planned for later has not happened.
    ``complete``: False when a medication search was cut; a day without the dose is then unknown.
    """
    periods = periods_of(SORAFENIB, begun_by(records, on))
    days = SorafenibDays(periods, knowledge.parameter("sorafenib-minimum-mg-per-day"))
    window = _WindowRule(
        length=int(knowledge.parameter("sorafenib-window-days")),
        enough=int(knowledge.parameter("sorafenib-minimum-days")),
        complete=complete,
    )
    last = last_sorafenib_day(periods, progression, on)
    literal = None if progression is None else _before_progression(days, progression, window)
    gap = _days_until(progression, last)
    primary = literal
    if last is not None and gap != 1 and (progression is None or gap is not None):
        # with a gap of one day the two windows are the same: the progression anchor applies
        primary = _window(days, (last + 1, last + 1), Anchor.LAST_DOSE, window)
    long_ago = knowledge.parameter("last-dose-to-progression-days")
    return SorafenibExposure(
        answer=Answer.UNKNOWN if primary is None else primary.answer,
        primary=primary,
        literal=literal,
        last_sorafenib_day=None if last is None else date.fromordinal(last),
        last_dose_to_progression_days=gap,
        last_dose_long_before_progression=gap is not None and gap > long_ago,
        based_on_prescriptions=_rests_on_prescriptions(primary, periods),
    )


def _days_until(progression: DayBound | None, last: int | None) -> int | None:
    """Count the days from the last dose to a later progression; None where it is not later."""
    if progression is None or last is None:
        return None
    gap = progression.earliest.toordinal() - last
    return gap if gap > 0 else None


def _rests_on_prescriptions(window: ExposureWindow | None, periods: Sequence[Period]) -> bool:
    """Whether days rest on orders alone, or on tablets alone: possession is no intake (6a)."""
    orders = [one for one in periods if one.record.evidence is DrugEvidence.PRESCRIBED]
    return window is not None and any(
        day.evidence is DrugEvidence.PRESCRIBED
        or (
            day.evidence is DrugEvidence.DISPENSED
            and not any(order.perhaps(day.day.toordinal()) for order in orders)
        )
        for day in window.days
    )


def last_sorafenib_day(
    periods: Sequence[Period], progression: DayBound | None, on: date
) -> int | None:
    """Give the last day of sorafenib as a day number; None while it runs or no end is known.

    An order written after the progression does not say that sorafenib was taken until then.
    """
    limit = FOREVER if progression is None else progression.latest.toordinal()
    taken = [
        period
        for period in periods
        if period.record.status is not DrugStatus.NOT_TAKEN
        and (period.record.evidence is not DrugEvidence.PRESCRIBED or period.perhaps_from <= limit)
    ]
    return ending_of(taken, on.toordinal()).last_day


class _WindowRule(msgspec.Struct, frozen=True):
    """How long a window is, how many days are enough, and whether all records are there."""

    length: int
    enough: int
    complete: bool

    def answer(self, yes: int, unknown: int) -> Answer:
        """Set the days against the number that is enough, the unknown ones either way."""
        if yes >= self.enough:
            return Answer.MET
        return Answer.NOT_MET if yes + unknown < self.enough else Answer.UNKNOWN


def _before_progression(
    days: SorafenibDays, progression: DayBound, rule: _WindowRule
) -> ExposureWindow:
    anchors = progression.earliest.toordinal(), progression.latest.toordinal()
    return _window(days, anchors, Anchor.PROGRESSION, rule)


def _window(
    days: SorafenibDays, anchors: tuple[int, int], anchor: Anchor, rule: _WindowRule
) -> ExposureWindow:
    """Count the days before the anchor.

    With an imprecise anchor each place of the window ("the day before", "two days before", ...)
    is known only if every possible day of the anchor gives it the same answer.
    """
    first_anchor, last_anchor = anchors
    known = {
        number: days.on(date.fromordinal(number))
        for number in range(first_anchor - rule.length, last_anchor)
    }
    found = tuple(
        _place(known, first_anchor - back, last_anchor - back, complete=rule.complete)
        for back in range(rule.length, 0, -1)
    )
    answers = [day.answer for day in found]
    yes, no = answers.count(Answer.MET), answers.count(Answer.NOT_MET)
    unknown = len(found) - yes - no
    return ExposureWindow(
        first_day=found[0].day,
        last_day=found[-1].day,
        anchor=anchor,
        days=found,
        yes=yes,
        no=no,
        unknown=unknown,
        answer=rule.answer(yes, unknown),
    )


def _place(
    known: dict[int, ExposureDay], earliest: int, latest: int, *, complete: bool
) -> ExposureDay:
    day = known[earliest]
    agreed = earliest == latest or all(
        known[number].answer is day.answer for number in range(earliest + 1, latest + 1)
    )
    if not agreed or (not complete and day.answer is Answer.NOT_MET):
        return msgspec.structs.replace(day, answer=Answer.UNKNOWN)
    return day
