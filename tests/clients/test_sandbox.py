"""The CDS Hooks Sandbox against the service in production mode, with its tokens."""

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.storage.migrating import migrate
from tests.client_tokens.hospital import settings_of
from tests.client_tokens.tokens import Signer, es384, key_set
from tests.clients.sandbox import DISCOVERY, ISSUER, ORIGIN, Json, Sandbox
from tests.orders.ordering import kind_of, patient_view_call

FHIR_BASE = "http://127.0.0.1:8080/fhir"
SITE = f"""
timezone = "UTC"
[[ehr]]
name = "sandbox"
fhir_base = "{FHIR_BASE}"
allowed_origins = ["{ORIGIN}"]
[ehr.client]
issuer = "{ISSUER}"
jwks_file = "keys.json"
algorithms = ["ES384"]
"""
CAPSULE = ("1363284", "cabozantinib 80 MG Oral Capsule [Cometriq]")
REGORAFENIB = ("1312408", "regorafenib 40 MG Oral Tablet [Stivarga]")


@pytest.fixture(scope="module")
def signer() -> Signer:
    return es384("44823f3d-0b01-4a6c-a80e-b9d3e8a7226f")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, signer: Signer) -> FlaskClient:
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "keys.json").write_bytes(key_set(signer))
    settings = settings_of(folder, SITE)
    migrate(settings.database_url)
    return create_app(settings).test_client()


@pytest.fixture
def page(client: FlaskClient, signer: Signer) -> Sandbox:
    return opened(client, signer, "tolerant-afp-low")


def opened(client: FlaskClient, signer: Signer, sample: str) -> Sandbox:
    return Sandbox(client, signer, patient_view_call(sample) | {"fhirServer": FHIR_BASE})


def test_opening_a_chart_and_accepting_the_suggestion(page: Sandbox) -> None:
    services = page.discover()
    (main, *_) = page.fire(services["patient-view"])
    answer = page.accept(services["patient-view"], main, "Propose Regorafenib (draft order)")
    assert answer.status_code == 200
    assert page.prescribed == ("1312397", "Regorafenib")
    assert page.fire(services["order-select"]) == []
    assert page.fire(services["order-sign"]) == []


def test_the_first_call_of_a_prescription_has_no_drug_and_gets_no_card(page: Sandbox) -> None:
    services = page.discover()
    assert "medicationCodeableConcept" not in page.draft(signing=False)
    assert page.fire(services["order-select"]) == []


def test_the_drug_that_fits_gets_no_card(page: Sandbox) -> None:
    page.prescribed = REGORAFENIB
    services = page.discover()
    assert page.fire(services["order-select"]) == []
    assert page.fire(services["order-sign"]) == []


def test_the_better_draft_is_taken_though_the_page_takes_the_first_action_alone(
    page: Sandbox,
) -> None:
    page.prescribed = CAPSULE
    services = page.discover()
    (card,) = page.fire(services["order-select"])
    assert (card["indicator"], kind_of([card])) == ("warning", "other-product")
    label = "Replace the draft by Regorafenib (draft order)"
    assert page.accept(services["order-select"], card, label).status_code == 200
    assert page.prescribed == ("1312397", "Regorafenib")
    assert page.fire(services["order-select"]) == []


def test_signing_against_the_liver_function_warns_and_can_be_overridden(
    client: FlaskClient, signer: Signer
) -> None:
    page = opened(client, signer, "child-pugh-c")
    page.prescribed = REGORAFENIB
    services = page.discover()
    (card,) = page.fire(services["order-sign"])
    assert (card["indicator"], kind_of([card])) == ("warning", "child-pugh-c")
    assert page.dismiss(services["order-sign"], card).status_code == 200


@pytest.mark.parametrize("path", [DISCOVERY, f"{DISCOVERY}/hcc-after-sorafenib-order-sign"])
def test_a_token_for_one_address_opens_no_other(page: Sandbox, path: str) -> None:
    other = page.token(f"{DISCOVERY}/hcc-after-sorafenib")
    headers = {"Authorization": f"Bearer {other}", "Origin": ORIGIN}
    answer = page.client.open(path, method="GET" if path == DISCOVERY else "POST", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_token_is_taken_once(page: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {page.token(DISCOVERY)}", "Origin": ORIGIN}
    statuses = [page.client.get(DISCOVERY, headers=headers).status_code for _ in range(2)]
    assert statuses == [200, 401]


def test_every_service_has_an_address_of_its_own(page: Sandbox) -> None:
    found: dict[str, Json] = page.discover()
    assert set(found) == {"patient-view", "order-select", "order-sign"}
