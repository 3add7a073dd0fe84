"""A chart that a visitor pastes or drops: what of it is not valid R4, and what the cards say."""

import json
from dataclasses import dataclass
from typing import Any

from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.r4b_check import invalid_resources


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A chart as pasted; ``unusable`` says why nothing can be asked about it, if so.

    ``findings`` name each resource that is not valid R4, and what of it; the chart is asked about
    all the same, as charts of EHRs are.
    """

    text: str
    unusable: str = ""
    findings: tuple[str, ...] = ()


def read_own_chart(sent: bytes) -> OwnChart:
    """Check what a visitor sent; nothing of it is kept."""
    text = sent.decode("utf-8", "replace").strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if not text:
        return OwnChart("", "Paste a FHIR Bundle of one patient, or choose its file.")
    body = without_half_pairs(text.encode())
    try:
        chart = json.loads(body)
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        return OwnChart(text, f"This is not JSON{place}.")
    except RecursionError:
        return OwnChart(text, "This JSON is nested too deeply.")
    unusable = _unusable(chart)
    if unusable:
        return OwnChart(text, unusable)
    chart["entry"] = [entry for entry in chart["entry"] if isinstance(entry.get("resource"), dict)]
    findings = tuple(invalid_resources(body))
    return OwnChart(json.dumps(chart), findings=findings)


def _unusable(chart: Any) -> str:  # noqa: ANN401 - whatever was pasted
    if not isinstance(chart, dict) or chart.get("resourceType") != "Bundle":
        return 'This is not a FHIR Bundle: its "resourceType" has to be "Bundle".'
    entries = chart.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return "The Bundle has no list of entries."
    resources = [entry.get("resource") for entry in entries]
    patients = [
        one for one in resources if isinstance(one, dict) and one.get("resourceType") == "Patient"
    ]
    if len(patients) != 1:
        return f"A chart is of one patient: this Bundle holds {len(patients)} Patient resources."
    if not isinstance(patients[0].get("id"), str):
        return "The Patient has no id, so no other resource can be about this patient."
    return ""
