"""Drug records at an edge: the days, courses and lines that they amount to (6a, A6-A8, A19-A33).

A record is ``drug [kind] [status] FIRST..LAST [mg] [reason] [supply:DAY] [said:DAY] [adheres]``, a
statement of a completed treatment unless it says otherwise. A day is so many days before the
answer, ``40-30`` lies between two, ``in5`` is to come; ``?`` or nothing is a day that nobody
recorded. Reactions are ``event@10``, ``allergy@10`` or ``event@?``. All results are asked: one
that a row leaves empty has to be empty. ``literal`` is the editorial's window where it is another.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, PatientCase, ProgressionRecord
from hcc_pathway.drug_record import (
    DayBound,
    DosePattern,
    DrugEvidence,
    DrugRecord,
    DrugStatus,
    IntoleranceRecord,
    StopReason,
)
from hcc_pathway.treatment_history.lines_of_therapy import lines
from hcc_pathway.treatment_history.sorafenib_exposure import exposure

from . import comparison
from .charts import TODAY, days_ago
from .tables import Row, read

if TYPE_CHECKING:
    from datetime import date

    from hcc_pathway.treatment_history.lines_of_therapy import Regimen, TreatmentHistory
    from hcc_pathway.treatment_history.sorafenib_exposure import ExposureWindow

RESULTS = ("window", "literal", "last", "lines", "sorafenib")
EDGES = read("course_edges", RESULTS)
_KINDS = {
    "ordered": DrugEvidence.PRESCRIBED,
    "dispensed": DrugEvidence.DISPENSED,
    "given": DrugEvidence.ADMINISTERED,
}
_STATES = {one.value: one for one in DrugStatus} | {"unknown-status": DrugStatus.UNKNOWN}
_REASONS = {
    "intolerance": StopReason.INTOLERANCE,
    "progression": StopReason.NO_RESPONSE,
    "other": StopReason.OTHER,
}
_ADHERENCE = {"adheres": True, "misses": False}


def _bound(text: str) -> DayBound | None:
    if text in {"", "?"}:
        return None
    if text.startswith("in"):
        return DayBound(days_ago(-int(text[2:])), days_ago(-int(text[2:])))
    earliest, _, latest = text.partition("-")
    return DayBound(days_ago(int(earliest)), days_ago(int(latest or earliest)))


def _record(text: str, place: int) -> DrugRecord:
    drug, *words = text.split()
    first, last = next(one for one in words if ".." in one).split("..")
    marked = dict(one.split(":") for one in words if ":" in one)
    milligrams = [Decimal(one) for one in words if one.isdigit()]
    said = marked.get("said")
    return DrugRecord(
        drug=drug,
        evidence=next((_KINDS[one] for one in words if one in _KINDS), DrugEvidence.STATED),
        status=next((_STATES[one] for one in words if one in _STATES), DrugStatus.COMPLETED),
        first_day=_bound(first),
        last_day=_bound(last),
        supply_ends=_bound(marked.get("supply", "")),
        asserted_on=None if said is None else days_ago(int(said)),
        dose=DosePattern((milligrams[0],), (milligrams[0],)) if milligrams else None,
        stop_reason=next((_REASONS[one] for one in words if one in _REASONS), None),
        taken_as_prescribed=next((_ADHERENCE[one] for one in words if one in _ADHERENCE), None),
        source=f"record-{place}",
    )


def _reaction(text: str) -> IntoleranceRecord:
    kind, day = text.split("@")
    return IntoleranceRecord(
        is_allergy=kind == "allergy", day=_bound(day), as_received="rash", source=text
    )


def case_of(row: Row) -> PatientCase:
    """Build the chart of a row."""
    cells = {"progressions": "", "reactions": "", "sources": "complete", **row.conditions}
    progressions = [_bound(text) for text in cells["progressions"].split()]
    return PatientCase(
        drugs=tuple(_record(text, n) for n, text in enumerate(cells["records"].split(";"))),
        progressions=tuple(
            ProgressionRecord(day=day, as_received="progressed", source=f"progression-{n}")
            for n, day in enumerate(progressions)
            if day is not None
        ),
        intolerances=tuple(_reaction(text) for text in cells["reactions"].split()),
        medication_sources=tuple(
            (f"source-{n}", Availability(text)) for n, text in enumerate(cells["sources"].split())
        ),
    )


# ---- what is asked ----------------------------------------------------------------------------


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of the records of one row."""
    case = case_of(row)
    found = lines(case, comparison.knowledge(), TODAY)
    exposed = exposure(
        case.drugs,
        progression=found.sorafenib.progression_day,
        knowledge=comparison.knowledge(),
        on=TODAY,
        complete=found.complete,
    )
    last = exposed.last_sorafenib_day
    literal = exposed.literal is not exposed.primary
    return {
        "window": _window(exposed.primary),
        "literal": _window(exposed.literal) if literal else "",
        "last": "" if last is None else _ago(last),
        "lines": _lines(found),
        "sorafenib": _sorafenib(found),
    }


def _ago(day: date) -> str:
    ago = (TODAY - day) // timedelta(days=1)
    return f"in{-ago}" if ago < 0 else str(ago)


def _days(bound: DayBound | None) -> str:
    if bound is None:
        return "?"
    days = _ago(bound.earliest), _ago(bound.latest)
    return days[0] if days[0] == days[1] else "-".join(days)


def _window(window: ExposureWindow | None) -> str:
    if window is None:
        return ""
    counts = f"{window.yes}/{window.no}/{window.unknown}"
    return f"{counts} {window.answer} {window.anchor}"


def _line(one: Regimen) -> str:
    end = "" if one.running else _days(one.last_day)
    failed = "".join(f" {kind}" for kind in one.failure_kinds)
    return f"{'+'.join(one.drugs)} {_days(one.first_day)}..{end}{failed}"


def _lines(found: TreatmentHistory) -> str:
    said = [_line(one) for one in found.regimens]
    said += [f"again {_line(one)}" for one in found.repeated]
    for name in ("current", "resumed", "undated"):
        drugs = getattr(found, name)
        said += [f"{name} {' '.join(drugs)}"] if drugs else []
    said += [] if found.complete else ["incomplete"]
    return "; ".join(said)


def _sorafenib(found: TreatmentHistory) -> str:
    one = found.sorafenib
    said = [one.status.value, f"{_days(one.first_day)}..{_days(one.last_day)}"]
    if one.progression is Answer.MET:
        said.append(f"progressed@{_days(one.progression_day)}")
    said += [f"ended-by {source}" for source in one.intolerance_sources]
    said += [f"noted {source}" for source in one.intolerance_noted]
    return " ".join(said)
