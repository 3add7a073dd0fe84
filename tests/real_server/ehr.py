"""A client that behaves as an EHR does: it reads discovery, prefetches and calls the hook.

It follows no ``next`` links and adds nothing to the templates: what they do not ask for, the
service does not get.
"""

import json
import uuid
from datetime import date
from typing import Any

import requests

from cds_service.sample_charts import SampleChart

SERVICE = "hcc-after-sorafenib"
FHIR_JSON = {"Accept": "application/fhir+json", "Content-Type": "application/fhir+json"}


def load(session: requests.Session, fhir_base: str, sample: SampleChart, *, on: date) -> None:
    """Store a sample on a FHIR server in one transaction, its day shifted to ``on``."""
    resources = [entry["resource"] for entry in json.loads(sample.moved_to(on))["entry"]]
    transaction = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "resource": resource,
                "request": {
                    "method": "PUT",
                    "url": f"{resource['resourceType']}/{resource['id']}",
                },
            }
            for resource in resources
            if resource["resourceType"] != "OperationOutcome"
        ],
    }
    answer = session.post(fhir_base, json=transaction, headers=FHIR_JSON, timeout=60)
    if not answer.ok:
        message = f"{fhir_base} refused {sample.name}: {answer.status_code} {answer.text[:1000]}"
        raise RuntimeError(message)


def templates(session: requests.Session, service_base: str) -> dict[str, str]:
    """Return the prefetch templates that discovery offers for the patient-view service."""
    services = session.get(f"{service_base}/cds-services", timeout=10).json()["services"]
    (found,) = [service for service in services if service["id"] == SERVICE]
    prefetch: dict[str, str] = found["prefetch"]
    return prefetch


def prefetched(
    session: requests.Session, fhir_base: str, offered: dict[str, str], patient_id: str
) -> dict[str, Any]:
    """Run each template against the server; a query that fails leaves its key out."""
    answers = {}
    for key, template in offered.items():
        query = template.replace("{{context.patientId}}", patient_id)
        answer = session.get(f"{fhir_base}/{query}", headers=FHIR_JSON, timeout=30)
        if answer.ok:
            answers[key] = answer.json()
    return answers


def call(
    session: requests.Session, service_base: str, patient_id: str, prefetch: dict[str, Any]
) -> list[dict[str, Any]]:
    """Call the patient-view hook and return its cards."""
    request = {
        "hook": "patient-view",
        "hookInstance": str(uuid.uuid4()),
        "context": {"userId": "Practitioner/example", "patientId": patient_id},
        "prefetch": prefetch,
    }
    url = f"{service_base}/cds-services/{SERVICE}"
    answer = session.post(url, json=request, timeout=30)
    answer.raise_for_status()
    cards: list[dict[str, Any]] = answer.json()["cards"]
    return cards
