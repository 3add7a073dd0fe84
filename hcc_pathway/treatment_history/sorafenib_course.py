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
    partners = tuple(drug for drug in lines[position] if drug != SORAFENIB)
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
            _Progression(day, source, "")
            for reason, day, source in course.stop_reasons
            if reason is StopReason.NO_RESPONSE
        ]
    dated = [one for one in found if one.day is not None]
    return min(dated or found, key=_by_day, default=None)


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
    ended = not own[-1].running
    last = max((span[1] for course in own for span in course.spans), default=None)
    counted: set[str] = set()
    noted: set[str] = set()
    for place, course in enumerate(own):
        for reason, _, source in course.stop_reasons:
            if reason is StopReason.INTOLERANCE:
                final = place == len(own) - 1 and not course.goes_on_after(source)
                (counted if final else noted).add(source)
    for drug in case.drugs:
        if _refused_for_intolerance(drug):
            first = None if drug.first_day is None else drug.first_day.latest.toordinal()
            final = ended and (first is None or last is None or first >= last)
            (counted if final else noted).add(drug.source)
    for record in case.intolerances:
        day = None if record.day is None else record.day.latest.toordinal()
        final = ended and (day is None or last is None or day >= last)
        (counted if final else noted).add(record.source)
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
