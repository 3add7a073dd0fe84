"""Two patients on the same workers, their calls interleaved: neither ever sees the other."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.sample_charts import hook_request
from tests.fetching.charts import SAMPLES, call, client_of, post
from tests.fetching.fault_server import Asked, Script, reply, searchset, serving

NAMES = ("tolerant-afp-high", "intolerant-afp-low")
DAY = SAMPLES["tolerant-afp-high"]
CHARTS = {name: SAMPLES[name].moved_to(DAY.as_of) for name in NAMES}
RESOURCES = {
    name: [e["resource"] for e in json.loads(chart)["entry"] if "resource" in e]
    for name, chart in CHARTS.items()
}
THREADS = 4


def requests_of(name: str, base: str) -> list[dict[str, Any]]:
    """Calls of one patient with his own token: all sent, the half sent, nothing sent."""
    whole: dict[str, Any] = hook_request(CHARTS[name])["prefetch"]
    half = {key: whole[key] for key in ("patient", "observations", "medicationRequests")}
    made = [call(SAMPLES[name], base, prefetch) for prefetch in (whole, half, None)]
    for request in made:
        request["fhirAuthorization"]["access_token"] = f"token-of-{name}"
    return made


def answers(asked: Asked) -> Script:
    """Give whoever asks the chart that belongs to the token; a mix-up would give another's."""
    if asked.kind == "metadata":
        return reply({"resourceType": "CapabilityStatement"})
    name = asked.headers["authorization"].removeprefix("Bearer token-of-")
    own = [one for one in RESOURCES[name] if one["resourceType"] == asked.kind]
    patient_id = asked.query.get("patient")
    if patient_id is None:
        return reply(own[0])
    assert all(patient_id in str(one) for one in own)
    return reply(searchset(*own))


def interleaved(client: FlaskClient, base: str, calls: int, every: int) -> set[tuple[str, bytes]]:
    """Send calls of both in turn over several threads; give each patient's different answers."""
    requests = {name: requests_of(name, base) for name in NAMES}

    def one(number: int) -> tuple[str, bytes]:
        name = NAMES[number % 2]
        way = (number // 2) % 3 if number % every < 2 else 0
        answer = post(client.application.test_client(), requests[name][way])
        assert answer.status_code == 200, answer.text
        return name, answer.data

    with ThreadPoolExecutor(THREADS) as threads:
        return set(threads.map(one, range(calls)))


def check(calls: int, every: int) -> None:
    with serving(answers) as server:
        client = client_of(server.base, DAY, deadline_ms=60_000)
        alone = {(name, post(client, requests_of(name, server.base)[0]).data) for name in NAMES}
        assert interleaved(client, server.base, calls, every) == alone
        assert len(alone) == 2
        assert len(server.asked) > calls / every


def test_interleaved_calls_of_two_patients_have_one_answer_each() -> None:
    check(120, every=4)


@pytest.mark.slow
def test_10_000_interleaved_calls_of_two_patients_have_one_answer_each() -> None:
    check(10_000, every=10)
