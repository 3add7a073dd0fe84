"""Feedback damaged in any place is a clear answer of the caller's fault, never one of ours."""

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.feedback.conftest import accepted, overridden, reason
from tests.service.conftest import SERVICE

PATH = f"{SERVICE}/feedback"
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["accepted", "overridden", "", "\ud800", "9999-12-31T23:59:60Z", "' OR 1=1"]),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 (JSON)
    """Every way into a JSON value, to its members and theirs."""
    found = [path] if path else []
    keys = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    return found + [place for key in keys for place in places(value[key], (*path, key))]


def batch(card: dict[str, Any]) -> dict[str, Any]:
    override = reason("data-wrong") | {"userComment": "x"}
    return {"feedback": [accepted(card), overridden(card, overrideReason=override)]}


@pytest.fixture(scope="session")
def sound(cards: list[dict[str, Any]]) -> dict[str, Any]:
    return batch(cards[0])


@settings(max_examples=400)
@given(data=st.data())
def test_no_damage_is_a_fault_of_the_service(
    client_without_database: FlaskClient, sound: dict[str, Any], data: st.DataObject
) -> None:
    damaged = copy.deepcopy(sound)
    *way, last = data.draw(st.sampled_from(places(damaged)))
    inner: Any = damaged
    for step in way:
        inner = inner[step]
    if data.draw(st.booleans()):
        inner[last] = data.draw(_ANYTHING)
    else:
        del inner[last]
    body = json.dumps(damaged).encode()
    answer = client_without_database.post(PATH, data=body, content_type="application/json")
    # a batch that is still sound would be stored, and there is no database
    assert answer.status_code in {400, 404, 503}
    assert answer.get_json()["resourceType"] == "OperationOutcome"


def test_the_undamaged_batch_would_be_stored(
    client_without_database: FlaskClient, sound: dict[str, Any]
) -> None:
    assert client_without_database.post(PATH, json=sound).status_code == 503
