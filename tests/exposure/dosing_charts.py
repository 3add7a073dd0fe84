"""The rows of dosing_records.yaml as FHIR Bundles."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("dosing_records.yaml")
_TYPES = {
    "request": "MedicationRequest",
    "statement": "MedicationStatement",
    "administration": "MedicationAdministration",
    "dispense": "MedicationDispense",
    "medication": "Medication",
}
Json = dict[str, Any]


class _WordsAndNumbers(yaml.SafeLoader):
    """Dates stay as they are written: 2026-05 and 2026-05-04 are FHIR dates."""


_WordsAndNumbers.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def rows() -> list[Json]:
    loaded = yaml.load(_FILE.read_text("utf-8"), Loader=_WordsAndNumbers)  # noqa: S506 - derives from SafeLoader
    return list(loaded["rows"])


def resources(row: Json) -> list[Json]:
    """Give the FHIR resources of a row, with what every record has filled in."""
    made: list[Json] = []
    for record in row["records"]:
        kind = next(key for key in record if key in _TYPES)
        for moment in _moments(record):
            body = {"resourceType": _TYPES[kind], "id": f"r{len(made)}", **record[kind]}
            if kind != "medication":
                body["subject"] = {"reference": "Patient/p1"}
                if "medicationReference" not in body:
                    body.setdefault(
                        "medicationCodeableConcept", {"text": "sorafenib 200 MG Oral Tablet"}
                    )
            if moment is not None:
                body["effectiveDateTime"] = moment
            made.append(body)
    return json.loads(json.dumps(made))  # type: ignore[no-any-return] # aliases become copies


def bundle(made: list[Json]) -> bytes:
    patient = {"resourceType": "Patient", "id": "p1"}
    entries = [{"resource": resource} for resource in (patient, *made)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def _moments(record: Json) -> list[str | None]:
    if "each_day" not in record:
        return [None]
    first, last = (date.fromisoformat(day) for day in record["each_day"])
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
