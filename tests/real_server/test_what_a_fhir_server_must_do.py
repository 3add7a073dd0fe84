"""What the prefetch relies on in a FHIR server, so that another server shows where it differs."""

from typing import Any

import pytest
import requests

from tests.real_server.ehr import FHIR_JSON

pytestmark = [pytest.mark.real_server, pytest.mark.slow, pytest.mark.xdist_group("real-server")]

Answer = tuple[int, dict[str, Any]]  # status and body
PATIENT = "tah-patient"  # samples/tolerant-afp-high


@pytest.fixture
def answer(session: requests.Session, fhir_base: str, request: pytest.FixtureRequest) -> Answer:
    found = session.get(f"{fhir_base}/{request.param}", headers=FHIR_JSON, timeout=30)
    return found.status_code, found.json()


def asked(query: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("answer", [query], indirect=True)


def ids(bundle: dict[str, Any]) -> set[str]:
    return {entry["resource"]["id"] for entry in bundle.get("entry", ())}


@asked("metadata")
def test_it_speaks_fhir_r4(answer: Answer) -> None:
    status, statement = answer
    assert (status, statement["resourceType"]) == (200, "CapabilityStatement")
    assert statement["fhirVersion"].startswith("4.0")


@asked(f"Observation?patient={PATIENT}&code=http://loinc.org|1834-1,http://loinc.org|89247-1")
def test_it_searches_by_bare_patient_id_and_a_list_of_codes(answer: Answer) -> None:
    status, bundle = answer
    assert (status, bundle["type"]) == (200, "searchset")
    assert {found.rsplit("-", 1)[0] for found in ids(bundle)} == {"tah-afp", "tah-ecog"}


@asked(f"Observation?patient={PATIENT}&_count=3")
def test_a_cut_answer_says_so(answer: Answer) -> None:
    _, bundle = answer
    assert len(bundle["entry"]) == 3
    assert "next" in {link["relation"] for link in bundle["link"]}


@asked(f"Observation?patient={PATIENT}&_count=200")
def test_a_page_of_200_holds_a_whole_chart(answer: Answer) -> None:
    _, bundle = answer
    assert len(ids(bundle)) > 60
    assert "next" not in {link["relation"] for link in bundle["link"]}


@asked("MedicationAdministration?patient=tah-patient&_count=200")
def test_an_empty_answer_is_a_bundle_without_entries(answer: Answer) -> None:
    status, bundle = answer
    assert (status, bundle["type"], ids(bundle)) == (200, "searchset", set())


@asked("Condition?patient=nobody-at-all&_count=200")
def test_an_unknown_patient_has_an_empty_answer(answer: Answer) -> None:
    status, bundle = answer
    assert (status, ids(bundle)) == (200, set())


@asked("Patient/nobody-at-all")
def test_a_patient_that_is_not_there_is_an_operation_outcome(answer: Answer) -> None:
    status, outcome = answer
    assert (status, outcome["resourceType"]) == (404, "OperationOutcome")
