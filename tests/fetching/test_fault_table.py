"""A FHIR server that misbehaves, behind the whole service: what is answered, when, and to whom.

Needed data that cannot be had is a 412; anything else that fails is unknown and said, and no
therapy is offered on the strength of it. The token goes to the listed server and nowhere else.
"""

import logging
import time
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fhir_access.circuit_breaker import OPEN_SECONDS, CircuitBreaker
from fhir_mappings.chart.record import KEYS
from tests.fetching.charts import (
    KINDS,
    SAMPLES,
    Faults,
    assert_token_nowhere,
    call,
    client_of,
    document_of,
    post,
    resources_of,
    serving_chart,
    some_by_default,
    statement,
)
from tests.fetching.fault_server import Answers, Asked, Script, reply, searchset, serving
from tests.fetching.faults import FAULTS, WRONG_CONTENT, hang

SAMPLE = SAMPLES["tolerant-afp-high"]  # AFP decides that ramucirumab is offered
DEADLINE_MS = 1000
EVERY_KIND = ("Patient", *KINDS)
QUICK = {
    "hang",
    "drip in the body",
    "200 MB, not announced",
    "gzip bomb",
    "HTML login page",
    "redirect",
    "401",
    "429",
    "500",
    "not JSON",
    "not UTF-8",
    "outcome in place of a Bundle",
}
SCRIPTS = {name: script for name, (script, _) in FAULTS.items()} | WRONG_CONTENT


def asked_with(
    faults: Faults, log: pytest.LogCaptureFixture, prefetch: dict[str, Any] | None = None
) -> TestResponse:
    log.set_level(logging.DEBUG)
    with serving(serving_chart(resources_of(SAMPLE), faults)) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=DEADLINE_MS)
        request = call(SAMPLE, server.base, prefetch)
        began = time.monotonic()
        answer = post(client, request)
        assert time.monotonic() - began < DEADLINE_MS / 1000
    assert_token_nowhere(answer, log)
    assert "tah-patient" not in log.text
    return answer


