"""An authorization server that misbehaves: a page in time that says what to do, never a 500.

The faults are those of the FHIR fetches: slow drips, hangs, redirects, floods, bombs, HTML.
Nothing of a code, a token or a patient is in the answer or the log.
"""

import json
import logging
import time
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from smart_app.launch import chart_opening, launching
from tests.fetching.charts import some_by_default
from tests.fetching.fault_server import reply, serving
from tests.fetching.faults import FAULTS, WRONG_CONTENT
from tests.smart_launch.app_and_browser import Browser, smart_app
from tests.smart_launch.told_ehr import JSON, WELL_KNOWN, ToldEhr

SCRIPTS = {name: script for name, (script, _) in FAULTS.items()} | WRONG_CONTENT
QUICK = {"hang", "redirect", "not JSON"}
SECONDS = 0.8
PLACES = {"configuration": WELL_KNOWN, "keys": "/keys", "token": "/token"}


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "LAUNCH_SECONDS", SECONDS)
    monkeypatch.setattr(launching, "CALLBACK_SECONDS", SECONDS)
    monkeypatch.setattr(chart_opening, "READ_SECONDS", SECONDS)


def assert_a_page_in_time(answer: TestResponse, began: float) -> None:
    assert time.monotonic() - began < 2 * SECONDS + 0.4
    assert 400 <= answer.status_code < 600
    assert answer.status_code not in {500, 504}
    assert answer.content_type == "text/html; charset=utf-8"
    assert "What to do" in answer.text


def assert_nothing_leaks(
    answer: TestResponse, log: pytest.LogCaptureFixture, ehr: ToldEhr
) -> None:
    said = answer.text + log.text
    said += "".join(json.dumps(getattr(one, "fields", {})) for one in log.records)
    for secret in (*ehr.tokens, *ehr.refresh_tokens, *ehr.codes, ehr.patient_id):
        assert secret not in said


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
def test_a_configuration_that_cannot_be_had(
    case: str, browser: Browser, ehr: ToldEhr, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ehr.faults[WELL_KNOWN] = SCRIPTS[case]
    began = time.monotonic()
    answer = browser.launch()
    assert_a_page_in_time(answer, began)
    assert answer.status_code == 502
    assert_nothing_leaks(answer, caplog, ehr)


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
@pytest.mark.parametrize("place", ["token", "keys"])
def test_tokens_or_keys_that_cannot_be_had(
    place: str, case: str, browser: Browser, ehr: ToldEhr, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ehr.faults[PLACES[place]] = SCRIPTS[case]
    came_back = ehr.log_in(browser.login_address())
    began = time.monotonic()
    answer = browser.come_back(**came_back)
    assert_a_page_in_time(answer, began)
    assert answer.status_code in {403, 502}
    assert_nothing_leaks(answer, caplog, ehr)
    assert browser.page().status_code == 401


@pytest.mark.parametrize("case", some_by_default(SCRIPTS, QUICK))
def test_tokens_that_cannot_be_renewed(
    case: str, browser: Browser, ehr: ToldEhr, caplog: pytest.LogCaptureFixture
) -> None:
    ehr.said["expires_in"] = 1
    browser.open()
    caplog.set_level(logging.DEBUG)
    ehr.faults["/token"] = SCRIPTS[case]
    began = time.monotonic()
    answer = browser.page()
    assert_a_page_in_time(answer, began)
    assert_nothing_leaks(answer, caplog, ehr)
    del ehr.faults["/token"]
    if answer.status_code == 502:  # the server was away: the session is not lost with it
        assert browser.page().status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"token_endpoint": "https://evil.example/token"},
        {"jwks_uri": "https://evil.example/keys"},
        {"token_endpoint": "{origin}.evil.example/token"},
        {"token_endpoint": "{origin}@evil.example/token"},
        {"token_endpoint": "{origin}\\@evil.example/token"},
        {"token_endpoint": "//evil.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": "{origin}/../token"},
        {"token_endpoint": "{origin}/token#x"},
        {"token_endpoint": "{origin}/to ken"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "{origin}/authorize?a=1\r\nSet-Cookie: x=y"},
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"code_challenge_methods_supported": ["plain"]},
        {"code_challenge_methods_supported": []},
    ],
)
def test_a_configuration_that_leads_elsewhere_is_refused(
    browser: Browser, ehr: ToldEhr, said: dict[str, object]
) -> None:
    ehr.configuration = {
        name: one.replace("{origin}", ehr.origin) if isinstance(one, str) else one
        for name, one in said.items()
    }
    answer = browser.launch()
    assert (answer.status_code, "ehr-not-usable" in answer.text) == (502, True)
    assert "evil" not in answer.text
    assert [one.path for one in ehr.server.asked] == [WELL_KNOWN]


