"""Conditions of which a part is missing: "no liver cancer" is never read off what is left."""

import json
from typing import Any

import pytest

from cds_service.sample_charts import hook_request
from tests.fetching.charts import (
    SAMPLES,
    SERVICE,
    call,
    client_of,
    document_of,
    post,
    resources_of,
    serving_chart,
)
from tests.fetching.fault_server import Answers, Asked, Script, reply, searchset, serving
from tests.fetching.faults import WRONG_CONTENT

HYPERTENSION = {
    "resourceType": "Condition",
    "id": "other",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}]},
}
SAMPLE = SAMPLES["tolerant-afp-high"]
OUTCOMES = [
    pytest.param(severity, code, id=f"{severity}, {code}")
    for severity, code in (
        ("error", "processing"),
        ("warning", "suppressed"),
        ("information", "suppressed"),
        ("warning", "timeout"),
        ("warning", "incomplete"),
        ("warning", "throttled"),
    )
]


def hypertension() -> dict[str, Any]:
    patient = next(r["id"] for r in resources_of(SAMPLE) if r["resourceType"] == "Patient")
    return HYPERTENSION | {"subject": {"reference": f"Patient/{patient}"}}


def first_page_alone(asked: Asked) -> Script:
    if "page" in asked.query:
        return reply(status=500)
    return reply(searchset(hypertension(), next_url="/fhir/Condition?patient=x&page=2"))


def nine_of_which_one_came(_: Asked) -> Script:
    return reply(searchset(hypertension()) | {"total": 9})


def beside_an_outcome(severity: str, code: str) -> dict[str, Any]:
    issue = {"severity": severity, "code": code}
    outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
    return searchset(hypertension(), outcome)


@pytest.mark.parametrize(
    "conditions",
    [first_page_alone, nine_of_which_one_came, *WRONG_CONTENT.values()],
    ids=["a page that cannot be had", "fewer than the total", *WRONG_CONTENT],
)
def test_cut_conditions_without_a_liver_cancer_are_412_and_not_silence(
    conditions: Answers,
) -> None:
    with serving(serving_chart(resources_of(SAMPLE), {"Condition": conditions})) as server:
        answer = post(client_of(server.base, SAMPLE), call(SAMPLE, server.base))
    assert answer.status_code == 412
    assert "conditions" in answer.text


@pytest.mark.parametrize(("severity", "code"), OUTCOMES)
def test_a_server_that_says_results_are_missing_is_believed(severity: str, code: str) -> None:
    prefetch = hook_request(SAMPLE.text)["prefetch"]
    prefetch["conditions"] = beside_an_outcome(severity, code)
    answer = post(client_of("http://127.0.0.1:9/fhir", SAMPLE), without_access(prefetch))
    assert answer.status_code == 412


def test_a_notice_is_no_missing_result() -> None:
    prefetch = hook_request(SAMPLE.text)["prefetch"]
    prefetch["conditions"] = beside_an_outcome("information", "informational")
    answer = post(client_of("http://127.0.0.1:9/fhir", SAMPLE), without_access(prefetch))
    assert (answer.status_code, answer.json) == (200, {"cards": []})


@pytest.mark.parametrize(("severity", "code"), OUTCOMES)
def test_observations_that_are_not_all_there_are_said_to_be_cut(severity: str, code: str) -> None:
    prefetch = hook_request(SAMPLE.text)["prefetch"]
    prefetch["observations"] = beside_an_outcome(severity, code)
    document = document_of(
        post(client_of("http://127.0.0.1:9/fhir", SAMPLE), without_access(prefetch))
    )
    assert "observations" in [one["source"] for one in document["ignored"]]


def damaged(change: str) -> dict[str, Any]:
    """The chart's prefetch, its one liver cancer damaged."""
    prefetch: dict[str, Any] = hook_request(SAMPLE.text)["prefetch"]
    kept = []
    for entry in prefetch["conditions"]["entry"]:
        codes = str(entry["resource"].get("code"))
        if "109841003" in codes or "C22.0" in codes:
            entry["resource"]["recordedDate"] = 7 if change == "date" else "2026-01-01"
            if change == "coding":
                code = entry["resource"]["code"]
                entry["resource"]["code"] = {"coding": [code["coding"][0], 7]}
        kept.append(entry)
    prefetch["conditions"]["entry"] = kept
    return prefetch


@pytest.mark.rule("A35")
@pytest.mark.parametrize("change", ["date", "coding"])
def test_a_liver_cancer_that_cannot_be_read_is_asked_about(change: str) -> None:
    answer = post(client_of("http://127.0.0.1:9/fhir", SAMPLE), without_access(damaged(change)))
    document = document_of(answer)
    assert document["options"] == []
    assert "diagnosis" in [one["input"] for one in document["missing"]]
    assert any(one["source"].startswith("Condition/") for one in document["ignored"])


@pytest.mark.rule("A35")
def test_a_liver_cancer_that_names_a_key_twice_is_asked_about() -> None:
    request = json.dumps(without_access(hook_request(SAMPLE.text)["prefetch"]))
    twice = request.replace('"code": "109841003"', '"code": "109841003", "code": "109841003"')
    assert twice != request
    client = client_of("http://127.0.0.1:9/fhir", SAMPLE)
    document = document_of(client.post(SERVICE, data=twice, content_type="application/json"))
    assert document["options"] == []
    assert "diagnosis" in [one["input"] for one in document["missing"]]


def without_access(prefetch: dict[str, Any]) -> dict[str, Any]:
    request = call(SAMPLE, "unused", prefetch)
    del request["fhirServer"], request["fhirAuthorization"]
    return request
