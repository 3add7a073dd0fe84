"""One demonstration application with a fixed day, shared by the tests of this folder."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import read_settings

TODAY = "2026-11-22"
SERVICE = "/cds-services/hcc-after-sorafenib"


@pytest.fixture(scope="session")
def demo_app() -> Flask:
    return create_app(read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY}))


@pytest.fixture
def client(demo_app: Flask) -> FlaskClient:
    return demo_app.test_client()


@pytest.fixture
def call() -> dict[str, Any]:
    """A patient-view call for a patient who tolerated sorafenib and progressed, AFP 812."""
    return hook_call()


def hook_call(patient_id: str = "p1") -> dict[str, Any]:
    subject = {"reference": f"Patient/{patient_id}"}
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/d1", "patientId": patient_id},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": patient_id, "birthDate": "1960-01-01"},
            "conditions": searchset(
                {
                    "resourceType": "Condition",
                    "id": "hcc",
                    "subject": subject,
                    "code": coded("http://snomed.info/sct", "109841003"),
                }
            ),
            "observations": searchset(
                observation("afp", "1834-1", subject, valueQuantity=quantity(812, "ng/mL")),
                observation(
                    "status",
                    "97509-4",
                    subject,
                    valueCodeableConcept=coded("http://snomed.info/sct", "271299001"),
                ),
            ),
            "medicationStatements": searchset(sorafenib(subject)),
        },
    }


def sorafenib(subject: dict[str, str]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": "sorafenib",
        "status": "completed",
        "subject": subject,
        "medicationCodeableConcept": coded(
            "http://www.nlm.nih.gov/research/umls/rxnorm", "495881", "sorafenib"
        ),
        "effectivePeriod": {"start": "2026-03-01", "end": "2026-11-09"},
        "dosage": [
            {
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": quantity(400, "mg")}],
            }
        ],
    }


def observation(name: str, loinc: str, subject: dict[str, str], **value: object) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "subject": subject,
        "code": coded("http://loinc.org", loinc),
        "effectiveDateTime": "2026-11-10",
        **value,
    }


def coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]}


def quantity(number: float, unit: str) -> dict[str, Any]:
    return {"value": number, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def searchset(*resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(resources),
        "entry": [{"resource": resource} for resource in resources],
    }
