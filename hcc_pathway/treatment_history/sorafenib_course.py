"""How sorafenib stands: never, running, ended, or not alone; its progression; its intolerance."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.case import PatientCase
from hcc_pathway.drug_record import DayBound, DrugRecord, DrugStatus, StopReason
from hcc_pathway.treatment_history.drug_courses import Course

SORAFENIB = "sorafenib"


class SorafenibStatus(StrEnum):
    """What the chart says of sorafenib as a treatment."""

    NONE = "none"
    RUNNING = "running"
    ENDED = "ended"
    COMBINED = "combined"  # with another agent (A24)
    ADJUVANT = "adjuvant"  # adjuvant or in a trial (A24)


class SorafenibHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Sorafenib among the lines.

    ``progression`` is MET when one is documented while sorafenib was the current or last drug
    (A27), else UNKNOWN; ``progression_day`` is None when its date is not recorded.
    ``intolerance`` is MET when documented intolerance ended sorafenib (A32), else UNKNOWN;
    ``intolerance_noted`` names documented reactions after which sorafenib went on.
    """

    status: SorafenibStatus
    position: int | None = None  # index of its line, 0 for the first
    first_day: DayBound | None = None
    last_day: DayBound | None = None
    progression: Answer = Answer.UNKNOWN
    progression_day: DayBound | None = None
    progression_source: str = ""
    progression_as_received: str = ""
    intolerance: Answer = Answer.UNKNOWN
    intolerance_sources: tuple[str, ...] = ()
    intolerance_noted: tuple[str, ...] = ()
    allergy_sources: tuple[str, ...] = ()  # A33
    partners: tuple[str, ...] = ()  # drugs given together with it


class _Progression(msgspec.Struct, frozen=True):
    day: DayBound | None
    source: str
    as_received: str


def sorafenib_history(
    case: PatientCase, courses: Sequence[Course], lines: Sequence[tuple[str, ...]]
) -> SorafenibHistory:
    """Read sorafenib's standing out of all courses and the drugs of each line."""
    own = [course for course in courses if course.drug == SORAFENIB]
    allergies = tuple(sorted(r.source for r in case.intolerances if r.is_allergy))
    if not own:
        return SorafenibHistory(
            status=SorafenibStatus.NONE,
            intolerance_noted=_without_any_course(case),
            allergy_sources=allergies,
        )
    position = next(place for place, drugs in enumerate(lines) if SORAFENIB in drugs)
    beside = {drug for drugs in lines if SORAFENIB in drugs for drug in drugs}
    partners = tuple(sorted(beside - {SORAFENIB}))
    progression = _first_progression(
        case, [course for course in courses if course.drug not in partners], own
    )
    ended_it, noted = _intolerance(case, own)
    return SorafenibHistory(
        status=_status(own, partners),
        position=position,
        first_day=own[0].first_day,
        last_day=own[-1].last_day,
        progression=Answer.UNKNOWN if progression is None else Answer.MET,
        progression_day=None if progression is None else progression.day,
        progression_source="" if progression is None else progression.source,
        progression_as_received="" if progression is None else progression.as_received,
        intolerance=Answer.MET if ended_it else Answer.UNKNOWN,
        intolerance_sources=ended_it,
        intolerance_noted=noted,
        allergy_sources=allergies,
        partners=partners,
    )


def _status(own: Sequence[Course], partners: tuple[str, ...]) -> SorafenibStatus:
    if any(record.adjuvant_or_trial for course in own for record in course.records):
        return SorafenibStatus.ADJUVANT
    if partners:
        return SorafenibStatus.COMBINED
    if any(course.running for course in own):
        return SorafenibStatus.RUNNING
    return SorafenibStatus.ENDED


def _first_progression(
    case: PatientCase, courses: Sequence[Course], own: Sequence[Course]
) -> _Progression | None:
    """Find the first progression for which sorafenib was the current or last drug (A27)."""
    found: list[_Progression] = []
    for course in own:
        until = min(
            (
                other.starts
                for other in courses
                if other.drug != SORAFENIB and _after(other, course)
            ),
            default=None,
        )
        found += [
            _Progression(record.day, record.source, record.as_received)
            for record in case.progressions
            if course.progressed_by(record.day, until)
        ]
        found += [
            _Progression(_day_stopped(stop), stop.source, "")
            for stop in course.stopped_for(StopReason.NO_RESPONSE)
        ]
    dated = [one for one in found if one.day is not None]
    return min(dated or found, key=_by_day, default=None)


def _day_stopped(stop: DrugRecord) -> DayBound | None:
    """Date a stop by the record's end (A27); the end of a refusal is no end of the drug."""
    return None if stop.status is DrugStatus.NOT_TAKEN else stop.last_day


def _after(other: Course, course: Course) -> bool:
    return other.starts > course.starts


def _by_day(one: _Progression) -> tuple[int, int, str]:
    if one.day is None:
        return (0, 0, one.source)
    return (one.day.earliest.toordinal(), one.day.latest.toordinal(), one.source)


def _intolerance(
    case: PatientCase, own: Sequence[Course]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort documented intolerance into what ended sorafenib and what did not (A32)."""
    last = own[-1]
    events = [(one.source, last.ended_by(one.day)) for one in case.intolerances]
    events += [
        (one.source, last.ended_by(one.first_day))
        for one in case.drugs
        if _refused_for_intolerance(one)
    ]
    final = last.stopped_for(StopReason.INTOLERANCE)
    events += [
        (one.source, one in final)
        for course in own
        for one in course.records
        if one.stop_reason is StopReason.INTOLERANCE
    ]
    counted = {source for source, ended_it in events if ended_it}
    noted = {source for source, _ in events}
    return tuple(sorted(counted)), tuple(sorted(noted - counted))


def _without_any_course(case: PatientCase) -> tuple[str, ...]:
    """Name what speaks of intolerance where nothing says that sorafenib was taken."""
    events = {record.source for record in case.intolerances if not record.is_allergy}
    refused = {record.source for record in case.drugs if _refused_for_intolerance(record)}
    return tuple(sorted(events | refused))


def _refused_for_intolerance(record: DrugRecord) -> bool:
    """Whether a record says that sorafenib is not taken, because it was not tolerated."""
    return (
        record.drug == SORAFENIB
        and record.status is DrugStatus.NOT_TAKEN
        and record.stop_reason is StopReason.INTOLERANCE
    )
