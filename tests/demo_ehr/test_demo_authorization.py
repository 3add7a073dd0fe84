"""SMART launches against the demonstration: what a client brings, and what it may then read."""

import jwt
import pytest
from flask.testing import FlaskClient

from tests.demo_ehr.conftest import BASE, SmartClient, returned

READS_ALL = "launch openid fhirUser patient/*.rs"


def test_a_launch_from_the_ehr_gives_a_token_for_its_patient(
    client: FlaskClient, smart: SmartClient
) -> None:
    answer = smart.exchange(smart.code("tah-patient"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    granted = answer.get_json()
    assert (granted["patient"], granted["token_type"]) == ("tah-patient", "Bearer")
    read = client.get(
        "/demo/fhir/Patient/tah-patient",
        headers={"Authorization": f"Bearer {granted['access_token']}"},
    )
    assert read.status_code == 200


def test_the_id_token_is_signed_by_a_published_key_for_this_client_and_nonce(
    client: FlaskClient, smart: SmartClient
) -> None:
    configuration = client.get("/demo/fhir/.well-known/smart-configuration").get_json()
    keys = jwt.PyJWKSet.from_dict(client.get("/demo/auth/jwks.json").get_json())
    token = smart.token("tah-patient", READS_ALL)["id_token"]
    claims = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=configuration["id_token_signing_alg_values_supported"],
        audience="some-client",
        issuer=configuration["issuer"],
    )
    assert claims["nonce"] == "n-1"
    assert claims["fhirUser"] == f"{BASE}/Practitioner/demo-clinician"
    assert client.get("/demo/fhir/Practitioner/demo-clinician").status_code == 200


def test_a_client_without_a_launch_is_asked_which_patient(smart: SmartClient) -> None:
    standalone = "launch/patient openid fhirUser patient/*.rs"
    page = smart.authorize(scope=standalone)
    assert page.status_code == 200
    assert "Demonstration" in page.text
    assert "Walter Ashdown" in page.text
    code = returned(smart.authorize(scope=standalone, picked="tal-patient"))["code"]
    assert smart.exchange(code).get_json()["patient"] == "tal-patient"
    assert smart.authorize(scope=standalone, picked="nobody").status_code == 400


def test_the_launch_endpoint_of_the_sandbox_gives_a_launch_id(
    client: FlaskClient, smart: SmartClient
) -> None:
    asked = {"launchUrl": "http://127.0.0.1:8000/smart/launch", "parameters": {}}
    path = "/demo/fhir/_services/smart/Launch"
    assert client.post(path, json=asked).status_code == 404
    asked["parameters"] = {"patient": "tah-patient", "appContext": "x"}
    launch = client.post(path, json=asked).get_json()["launch_id"]
    assert "tah-patient" not in launch
    assert "code" in returned(smart.authorize(launch=launch))


@pytest.mark.parametrize(
    "sent",
    [
        "[" * 100_000,
        '{"parameters": {"patient": ' + "[" * 100_000,
        '{"parameters": {"patient": NaN}}',
        '{"parameters": {"patient": "tah-patient", "patient": "tal-patient"}}',
        "[]",
        "",
    ],
    ids=["nested", "nested inside", "no number", "member twice", "list", "empty"],
)
def test_a_launch_that_is_no_json_object_is_refused(client: FlaskClient, sent: str) -> None:
    answer = client.post(
        "/demo/fhir/_services/smart/Launch", data=sent, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.get_json()["resourceType"] == "OperationOutcome"


def test_a_redirect_address_may_have_a_query(smart: SmartClient) -> None:
    launch = smart.launch_id("tah-patient")
    answer = smart.authorize(launch=launch, redirect_uri="http://[::1]:9000/callback?tenant=a")
    assert returned(answer)["tenant"] == "a"
    assert "code" in returned(answer)


def test_scopes_that_write_are_not_granted(smart: SmartClient) -> None:
    asked = (
        f"{READS_ALL} patient/Observation.cruds patient/Observation.write user/*.rs offline_access"
    )
    granted = smart.token("tah-patient", asked)
    assert granted["scope"] == READS_ALL
    assert "refresh_token" not in granted


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"aud": "https://other.example/fhir"}, "invalid_request"),
        ({"aud": None}, "invalid_request"),
        ({"scope": READS_ALL, "launch": None}, "invalid_request"),
        ({"launch": "invented"}, "invalid_request"),
        ({"scope": "user/*.cruds"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_goes_back_with_its_error_and_state(
    smart: SmartClient, changed: dict[str, str | None], error: str
) -> None:
    said = returned(smart.authorize(**{"launch": smart.launch_id("tah-patient"), **changed}))
    assert (said["error"], said["state"]) == (error, "abc")
    assert "code" not in said


@pytest.mark.parametrize(
    ("client_id", "redirect_uri"),
    [
        ("some-client", "https://evil.example/callback"),
        ("some-client", "http://127.0.0.1.evil.example/callback"),
        ("some-client", "javascript:alert(1)"),
        ("some-client", "http://evil.example:80@127.0.0.1/"),
        ("some-client", "http://evil.example\\@127.0.0.1/"),
        ("some-client", "http://127.0.0.1\\.evil.example/"),
        ("some-client", "http://localhost/#x"),
        ("some-client", "http://localhost/\n"),
        ("hcc-cds-demo", "http://127.0.0.1:9000/callback"),
        ("", "http://127.0.0.1:9000/callback"),
        ("some-client", ""),
    ],
)
def test_a_foreign_address_gets_neither_code_nor_redirect(
    smart: SmartClient, client_id: str, redirect_uri: str
) -> None:
    answer = smart.authorize(
        launch=smart.launch_id("tah-patient"), client_id=client_id, redirect_uri=redirect_uri
    )
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"client_id": "another-client"},
        {"redirect_uri": "http://127.0.0.1:9001/callback"},
        {"code": "invented"},
    ],
)
def test_a_code_is_worth_nothing_without_what_belongs_to_it(
    smart: SmartClient, changed: dict[str, str]
) -> None:
    answer = smart.exchange(smart.code("tah-patient"), **changed)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_grant")


