"""What a stranger may try with links, cookies, frames and forms; each is refused with a page."""

import json
import logging
import re
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from cds_service.storage.engines import open_storage, transaction
from tests.smart_launch.app_and_browser import PUBLIC_URL, SECRET, Browser, smart_app
from tests.smart_launch.told_ehr import ToldEhr

HTTPS = "https://hcc.hospital.example"


def another_browser(browser: Browser) -> Browser:
    return Browser(browser.client.application.test_client(), browser.ehr)


def refused(answer: TestResponse, problem: str, status: int = 403) -> bool:
    return answer.status_code == status and f"<code>{problem}</code>" in answer.text


def cookies_set(answer: TestResponse) -> dict[str, str]:
    return {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}


def form_token_of(app: Flask, browser: Browser) -> str:
    """Take the form token out of the sealed session, as only the service can."""
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    found = app.extensions["smart_sessions"].find(cookie.value)
    token: str = found.session.form_token
    return token


# --- open redirect -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "extra",
    [
        {"redirect_uri": "https://evil.example/"},
        {"next": "https://evil.example/"},
        {"return_to": "//evil.example"},
        {"aud": "https://evil.example/fhir"},
        {"client_id": "evil"},
        {"scope": "patient/*.cruds"},
    ],
)
def test_a_link_cannot_say_where_to_go_or_what_to_ask_for(
    browser: Browser, extra: dict[str, str]
) -> None:
    address = browser.login_address(**extra)
    assert address.startswith(f"{browser.ehr.origin}/authorize?")
    assert "evil" not in address
    assert "cruds" not in address
    answer = browser.come_back(**browser.ehr.log_in(address), **extra)
    assert re.fullmatch(f"{PUBLIC_URL}/smart/\\?chart=[0-9a-f]{{16}}", answer.headers["Location"])


def test_a_host_header_changes_no_address(browser: Browser) -> None:
    answer = browser.client.get(
        "/smart/launch",
        query_string={"iss": browser.ehr.base, "launch": "x"},
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert "evil" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("error", ["access_denied", "<script>alert(1)</script>", "server_error"])
def test_what_comes_back_with_an_error_is_never_shown(browser: Browser, error: str) -> None:
    state = browser.ehr.log_in(browser.login_address())["state"]
    answer = browser.come_back(
        state=state,
        error=error,
        error_description="<img src=x onerror=alert(1)>",
        error_uri="https://evil.example",
    )
    assert answer.status_code == 403
    assert "alert(1)" not in answer.text
    assert "evil" not in answer.text


# --- login CSRF, foreign and replayed states ----------------------------------------------------


def test_a_login_that_another_browser_began_opens_nothing_here(browser: Browser) -> None:
    victim = another_browser(browser)
    victim.login_address()
    attackers = browser.ehr.log_in(browser.login_address())
    assert refused(victim.come_back(**attackers), "not-begun-here")
    assert victim.page().status_code == 401


def test_the_session_of_a_victim_survives_a_login_that_is_not_its_own(browser: Browser) -> None:
    victim = another_browser(browser)
    victim.open()
    assert refused(
        victim.come_back(**browser.ehr.log_in(browser.login_address())), "not-begun-here"
    )
    assert victim.page().status_code == 200


@pytest.mark.parametrize("state", ["", "x", "a" * 5000, "\u202e", "<b>"])
def test_a_made_up_state_opens_nothing(browser: Browser, state: str) -> None:
    came_back = browser.ehr.log_in(browser.login_address()) | {"state": state}
    answer = browser.come_back(**came_back)
    assert refused(answer, "not-begun-here")
    assert not browser.ehr.asked_for("/token")


def test_a_callback_twice_asks_for_tokens_once(browser: Browser) -> None:
    came_back = browser.ehr.log_in(browser.login_address())
    kept = list((browser.client._cookies or {}).values())  # noqa: SLF001 (to replay them)
    browser.come_back(**came_back)
    for cookie in kept:
        browser.client.set_cookie(cookie.key, cookie.value)
    assert refused(browser.come_back(**came_back), "not-begun-here")
    assert len(browser.ehr.asked_for("/token")) == 1


def test_a_launch_is_forgotten_after_ten_minutes(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_back = browser.ehr.log_in(browser.login_address())
    rows = browser.client.application.extensions["smart_sessions"]._rows  # noqa: SLF001 (its clock)
    late = time.time() + 601
    monkeypatch.setattr(rows, "_clock", lambda: late)
    assert refused(browser.come_back(**came_back), "not-begun-here")


def test_an_answer_of_another_authorization_server_is_not_taken(browser: Browser) -> None:
    came_back = browser.ehr.log_in(browser.login_address())
    answer = browser.come_back(**came_back, iss="https://evil.example")
    assert refused(answer, "not-begun-here")
    assert not browser.ehr.asked_for("/token")


def test_a_parameter_that_is_there_twice_is_read_by_nobody(browser: Browser) -> None:
    came_back = browser.ehr.log_in(browser.login_address())
    query = f"code=other&code={came_back['code']}&state={came_back['state']}"
    assert refused(browser.client.get(f"/smart/callback?{query}"), "link-incomplete", 400)


def test_two_launches_side_by_side_each_come_back(browser: Browser) -> None:
    first, second = browser.login_address(), browser.login_address()
    assert browser.come_back(**browser.ehr.log_in(first)).status_code == 303
    assert browser.come_back(**browser.ehr.log_in(second)).status_code == 303


# --- session fixation ---------------------------------------------------------------------------


def test_a_session_id_that_somebody_planted_is_never_used(browser: Browser) -> None:
    browser.client.set_cookie("hcc-smart", "planted")
    browser.open()
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    assert cookie.value != "planted"
    assert len(cookie.value) >= 43


def test_a_new_launch_has_a_new_id_and_ends_the_session_before(browser: Browser) -> None:
    browser.open()
    before = browser.client.get_cookie("hcc-smart")
    browser.open()
    after = browser.client.get_cookie("hcc-smart")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    browser.client.set_cookie("hcc-smart", before.value)
    assert refused(browser.page(), "session-over", 401)


def test_a_launch_under_way_is_no_session(browser: Browser) -> None:
    answer = browser.launch()
    (cookie,) = cookies_set(answer).values()
    browser.client.set_cookie("hcc-smart", cookie.partition("=")[2].partition(";")[0])
    assert refused(browser.page(), "session-over", 401)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 4000, "é", "../../etc"])
