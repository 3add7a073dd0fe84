"""The checks of this folder catch every seeded fault, and pass the service as it is."""

import json
from collections.abc import Callable
from functools import cache
from types import ModuleType

import pytest

from tests.conformance import (
    test_cards,
    test_discovery,
    test_prefetch_requests,
    test_transport,
    test_what_a_card_shows,
)
from tests.conformance.client import Client
from tests.conformance.faults import FAULTS
from tests.conformance.seeding import Faulty
from tests.conformance.traffic import Traffic, record

MODULES: tuple[ModuleType, ...] = (
    test_transport,
    test_discovery,
    test_prefetch_requests,
    test_cards,
    test_what_a_card_shows,
)
Check = Callable[[Traffic], None]


@cache
def checks() -> dict[str, tuple[Check, frozenset[str]]]:
    """Every test that judges traffic, with the items it is marked with."""
    found = {}
    for module in MODULES:
        for name, check in vars(module).items():
            if name.startswith("test_"):
                items = [i for mark in check.pytestmark for i in mark.args]
                found[name] = (check, frozenset(items))
    return found


def caught(traffic: Traffic) -> dict[str, frozenset[str]]:
    """Name every check that does not pass, with its items."""
    found = {}
    for name, (check, items) in checks().items():
        try:
            check(traffic)
        except (AssertionError, KeyError, TypeError, ValueError, AttributeError, IndexError):
            found[name] = items
    return found


def test_the_service_without_a_fault_passes_every_check(traffic: Traffic) -> None:
    assert len(checks()) > 40
    assert caught(traffic) == {}


def test_there_are_faults_enough() -> None:
    assert len(FAULTS) >= 20


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_caught_by_the_checks_of_its_item(
    service: Client, traffic: Traffic, name: str, record_property: Callable[[str, object], None]
) -> None:
    fault = FAULTS[name]
    faulty = record(Faulty(service, fault))
    assert faulty != traffic, "the fault changed nothing"
    found = caught(faulty)
    record_property("caught by", json.dumps(sorted(found)))
    assert fault.caught_by in {item for items in found.values() for item in items}, found
