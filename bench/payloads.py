"""Patient-view bodies of the sizes that the published measurements use: 126 KB and 1.5 MB.

The small body holds 88 resources (a Patient, 12 Conditions, 60 Observations, 10
MedicationRequests, 5 MedicationStatements), the large one 1,000 Observations. All are valid R4,
with the narrative, metadata and references that EHRs send and no service needs.
"""

from __future__ import annotations

import json
from datetime import date, timedelta

AS_OF = date(2026, 11, 22)
PATIENT = "bench-1"
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_LOINC = "http://loinc.org"
_SNOMED = "http://snomed.info/sct"

# code, display, unit, value: only the first four are read by the pathway
_LABORATORY = (
    ("1834-1", "Alpha-1-Fetoprotein [Mass/volume] in Serum or Plasma", "ng/mL", 812.0),
    ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL", 1.1),
    ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", 3.8),
    ("6301-6", "INR in Platelet poor plasma by Coagulation assay", "{INR}", 1.1),
    ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 0.9),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", 140.0),
    ("1920-8", "Aspartate aminotransferase in Serum or Plasma", "U/L", 61.0),
    ("1742-6", "Alanine aminotransferase in Serum or Plasma", "U/L", 44.0),
)
_LABORATORY_CATEGORY = [
    {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                "code": "laboratory",
                "display": "Laboratory",
            }
        ]
    }
]


def _frame(resource_type: str, number: int) -> dict[str, object]:
    return {
        "resourceType": resource_type,
        "id": f"bench-{resource_type.lower()}-{number}",
        "meta": {
            "versionId": "1",
            "lastUpdated": "2026-11-20T08:00:00.000Z",
            "source": "#a1b2c3d4e5f6",
            "profile": [f"http://hl7.org/fhir/us/core/StructureDefinition/{resource_type}"],
        },
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p><b>Generated narrative</b></p>'
            "<p>identifier, status, category, code, subject, encounter, effective</p>"
            "</div>",
        },
        "identifier": [
            {"system": f"urn:oid:1.2.840.114350.1.13.0.1.7.2.{n}", "value": f"{number}-{n}"}
            for n in range(3)
        ],
    }


def _subject() -> dict[str, object]:
    return {"subject": {"reference": f"Patient/{PATIENT}", "display": "Bench, Patient"}}


def _patient() -> dict[str, object]:
    return _frame("Patient", 1) | {
        "id": PATIENT,
        "active": True,
        "gender": "male",
        "birthDate": "1961-04-02",
        "name": [{"use": "official", "family": "Bench", "given": ["Patient"]}],
    }


def _observation(number: int) -> dict[str, object]:
    code, display, unit, value = _LABORATORY[number % len(_LABORATORY)]
    taken = AS_OF - timedelta(days=3 + 7 * (number // len(_LABORATORY)))
    return (
        _frame("Observation", number)
        | _subject()
        | {
            "status": "final",
            "category": _LABORATORY_CATEGORY,
            "code": {
                "coding": [{"system": _LOINC, "code": code, "display": display}],
                "text": display,
            },
            "encounter": {"reference": f"Encounter/bench-enc-{number}"},
            "effectiveDateTime": f"{taken.isoformat()}T07:{number % 60:02d}:00+00:00",
            "issued": f"{taken.isoformat()}T09:00:00.000+00:00",
            "performer": [{"reference": "Organization/bench-lab", "display": "Laboratory"}],
            "valueQuantity": {
                "value": value + number // len(_LABORATORY) * 0.01,
                "unit": unit,
                "system": "http://unitsofmeasure.org",
                "code": unit,
            },
            "referenceRange": [{"text": "see laboratory handbook"}],
        }
    )


def _condition(number: int, diagnosis: tuple[str, str]) -> dict[str, object]:
    code, display = diagnosis
    return (
        _frame("Condition", number)
        | _subject()
        | {
            "clinicalStatus": {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                        "code": "active",
                    }
                ]
            },
            "verificationStatus": {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                        "code": "confirmed",
                    }
                ]
            },
            "code": {
                "coding": [{"system": _SNOMED, "code": code, "display": display}],
                "text": display,
            },
            "recordedDate": "2025-01-10",
        }
    )


def _dosage(daily: int) -> list[dict[str, object]]:
    return [
        {
            "text": "400 mg by mouth twice daily",
            "timing": {"repeat": {"frequency": daily, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [
                {
                    "doseQuantity": {
                        "value": 400,
                        "unit": "mg",
                        "system": "http://unitsofmeasure.org",
                        "code": "mg",
                    }
                }
            ],
        }
    ]


def _medication(number: int, *, statement: bool) -> dict[str, object]:
    resource_type = "MedicationStatement" if statement else "MedicationRequest"
    coded: dict[str, object] = {"text": "metformin 500 mg oral tablet, film coated"}
    if number == 0:
        coding = {"system": _RXNORM, "code": "495881", "display": "sorafenib"}
        coded = {"coding": [coding], "text": "sorafenib"}
    shared = _frame(resource_type, number) | _subject() | {"medicationCodeableConcept": coded}
    if statement:
        return shared | {
            "status": "completed",
            "effectivePeriod": {"start": "2026-06-01", "end": "2026-10-30"},
            "dateAsserted": "2026-11-02",
            "dosage": _dosage(2),
        }
    return shared | {
        "status": "active" if number else "stopped",
        "intent": "order",
        "authoredOn": "2026-06-01",
        "dosageInstruction": _dosage(2),
    }


def _progression() -> dict[str, object]:
    return _observation(0) | {
        "id": "bench-progression",
        "code": {"coding": [{"system": _LOINC, "code": "97509-4"}]},
        "effectiveDateTime": "2026-11-01",
        "valueQuantity": None,
        "valueCodeableConcept": {"coding": [{"system": _SNOMED, "code": "271299001"}]},
    }


def _bundle(resources: list[dict[str, object]]) -> dict[str, object]:
    present = [{k: v for k, v in each.items() if v is not None} for each in resources]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(present),
        "entry": [
            {"fullUrl": f"https://ehr.example/fhir/{each['resourceType']}/{each['id']}",
             "resource": each, "search": {"mode": "match"}}
            for each in present
        ],
    }  # fmt: skip


def hook_request(observations: int, *, liver_cancer: bool = True) -> bytes:
    """Build one patient-view body with this many Observations, as compact UTF-8 JSON."""
    hcc = ("109841003", "Liver cell carcinoma") if liver_cancer else ("38341003", "Hypertension")
    conditions = [
        _condition(n, hcc if n == 0 else ("38341003", "Hypertension")) for n in range(12)
    ]
    labs = [_progression(), *(_observation(n) for n in range(observations - 1))]
    body = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/bench", "patientId": PATIENT},
        "prefetch": {
            "patient": _patient(),
            "conditions": _bundle(conditions),
            "observations": _bundle(labs),
            "medicationRequests": _bundle([_medication(n, statement=False) for n in range(10)]),
            "medicationStatements": _bundle([_medication(n, statement=True) for n in range(5)]),
        },
    }
    return json.dumps(body, separators=(",", ":")).encode()
