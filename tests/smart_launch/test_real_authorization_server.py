"""Launches against an authorization server that is not ours, before a real FHIR server.

oidc-provider enforces PKCE and single-use codes; the gateway before sekmet-fhir lets a token read
its own patient and its granted types, and nothing else.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import ECKey, RSAKey
from msgspec import structs

from cds_service.sample_charts import SampleChart
from hcc_pathway.clinician_answers.answers import ClinicianAnswers, answers_as_json
from smart_app.launch.registrations import DEFAULT_SCOPES
from tests.real_server.conftest import LOADABLE
from tests.samples.stored import expected_document, patient_of
from tests.smart_launch.app_and_browser import PUBLIC_URL, SAMPLE, smart_app
from tests.smart_launch.ehr_process import CLINICIAN, SmartEhr, public_client, smart_ehr
from tests.smart_launch.real_browser import RealBrowser
from tests.smart_launch.writing import shown_in
from tests.smart_page.opened import document_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_server,
    pytest.mark.xdist_group("smart_ehr"),
]
PATIENT = str(patient_of(SAMPLE)["id"])
REFRESHING = f'scopes = "{DEFAULT_SCOPES} online_access"'
SECRET = "a-secret-that-the-ehr-gave-0123456789"  # noqa: S105 (invented)
KEYS: dict[str, ECKey | RSAKey] = {
    "es384": ECKey.generate_key("P-384", {"kid": "x"}),
    "rs384": RSAKey.generate_key(2048, {"kid": "x"}),
}


def confidential(client_id: str, **more: object) -> dict[str, Any]:
    return public_client(PUBLIC_URL) | {"client_id": client_id} | more


def with_key(name: str) -> dict[str, Any]:
    public = KEYS[name].as_dict(private=False)
    public["kid"] = KEYS[name].thumbprint()
    return confidential(
        name,
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106 (a method)
        token_endpoint_auth_signing_alg=name.upper(),
        jwks={"keys": [public | {"use": "sig", "alg": name.upper()}]},
    )


@pytest.fixture(scope="module")
def ehr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmartEhr]:
    clients = [
        public_client(PUBLIC_URL),
        confidential(
            "symmetric",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 (a method)
            client_secret=SECRET,
        ),
        with_key("es384"),
        with_key("rs384"),
    ]
    with smart_ehr(tmp_path_factory.mktemp("smart-ehr"), clients) as running:
        for sample in LOADABLE:
            running.hold(sample, sample.as_of)
        yield running


@pytest.fixture
def app(ehr: SmartEhr, tmp_path: Path) -> Flask:
    return smart_app(tmp_path, ehr.base, smart=REFRESHING)


@pytest.fixture
def browser(app: Flask, ehr: SmartEhr) -> RealBrowser:
    return RealBrowser(app.test_client(), ehr)


@pytest.mark.parametrize("sample", LOADABLE, ids=[one.name for one in LOADABLE])
def test_every_sample_opens_to_its_committed_document(
    ehr: SmartEhr, tmp_path: Path, sample: SampleChart
) -> None:
    day = {"HCC_CDS_TODAY": sample.as_of.isoformat()}
    app = smart_app(tmp_path, ehr.base, environment=day)
    page = RealBrowser(app.test_client(), ehr).open(str(patient_of(sample)["id"]))
    assert page.status_code == 200
    assert document_of(page.text) == expected_document(sample, on=sample.as_of)


def test_a_launch_without_the_ehr_opens_the_patient_who_is_chosen(
    browser: RealBrowser, ehr: SmartEhr
) -> None:
    ehr.standalone(PATIENT)
    assert browser.come_back(browser.log_in(iss=ehr.base)).status_code == 303
    assert document_of(browser.page().text) == expected_document(SAMPLE, on=SAMPLE.as_of)


def test_tokens_are_renewed_again_and_again_with_the_newest_refresh_token(
    browser: RealBrowser,
) -> None:
    assert browser.open(PATIENT, seconds=20).status_code == 200  # less than is left for safety
    for _ in range(3):  # a refresh token that is used twice would end the grant
        assert browser.page().status_code == 200


def test_pages_asked_for_at_once_renew_a_token_once(browser: RealBrowser, app: Flask) -> None:
    browser.come_back(browser.launch(PATIENT, seconds=20))
    cookie = browser.app.get_cookie("hcc-smart")
    assert cookie is not None

    def page(_: int) -> int:
        other = app.test_client()
        other.set_cookie("hcc-smart", cookie.value)
        return other.get("/smart/").status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(page, range(4))) == [200] * 4


def test_an_expired_token_that_cannot_be_renewed_ends_the_session(
    ehr: SmartEhr, tmp_path: Path
) -> None:
    browser = RealBrowser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    assert browser.open(PATIENT, seconds=2).status_code == 200
    time.sleep(2.1)
    answer = browser.page()
    assert (answer.status_code, "session-over" in answer.text) == (401, True)


@pytest.mark.parametrize("name", ["es384", "rs384"])
def test_a_client_proves_itself_with_its_key_and_renews_with_it(
    ehr: SmartEhr, tmp_path: Path, name: str
) -> None:
    (tmp_path / "key.pem").write_bytes(KEYS[name].as_pem(private=True))
    smart = f'{REFRESHING}\nprivate_key_file = "key.pem"'
    app = smart_app(tmp_path, ehr.base, smart=smart, client_id=name)
    browser = RealBrowser(app.test_client(), ehr)
    assert browser.open(PATIENT, seconds=20).status_code == 200
    assert browser.page().status_code == 200
    (published,) = browser.app.get("/smart/jwks.json").get_json()["keys"]
    assert published["alg"] == name.upper()
    assert "d" not in published


def test_a_client_with_another_key_is_refused(ehr: SmartEhr, tmp_path: Path) -> None:
    other = ECKey.generate_key("P-384")
    (tmp_path / "key.pem").write_bytes(other.as_pem(private=True))
    smart = 'private_key_file = "key.pem"'
    app = smart_app(tmp_path, ehr.base, smart=smart, client_id="es384")
    answer = RealBrowser(app.test_client(), ehr).open(PATIENT)
    assert (answer.status_code, "code-refused" in answer.text) == (403, True)


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 200), ("another", 403)])
def test_a_client_proves_itself_with_its_secret(
    ehr: SmartEhr, tmp_path: Path, secret: str, status: int
) -> None:
    app = smart_app(
        tmp_path,
        ehr.base,
        smart='client_secret_env = "EHR_SECRET"',
        client_id="symmetric",
        environment={"EHR_SECRET": secret},
    )
    assert RealBrowser(app.test_client(), ehr).open(PATIENT).status_code == status


def test_what_was_not_granted_is_unknown_and_never_none(browser: RealBrowser) -> None:
    page = browser.open(PATIENT, deny=["patient/Observation.rs", "patient/AllergyIntolerance.rs"])
    assert page.status_code == 200
    document = document_of(page.text)
    unread = {one["source"] for one in document["ignored"]}
    assert {"observations", "allergies"} <= unread
    assert document["options"] == []


def test_without_conditions_the_page_says_what_it_needs(browser: RealBrowser) -> None:
    answer = browser.open(PATIENT, deny=["patient/Condition.rs"])
    assert (answer.status_code, "chart-not-read" in answer.text) == (412, True)


def test_a_clinician_who_says_no_gets_a_page_without_the_words_of_the_server(
    browser: RealBrowser,
) -> None:
    answer = browser.come_back(browser.launch(PATIENT, refuse=True))
    assert (answer.status_code, "access-denied" in answer.text) == (403, True)
    assert "<b>" not in answer.text


def test_a_callback_is_of_use_once(browser: RealBrowser) -> None:
    callback = browser.launch(PATIENT)
    assert browser.come_back(callback).status_code == 303
    again = browser.come_back(callback)
    assert (again.status_code, "not-begun-here" in again.text) == (403, True)
    assert browser.page().status_code == 200  # the session that was opened stays


def test_the_server_takes_each_code_once(browser: RealBrowser, ehr: SmartEhr) -> None:
    callback = browser.launch(PATIENT)
    assert browser.come_back(callback).status_code == 303
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(callback).query)["code"][0],
        "redirect_uri": f"{PUBLIC_URL}/smart/callback",
        "client_id": "hcc-app",
        "code_verifier": "v" * 64,
    }
    answer = browser.at_ehr.post(f"{ehr.origin}/token", data=form, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_the_server_enforces_pkce(browser: RealBrowser, app: Flask) -> None:
    began = app.test_client().get(
        "/smart/launch",
        query_string={"iss": browser.ehr.base, "launch": browser.ehr.launch(PATIENT)},
    )
    address = began.headers["Location"].partition("&code_challenge=")[0]
    assert "error=invalid_request" in browser.at_login(address)


def test_a_callback_of_another_browser_is_refused(app: Flask, ehr: SmartEhr) -> None:
    mine = RealBrowser(app.test_client(), ehr)
    theirs = RealBrowser(app.test_client(), ehr)
    theirs.log_in(iss=ehr.base, launch=ehr.launch(PATIENT))
    answer = theirs.come_back(mine.launch(PATIENT))
    assert (answer.status_code, "not-begun-here" in answer.text) == (403, True)
    assert theirs.page().status_code == 401


def test_an_issuer_that_is_not_listed_is_refused(browser: RealBrowser, ehr: SmartEhr) -> None:
    answer = browser.app.get("/smart/launch", query_string={"iss": ehr.behind, "launch": "x"})
    assert (answer.status_code, "unknown-ehr" in answer.text) == (403, True)


@pytest.mark.parametrize("how", ["payload", "signature", "none"])
def test_a_spoiled_id_token_opens_nothing(browser: RealBrowser, how: str) -> None:
    answer = browser.open(PATIENT, tamper=how)
    assert (answer.status_code, "identity-not-proven" in answer.text) == (403, True)
    assert browser.page().status_code == 401


def test_a_token_that_ends_in_the_middle_is_renewed_and_the_chart_read_anew(
    browser: RealBrowser,
) -> None:
    page = browser.open(PATIENT, failAfter=3)
    assert page.status_code == 200
    assert document_of(page.text) == expected_document(SAMPLE, on=SAMPLE.as_of)


@pytest.mark.parametrize("smart", [REFRESHING, ""])
def test_a_token_that_is_refused_for_good_ends_the_session(
    ehr: SmartEhr, tmp_path: Path, smart: str
) -> None:
    browser = RealBrowser(smart_app(tmp_path, ehr.base, smart=smart).test_client(), ehr)
    answer = browser.open(PATIENT, failAfter=3, failsEver=True)
    assert (answer.status_code, "token-refused" in answer.text) == (401, True)
    assert "session-over" in browser.page().text


@pytest.mark.parametrize("scope", ["patient/Observation.c", "patient/Observation.write"])
def test_answers_are_in_the_chart_once_and_the_next_page_knows(
    ehr: SmartEhr, tmp_path: Path, scope: str
) -> None:
    sample = next(one for one in LOADABLE if one.name == "everyday-chart")
    patient_id = str(patient_of(sample)["id"])
    day = {"HCC_CDS_TODAY": sample.as_of.isoformat()}
    smart = f'scopes = "{DEFAULT_SCOPES} {scope}"'
    app = smart_app(tmp_path, ehr.base, smart=smart, environment=day)
    answers = answers_as_json(
        ClinicianAnswers(progressed=True, progressed_on=sample.as_of, not_tolerated=True)
    )
    for _ in range(2):  # two sessions of one clinician, each sent twice
        browser = RealBrowser(app.test_client(), ehr)
        assert browser.open(patient_id).status_code == 200
        cookie = browser.app.get_cookie("hcc-smart")
        assert cookie is not None
        kept = app.extensions["smart_sessions"].change(
            cookie.value, lambda one: structs.replace(one, answers=answers)
        )
        for _ in range(2):
            form = {
                "form_token": kept.session.form_token,
                "confirm": "yes",
                "answer": shown_in(kept.session, sample.as_of),
            }
            answer = browser.app.post("/smart/write-back", data=form)
            assert answer.status_code == 200, answer.text
    held = ehr.resources("Observation", patient_id)
    mine = [one for one in held if one.get("performer") == [{"reference": CLINICIAN}]]
    assert len(mine) == 2
    document = document_of(RealBrowser(app.test_client(), ehr).open(patient_id).text)
    sources = {one["source"] for one in document["inputs"]}
    assert {f"Observation/{one['id']}" for one in mine} <= sources
    for one in mine:  # the chart as it was, for the next
        ehr.session.delete(f"{ehr.behind}/Observation/{one['id']}", timeout=10)


def test_without_the_scope_the_ehr_holds_nothing_new(ehr: SmartEhr, app: Flask) -> None:
    browser = RealBrowser(app.test_client(), ehr)
    assert browser.open(PATIENT).status_code == 200
    cookie = browser.app.get_cookie("hcc-smart")
    assert cookie is not None
    kept = app.extensions["smart_sessions"].change(
        cookie.value,
        lambda one: structs.replace(one, answers=answers_as_json(ClinicianAnswers(ecog=1))),
    )
    before = ehr.resources("Observation", PATIENT)
    shown = shown_in(kept.session, SAMPLE.as_of)
    form = {"form_token": kept.session.form_token, "confirm": "yes", "answer": shown}
    answer = browser.app.post("/smart/write-back", data=form)
    assert (answer.status_code, "not-writable" in answer.text) == (403, True)
    assert ehr.resources("Observation", PATIENT) == before
