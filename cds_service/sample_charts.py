"""The sample patients of the demonstration, moved so that their day is today.

Each chart keeps the day it was written for (``asOf`` in its ``intent.yaml``). Whoever loads it
moves all its dates by whole days: nothing in the repository goes stale.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?!\d)")
_MONTH = re.compile(r'(?<=")((?:19|20)\d{2}-(?:0[1-9]|1[0-2]))(?=")')
KEY_OF = {
    "Condition": "conditions",
    "Observation": "observations",
    "MedicationRequest": "medicationRequests",
    "MedicationDispense": "medicationRequests",
    "Medication": "medicationRequests",
    "MedicationStatement": "medicationStatements",
    "MedicationAdministration": "medicationAdministrations",
    "Procedure": "procedures",
    "AllergyIntolerance": "allergies",
    "AdverseEvent": "allergies",
}
_HOOK_INSTANCE = "5d1b1f7c-6d0e-4c55-9f0b-0c3f0a7e5a01"


@dataclass(frozen=True, slots=True)
class SampleChart:
    """One sample: what it shows, the chart as JSON text, and the day it was written for."""

    name: str
    text: str
    as_of: date
    shows: str = field(default="", compare=False)

    def moved_to(self, day: date) -> str:
        """Give the chart's text with every date moved, so that its day is ``day``."""
        return move_dates(self.text, (day - self.as_of).days)


@cache
def sample_charts(folder: Path = SAMPLES) -> Mapping[str, SampleChart]:
    """Read every sample of a folder, once, by name."""
    found = {}
    for chart in sorted(folder.glob("*/chart.json")):
        intent = yaml.safe_load(chart.with_name("intent.yaml").read_text(encoding="utf-8"))
        found[chart.parent.name] = SampleChart(
            name=chart.parent.name,
            shows=str(intent["shows"]),
            text=chart.read_text(encoding="utf-8"),
            as_of=intent["asOf"],
        )
    return MappingProxyType(found)


def move_dates(text: str, days: int) -> str:
    """Move every calendar day in a JSON text; months alone follow their fifteenth day."""
    if days == 0:
        return text

    def day(found: re.Match[str]) -> str:
        try:
            moved = date.fromisoformat(found[1]) + timedelta(days)
        except ValueError:  # 30 February stays what it is: nonsense
            return found[1]
        return moved.isoformat()

    def month(found: re.Match[str]) -> str:
        middle = date.fromisoformat(found[1] + "-15") + timedelta(days)
        return middle.isoformat()[:7]

    return _MONTH.sub(month, _DAY.sub(day, text))


def hook_request(chart_text: str, fhir_server: str | None = None) -> dict[str, Any]:
    """Make a patient-view call for a chart, its resources under the prefetch keys of discovery."""
    chart = json.loads(chart_text)
    resources = [e["resource"] for e in chart["entry"] if isinstance(e.get("resource"), dict)]
    patient = next(r for r in resources if r.get("resourceType") == "Patient")
    prefetch: dict[str, Any] = {"patient": patient}
    for key in dict.fromkeys(KEY_OF.values()):
        entries = [entry for entry in chart["entry"] if _key_of(entry.get("resource")) == key]
        prefetch[key] = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": len(entries),
            "entry": [{k: e[k] for k in ("fullUrl", "resource") if k in e} for e in entries],
        }
    call: dict[str, Any] = {
        "hook": "patient-view",
        "hookInstance": _HOOK_INSTANCE,
        "context": {"userId": "Practitioner/example", "patientId": patient["id"]},
        "prefetch": prefetch,
    }
    if fhir_server is not None:
        call["fhirServer"] = fhir_server
    return call


def _key_of(resource: object) -> str | None:
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    return KEY_OF.get(kind) if isinstance(kind, str) else None
