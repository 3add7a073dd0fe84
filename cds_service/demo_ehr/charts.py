"""The resources of all sample charts, moved to one day, as a FHIR server holds them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import msgspec

from cds_service.sample_charts import SampleChart
from fhir_mappings.chart.half_pairs import without_half_pairs

CLINICIAN_ID: Final = "demo-clinician"
TYPES: Final = (
    "AdverseEvent",
    "AllergyIntolerance",
    "Condition",
    "Encounter",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Practitioner",
    "Procedure",
)
ABOUT_NO_PATIENT: Final = frozenset({"Medication", "Practitioner"})
_CLINICIAN = {
    "resourceType": "Practitioner",
    "id": CLINICIAN_ID,
    "active": True,
    "name": [{"text": "Demo Clinician", "family": "Clinician", "given": ["Demo"]}],
}


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"null")


class _Chart(msgspec.Struct):
    entry: list[_Entry] = []


@dataclass(frozen=True, slots=True)
class Stored:
    """One resource: as it is sent, as it is searched, and the patient whom it is about."""

    kind: str
    id: str
    patient_id: str | None  # None: about no patient (a Medication, the clinician)
    raw: msgspec.Raw
    content: Mapping[str, Any]


class StoredCharts:
    """Everything that the server holds on one day."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the charts' JSON texts; a resource without type or id is not kept."""
        self._by_address: dict[tuple[str, str], Stored] = {}
        self._by_kind: dict[str, list[Stored]] = {kind: [] for kind in TYPES}
        clinician = msgspec.Raw(msgspec.json.encode(_CLINICIAN))
        for raw in (clinician, *(raw for text in texts for raw in _resources(text))):
            one = _stored(raw)
            if one is not None and (one.kind, one.id) not in self._by_address:
                self._by_address[one.kind, one.id] = one
                self._by_kind[one.kind].append(one)

    def read(self, kind: str, resource_id: str) -> Stored | None:
        """Give one resource."""
        return self._by_address.get((kind, resource_id))

    def of(self, kind: str) -> Sequence[Stored]:
        """Give every resource of a type, in the order of the samples."""
        return self._by_kind[kind]


class DemoCharts:
    """The samples on the service's day; a new day moves them once."""

    def __init__(self, samples: Mapping[str, SampleChart], today: Callable[[], date]) -> None:
        """Take the samples and the clock."""
        self._samples = tuple(samples.values())
        self._today = today
        self._on = lru_cache(2)(self._moved)

    def now(self) -> StoredCharts:
        """Give what is held today."""
        return self._on(self._today())

    def _moved(self, day: date) -> StoredCharts:
        return StoredCharts([sample.moved_to(day) for sample in self._samples])


def _resources(text: str) -> Iterator[msgspec.Raw]:
    chart = msgspec.json.decode(without_half_pairs(text.encode()), type=_Chart)
    return (entry.resource for entry in chart.entry)


def _stored(raw: msgspec.Raw) -> Stored | None:
    content = json.loads(bytes(raw))
    if not isinstance(content, dict):
        return None
    kind, resource_id = content.get("resourceType"), content.get("id")
    if kind not in TYPES or not isinstance(resource_id, str):
        return None
    whose = resource_id if kind == "Patient" else _patient_of(content)
    return Stored(kind, resource_id, whose, raw, content)


def _patient_of(content: Mapping[str, Any]) -> str | None:
    for name in ("subject", "patient"):
        subject = content.get(name)
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if isinstance(reference, str) and "Patient/" in reference:
            return reference.rpartition("Patient/")[2]
    return None
