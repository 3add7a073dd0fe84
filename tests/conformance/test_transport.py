"""JSON, status and CORS of every answer (checklist items 1-7, 12, 26, 34, 35)."""

import json
from collections.abc import Iterator

import pytest

from tests.conformance.client import Json
from tests.conformance.test_discovery import services
from tests.conformance.traffic import DOCUMENT, TOKEN, Traffic

SEVERITIES = {"fatal", "error", "warning", "information"}


def empty_members(node: object, path: str = "") -> Iterator[str]:
    """Every null, "", [] and {} below a node; the document in the extension has its own rule."""
    parts = (
        [(f"{path}.{name}", part) for name, part in node.items() if name != DOCUMENT]
        if isinstance(node, dict)
        else [(f"{path}[]", part) for part in node]
        if isinstance(node, list)
        else []
    )
    for name, part in parts:
        if part is None or part in ("", [], {}):
            yield name
        yield from empty_members(part, name)


def outcome(body: bytes) -> Json:
    found: Json = json.loads(body)
    assert found["resourceType"] == "OperationOutcome"
    return found


@pytest.mark.conformance("1")
def test_every_answer_is_json_and_says_so(traffic: Traffic) -> None:
    for name, exchange in traffic.all.items():
        assert isinstance(exchange.answer.content, dict), name
        wanted = "application/json" if exchange.answer.status == 200 else "application/fhir+json"
        assert exchange.answer.media_type == wanted, name


@pytest.mark.conformance("2")
def test_nothing_is_null_or_empty_but_lists_of_cards_and_services(traffic: Traffic) -> None:
    for name, exchange in traffic.all.items():
        found = set(empty_members(exchange.answer.content)) - {".cards", ".services"}
        assert not found, name


@pytest.mark.conformance("12", "C5")
def test_an_error_is_an_error_status_with_an_operation_outcome_that_says_why(
    traffic: Traffic,
) -> None:
    for name, (status, exchange) in traffic.refused.items():
        assert exchange.answer.status == status, name
        issues = outcome(exchange.answer.body)["issue"]
        assert issues, name
        for issue in issues:
            assert issue["severity"] in SEVERITIES, name
            assert issue["code"], name
            assert issue["diagnostics"], name
        assert "cards" not in exchange.answer.content, name
        assert b"Traceback" not in exchange.answer.body, name


@pytest.mark.conformance("26")
def test_needed_data_that_cannot_be_had_is_a_412_that_names_the_prefetch_key(
    traffic: Traffic,
) -> None:
    for name in ("no prefetch", "no conditions", "conditions failed"):
        _, exchange = traffic.refused[name]
        assert exchange.answer.status == 412, name
        named = outcome(exchange.answer.body)["issue"][0]["expression"]
        assert "prefetch.conditions" in named, name


@pytest.mark.conformance("34", "I3", "I4")
def test_every_sound_request_gets_a_200_with_a_list_of_cards(traffic: Traffic) -> None:
    for name, exchange in {**traffic.samples, **traffic.unchanged, **traffic.answered}.items():
        assert exchange.answer.status == 200, name
        cards = exchange.answer.content["cards"]
        assert isinstance(cards, list), name
        assert all(isinstance(card, dict) for card in cards), name
    assert traffic.base.cards


@pytest.mark.conformance("35")
def test_nothing_to_say_is_a_200_with_an_empty_list(traffic: Traffic) -> None:
    for exchange in (traffic.samples["no-liver-cancer"], traffic.answered["conditions null"]):
        assert exchange.answer.status == 200
        assert exchange.answer.content == {"cards": []}


@pytest.mark.conformance("5")
def test_browsers_get_their_headers_on_every_answer_errors_included(traffic: Traffic) -> None:
    for name, exchange in traffic.all.items():
        origin = exchange.answer.headers.get("access-control-allow-origin")
        assert origin in {"*", exchange.request.headers["Origin"]}, name
        if origin == "*":
            assert "access-control-allow-credentials" not in exchange.answer.headers, name


@pytest.mark.conformance("5")
def test_a_preflight_is_answered_on_all_three_routes_without_credentials(
    traffic: Traffic,
) -> None:
    assert {"discovery", "service", "feedback"} <= set(traffic.preflights)
    assert len(traffic.preflights) == 1 + 2 * len(services(traffic))
    for name, exchange in traffic.preflights.items():
        headers = exchange.answer.headers
        assert exchange.answer.status in {200, 204}, name
        allowed = headers["access-control-allow-headers"].lower().replace(" ", "").split(",")
        assert {"authorization", "content-type"} <= set(allowed), name
        assert "POST" in headers["access-control-allow-methods"], name
        assert "access-control-allow-origin" in headers, name


@pytest.mark.conformance("32")
def test_a_token_is_never_said_again(traffic: Traffic) -> None:
    for name, exchange in traffic.all.items():
        assert TOKEN.encode() not in exchange.answer.body, name
        assert not any(TOKEN in value for value in exchange.answer.headers.values()), name