def test_an_authorization_server_elsewhere_counts_when_the_site_lists_it(
    ehr: ToldEhr, tmp_path: Path
) -> None:
    with serving(ehr.answer) as elsewhere:
        origin = f"http://127.0.0.1:{elsewhere.port}"
        ehr.configuration = {
            name: f"{origin}/{place}"
            for name, place in (
                ("authorization_endpoint", "authorize"),
                ("token_endpoint", "token"),
                ("jwks_uri", "keys"),
            )
        }
        unlisted = Browser(smart_app(tmp_path / "a", ehr.base).test_client(), ehr)
        assert unlisted.launch().status_code == 502
        assert elsewhere.connections == 0
        smart = f'auth_hosts = ["{origin}"]'
        listed = Browser(smart_app(tmp_path / "b", ehr.base, smart=smart).test_client(), ehr)
        assert listed.open().status_code == 303
        assert listed.page().status_code == 200
        assert {one.path for one in elsewhere.asked} == {"/token", "/keys"}


@pytest.mark.parametrize(
    "said",
    [
        {"access_token": None},
        {"access_token": 7},
        {"access_token": "line\r\nbreak"},
        {"access_token": ""},
        {"token_type": "mac"},
        {"token_type": None},
        {"scope": 7},
        {"expires_in": 1e400},
        {"expires_in": {"seconds": 60}},
        {"scope": "a\u0000b"},
        {"patient": None},
        {"patient": 7},
        {"patient": "../Practitioner/1"},
        {"patient": "p1?x=y"},
        {"patient": ""},
        {"id_token": 7},
        {"id_token": "a.b"},
        {"id_token": "é" * 30},
        {"id_token": "a" * 20_001},
    ],
)
def test_a_token_answer_that_is_not_whole_opens_nothing(
    browser: Browser, ehr: ToldEhr, said: dict[str, object]
) -> None:
    ehr.said = said
    answer = browser.open()
    assert answer.status_code in {403, 502}
    assert "What to do" in answer.text
    assert browser.page().status_code == 401


@pytest.mark.parametrize("expires_in", [None, "3600", -1, 0, [], True])
def test_a_token_whose_life_is_not_told_counts_for_a_while(
    browser: Browser, ehr: ToldEhr, expires_in: object
) -> None:
    ehr.said = {"expires_in": expires_in}
    browser.open()
    assert browser.page().status_code == 200


@pytest.mark.parametrize(
    "error", ["invalid_grant", "invalid_client", "<script>", "\u202e", "x" * 10_000]
)
@pytest.mark.parametrize("status", [200, 400, 401])
def test_an_error_of_the_token_endpoint_is_never_repeated(
    browser: Browser, ehr: ToldEhr, error: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    ehr.faults["/token"] = lambda _: reply(
        {"error": error, "error_description": "<b>words</b>"}, status, content_type=JSON
    )
    answer = browser.open()
    assert (answer.status_code, "code-refused" in answer.text) == (403, True)
    assert "<b>" not in answer.text
    fields = json.dumps([getattr(one, "fields", {}) for one in caplog.records])
    assert "words" not in fields
    assert error in {"invalid_grant", "invalid_client"} or error not in fields
