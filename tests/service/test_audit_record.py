"""One audit line for every call: who, what came out, how long; never who the patient is."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.request_log import JsonLines
from tests.service.conftest import SERVICE

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def audit(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO)

    def lines() -> list[dict[str, Any]]:
        records = [one for one in caplog.records if one.name == "cds_service.audit"]
        return [json.loads(JsonLines().format(one)) for one in records]

    return lines


def test_a_hook_call_is_recorded_with_what_the_pathway_decided(
    client: FlaskClient, call: dict[str, Any], audit: Lines
) -> None:
    client.post(SERVICE, json=call, headers={"X-Request-Id": "r-1"})
    (line,) = audit()
    assert line["requestId"] == "r-1"
    assert line["hookInstance"] == call["hookInstance"]
    assert (line["service"], line["hook"]) == ("hcc-after-sorafenib", "patient-view")
    assert (line["pathway"], line["pathwayVersion"]) == ("kim-2020", "1.0.0")
    assert (line["status"], line["outcome"], line["cards"]) == (200, "cards", 2)
    assert (line["patientClass"], line["line"]) == ("tolerant", "second")
    assert line["criteria"] == {
        "ramucirumab": "offered",
        "regorafenib": "offered",
        "cabozantinib": "not-met: sorafenib-intolerance",
        "nivolumab": "not-met: sorafenib-intolerance",
    }
    assert line["ms"] > 0
    assert line["ehr"] == ""


@pytest.mark.parametrize(
    ("change", "recorded"),
    [
        ({"prefetch": {}}, (412, "not answered")),
        ({"hook": "order-sign"}, (400, None)),
        ({"context": {"userId": "x"}}, (400, None)),
    ],
)
def test_a_call_that_is_refused_is_recorded_too(
    client: FlaskClient,
    call: dict[str, Any],
    audit: Lines,
    change: dict[str, Any],
    recorded: tuple[int, str | None],
) -> None:
    assert client.post(SERVICE, json=call | change).status_code == recorded[0]
    (line,) = audit()
    assert (line["status"], line.get("outcome")) == recorded
    assert (line["pathway"], line["pathwayVersion"]) == ("kim-2020", "1.0.0")


def test_a_call_about_a_chart_without_liver_cancer_names_the_version_too(
    client: FlaskClient, call: dict[str, Any], audit: Lines
) -> None:
    nothing = {"resourceType": "Bundle", "type": "searchset", "entry": []}
    prefetch = call["prefetch"] | {"conditions": nothing}
    assert client.post(SERVICE, json=call | {"prefetch": prefetch}).status_code == 200
    (line,) = audit()
    assert line["outcome"] == "no card"
    assert (line["pathway"], line["pathwayVersion"]) == ("kim-2020", "1.0.0")


def test_the_api_and_feedback_are_recorded(client: FlaskClient, audit: Lines) -> None:
    chart = client.get("/samples/tolerant-afp-high/chart.json").data
    client.post("/api/recommendation", data=chart, content_type="application/json")
    client.post(f"{SERVICE}/feedback", json={"feedback": []})
    api, feedback = audit()
    assert (api["route"], api["patientClass"]) == ("/api/recommendation", "tolerant")
    assert (feedback["route"], feedback["status"]) == ("/cds-services/<service_id>/feedback", 400)


def test_no_line_of_the_log_says_who_the_patient_is_or_what_the_token_was(
    client: FlaskClient, call: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    call["context"] |= {"patientId": "MRN-4711", "encounterId": "enc-4712"}
    call |= {
        "fhirServer": "https://ehr.example/fhir",
        "fhirAuthorization": {
            "access_token": "CANARY-TOKEN",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/*.read",
            "subject": "hcc",
        },
    }
    text = json.dumps(call).replace("Patient/p1", "Patient/MRN-4711").replace('"p1"', '"MRN-4711"')
    call = json.loads(text)
    call["prefetch"]["patient"]["name"] = [{"family": "CANARY-NAME"}]
    headers = {"Authorization": "Bearer CANARY-JWT"}
    assert client.post(SERVICE, json=call, headers=headers).status_code == 200
    del call["prefetch"]["conditions"]
    assert client.post(SERVICE, json=call, headers=headers).status_code == 412
    lines = "\n".join(JsonLines().format(record) for record in caplog.records)
    assert lines
    for word in ("MRN-4711", "enc-4712", "CANARY"):
        assert word not in lines
