"""What is remembered between calls holds no long text of a chart."""

import gc
from collections.abc import Callable
from functools import _lru_cache_wrapper
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.conftest import SERVICE, hook_call

PACKAGES = ("fhir_mappings", "hcc_pathway", "hooks", "cds_service")
LONG = "canaryword " * 500
Lengthen = Callable[[dict[str, Any], str], None]


def with_long_dosage(call: dict[str, Any], text: str) -> None:
    drug = call["prefetch"]["medicationStatements"]["entry"][0]["resource"]
    drug["dosage"] = [{"text": text}]


def with_long_drug_name(call: dict[str, Any], text: str) -> None:
    drug = call["prefetch"]["medicationStatements"]["entry"][0]["resource"]
    drug["medicationCodeableConcept"] = {"text": text}


def with_long_unit(call: dict[str, Any], text: str) -> None:
    for entry in call["prefetch"]["observations"]["entry"]:
        if "valueQuantity" in entry["resource"]:
            entry["resource"]["valueQuantity"] |= {"unit": text, "code": text}


def with_long_code(call: dict[str, Any], text: str) -> None:
    for entry in call["prefetch"]["observations"]["entry"]:
        coding = {"system": text, "code": text}
        entry["resource"]["code"]["coding"].append(coding)


def with_long_dates(call: dict[str, Any], text: str) -> None:
    for entry in call["prefetch"]["observations"]["entry"]:
        entry["resource"]["effectiveDateTime"] = text


def kept_entries() -> int:
    """How many entries all the caches of the service hold."""
    caches = [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]
    ours = [one for one in caches if str(getattr(one, "__module__", "")).startswith(PACKAGES)]
    assert len(ours) > 20
    return sum(one.cache_info().currsize for one in ours)


@pytest.mark.parametrize(
    "lengthened",
    [with_long_dosage, with_long_drug_name, with_long_unit, with_long_code, with_long_dates],
)
def test_a_long_text_of_a_chart_is_in_no_cache_after_its_call(
    client: FlaskClient, lengthened: Lengthen
) -> None:
    def post(text: str) -> None:
        call = hook_call()
        lengthened(call, text)
        assert client.post(SERVICE, json=call).status_code == 200

    post(LONG)
    before = kept_entries()
    for number in range(5):
        post(f"{LONG} {number}")
    assert kept_entries() == before
