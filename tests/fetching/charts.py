"""A sample chart behind a FHIR server of ours, and the service that reads it."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from flask import Flask
from flask.testing import FlaskClient
from msgspec import structs
from werkzeug.test import TestResponse

from cds_service.chart_reading.chart_of_call import ChartReading
from cds_service.composition import Composition, compose
from cds_service.errors import register_error_answers
from cds_service.request_log import register_request_log
from cds_service.sample_charts import SampleChart, sample_charts
from cds_service.services import HookCalls, hook_services
from cds_service.settings import read_settings
from cds_service.site_file import Ehr
from hooks.prefetch import templates
from tests.fetching.fault_server import Answers, Asked, Script, reply, searchset

TOKEN = "canary-token-7f3a"  # noqa: S105 (invented)
EXTENSION = "org.hcc-pathway.recommendation"
SERVICE = "/cds-services/hcc-after-sorafenib"
KINDS = (
    "Condition",
    "Observation",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "Procedure",
    "AllergyIntolerance",
)
Faults = Mapping[str, Answers]


def resources_of(sample: SampleChart) -> list[dict[str, Any]]:
    return [e["resource"] for e in json.loads(sample.text)["entry"] if "resource" in e]


def serving_chart(resources: list[dict[str, Any]], faults: Faults | None = None) -> Answers:
    """Answer reads and searches from one chart; ``faults`` take the place of single types."""

    def answer(asked: Asked) -> Script:
        fault = (faults or {}).get(asked.kind)
        if fault is not None:
            return fault(asked)
        return honest(asked, resources)

    return answer


def honest(asked: Asked, resources: list[dict[str, Any]]) -> Script:
    if asked.kind == "metadata":
        return reply(statement())
    _, _, wanted_id = asked.path.removeprefix("/fhir/").partition("/")
    found = [one for one in resources if one["resourceType"] == asked.kind]
    if not wanted_id:
        return reply(searchset(*found))
    (one,) = [one for one in found if one["id"] == wanted_id]
    return reply(one)


def statement(*without: str) -> dict[str, Any]:
    return {
        "resourceType": "CapabilityStatement",
        "fhirVersion": "4.0.1",
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {"type": kind, "interaction": [{"code": "read"}, {"code": "search-type"}]}
                    for kind in ("Patient", "Medication", *KINDS)
                    if kind not in without
                ],
            }
        ],
    }


@lru_cache
def composition() -> Composition:
    return compose(read_settings({"HCC_CDS_MODE": "demo"}))


def client_of(
    base: str,
    sample: SampleChart,
    *,
    deadline_ms: int = 1500,
    most_bytes: int = 2_000_000,
    today: date | None = None,
) -> FlaskClient:
    """Make a client of a service that lists one EHR; its day is that of the sample, or given."""
    parts = composition()
    ehr = Ehr(name="example", fhir_base=base)
    site = structs.replace(parts.settings.site, ehr=(ehr,))
    reading = ChartReading(
        [ehr],
        templates(_codes(parts), lean=False),
        deadline_ms=deadline_ms,
        most_bytes=most_bytes,
    )
    app = Flask("tests")
    register_request_log(app)
    register_error_answers(app)
    app.register_blueprint(
        hook_services(
            HookCalls(
                replace(
                    parts,
                    settings=replace(parts.settings, site=site),
                    chart_reading=reading,
                    today=lambda: today or sample.as_of,
                )
            )
        )
    )
    return app.test_client()


def _codes(parts: Composition) -> list[str]:
    query = parts.prefetch["observations"].partition("code=")[2]
    return query.partition("&")[0].split(",")


def call(
    sample: SampleChart, base: str, prefetch: dict[str, Any] | None = None, token: str = TOKEN
) -> dict[str, Any]:
    patient_id = next(r["id"] for r in resources_of(sample) if r["resourceType"] == "Patient")
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/d1", "patientId": patient_id},
        "fhirServer": base,
        "fhirAuthorization": {"access_token": token, "token_type": "Bearer", "expires_in": 300},
        **({} if prefetch is None else {"prefetch": prefetch}),
    }


def post(client: FlaskClient, request: dict[str, Any]) -> TestResponse:
    return client.post(SERVICE, json=request)


def document_of(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    (found,) = [
        card["extension"][EXTENSION]
        for card in answer.json["cards"]  # type: ignore[index]  # it is a JSON object
        if EXTENSION in card.get("extension", {})
    ]
    document: dict[str, Any] = found
    return document


def assert_token_nowhere(answer: TestResponse, log: pytest.LogCaptureFixture) -> None:
    said = answer.text + str(answer.headers) + log.text
    said += "".join(json.dumps(getattr(one, "fields", {})) for one in log.records)
    assert TOKEN not in said


SAMPLES = sample_charts()


def some_by_default(names: Iterable[str], quick: Collection[str]) -> list[ParameterSet]:
    """Give every name as a parameter, those that are not quick as slow ones."""
    return [pytest.param(name, marks=() if name in quick else pytest.mark.slow) for name in names]