def not_read(document: dict[str, Any]) -> dict[str, str]:
    """Give the parts of the chart that the document calls unread, with the reason."""
    return {one["source"]: one["because"] for one in document["ignored"] if one["source"] in KEYS}


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
def test_when_every_read_fails_the_answer_is_a_412_in_time(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked_with(dict.fromkeys(EVERY_KIND, SCRIPTS[case]), caplog)
    assert answer.status_code == 412
    (issue,) = answer.json["issue"]  # type: ignore[index]  # it is a JSON object
    assert issue["code"] == "incomplete"
    assert issue["expression"] == ["prefetch.conditions"]


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
def test_when_observations_alone_fail_what_they_hold_is_unknown_and_said(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = asked_with({"Observation": SCRIPTS[case]}, caplog)
    document = document_of(answer)
    assert not_read(document) == {"observations": "could not be read: what it holds is unknown"}
    assert document["missing"]
    assert document["options"] == []
    for measured in ("alpha-fetoprotein", "ecog", "bilirubin", "progression"):
        assert measured not in {one["input"] for one in document["inputs"]}
    assert "**Not read:** observations (could not be read" in answer.json["cards"][0]["detail"]  # type: ignore[index]  # it is a JSON object


@pytest.mark.parametrize("case", ["hang", "500", "not JSON", "outcome in place of a Bundle"])
@pytest.mark.parametrize("kind", KINDS[1:])
def test_one_failed_search_is_never_no_data(
    kind: str, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    keys = {
        "Observation": "observations",
        "MedicationRequest": "medicationRequests",
        "MedicationStatement": "medicationStatements",
        "MedicationAdministration": "medicationAdministrations",
        "Procedure": "procedures",
        "AllergyIntolerance": "allergies",
    }
    document = document_of(asked_with({kind: SCRIPTS[case]}, caplog))
    assert not_read(document).keys() == {keys[kind]}
    if kind == "MedicationStatement":  # which holds all the drugs of this chart
        assert (document["patientClass"], document["options"]) == ("undetermined", [])
        assert "prior-lines" in {one["input"] for one in document["missing"]}
    elif kind.startswith("Medication"):
        (asked,) = [one for one in document["missing"] if one["input"] == "prior-lines"]
        assert "could not be read" in asked["ask"]


@pytest.mark.parametrize("case", ["hang", "500", "not JSON"])
def test_without_any_medication_source_the_answer_is_a_412(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = ("MedicationRequest", "MedicationStatement", "MedicationAdministration")
    answer = asked_with(dict.fromkeys(kinds, SCRIPTS[case]), caplog)
    assert answer.status_code == 412


@pytest.mark.parametrize("case", ["hang", "500", "redirect"])
def test_a_patient_that_cannot_be_read_leaves_the_age_unknown(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = document_of(asked_with({"Patient": SCRIPTS[case]}, caplog))
    assert "age" not in {one["input"] for one in document["inputs"]}


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
def test_a_capability_statement_that_fails_stops_nothing(
    case: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = document_of(asked_with({"metadata": SCRIPTS[case]}, caplog))
    assert "ramucirumab" in {one["therapy"] for one in document["options"]}
    assert not_read(document) == {}


def failed_then_honest(*first: Script) -> Answers:
    """Answer each type once with each script, then as it should be."""
    left: dict[str, list[Script]] = {}

    def answer(asked: Asked) -> Script:
        waiting = left.setdefault(asked.kind, list(first))
        if waiting:
            return waiting.pop(0)
        return serving_chart(resources_of(SAMPLE))(asked)

    return answer


@pytest.mark.parametrize(("status", "retry_after"), [(429, "0"), (503, "0"), (429, ""), (503, "")])
def test_a_busy_server_is_asked_again_in_time(
    status: int, retry_after: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Retry_After": retry_after} if retry_after else {}
    again = failed_then_honest(reply({}, status, **headers))
    document = document_of(asked_with({"Observation": again}, caplog))
    assert not_read(document) == {}


def test_a_server_that_asks_for_more_patience_than_there_is_is_not_asked_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    again = failed_then_honest(reply({}, 429, Retry_After="60"))
    document = document_of(asked_with({"Observation": again}, caplog))
    assert "observations" in not_read(document)


def test_a_server_that_is_always_busy_is_asked_three_times(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[Asked] = []

    def busy(one: Asked) -> Script:
        asked.append(one)
        return reply({}, 503, Retry_After="0")

    asked_with({"Observation": busy}, caplog)
    assert len(asked) == 3


def test_one_slow_chart_does_not_close_the_server_to_the_others() -> None:
    """Its searches of the second stage fail together, and nothing succeeds after them."""
    with serving(serving_chart(resources_of(SAMPLE), dict.fromkeys(KINDS[1:], hang))) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=600)
        post(client, call(SAMPLE, server.base))
        server.answers = serving_chart(resources_of(SAMPLE))
        document_of(post(client, call(SAMPLE, server.base)))


def test_a_server_is_left_alone_after_three_calls_not_after_many_searches_of_one() -> None:
    now = [0.0]
    breaker = CircuitBreaker(lambda: now[0])

    def lets_through_after(*failed_calls: float) -> bool:
        for one in failed_calls:
            breaker.failed(one)
        return breaker.lets_through

    assert lets_through_after(*([1.0] * 20), 2.0)
    breaker.succeeded()
    assert lets_through_after(3.0, 4.0)
    assert not lets_through_after(5.0)
    now[0] += OPEN_SECONDS
    assert lets_through_after()
    assert not lets_through_after(6.0)


def test_a_server_that_is_down_is_left_alone_and_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fhir_access.circuit_breaker.OPEN_SECONDS", 1.0)
    with serving(hang) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=600)
        for _ in range(3):
            assert post(client, call(SAMPLE, server.base)).status_code == 412
        tried = len(server.asked)
        began = time.monotonic()
        assert post(client, call(SAMPLE, server.base)).status_code == 412
        assert time.monotonic() - began < 0.4
        assert len(server.asked) == tried
        server.answers = serving_chart(resources_of(SAMPLE))
        time.sleep(1.05)
        assert post(client, call(SAMPLE, server.base)).status_code == 200


def test_a_type_that_the_server_does_not_offer_is_not_asked_for_and_said() -> None:
    without = statement("MedicationAdministration", "Procedure")
    faults = {"metadata": lambda _: reply(without)}
    with serving(serving_chart(resources_of(SAMPLE), faults)) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=5000)
        answer = post(client, call(SAMPLE, server.base))
        assert not {"Procedure", "MedicationAdministration"} & set(server.kinds())
    said = "this FHIR server does not offer it: what it would hold is unknown"
    assert not_read(document_of(answer)) == {
        "medicationAdministrations": said,
        "procedures": said,
    }
    detail = answer.json["cards"][0]["detail"]  # type: ignore[index]  # it is a JSON object
    assert f"**Not read:** medicationAdministrations, procedures ({said})" in detail


def test_a_server_that_knows_only_subject_is_asked_by_subject() -> None:
    by_subject = {
        "resourceType": "CapabilityStatement",
        "rest": [
            {
                "mode": "server",
                "resource": [
                    {"type": kind, "searchParam": [{"name": "subject"}]} for kind in EVERY_KIND
                ],
            }
        ],
    }
    faults = {"metadata": lambda _: reply(by_subject)}
    with serving(serving_chart(resources_of(SAMPLE), faults)) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=5000)
        document_of(post(client, call(SAMPLE, server.base)))
        (asked,) = [one for one in server.asked if one.kind == "Observation"]
    assert asked.query == {"subject": "Patient/tah-patient", "_count": "200"}


@pytest.mark.parametrize(
    "written",
    [
        "{base}/",
        "{base}/Patient",
        "{base}?x=1",
        "{base}#x",
        "{base}.evil.test",
        "{base}@evil.test",
        " {base}",
        "{base}\n",
        "{upper}",
        "http://localhost:{port}/fhir",
        "http://127.1:{port}/fhir",
        "http://2130706433:{port}/fhir",
        "http://0x7f000001:{port}/fhir",
        "http://0.0.0.0:{port}/fhir",
        "http://[::1]:{port}/fhir",
        "http://[::ffff:127.0.0.1]:{port}/fhir",
        "http://127.0.0.2:{port}/fhir",
        "http://127.0.0.1.:{port}/fhir",
        "http://user@127.0.0.1:{port}/fhir",
        "http://127.0.0.1:{port}\\@127.0.0.1:1/fhir",
        "//127.0.0.1:{port}/fhir",
        "ftp://127.0.0.1:{port}/fhir",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_",
        "javascript:alert(1)",
    ],
)
def test_a_server_that_is_not_listed_letter_by_letter_is_never_contacted(
    written: str, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(serving_chart(resources_of(SAMPLE))) as server:
        address = written.format(base=server.base, upper=server.base.upper(), port=server.port)
        client = client_of(server.base, SAMPLE)
        answer = post(client, call(SAMPLE, address))
        assert server.connections == 0
    assert answer.status_code == 412
    assert_token_nowhere(answer, caplog)


def test_what_was_sent_is_answered_even_with_a_server_that_is_not_listed() -> None:
    resources = resources_of(SAMPLE)
    by_kind = {
        "conditions": "Condition",
        "observations": "Observation",
        "medicationRequests": "MedicationRequest",
        "medicationStatements": "MedicationStatement",
    }
    prefetch = {
        key: searchset(*(one for one in resources if one["resourceType"] == kind))
        for key, kind in by_kind.items()
    }
    with serving(serving_chart(resources)) as server:
        client = client_of(server.base, SAMPLE)
        answer = post(client, call(SAMPLE, "https://other.example/fhir", prefetch))
        assert server.connections == 0
    assert answer.status_code == 200
