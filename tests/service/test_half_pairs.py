"""Half of a surrogate pair: legal JSON and no text. In a resource it costs that resource alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from fhir_mappings.chart.half_pairs import without_half_pairs
from hooks.card_frame import DOCUMENT_EXTENSION
from tests.service.conftest import SERVICE, hook_call

HALVES = ("\ud800", "\udc00", "a\udbffb", "\\\ud834", "\ude00\ud83d")
Change = Callable[[dict[str, Any]], None]


def asked(client: FlaskClient, call: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    body = json.dumps(call)  # escapes what is not ASCII
    answer = client.post(SERVICE, data=body, content_type="application/json")
    return answer.status_code, json.loads(answer.data)


def resource(call: dict[str, Any], key: str, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = call["prefetch"][key]["entry"][place]["resource"]
    return found


@pytest.mark.parametrize("half", HALVES, ids=ascii)
def test_a_resource_that_is_read_there_is_ignored_by_name_and_the_rest_answers(
    client: FlaskClient, half: str
) -> None:
    call = hook_call()
    resource(call, "observations")["code"]["text"] = half
    status, found = asked(client, call)
    assert status == 200
    (document,) = (
        one["extension"][DOCUMENT_EXTENSION] for one in found["cards"] if "extension" in one
    )
    sources = [one["source"] for one in document["ignored"]]
    assert sources == ["Observation/afp", "medicationRequests"]
    assert [option["therapy"] for option in document["options"]] == ["regorafenib"]


@pytest.mark.parametrize("half", HALVES, ids=ascii)
def test_an_element_that_nobody_reads_changes_nothing(client: FlaskClient, half: str) -> None:
    call = hook_call()
    _, expected = asked(client, call)
    resource(call, "observations")["note"] = [{"text": half, half: "name"}]
    status, found = asked(client, call)
    assert status == 200
    assert _cards(found) == _cards(expected)


def _cards(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(card["summary"], card["detail"]) for card in found["cards"]]


ENVELOPE: dict[str, Change] = {
    "in the hook": lambda call: call.update(hook="\ud800"),
    "in the context": lambda call: call["context"].update(userId="Practitioner/\ud800"),
    "in a field of the context that nobody knows": lambda call: call["context"].update(x="\ud800"),
    "as a name in the context": lambda call: call["context"].update({"\ud800": 1}),
    "as a name of a member": lambda call: call.update({"\ud800": 1}),
    "in a list": lambda call: call.update(extension=["\ud800"]),
    "as the name of a prefetch key": lambda call: call["prefetch"].update({"\ud800": None}),
}


@pytest.mark.parametrize("change", ENVELOPE.values(), ids=ENVELOPE)
def test_the_envelope_is_still_refused(client: FlaskClient, change: Change) -> None:
    call = hook_call()
    change(call)
    status, found = asked(client, call)
    assert status == 400
    assert found["resourceType"] == "OperationOutcome"


def test_the_api_reads_the_rest_too(client: FlaskClient) -> None:
    prefetch = hook_call()["prefetch"]
    searches = (prefetch["conditions"], prefetch["observations"], prefetch["medicationStatements"])
    entries = [{"resource": prefetch["patient"]}, *(one for s in searches for one in s["entry"])]
    entries[2]["resource"]["code"]["text"] = "\ud800"
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    answer = client.post(
        "/api/recommendation", data=json.dumps(bundle), content_type="application/json"
    )
    assert answer.status_code == 200
    found = json.loads(answer.data)
    assert [one["source"] for one in found["ignored"]] == ["Observation/afp"]
    assert [option["therapy"] for option in found["options"]] == ["regorafenib"]


@pytest.mark.parametrize(
    ("sent", "mended"),
    [
        (rb'{"a": "\ud83d\ude00"}', None),
        (rb'{"a": "\\ud800"}', None),
        (rb'{"a": "\\\\ud800"}', None),
        (rb'{"a": "\uzzzz"}', None),
        (rb'{"a": "\\\ud800"}', rb'{"a": [["\ufffd half of a surrogate pair"]]}'),
        (rb'{"\ud800" : 1}', rb'{"\ufffd half of a surrogate pair" : 1}'),
        (rb'["\ud83d\ud83d\ude00"]', rb'[[["\ufffd half of a surrogate pair"]]]'),
        (rb'["\ud83d\ude00\ude00"]', rb'[[["\ufffd half of a surrogate pair"]]]'),
    ],
)
def test_only_halves_are_taken_out(sent: bytes, mended: bytes | None) -> None:
    assert without_half_pairs(sent) == (sent if mended is None else mended)


def test_quotes_that_never_close_are_looked_through_once() -> None:
    endless = b'"\\ud800' + b'\\"' * 500_000  # to start anew at each of them would take hours
    assert without_half_pairs(endless).startswith(b'[["')
