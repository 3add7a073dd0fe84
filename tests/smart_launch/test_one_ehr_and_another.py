"""What one EHR gave stays with it: codes, tokens, rights and patients."""

from pathlib import Path

import pytest

from smart_app.launch.scopes import narrowed
from tests.fetching.fault_server import reply
from tests.smart_launch.app_and_browser import PUBLIC_URL, Browser, smart_app
from tests.smart_launch.told_ehr import CLIENT_ID, ToldEhr, told_ehr

JSON = "application/json"


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    return cookie.value


def page_with(browser: Browser, cookie: str) -> int:
    browser.client.set_cookie("hcc-smart", cookie)
    return browser.page().status_code


def test_a_session_ends_when_the_block_of_its_name_is_another_server(
    ehr: ToldEhr, tmp_path: Path
) -> None:
    first = Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    first.open()
    assert first.page().status_code == 200
    with told_ehr(ehr.resources) as other:
        later = Browser(smart_app(tmp_path, other.base).test_client(), other)
        assert page_with(later, cookie_of(first)) == 401
        assert other.server.connections == 0


def test_a_session_ends_when_the_client_of_its_block_is_another(
    ehr: ToldEhr, tmp_path: Path
) -> None:
    first = Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    first.open()
    later = Browser(smart_app(tmp_path, ehr.base, client_id="another").test_client(), ehr)
    assert page_with(later, cookie_of(first)) == 401
    again = Browser(smart_app(tmp_path, ehr.base, client_id=CLIENT_ID).test_client(), ehr)
    assert page_with(again, cookie_of(first)) == 200


def test_a_launch_comes_back_to_the_server_where_it_began_or_to_none(
    ehr: ToldEhr, tmp_path: Path
) -> None:
    first = Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
    came_back = ehr.log_in(first.login_address())
    with told_ehr(ehr.resources) as other:
        app = smart_app(tmp_path, other.base)
        first.client.application = app
        assert first.come_back(**came_back).status_code == 403
        assert other.server.connections == 0


@pytest.mark.parametrize("said", ["https://evil.example", "javascript:alert(1)", "ehr"])
def test_an_issuer_on_a_host_that_is_not_this_ehrs_is_no_configuration(
    browser: Browser, ehr: ToldEhr, said: str
) -> None:
    ehr.configuration["issuer"] = said
    assert browser.launch().status_code == 502


def test_an_issuer_in_an_answer_that_nothing_can_be_held_against_is_refused(
    browser: Browser, ehr: ToldEhr
) -> None:
    ehr.configuration["issuer"] = None
    came_back = ehr.log_in(browser.login_address())
    answer = browser.come_back(**came_back, iss=ehr.origin)
    assert answer.status_code == 403
    assert ehr.asked_for("/token") == []


@pytest.mark.parametrize(("answer", "status"), [("with iss", 303), ("without", 403)])
def test_a_server_that_says_it_names_itself_in_its_answer_has_to(
    browser: Browser, ehr: ToldEhr, answer: str, status: int
) -> None:
    ehr.configuration["authorization_response_iss_parameter_supported"] = True
    came_back = ehr.log_in(browser.login_address())
    own = {"iss": ehr.origin} if answer == "with iss" else {}
    assert browser.come_back(**came_back, **own).status_code == status
    assert len(ehr.asked_for("/token")) == (status == 303)


def test_rights_that_the_site_never_asked_for_are_not_used(browser: Browser, ehr: ToldEhr) -> None:
    ehr.said["scope"] = "launch patient/*.cruds"
    browser.open()
    page = browser.page()
    assert page.status_code == 200
    assert 'action="/smart/write-back"' not in page.text


@pytest.mark.parametrize(
    ("granted", "renewed", "kept"),
    [
        ("a patient/Condition.rs", None, "a patient/Condition.rs"),
        ("a patient/Condition.rs", "", "a patient/Condition.rs"),
        ("a patient/Condition.rs", "a patient/Condition.r", "a patient/Condition.r"),
        ("a patient/Condition.rs", "a patient/Condition.cruds", "a"),
        ("a patient/Condition.rs", "a patient/*.rs", "a"),
        ("patient/*.rs", "patient/Condition.rs user/*.cruds", "patient/Condition.rs"),
        ("patient/*.read", "patient/Condition.rs", "patient/Condition.rs"),
        ("patient/Observation.rs?category=laboratory", "patient/Observation.rs", ""),
    ],
)
def test_a_renewal_takes_rights_away_and_never_adds_one(
    granted: str, renewed: str | None, kept: str
) -> None:
    assert narrowed(granted, renewed) == kept


def test_a_renewal_for_another_patient_ends_the_session(browser: Browser, ehr: ToldEhr) -> None:
    ehr.said["expires_in"] = 30
    browser.open()
    ehr.said["patient"] = "someone-else"
    assert browser.page().status_code == 401
    del ehr.said["patient"]
    assert browser.page().status_code == 401


@pytest.mark.parametrize("place", ["token", "keys"])
def test_an_address_is_asked_with_its_final_slash(
    browser: Browser, ehr: ToldEhr, place: str
) -> None:
    name = {"token": "token_endpoint", "keys": "jwks_uri"}[place]
    ehr.configuration[name] = f"{ehr.origin}/{place}/"
    ehr.faults[f"/{place}/"] = lambda _asked: reply(
        {"error": "invalid_grant"}, 400, content_type=JSON
    )
    browser.open()
    assert len(ehr.asked_for(f"/{place}/")) == 1
    assert ehr.asked_for(f"/{place}") == []


def test_the_address_without_its_slash_leads_home_whatever_host_is_named(browser: Browser) -> None:
    answer = browser.client.get("/smart?iss=a&launch=b", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PUBLIC_URL}/smart/")


def test_launches_that_nobody_finished_are_forgotten_but_for_the_last_eight(
    browser: Browser,
) -> None:
    for _ in range(30):
        assert browser.launch().status_code == 303
    cookies = browser.client._cookies or {}  # noqa: SLF001 (the jar of the test's browser)
    assert sum(name.startswith("hcc-launch-") for _, _, name in cookies) <= 8
    assert browser.open().status_code == 303
