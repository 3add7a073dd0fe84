"""Courses of sorafenib and the lines around them, as dated drug records.

A course is laid out backwards from its turning point: the day of progression, or the last day of
sorafenib where no progression is known.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec

from hcc_pathway.case import Availability, ProgressionRecord
from hcc_pathway.drug_record import (
    DayBound,
    DosePattern,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    StopReason,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = dict[str, object]
_INTOLERANCE, _NO_RESPONSE, _OTHER = (
    StopReason.INTOLERANCE,
    StopReason.NO_RESPONSE,
    StopReason.OTHER,
)


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """Drug records with the progressions and intolerances that go with them."""

    drugs: tuple[DrugRecord, ...] = ()
    progressions: tuple[ProgressionRecord, ...] = ()
    intolerances: tuple[IntoleranceRecord, ...] = ()

    def __add__(self, other: Course) -> Course:
        return Course(
            drugs=self.drugs + other.drugs,
            progressions=self.progressions + other.progressions,
            intolerances=self.intolerances + other.intolerances,
        )


def _on(day: date) -> DayBound:
    return DayBound(day, day)


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def dose_of(*mg: int | None) -> DosePattern:
    """Build a dose in mg a day, or a cycle of days."""
    cycle = tuple(None if each is None else Decimal(each) for each in mg)
    return DosePattern(cycle, cycle)


_FULL, _HALF, _LOW, _ALTERNATE = dose_of(800), dose_of(400), dose_of(200), dose_of(800, 0)


def drug_record(  # noqa: PLR0913 - a drug record has this many parts
    drug: str,
    first: date | None,
    last: date | None,
    dose: DosePattern | None = None,
    reason: StopReason | None = None,
    *,
    evidence: DrugEvidence = DrugEvidence.STATED,
    asserted: date | None = None,
    adjuvant: bool = False,
    stopped: bool | None = None,
) -> DrugRecord:
    """Build one record of a drug, dated by its days."""
    stopped = last is not None if stopped is None else stopped
    return DrugRecord(
        drug=drug,
        evidence=evidence,
        status=DrugStatus.STOPPED if stopped else DrugStatus.ACTIVE,
        first_day=None if first is None else _on(first),
        last_day=None if last is None else _on(last),
        asserted_on=asserted or last,
        dose=dose,
        stop_reason=reason,
        adjuvant_or_trial=adjuvant,
        as_received=drug,
        recorded_on=asserted or last or first,
        source=f"Medication/{drug}-{first}",
    )


def progression_on(day: date) -> ProgressionRecord:
    """Build a documented progression."""
    return ProgressionRecord(
        day=_on(day), as_received="Progressive disease", source=f"Observation/pd-{day.isoformat()}"
    )


def reaction_on(day: date, *, allergy: bool) -> IntoleranceRecord:
    """Build an allergy to sorafenib, or an adverse event of it."""
    return IntoleranceRecord(
        is_allergy=allergy,
        day=_on(day),
        as_received="sorafenib",
        source="AllergyIntolerance/sorafenib" if allergy else "AdverseEvent/sorafenib",
    )


# ---- sorafenib ------------------------------------------------------------------------------
# A dosing is a list of (days before the turning point that it starts, dose); the last one runs to
# the turning point itself, so that the 28 days before it are what is counted.

_Dosing = tuple[tuple[int, DosePattern | None], ...]
_MET: tuple[_Dosing, ...] = (
    ((100, _FULL),),
    ((100, _LOW), (20, _FULL)),  # 20 days
    ((100, _HALF),),  # exactly 400 mg
    ((100, _LOW), (28, _HALF), (8, _LOW)),  # 20 days at the window's other end
)
_NOT_MET: tuple[_Dosing, ...] = (
    ((100, _LOW),),
    ((100, _LOW), (60, _FULL), (28, _LOW), (19, _FULL)),  # 19 days, more before the window
    ((100, _ALTERNATE),),  # 14 days of 800 mg: the mean does not count
    ((100, dose_of(399)),),
)
_UNKNOWN: tuple[_Dosing, ...] = (
    ((100, None),),
    ((100, None), (19, _FULL)),  # 19 known days, 9 that may be
)


def _sorafenib(
    end: date,
    dosing: _Dosing,
    reason: StopReason | None = None,
    evidence: DrugEvidence = DrugEvidence.STATED,
) -> Course:
    starts = [_before(end, days) for days, _ in dosing]
    ends = [*(_before(start, 1) for start in starts[1:]), end]
    records = [
        drug_record("sorafenib", first, last, dose, evidence=evidence)
        for first, last, (_, dose) in zip(starts, ends, dosing, strict=True)
    ]
    records[-1] = msgspec.structs.replace(records[-1], stop_reason=reason)
    return Course(drugs=tuple(records))


def _running(today: date) -> tuple[Course, ...]:
    start = _before(today, 120)
    stated = drug_record("sorafenib", start, None, _FULL, asserted=_before(today, 1))
    ordered = drug_record("sorafenib", start, None, _FULL, evidence=DrugEvidence.PRESCRIBED)
    return (Course(drugs=(stated,)), Course(drugs=(ordered,)))


def _progressed(day: date) -> Course:
    return Course(progressions=(progression_on(day),))


def _not_tolerated(turn: date, dosings: tuple[_Dosing, ...]) -> tuple[Course, ...]:
    """By stop reason, by allergy and by adverse event: sorafenib ended and did not resume."""
    ended = dosings[0]
    return (
        *(_sorafenib(turn, each, _INTOLERANCE) for each in dosings),
        _sorafenib(turn, ended) + Course(intolerances=(reaction_on(turn, allergy=True),)),
        _sorafenib(turn, ended) + Course(intolerances=(reaction_on(turn, allergy=False),)),
    )


def _passed_toxicity(turn: date) -> tuple[Course, ...]:
    """An adverse event or a break that sorafenib outlived (A32)."""
    event = Course(intolerances=(reaction_on(_before(turn, 60), allergy=False),))
    stopped = drug_record("sorafenib", _before(turn, 100), _before(turn, 60), _FULL, _INTOLERANCE)
    resumed = drug_record("sorafenib", _before(turn, 50), turn, _FULL)
    return (_sorafenib(turn, _MET[0]) + event, Course(drugs=(stopped, resumed)))


def _tolerated(kind: str, turn: date, today: date) -> tuple[Course, ...]:
    earlier = {"tolerated-windows-differ": (15, 70), "tolerated-late-progression": (71,)}
    if kind in earlier:
        return tuple(
            _sorafenib(_before(turn, days), _MET[0]) + _progressed(turn) for days in earlier[kind]
        )
    progressed = _progressed(turn)
    prescribed = _sorafenib(turn, _MET[0], evidence=DrugEvidence.PRESCRIBED)
    old = _before(today, 91)
    special = {
        "tolerated-running": (_running(today)[0] + progressed,),
        "tolerated-stop-reason": (_sorafenib(turn, _MET[1], _NO_RESPONSE),),
        "tolerated-prescribed": (prescribed + progressed,),
        "tolerated-old": (_sorafenib(old, _MET[0]) + _progressed(old),),
        "tolerated-toxicity-passed": tuple(each + progressed for each in _passed_toxicity(turn)),
    }
    if kind in special:
        return special[kind]
    oldest_current = min(turn, _before(today, 90))
    return (
        *(_sorafenib(turn, each) + _progressed(turn) for each in _MET),
        _sorafenib(oldest_current, _MET[0]) + _progressed(oldest_current),
    )


def _combined(turn: date) -> tuple[Course, ...]:
    """Another agent beside sorafenib for more than 14 days (A24)."""
    start = _before(turn, 100)
    beside = drug_record("nivolumab", _before(turn, 50), _before(turn, 10))
    unclosed = drug_record(
        "lenvatinib", _before(start, 100), None, asserted=start + timedelta(days=14)
    )
    course = _sorafenib(turn, _MET[0]) + _progressed(turn)
    return (Course(drugs=(beside,)) + course, Course(drugs=(unclosed,)) + course)


def _adjuvant(turn: date) -> tuple[Course, ...]:
    record = drug_record("sorafenib", _before(turn, 100), turn, _FULL, adjuvant=True)
    return (Course(drugs=(record,)) + _progressed(turn),)


def _sorafenib_courses(kind: str, turn: date, today: date) -> tuple[Course, ...]:
    if kind.startswith("tolerated"):
        return _tolerated(kind, turn, today)

    def after_progression(dosings: tuple[_Dosing, ...]) -> tuple[Course, ...]:
        return tuple(each + _progressed(turn) for each in _not_tolerated(turn, dosings))

    event = Course(intolerances=(reaction_on(_before(today, 40), allergy=False),))
    allergy = Course(intolerances=(reaction_on(_before(today, 40), allergy=True),))
    courses: dict[str, Callable[[], tuple[Course, ...]]] = {
        "low-exposure": lambda: tuple(
            _sorafenib(turn, each) + _progressed(turn) for each in _NOT_MET
        ),
        "unknown-exposure": lambda: tuple(
            _sorafenib(turn, each) + _progressed(turn) for each in _UNKNOWN
        ),
        "intolerant": lambda: _not_tolerated(turn, (_MET[0], _NOT_MET[0])),
        "intolerant-low-exposure": lambda: after_progression(_NOT_MET),
        "intolerant-unknown-exposure": lambda: after_progression(_UNKNOWN),
        "conflict": lambda: after_progression(_MET),
        "ended": lambda: (_sorafenib(turn, _MET[0]), _sorafenib(turn, _UNKNOWN[0])),
        "ended-other-reason": lambda: (_sorafenib(turn, _MET[0], _OTHER),),
        "running": lambda: _running(today),
        "running-toxicity": lambda: (_running(today)[0] + event, _running(today)[0] + allergy),
        "combination": lambda: _combined(turn),
        "adjuvant": lambda: _adjuvant(turn),
        "allergy-only": lambda: (allergy,),
        "never": lambda: (Course(),),
    }
    return courses[kind]()


# ---- the lines around it --------------------------------------------------------------------


def _line(*drugs: str, first: date, last: date | None, reason: StopReason | None = None) -> Course:
    asserted = None if last else first
    return Course(
        drugs=tuple(
            drug_record(each, first, last, None, reason, asserted=asserted) for each in drugs
        )
    )


def _lines_before(prior: str, start: date) -> tuple[Course, ...]:
    """Return what was given before a sorafenib that started on ``start``."""
    when = {"first": _before(start, 300), "last": _before(start, 20), "reason": _NO_RESPONSE}
    if prior in {"before-immunotherapy", "around-failed"}:
        return (_line("atezolizumab", "bevacizumab", **when),)  # type: ignore[arg-type]  # by name
    if prior == "before-cabozantinib":
        return (_line("cabozantinib", **when),)  # type: ignore[arg-type]  # by name
    if prior == "before-lenvatinib":
        # the second record was never closed: it reaches 14 days into sorafenib (A24)
        unclosed = drug_record(
            "lenvatinib", _before(start, 300), None, asserted=start + timedelta(days=13)
        )
        return (
            _line("lenvatinib", **when),  # type: ignore[arg-type]  # by name
            Course(drugs=(unclosed,)),
        )
    return (Course(),)


def _lines_after(prior: str, turn: date, today: date) -> Course:
    start, end = _before(turn, -10), _before(today, 20)
    drug = "cabozantinib" if "cabozantinib" in prior else "regorafenib"
    running = Course(drugs=(drug_record(drug, start, None, asserted=_before(today, 1)),))
    failed = _line(drug, first=start, last=end, reason=_NO_RESPONSE)
    second = _before(today, 100)
    first_of_two = _line(drug, first=start, last=second, reason=_NO_RESPONSE)
    after_that = _before(second, -10)
    still = drug_record("ramucirumab", after_that, None, asserted=_before(today, 1))
    courses = {
        "later-running": running,
        "later-cabozantinib-running": running,
        "later-ended": _line(drug, first=start, last=end),
        "later-failed": failed,
        "later-cabozantinib-failed": failed,
        "around-failed": failed,
        "later-not-tolerated": _line(drug, first=start, last=end, reason=_INTOLERANCE),
        "later-progressed": _line(drug, first=start, last=end) + _progressed(end),
        "two-later-failed": first_of_two
        + _line("ramucirumab", first=after_that, last=end, reason=_NO_RESPONSE),
        "two-later-running": first_of_two + Course(drugs=(still,)),
    }
    return courses.get(prior, Course())


_WITHOUT_SORAFENIB = {
    "only-lenvatinib": ("lenvatinib",),
    "only-immunotherapy": ("atezolizumab", "bevacizumab"),
    "only-durvalumab-tremelimumab": ("durvalumab", "tremelimumab"),
}
_SECOND_SOURCE: dict[str, Availability] = {
    "source-failed": Availability.FAILED,
    "truncated": Availability.TRUNCATED,
}


@cache
def history(sorafenib: str, prior: str, today: date) -> tuple[Facts, ...]:
    """Return the charts' drug part for one course of sorafenib among other lines."""
    later = prior.startswith(("later", "two-later", "around"))
    turn = _before(today, 200 if later else 10)
    after = _lines_after(prior, turn, today)
    if prior in _WITHOUT_SORAFENIB:
        first, last = _before(today, 300), _before(today, 20)
        after = _line(*_WITHOUT_SORAFENIB[prior], first=first, last=last, reason=_NO_RESPONSE)
    facts: list[Facts] = []
    for course in _sorafenib_courses(sorafenib, turn, today):
        starts = [each.first_day.earliest for each in course.drugs if each.first_day]
        earlier = _lines_before(prior, min(starts, default=turn))
        facts += [_facts(before + course + after, prior) for before in earlier]
    return tuple(facts)


Source = Literal["medicationRequests", "medicationStatements"]


def _facts(course: Course, prior: str) -> Facts:
    sources: tuple[tuple[Source, Availability], ...] = (
        ("medicationRequests", Availability.COMPLETE),
        ("medicationStatements", _SECOND_SOURCE.get(prior, Availability.COMPLETE)),
    )
    return {
        "drugs": tuple(sorted(course.drugs, key=lambda each: each.source)),
        "progressions": tuple(sorted(course.progressions, key=lambda each: each.source)),
        "intolerances": course.intolerances,
        "medication_sources": sources,
    }
