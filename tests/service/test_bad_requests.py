"""Every row of bad input: the status, and an OperationOutcome that names the part."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from rich.pretty import pretty_repr
from werkzeug.test import TestResponse

from cds_service.app import create_app
from cds_service.settings import read_settings
from hooks.messages import FhirAuthorization, HookContext, HookRequest
from tests.service.conftest import SERVICE, hook_call

Change = Callable[[dict[str, Any]], None]


def post(
    client: FlaskClient, body: bytes | str, headers: dict[str, str] | None = None
) -> TestResponse:
    return client.post(SERVICE, data=body, content_type="application/json", headers=headers)


def outcome(answer: TestResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.data)
    assert found["resourceType"] == "OperationOutcome"
    assert answer.mimetype == "application/fhir+json"
    assert answer.headers["X-Request-Id"]
    issue: dict[str, Any] = found["issue"][0]
    assert issue["severity"] == "error"
    return issue


GOOD = json.dumps(hook_call())
TWICE = GOOD.replace('{"hook":', '{"hook": "patient-view", "hook":', 1)
TWICE_INSIDE = GOOD.replace('"patientId":', '"patientId": "p2", "patientId":', 1)
TWICE_PREFETCH = GOOD.replace('"patient":', '"patient": null, "patient":', 1)

BAD_BODIES = {
    "nothing": (b"", "is empty"),
    "not JSON": (b"<xml/>", "is not valid JSON"),
    "cut JSON": (GOOD[:-9].encode(), "is not valid JSON"),
    "an array": (b"[]", "must be a JSON object"),
    "a number beyond any range": (b'{"n": 1e999, ' + GOOD.encode()[1:], "out of range"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "byte order mark"),
    "UTF-16": (GOOD.encode("utf-16"), "UTF-8"),
    "bytes that are not UTF-8": (
        GOOD.replace("Practitioner/d1", "\xff").encode("latin-1"),
        "UTF-8",
    ),
    "a member twice": (TWICE.encode(), "twice"),
    "a member of the context twice": (TWICE_INSIDE.encode(), "twice"),
    "a prefetch key twice": (TWICE_PREFETCH.encode(), "twice"),
    "NaN": (GOOD.replace('"p1"', "NaN", 1).encode(), "is not valid JSON"),
    "Infinity in a resource": (GOOD.replace("812", "Infinity", 1).encode(), "is not valid JSON"),
    "nesting of 65 levels": (
        ('{"extension":' + '{"a":' * 64 + "1" + "}" * 64 + "}").encode(),
        "deeper than 64",
    ),
    "nesting of 100000 levels": (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deeper"),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_body_that_is_not_a_strict_json_object_is_a_400_that_says_why(
    client: FlaskClient, case: str
) -> None:
    body, why = BAD_BODIES[case]
    answer = post(client, body)
    assert answer.status_code == 400
    assert why in outcome(answer)["diagnostics"]


def test_nesting_of_64_levels_is_still_read(client: FlaskClient) -> None:
    inner = '{"a":' * 61 + "1" + "}" * 61
    body = GOOD.replace('{"hook":', f'{{"extension": {{"x": {inner}}}, "hook":', 1)
    assert post(client, body).status_code == 200


def test_brackets_inside_strings_are_not_nesting(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    call["extension"] = {"note": '[[[[{{{{"' * 40}
    assert post(client, json.dumps(call)).status_code == 200


def _without(*path: str) -> Change:
    def change(call: dict[str, Any]) -> None:
        for name in path[:-1]:
            call = call[name]
        del call[path[-1]]

    return change


def _with(value: object, *path: str) -> Change:
    def change(call: dict[str, Any]) -> None:
        for name in path[:-1]:
            call = call[name]
        call[path[-1]] = value

    return change


def _authorized(authorization: dict[str, object]) -> Change:
    def change(call: dict[str, Any]) -> None:
        call.update(fhirServer="https://ehr.example/fhir", fhirAuthorization=authorization)

    return change


BAD_PARTS: dict[str, tuple[Change, str]] = {
    "no hook": (_without("hook"), "hook"),
    "hook not text": (_with(7, "hook"), "hook"),
    "another hook than the service's": (_with("encounter-start", "hook"), "hook"),
    "no hookInstance": (_without("hookInstance"), "hookInstance"),
    "hookInstance not a UUID": (_with("abc", "hookInstance"), "hookInstance"),
    "no context": (_without("context"), "context"),
    "context null": (_with(None, "context"), "context"),
    "context a list": (_with([], "context"), "context"),
    "no patientId": (_without("context", "patientId"), "context.patientId"),
    "patientId a number": (_with(1, "context", "patientId"), "context.patientId"),
    "patientId empty": (_with("", "context", "patientId"), "context.patientId"),
    "patientId a place": (_with(".", "context", "patientId"), "context.patientId"),
    "patientId the place above": (_with("..", "context", "patientId"), "context.patientId"),
    "patientId with a slash": (_with("a/b", "context", "patientId"), "context.patientId"),
    "patientId with a query": (_with("a?b=1", "context", "patientId"), "context.patientId"),
    "patientId ending a line": (_with("p1\n", "context", "patientId"), "context.patientId"),
    "patientId of 65": (_with("a" * 65, "context", "patientId"), "context.patientId"),
    "no userId": (_without("context", "userId"), "context.userId"),
    "userId without type": (_with("d1", "context", "userId"), "context.userId"),
    "encounterId with a blank": (_with("e 1", "context", "encounterId"), "context.encounterId"),
    "fhirAuthorization alone": (_with({"access_token": "x"}, "fhirAuthorization"), "fhirServer"),
    "fhirAuthorization text": (_with("x", "fhirAuthorization"), "fhirAuthorization"),
    "fhirAuthorization of another patient": (
        _authorized({"access_token": "t", "patient": "p2"}),
        "fhirAuthorization.patient",
    ),
    "token with a line end": (
        _authorized({"access_token": "t\r\nX-Other: 1"}),
        "fhirAuthorization.access_token",
    ),
    "token not text": (_authorized({"access_token": ["t"]}), "fhirAuthorization.access_token"),
    "token of another type": (
        _authorized({"access_token": "t", "token_type": "MAC"}),
        "fhirAuthorization.token_type",
    ),
    "fhirServer a number": (_with(1, "fhirServer"), "fhirServer"),
    "prefetch a list": (_with([], "prefetch"), "prefetch"),
}


@pytest.mark.parametrize("case", BAD_PARTS)
def test_a_wrong_part_of_the_envelope_is_a_400_that_names_it(
    client: FlaskClient, call: dict[str, Any], case: str
) -> None:
    change, part = BAD_PARTS[case]
    change(call)
    answer = post(client, json.dumps(call))
    assert answer.status_code == 400
    assert outcome(answer)["expression"] == [part]


@pytest.mark.conformance("31")
def test_a_token_shows_in_no_representation() -> None:
    authorization = FhirAuthorization("canary", "s")
    request = HookRequest(
        "patient-view", UUID(int=1), HookContext("Practitioner/d", "p1"), None, None, authorization
    )
    assert "canary" not in repr(request) + pretty_repr(request) + str(authorization)


def test_a_prefetched_patient_of_another_id_is_a_400(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    call["prefetch"]["patient"]["id"] = "somebody-else"
    answer = post(client, json.dumps(call))
    assert answer.status_code == 400
    assert "somebody-else" not in outcome(answer)["diagnostics"]


LEGAL: dict[str, Change] = {
    "an unknown extension": _with({"org.example": {"a": 1}}, "extension"),
    "another field of the context": _with([1, {"x": None}], "context", "selections"),
    "an unknown member": _with("x", "somethingNew"),
    "an unknown prefetch key": _with({"resourceType": "Bundle"}, "prefetch", "labs"),
    "null authorization": _with(None, "fhirAuthorization"),
    "a token for this patient": _authorized(
        {"access_token": "t", "token_type": "bearer", "patient": "p1"}
    ),
    "an authorization without a token": _authorized({"token_type": "Bearer", "expires_in": 300}),
    "a server and a token": lambda call: call.update(
        fhirServer="https://ehr.example/fhir", fhirAuthorization={"access_token": "t"}
    ),
}


@pytest.mark.parametrize("case", LEGAL)
def test_what_the_standard_leaves_open_is_accepted(
    client: FlaskClient, call: dict[str, Any], case: str
) -> None:
    LEGAL[case](call)
    answer = post(client, json.dumps(call))
    assert answer.status_code == 200
    assert json.loads(answer.data)["cards"]


ABSENT: dict[str, tuple[Change, str]] = {
    "no prefetch": (_without("prefetch"), "prefetch.conditions"),
    "null prefetch": (_with(None, "prefetch"), "prefetch.conditions"),
    "no conditions": (_without("prefetch", "conditions"), "prefetch.conditions"),
    "conditions failed": (
        _with({"resourceType": "OperationOutcome", "issue": []}, "prefetch", "conditions"),
        "prefetch.conditions",
    ),
    "no medication source": (
        _without("prefetch", "medicationStatements"),
        "prefetch.medicationRequests",
    ),
}


@pytest.mark.parametrize("case", ABSENT)
def test_needed_data_that_cannot_be_had_is_a_412_that_names_the_keys(
    client: FlaskClient, call: dict[str, Any], case: str
) -> None:
    change, key = ABSENT[case]
    change(call)
    answer = post(client, json.dumps(call))
    assert answer.status_code == 412
    assert key in outcome(answer)["expression"]


def test_an_empty_search_is_data_and_not_absent(client: FlaskClient, call: dict[str, Any]) -> None:
    call["prefetch"]["conditions"] = {"resourceType": "Bundle", "type": "searchset", "total": 0}
    answer = post(client, json.dumps(call))
    assert (answer.status_code, json.loads(answer.data)) == (200, {"cards": []})


def test_an_unreadable_resource_is_listed_and_the_rest_is_used(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    call["prefetch"]["observations"]["entry"][0]["resource"]["valueQuantity"] = "nonsense"
    answer = post(client, json.dumps(call))
    assert answer.status_code == 200
    document = json.loads(answer.data)["cards"][0]["extension"]["org.hcc-pathway.recommendation"]
    assert "Observation/afp" in [ignored["source"] for ignored in document["ignored"]]
    assert document["patientClass"] == "tolerant"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""],
)
def test_another_content_type_is_a_415(client: FlaskClient, content_type: str) -> None:
    answer = client.post(SERVICE, data=GOOD, content_type=content_type)
    assert answer.status_code == 415
    outcome(answer)


def test_another_character_set_or_a_compressed_body_is_a_415(client: FlaskClient) -> None:
    other = client.post(SERVICE, data=GOOD, content_type="application/json; charset=latin-1")
    packed = post(client, GOOD, headers={"Content-Encoding": "gzip"})
    assert (other.status_code, packed.status_code) == (415, 415)


def test_a_body_over_the_limit_is_a_413_and_one_at_the_limit_is_read() -> None:
    settings = {"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": "2026-11-22"}
    limit = {"HCC_CDS_MAX_BODY_BYTES": str(len(GOOD))}
    client = create_app(read_settings(settings | limit)).test_client()
    assert post(client, GOOD).status_code == 200
    too_large = post(client, GOOD + " ")
    assert too_large.status_code == 413
    assert outcome(too_large)["code"] == "too-long"


def test_an_unknown_service_or_path_is_a_404(client: FlaskClient) -> None:
    for path in ("/cds-services/other", "/cds-services/other/feedback", "/nothing"):
        answer = client.post(path, data=GOOD, content_type="application/json")
        assert answer.status_code == 404
        assert outcome(answer)["code"] == "not-found"


def test_another_method_is_a_405_that_names_the_allowed_one(client: FlaskClient) -> None:
    answer = client.get(SERVICE)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    outcome(answer)


@pytest.mark.parametrize(
    "query",
    [
        "asOf=yesterday",
        "asOf=2026-02-30",
        "asOf=20261122",
        "asOf=",
        "asof=2026-11-22",
        "asOf=2026-11-22&asOf=2026-11-21",
        "asOf=1999-01-01",
    ],
)
def test_an_unknown_day_of_the_answer_is_a_400(
    client: FlaskClient, call: dict[str, Any], query: str
) -> None:
    entries = [{"resource": call["prefetch"]["patient"]}]
    chart = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    answer = client.post(
        f"/api/recommendation?{query}", data=chart, content_type="application/json"
    )
    assert answer.status_code == 400
    outcome(answer)


def test_a_bug_is_a_500_without_trace_or_chart(
    client: FlaskClient,
    call: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        message = "secret-of-the-chart"
        raise RuntimeError(message)

    monkeypatch.setattr("hooks.patient_view.read_case", fail)
    answer = post(client, json.dumps(call))
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "secret-of-the-chart" not in answer.text + caplog.text
    assert outcome(answer)["code"] == "exception"