def test_a_code_is_taken_once(smart: SmartClient) -> None:
    code = smart.code("tah-patient")
    assert [smart.exchange(code).status_code for _ in range(2)] == [200, 400]


def test_a_launch_id_or_a_token_is_no_code(smart: SmartClient) -> None:
    token = smart.token("tah-patient", READS_ALL)["access_token"]
    for other in (smart.launch_id("tah-patient"), token):
        assert smart.exchange(other).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("launch patient/*.rs", "Patient/tal-patient", 403),
        ("launch patient/*.rs", "Observation?patient=tal-patient", 403),
        ("launch patient/*.rs", "Observation?subject=Patient/tal-patient", 403),
        ("launch patient/*.rs", "Observation/tal-afp-1", 403),
        ("launch patient/Patient.rs", "Patient/tah-patient", 200),
        ("launch patient/Patient.rs", "Observation?patient=tah-patient", 403),
        ("launch patient/Observation.r", "Observation?patient=tah-patient", 403),
        ("launch patient/Observation.s", "Observation?patient=tah-patient", 200),
        ("launch patient/Observation.read", "Observation?patient=tah-patient", 200),
    ],
)
def test_a_token_opens_its_patient_and_its_types_only(
    client: FlaskClient, smart: SmartClient, scope: str, path: str, status: int
) -> None:
    token = smart.token("tah-patient", scope)["access_token"]
    answer = client.get(f"/demo/fhir/{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


def test_a_search_without_patient_is_held_to_the_patient_of_the_token(
    client: FlaskClient, smart: SmartClient
) -> None:
    token = smart.token("tah-patient", "launch patient/*.rs")["access_token"]
    answer = client.get("/demo/fhir/Patient", headers={"Authorization": f"Bearer {token}"})
    assert [entry["resource"]["id"] for entry in answer.get_json()["entry"]] == ["tah-patient"]


@pytest.mark.parametrize("sent", ["Bearer invented", "Bearer ", "Basic eDp5", "", "Bearer a b"])
def test_what_is_sent_as_a_token_must_be_one(client: FlaskClient, sent: str) -> None:
    answer = client.get("/demo/fhir/Patient/tah-patient", headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_tokens_live_as_long_as_they_say(
    client: FlaskClient, smart: SmartClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = smart.token("tah-patient", "launch patient/*.rs")
    header = {"Authorization": f"Bearer {granted['access_token']}"}
    monkeypatch.setattr(
        "cds_service.demo_ehr.sealing.SECONDS", {"launch": 300, "code": 60, "access": -1}
    )
    assert client.get("/demo/fhir/Patient/tah-patient", headers=header).status_code == 401
