"""Two patients on the same threads at the same time: each gets the own answer, every time."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.service.conftest import SERVICE, hook_call

THREADS = 8


def second_patient() -> dict[str, Any]:
    """Give a chart whose answer differs in every part: another class, another value."""
    call = hook_call("p2")
    text = json.dumps(call).replace("812", "12")
    other: dict[str, Any] = json.loads(text)
    statement = other["prefetch"]["medicationStatements"]["entry"][0]["resource"]
    statement["statusReason"] = [
        {"coding": [{"system": "http://snomed.info/sct", "code": "407563006"}]}
    ]
    return other


@pytest.mark.parametrize(
    "calls", [400, pytest.param(10_000, marks=pytest.mark.slow)], ids=["short", "whole"]
)
def test_two_patients_on_the_same_workers_never_meet(demo_app: Flask, calls: int) -> None:
    bodies = [json.dumps(hook_call()).encode(), json.dumps(second_patient()).encode()]

    def ask(which: int) -> bytes:
        client = demo_app.test_client()
        answer = client.post(SERVICE, data=bodies[which], content_type="application/json")
        content: bytes = answer.data
        return content

    alone = [ask(0), ask(1)]
    assert b"Patient/p2" not in alone[0]
    assert b"Patient/p1" not in alone[1]
    assert alone[0] != alone[1]
    order = random.Random(20261122).choices((0, 1), k=calls)  # noqa: S311 (an order, no secret)
    with ThreadPoolExecutor(THREADS) as pool:
        for which, answer in zip(order, pool.map(ask, order), strict=True):
            assert answer == alone[which]
