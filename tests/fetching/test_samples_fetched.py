"""Every sample, read from a FHIR server: the document that full prefetch gives."""

from typing import Any

import pytest

from cds_service.sample_charts import hook_request
from tests.fetching.charts import (
    SAMPLES,
    TOKEN,
    call,
    client_of,
    document_of,
    post,
    resources_of,
    serving_chart,
    some_by_default,
)
from tests.fetching.fault_server import serving

KEYS = tuple(hook_request(SAMPLES["tolerant-afp-high"].text)["prefetch"])

QUICK_SAMPLES = {
    "tolerant-afp-high",
    "tolerant-afp-low",
    "intolerant-afp-high",
    "everyday-chart",
    "third-line",
    "damaged-export",
    "no-liver-cancer",
}


def prefetch_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = hook_request(SAMPLES[name].text)["prefetch"]
    return found


def cards_of(name: str, prefetch: dict[str, Any] | None) -> tuple[Any, list[str]]:
    """Call with a prefetch; give cards without ids, and what the server was asked."""
    sample = SAMPLES[name]
    with serving(serving_chart(resources_of(sample))) as server:
        answer = post(
            client_of(server.base, sample, deadline_ms=10_000),
            call(sample, server.base, prefetch),
        )
        assert answer.status_code == 200, answer.text
        for asked in server.asked:
            token = None if asked.kind == "metadata" else f"Bearer {TOKEN}"
            assert asked.headers.get("authorization") == token
        return answer.json, server.kinds()


@pytest.mark.conformance("16", "29", "30")
@pytest.mark.parametrize("name", some_by_default(SAMPLES, QUICK_SAMPLES))
def test_without_prefetch_a_sample_gives_the_cards_of_full_prefetch(name: str) -> None:
    with_all, asked = cards_of(name, prefetch_of(name))
    assert asked == []
    with_none, _ = cards_of(name, None)
    assert with_none == with_all


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", SAMPLES)
def test_each_key_that_is_not_sent_is_read(name: str, key: str) -> None:
    _each_way_of_not_sending(name, key)


@pytest.mark.parametrize("key", KEYS)
def test_each_key_of_one_sample_that_is_not_sent_is_read(key: str) -> None:
    _each_way_of_not_sending("tolerant-afp-high", key)


def _each_way_of_not_sending(name: str, key: str) -> None:
    whole = prefetch_of(name)
    with_all, _ = cards_of(name, whole)
    failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
    absent = {other: value for other, value in whole.items() if other != key}
    for prefetch in (absent, whole | {key: None}, whole | {key: failed}):
        found, asked = cards_of(name, prefetch)
        assert found == with_all
        assert len([one for one in asked if one not in {"metadata", "Medication"}]) <= 1


def test_a_chart_without_liver_cancer_costs_no_call_beyond_what_was_not_sent() -> None:
    name = "no-liver-cancer"
    whole = prefetch_of(name)
    lean = {key: whole[key] for key in ("patient", "conditions")}
    assert cards_of(name, lean) == ({"cards": []}, [])
    assert cards_of(name, {"patient": whole["patient"]}) == ({"cards": []}, ["Condition"])
    cards, asked = cards_of(name, None)
    assert (cards, sorted(asked)) == ({"cards": []}, ["Condition", "Patient"])


def test_liver_cancer_is_read_in_two_stages() -> None:
    _, asked = cards_of("tolerant-afp-high", None)
    assert set(asked[:2]) == {"Patient", "Condition"}
    assert asked[2] == "metadata"
    assert len(asked) == 9


def test_the_capability_statement_is_read_once() -> None:
    sample = SAMPLES["tolerant-afp-high"]
    with serving(serving_chart(resources_of(sample))) as server:
        client = client_of(server.base, sample, deadline_ms=10_000)
        documents = [document_of(post(client, call(sample, server.base))) for _ in range(3)]
        assert documents[0] == documents[1] == documents[2]
        assert server.kinds().count("metadata") == 1


def test_a_referred_medication_that_was_not_sent_is_read() -> None:
    name = "tolerant-afp-low"
    whole = prefetch_of(name)
    with_all, _ = cards_of(name, whole)
    requests = whole["medicationRequests"]
    without = [
        entry for entry in requests["entry"] if entry["resource"]["resourceType"] != "Medication"
    ]
    sent = whole | {"medicationRequests": requests | {"entry": without, "total": len(without)}}
    found, asked = cards_of(name, sent)
    assert asked in (["metadata", "Medication"], ["Medication"])
    assert found == with_all