def test_a_made_up_session_opens_nothing(browser: Browser, cookie: str) -> None:
    answer = browser.client.get("/smart/", headers={"Cookie": f"hcc-smart={cookie}"})
    assert refused(answer, "session-over", 401)


def test_signing_out_ends_the_session_and_not_its_cookie_alone(browser: Browser) -> None:
    browser.open()
    before = browser.client.get_cookie("hcc-smart")
    assert before is not None
    token = form_token_of(browser.client.application, browser)
    answer = browser.client.post("/smart/sign-out", data={"form_token": token})
    assert (answer.status_code, "signed out" in answer.text) == (200, True)
    browser.client.set_cookie("hcc-smart", before.value)
    assert refused(browser.page(), "session-over", 401)


# --- cookies, caches, frames --------------------------------------------------------------------


def test_on_https_cookies_work_in_a_frame_and_nowhere_else(ehr: ToldEhr, tmp_path: Path) -> None:
    client = smart_app(tmp_path, ehr.base, public_url=HTTPS).test_client()
    query = {"iss": ehr.base, "launch": "x"}
    began = client.get("/smart/launch", query_string=query, base_url=HTTPS)
    came_back = ehr.log_in(began.headers["Location"])
    answer = client.get("/smart/callback", query_string=came_back, base_url=HTTPS)
    for one in (began, answer):
        for name, cookie in cookies_set(one).items():
            assert name.startswith("__Host-hcc-")
            attributes = set(cookie.split("; ")[1:])
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned"} <= attributes
            assert not any(part.startswith("Domain") for part in attributes)
    assert client.get("/smart/", base_url=HTTPS).status_code == 200


def test_on_loopback_cookies_are_those_that_http_can_have(browser: Browser) -> None:
    for name, cookie in cookies_set(browser.open()).items():
        assert name.startswith("hcc-")
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")[1:])


def test_nothing_below_smart_is_kept_by_caches_or_told_to_others(browser: Browser) -> None:
    answers = [browser.launch(), browser.open(), browser.page(), browser.come_back()]
    answers.append(browser.client.post("/smart/answers"))
    answers.append(browser.client.get("/smart/nowhere"))
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def ancestors_of(answer: TestResponse) -> str:
    policy = answer.headers["Content-Security-Policy"]
    return policy.partition("frame-ancestors ")[2]


