"""Values that a chart holds in other terms: Karnofsky for ECOG, bilirubin in umol/L."""

from __future__ import annotations

from hcc_pathway.liver_function.child_pugh_points import points
from tests.unit.fhir_mappings.charts_for_tests import (
    BILIRUBIN,
    KNOWLEDGE,
    LOINC,
    a_condition,
    an_observation,
    case_of,
    concept,
    ucum,
)

from .tables import Row, read

RESULTS = ("found",)
EDGES = read("conversion_edges", RESULTS)
_KARNOFSKY = "89243-0"


def answer(row: Row) -> dict[str, str]:
    """Say what is read from one row of the table of edges."""
    value = row.conditions["value"]
    if row.conditions["input"] == "karnofsky":
        observed = an_observation(code=concept(LOINC, _KARNOFSKY), valueInteger=int(value))
        (grade,) = case_of(a_condition(), observed).ecog
        return {"found": f"grade {grade.grade}"}
    observed = an_observation(code=BILIRUBIN, valueQuantity=ucum(float(value), "umol/L"))
    (bilirubin,) = case_of(a_condition(), observed).bilirubin
    low, high = points("bilirubin", bilirubin, KNOWLEDGE)
    assert low == high
    return {"found": f"{low} point{'s' if low > 1 else ''}"}
