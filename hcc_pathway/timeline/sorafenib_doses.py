"""Sorafenib by calendar day: the dose, and in the window what each day counts as (S4, A6-A8)."""

from datetime import date
from decimal import Decimal
from typing import Final

from hcc_pathway.answer import Answer
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.timeline.parts import DayState, DoseDay, SorafenibDoses, WindowCounts
from hcc_pathway.treatment_history.daily_dose import UNREAD, compare
from hcc_pathway.treatment_history.drug_periods import FOREVER, NEVER, Period, periods_of
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB
from hcc_pathway.treatment_history.sorafenib_days import ExposureDay, SorafenibDays
from hcc_pathway.treatment_history.sorafenib_exposure import ExposureWindow

LONGEST_DAYS: Final = 3653  # ten years
_STATES: Final[dict[Answer, DayState]] = {
    Answer.MET: "qualifying",
    Answer.NOT_MET: "not",
    Answer.UNKNOWN: "unknown",
}


def sorafenib_doses(known: Assessment, knowledge: KnowledgeOnDay) -> SorafenibDoses:
    """Give every day of sorafenib, those of the deciding window as the document counts them."""
    minimum = knowledge.parameter("sorafenib-minimum-mg-per-day")
    periods = periods_of(SORAFENIB, known.case.drugs)
    window = known.treatment.exposure.primary if known.treatment.history.regimens else None
    first, last = _reach(periods, window, known.on)
    kept_from = max(first, last - LONGEST_DAYS + 1)
    if window is not None:
        kept_from = min(kept_from, window.first_day.toordinal())
    by_day = SorafenibDays(periods, minimum)
    counted = {day.day: day for day in window.days} if window is not None else {}
    found = []
    for number in range(kept_from, last + 1):
        day = date.fromordinal(number)
        one = counted.get(day)
        if one is None:
            one = _as_far_as_read(by_day.on(day), complete=known.treatment.history.complete)
        found.append(_shown(one, minimum, in_window=day in counted))
    return SorafenibDoses(
        minimum_mg=minimum,
        needed_days=int(knowledge.parameter("sorafenib-minimum-days")),
        window=None if window is None else _counts(window),
        days=tuple(found),
        received={
            one.source: one.as_received for one in known.case.drugs if one.drug == SORAFENIB
        },
        left_out_days=max(0, kept_from - first),
        stated=None if known.treatment.exposure.stated is None else _stated(known),
    )


def _reach(
    periods: tuple[Period, ...], window: ExposureWindow | None, on: date
) -> tuple[int, int]:
    """Give the first and last day to show; the last is before the first where there is none."""
    today = on.toordinal()
    bounds = [
        day
        for period in periods
        for day in (period.perhaps_from, period.surely_from, period.surely_to, period.perhaps_to)
        if NEVER < day < FOREVER
    ]
    open_end = any(period.perhaps_to == FOREVER for period in periods)
    if bounds and open_end:
        bounds.append(today)
    bounds = [min(day, today) for day in bounds]
    if window is not None:
        bounds += [window.first_day.toordinal(), window.last_day.toordinal()]
    return min(bounds, default=today), max(bounds, default=today - 1)


def _as_far_as_read(day: ExposureDay, *, complete: bool) -> ExposureDay:
    """Keep a day without the dose open where a search of medications was cut."""
    if complete or day.answer is Answer.MET:
        return day
    return ExposureDay(day.day, Answer.UNKNOWN, day.evidence, day.sources)


def _shown(day: ExposureDay, minimum_mg: Decimal, *, in_window: bool) -> DoseDay:
    """Show the dose only where the day counts as what the dose says: unknown is never 0."""
    low, high = day.dose if compare(*day.dose, minimum_mg) is day.answer else UNREAD
    return DoseDay(
        day=day.day,
        low_mg=low,
        high_mg=high,
        state=_STATES[day.answer],
        in_window=in_window,
        evidence="" if day.evidence is None else day.evidence.value,
        sources=day.sources,
    )


def _stated(known: Assessment) -> bool:
    return known.treatment.exposure.answer is Answer.MET


def _counts(window: ExposureWindow) -> WindowCounts:
    return WindowCounts(
        first_day=window.first_day,
        last_day=window.last_day,
        anchor=window.anchor.value,
        yes=window.yes,
        no=window.no,
        unknown=window.unknown,
    )