def test_only_the_ehr_of_the_open_chart_may_frame_the_page(ehr: ToldEhr, tmp_path: Path) -> None:
    app = smart_app(
        tmp_path,
        ehr.base,
        block='allowed_origins = ["https://ehr.example"]',
        more='[[ehr]]\nname = "other"\nfhir_base = "https://o.example/fhir"\n'
        'allowed_origins = ["https://o.example"]\n[ehr.smart]\nclient_id = "x"',
    )
    browser = Browser(app.test_client(), ehr)
    assert ancestors_of(browser.page()) == "https://ehr.example https://o.example"
    browser.open()
    assert ancestors_of(browser.page()) == "https://ehr.example"


def test_without_listed_origins_nobody_frames_the_page(browser: Browser) -> None:
    browser.open()
    policy = browser.page().headers["Content-Security-Policy"]
    assert ancestors_of(browser.page()) == "'none'"
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")


# --- forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/smart/sign-out", "/smart/answers", "/smart/write-back"])
def test_a_form_without_the_token_of_its_session_changes_nothing(
    browser: Browser, path: str
) -> None:
    assert refused(browser.client.post(path, data={"form_token": "x"}), "session-over", 401)
    browser.open()
    other = another_browser(browser)
    other.open()
    foreign = form_token_of(browser.client.application, other)
    for data in ({}, {"form_token": ""}, {"form_token": "x"}, {"form_token": foreign}):
        assert refused(browser.client.post(path, data=data), "form-not-ours")
    assert browser.page().status_code == 200


# --- what is kept -------------------------------------------------------------------------------


def test_the_database_holds_nothing_that_can_be_read_without_cookie_and_secret(
    browser: Browser, tmp_path: Path
) -> None:
    browser.open()
    files = b"".join(path.read_bytes() for path in tmp_path.glob("*.db*"))
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    secrets = [*browser.ehr.tokens, *browser.ehr.refresh_tokens, browser.ehr.patient_id]
    for secret in (*secrets, cookie.value, SECRET, "dr-1"):
        assert secret.encode() not in files


def test_a_session_moved_to_another_id_is_not_opened(browser: Browser, tmp_path: Path) -> None:
    other = another_browser(browser)
    browser.open()
    other.open()
    storage = open_storage(f"sqlite:///{tmp_path}/hcc-cds.db")
    with transaction(storage.replay) as connection:
        rows = connection.execute(text("SELECT digest, sealed FROM smart_session")).all()
        assert len(rows) == 2
        for row, another in zip(rows, reversed(rows), strict=True):
            connection.execute(
                text("UPDATE smart_session SET sealed = :s WHERE digest = :d"),
                {"s": another.sealed, "d": row.digest},
            )
    storage.close()
    assert refused(browser.page(), "session-over", 401)


def test_with_another_secret_key_no_session_opens(ehr: ToldEhr, tmp_path: Path) -> None:
    browser = Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    browser.open()
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    replica = Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    replica.client.set_cookie("hcc-smart", cookie.value)
    assert replica.page().status_code == 200  # another process with the same secret
    other = smart_app(tmp_path, ehr.base, environment={"HCC_CDS_SECRET_KEY": "another" * 8})
    stranger = Browser(other.test_client(), ehr)
    stranger.client.set_cookie("hcc-smart", cookie.value)
    assert refused(stranger.page(), "session-over", 401)


def test_no_code_token_patient_or_name_gets_into_the_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    came_back = browser.ehr.log_in(browser.login_address())
    browser.come_back(**came_back)
    browser.page()
    browser.come_back(**came_back)
    said = caplog.text
    said += "".join(json.dumps(getattr(one, "fields", {})) for one in caplog.records)
    secrets = [*browser.ehr.tokens, *browser.ehr.refresh_tokens, *came_back.values()]
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    for secret in (*secrets, cookie.value, browser.ehr.patient_id, "dr-1", "opened-by-the-ehr"):
        assert secret not in said


def test_a_database_that_is_away_is_a_page_and_no_trace(browser: Browser, tmp_path: Path) -> None:
    browser.open()
    for path in tmp_path.glob("hcc-cds.replay.db*"):
        path.unlink()
    browser.client.application.extensions["smart_sessions"]._rows._engine.dispose()  # noqa: SLF001 (as after a crash)
    for answer in (browser.page(), browser.launch(), browser.client.post("/smart/sign-out")):
        assert refused(answer, "try-again", 503)
