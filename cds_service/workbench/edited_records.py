"""The records that stand for a visitor's changes, as an EHR would write them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

Resource = dict[str, Any]
_LOINC: Final = "http://loinc.org"
_SNOMED: Final = "http://snomed.info/sct"
_UCUM: Final = "http://unitsofmeasure.org"
# name of the field -> LOINC, display, unit
LABORATORY: Final[Mapping[str, tuple[str, str, str]]] = {
    "afp": ("1834-1", "Alpha-1-Fetoprotein [Mass/volume] in Serum or Plasma", "ng/mL"),
    "bilirubin": ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL"),
    "albumin": ("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL"),
    "inr": ("6301-6", "INR in Platelet poor plasma by Coagulation assay", "{INR}"),
}
_SIGNS: Final = {
    "ascites": ("389026000", "Ascites (disorder)"),
    "encephalopathy": ("13920009", "Hepatic encephalopathy (disorder)"),
}
_SEVERITY: Final = {"mild": "255604002", "moderate": "6736007", "severe": "24484000"}
_STATUS: Final = {
    True: ("271299001", "Patient's condition worsened"),
    False: ("359746009", "Patient's condition stable"),
}
_STOPPED: Final = {
    "not tolerated": ("407563006", "Treatment not tolerated (situation)"),
    "progression": ("266721009", "No response to treatment (situation)"),
}


def laboratory(name: str, value: Decimal, subject: Mapping[str, str], day: date) -> Resource:
    """Write a laboratory result."""
    code, display, unit = LABORATORY[name]
    quantity = {"value": value, "unit": unit, "system": _UCUM, "code": unit}
    return _observation(name, code, display, subject, day) | {"valueQuantity": quantity}


def ecog(grade: int, subject: Mapping[str, str], day: date) -> Resource:
    """Write a performance status."""
    display = "ECOG Performance Status score"
    return _observation("ecog", "89247-1", display, subject, day) | {"valueInteger": grade}


def disease_status(progressed: bool, subject: Mapping[str, str], day: date) -> Resource:  # noqa: FBT001 (what it says)
    """Write whether the disease progressed."""
    said = _coded(_SNOMED, *_STATUS[progressed])
    written = _observation("status", "97509-4", "Cancer Disease Progression", subject, day)
    return written | {"valueCodeableConcept": said}


def sign(name: str, grade: str, subject: Mapping[str, str], day: date) -> Resource:
    """Write ascites or encephalopathy; absent is written as refuted, as charts do."""
    status = "refuted" if grade == "absent" else "confirmed"
    system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    written: Resource = {
        "resourceType": "Condition",
        "id": f"edited-{name}",
        "verificationStatus": {"coding": [{"system": system, "code": status}]},
        "code": _coded(_SNOMED, *_SIGNS[name]),
        "subject": subject,
        "recordedDate": day.isoformat(),
    }
    if grade != "absent":
        written["severity"] = _coded(_SNOMED, _SEVERITY[grade], grade.capitalize())
    return written


def sorafenib(
    daily_mg: Decimal | None, subject: Mapping[str, str], days: tuple[date, date]
) -> Resource:
    """Write one statement of sorafenib that ended; without a dose, the usual 800 mg daily."""
    first, last = days
    daily_mg = Decimal(800) if daily_mg is None else daily_mg
    dose = {"value": daily_mg, "unit": "mg", "system": _UCUM, "code": "mg"}
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d"}
    return {
        "resourceType": "MedicationStatement",
        "id": "edited-sorafenib",
        "status": "completed",
        "medicationCodeableConcept": _coded(
            "http://www.nlm.nih.gov/research/umls/rxnorm", "495881", "sorafenib"
        ),
        "subject": subject,
        "effectivePeriod": {"start": first.isoformat(), "end": last.isoformat()},
        "dosage": [
            {
                "text": f"{daily_mg} mg daily",
                "timing": {"repeat": repeat},
                "doseAndRate": [{"doseQuantity": dose}],
            }
        ],
    }


def stopped_for(reason: str) -> Resource:
    """Write why a drug ended; nothing, where no reason is recorded."""
    coded = _STOPPED.get(reason)
    return {} if coded is None else {"statusReason": [_coded(_SNOMED, *coded)]}


def _observation(
    name: str, code: str, display: str, subject: Mapping[str, str], day: date
) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"edited-{name}",
        "status": "final",
        "code": _coded(_LOINC, code, display),
        "subject": subject,
        "effectiveDateTime": day.isoformat(),
    }


def _coded(system: str, code: str, display: str) -> Resource:
    return {"coding": [{"system": system, "code": code, "display": display}]}
