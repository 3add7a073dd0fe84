"""Codes and units of a silent report cannot say who the patient is, and are few."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.composition import Composition
from tests.service.conftest import SERVICE, hook_call, observation, quantity
from tests.silent_mode.test_silent_mode import (
    SUBJECT,
    client,
    composition,
    everything_kept,
    report_of,
)

__all__ = ["client", "composition"]

SYSTEM = "urn:oid:1.2.3"
PATIENT = {
    "birthDate": "1960-01-01",
    "name": [{"family": "Núñez"}, {"family": "O'Brien", "given": ["Ada"]}],
    "telecom": [{"value": "(555) 123-4567"}],
    "identifier": [{"value": "MRN-4711"}],
}


def charted(codes: Sequence[str]) -> dict[str, Any]:
    """Give a call whose results have these codes, and whose AFP has them as units."""
    call = hook_call()
    call["prefetch"]["patient"] |= PATIENT
    entries = call["prefetch"]["observations"]["entry"]
    for number, code in enumerate(codes):
        odd = observation(f"c{number}", code, SUBJECT, valueQuantity=quantity(3, "ng/mL"))
        odd["code"]["coding"][0]["system"] = SYSTEM
        value = quantity(3, code) | {"system": "urn:local"}
        entries += [
            {"resource": odd},
            {"resource": observation(f"u{number}", "1834-1", SUBJECT, valueQuantity=value)},
        ]
    return call


@pytest.mark.parametrize(
    "code",
    [
        "19600101",
        "1960-01-01",
        "x1960.01.01",
        "5551234567",
        "555.1234567",
        "Nunez",
        "NUNEZ1960",
        "OBrien",
        "O.Brien",
        "ada-7",
        "mrn4711",
        "4711",
    ],
)
def test_no_code_or_unit_that_holds_a_word_of_the_patient_is_kept_however_it_is_written(
    client: FlaskClient, composition: Composition, code: str
) -> None:
    assert client.post(SERVICE, json=charted([code, "furlong"])).status_code == 200
    report = report_of(composition)
    assert [one.what for one in report.codes_not_recognised] == [f"{SYSTEM}|furlong"]
    assert [one.what for one in report.units_not_recognised] == ["furlong"]
    assert code not in everything_kept(composition)


@pytest.mark.parametrize("patient", ["absent", "null", "too large"])
def test_where_the_patient_is_not_known_no_code_and_no_unit_is_kept(
    client: FlaskClient, composition: Composition, patient: str
) -> None:
    call = charted(["MRNCANARY99", "Canaryfamily"])
    if patient == "absent":
        del call["prefetch"]["patient"]
    elif patient == "null":
        call["prefetch"]["patient"] = None
    else:
        call["prefetch"]["patient"]["text"] = {"div": "word " * 30_000}
    assert client.post(SERVICE, json=call).status_code == 200
    report = report_of(composition)
    assert report.codes_not_recognised == report.units_not_recognised == ()
    assert "canary" not in everything_kept(composition).casefold()


def test_one_chart_adds_few_rows_and_its_words_cost_little(
    client: FlaskClient, composition: Composition
) -> None:
    call = charted([f"C{number:06}" for number in range(2000)])
    call["prefetch"]["patient"]["text"] = {
        "div": " ".join(f"w{number:05}z" for number in range(11_000))
    }
    client.post(SERVICE, json=charted(["furlong"]))
    began = time.process_time()
    assert client.post(SERVICE, json=call).status_code == 200
    took = time.process_time() - began
    report = report_of(composition)
    assert len(report.codes_not_recognised) <= 101
    assert len(report.units_not_recognised) <= 101
    assert took < 1.5
