"""The samples as a FHIR server: what the sandbox and our own fetching ask of it."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from cds_service.app import create_app
from cds_service.sample_charts import SampleChart
from cds_service.settings import read_settings
from fhir_access.capabilities import read_statement
from fhir_mappings.r4b_check import invalid_resources
from tests.demo_ehr.conftest import BASE, TODAY
from tests.real_server.processes import free_port
from tests.samples.stored import SAMPLES, expected_document, intent_of, patient_of

SERVICE = "/cds-services/hcc-after-sorafenib"
# the damaged export is what no FHIR server would hold
HELD = tuple(sample for sample in SAMPLES if intent_of(sample).get("validR4", True))
EXTENSION = "org.hcc-pathway.recommendation"


def found(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"/demo/fhir/{query}")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/fhir+json"
    bundle: dict[str, Any] = answer.get_json()
    return bundle


def ids(bundle: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in bundle.get("entry", ())]


def test_every_sample_patient_is_listed_and_read(client: FlaskClient) -> None:
    listed = found(client, "Patient?_count=200")
    assert set(ids(listed)) == {patient_of(sample)["id"] for sample in SAMPLES}
    for patient_id in ids(listed):
        assert found(client, f"Patient/{patient_id}")["id"] == patient_id


def test_a_search_that_has_no_match_is_a_bundle_without_entries(client: FlaskClient) -> None:
    empty = found(client, "Procedure?patient=nobody")
    assert (empty["total"], "entry" in empty) == (0, False)


@pytest.mark.parametrize("whose", ["patient=tah-patient", "subject=Patient/tah-patient"])
def test_a_search_by_code_finds_by_system_and_code_or_by_code_alone(
    client: FlaskClient, whose: str
) -> None:
    with_system = found(client, f"Observation?{whose}&code=http://loinc.org|1834-1")
    code_alone = found(client, f"Observation?{whose}&code=1834-1,no-such-code")
    other_system = found(client, f"Observation?{whose}&code=http://other.example|1834-1")
    assert ids(with_system) == ids(code_alone)
    assert len(ids(with_system)) >= 4
    assert ids(other_system) == []


def test_following_next_links_gives_each_match_once(client: FlaskClient) -> None:
    whole = found(client, "Observation?patient=tah-patient&_count=200")
    page = found(client, "Observation?patient=tah-patient&_count=7")
    collected = ids(page)
    while following := [one["url"] for one in page["link"] if one["relation"] == "next"]:
        assert following[0].startswith(f"{BASE}/Observation?")
        page = found(client, following[0].removeprefix(f"{BASE}/"))
        collected += ids(page)
    assert collected == ids(whole)
    assert len(collected) == whole["total"]


def test_a_search_by_post_is_the_same_as_by_get(client: FlaskClient) -> None:
    by_get = found(client, "Condition?patient=tah-patient&_count=200")
    by_post = client.post(
        "/demo/fhir/Condition/_search", data={"patient": "tah-patient", "_count": "200"}
    )
    assert by_post.get_json() == by_get


def test_an_unsupported_parameter_is_ignored_and_missing_from_the_self_link(
    client: FlaskClient,
) -> None:
    answer = found(client, "Condition?patient=tah-patient&_sort=-date&nonsense=1")
    assert answer["total"] > 0
    (itself,) = [one["url"] for one in answer["link"] if one["relation"] == "self"]
    assert "nonsense" not in itself
    assert "_sort" not in itself


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("Patient/nobody", 404, "not-found"),
        ("Nonsense?patient=tah-patient", 404, "not-found"),
        ("Nonsense/1", 404, "not-found"),
        ("Patient?_count=many", 400, "invalid"),
        ("Patient?_offset=-1", 400, "invalid"),
    ],
)
def test_an_error_is_an_operation_outcome(
    client: FlaskClient, path: str, status: int, code: str
) -> None:
    answer = client.get(f"/demo/fhir/{path}")
    assert answer.status_code == status
    assert answer.get_json()["issue"][0]["code"] == code


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_is_written(client: FlaskClient, method: str) -> None:
    assert client.open("/demo/fhir/Patient/tah-patient", method=method).status_code == 405
    assert client.post("/demo/fhir/Observation", json={}).status_code == 405


def test_the_statement_is_valid_r4_and_names_the_authorization_server(
    client: FlaskClient,
) -> None:
    statement = found(client, "metadata")
    bundle = json.dumps({"resourceType": "Bundle", "entry": [{"resource": statement}]})
    assert list(invalid_resources(bundle.encode())) == []
    assert statement["fhirVersion"] == "4.0.1"
    assert "oauth-uris" in json.dumps(statement["rest"][0]["security"])
    offered = read_statement(json.dumps(statement).encode())
    assert offered is not None


@pytest.mark.parametrize("path", ["Patient", "metadata", "Observation/_search"])
def test_browsers_of_other_origins_may_ask(client: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "http://127.0.0.1:7100",
        "Access-Control-Request-Method": "POST" if "_search" in path else "GET",
        "Access-Control-Request-Headers": "authorization,prefer",
    }
    answer = client.options(f"/demo/fhir/{path}", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"Authorization", "Prefer"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, str]]:
    """The demonstration on a port of its own, which it can be asked to read itself."""
    url = f"sqlite:///{tmp_path_factory.mktemp('served')}/demo.db"
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    variables = {
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_TODAY": TODAY,
        "HCC_CDS_PUBLIC_URL": base,
        "HCC_CDS_DATABASE_URL": url,
        "HCC_CDS_DEADLINE_MS": "30000",
    }
    app = create_app(read_settings(variables))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app.test_client(), f"{base}/demo/fhir"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("sample", HELD, ids=[sample.name for sample in HELD])
def test_the_service_reads_each_sample_from_here_as_if_it_had_been_sent(
    served: tuple[FlaskClient, str], sample: SampleChart
) -> None:
    client, base = served
    call = {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "fhirServer": base,
        "context": {"userId": "Practitioner/x", "patientId": patient_of(sample)["id"]},
    }
    answer = client.post(SERVICE, json=call)
    assert answer.status_code == 200, answer.text
    documents = [
        card["extension"][EXTENSION] for card in answer.get_json()["cards"] if "extension" in card
    ]
    has_cards = bool(intent_of(sample).get("cards", 1))
    assert documents == ([expected_document(sample, on=date.fromisoformat(TODAY))] * has_cards)
