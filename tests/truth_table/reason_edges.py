"""What each option stands on, told by the records that its reasons name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .beside_edges import ask
from .tables import Row, read

if TYPE_CHECKING:
    from hcc_pathway.recommendation import TreatmentOption

RESULTS = ("reasons",)
EDGES = read("reason_edges", RESULTS)
_RECORDS = {
    "Observation/pd": "progression",
    "AdverseEvent/": "intolerance",
    "Observation/afp": "afp",
    "Medication/sorafenib": "exposure",
}


def _of(option: TreatmentOption) -> str:
    named = [
        next(kind for record, kind in _RECORDS.items() if record in reason)
        for reason in option.reasons
    ]
    return f"{option.therapy}:{'+'.join(named)}"


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    return {"reasons": " ".join(_of(option) for option in ask(row).options)}
