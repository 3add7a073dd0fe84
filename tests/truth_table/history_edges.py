"""One course of treatment at an edge, in an adult with HCC, AFP 12, Child-Pugh A and ECOG 0-1.

A drug is ``name FIRST..LAST [mg] [reason]``, both in days before the answer: ``100..`` runs on,
``100..~50`` was never closed and last stated 50 days ago; ``?`` is a day that nobody recorded.
Progressions are days before the answer, reactions ``event@10`` or ``allergy@10``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.case import Availability, DiagnosisKind
from hcc_pathway.drug_record import DayBound, StopReason
from hcc_pathway.selection import select

from . import comparison
from .charts import TODAY, chart, days_ago, diagnosis
from .histories import dose_of, drug_record, progression_on, reaction_on
from .space import DIMENSIONS
from .tables import Row, read

if TYPE_CHECKING:
    from hcc_pathway.case import PatientCase
    from hcc_pathway.drug_record import DrugRecord

RESULTS = ("class", "line", "options", "regorafenib", "missing", "flags", "conflicts")
EDGES = read("history_edges", RESULTS)
_EVERYDAY = {name: values[0] for name, values in DIMENSIONS.items()} | {"afp": "low"}
_REASONS = {
    "intolerance": StopReason.INTOLERANCE,
    "progression": StopReason.NO_RESPONSE,
    "other": StopReason.OTHER,
}


def _drug(text: str) -> DrugRecord:
    name, days, *more = text.split()
    first, _, last = days.partition("..")
    still_open = not last or last.startswith("~")
    reasons = [_REASONS[each] for each in more if each in _REASONS]
    doses = [dose_of(int(each)) for each in more if each.isdigit()]
    return drug_record(
        name,
        None if first == "?" else days_ago(int(first)),
        None if still_open or last == "?" else days_ago(int(last)),
        doses[0] if doses else None,
        reasons[0] if reasons else None,
        asserted=days_ago(int(last.removeprefix("~") or 1)) if still_open else None,
        stopped=not still_open,
    )


def _person(case: PatientCase, cell: str) -> PatientCase:
    for fact in cell.split():
        name, _, value = fact.partition(":")
        if name == "conditions":
            case = msgspec.structs.replace(case, conditions=Availability(value))
        elif name == "diagnosis":
            diagnoses = {"none": (), "unspecified": (diagnosis(DiagnosisKind.UNSPECIFIED),)}
            case = msgspec.structs.replace(case, diagnoses=diagnoses[value])
        else:
            day = None if value == "unknown" else date.fromisoformat(value)
            case = msgspec.structs.replace(case, birth=day and DayBound(day, day))
    return case


def case_of(row: Row) -> PatientCase:
    """Build the chart of a row."""
    cells = {"sources": "complete", "person": "", **row.conditions}
    reactions = [each.split("@") for each in cells["reactions"].split()]
    drugs = [_drug(each) for each in cells["drugs"].split(";") if each]
    case = msgspec.structs.replace(
        chart(_EVERYDAY),
        drugs=tuple(sorted(drugs, key=lambda drug: drug.source)),
        progressions=tuple(
            progression_on(days_ago(int(days))) for days in cells["progressions"].split()
        ),
        intolerances=tuple(
            reaction_on(days_ago(int(days)), allergy=kind == "allergy") for kind, days in reactions
        ),
        medication_sources=tuple(
            (f"source-{at}", Availability(state))
            for at, state in enumerate(cells["sources"].split())
        ),
    )
    return _person(case, cells["person"])


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    said = select(case_of(row), comparison.knowledge(), on=TODAY)
    options = {option.therapy for option in said.options}
    withheld = {each.therapy: f"{each.criterion}:{each.answer}" for each in said.withheld}
    flags = {f"{option.therapy}:{flag}" for option in said.options for flag in option.flags}
    return {
        "class": said.patient_class.value,
        "line": said.line.value,
        "options": " ".join(sorted(options)),
        "regorafenib": "offered" if "regorafenib" in options else withheld.get("regorafenib", ""),
        "missing": " ".join(sorted(one.input for one in said.missing)),
        "flags": " ".join(sorted(flags)),
        "conflicts": " ".join(sorted(one.id for one in said.conflicts)),
    }
