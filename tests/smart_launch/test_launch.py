"""A launch from the EHR's link to the page, and every step that is not as it was begun."""

import pytest

from tests.samples.stored import expected_document
from tests.smart_launch.app_and_browser import PUBLIC_URL, REPORT_URL, SAMPLE, Browser, query_of
from tests.smart_launch.told_ehr import CLIENT_ID, WELL_KNOWN, ToldEhr
from tests.smart_page.opened import document_of


def test_an_ehr_launch_ends_at_the_page_with_the_chart_of_its_patient(browser: Browser) -> None:
    answer = browser.open()
    address, _, mark = answer.headers["Location"].partition("?chart=")
    assert (answer.status_code, address, len(mark)) == (303, f"{PUBLIC_URL}/smart/", 16)
    page = browser.client.get(f"/smart/?chart={mark}")
    assert page.status_code == 200
    assert document_of(page.text) == expected_document(SAMPLE, on=SAMPLE.as_of)


def test_the_page_leads_to_the_place_for_reports_of_the_site_file(browser: Browser) -> None:
    browser.open()
    assert f'<a href="{REPORT_URL}" rel="noreferrer">' in browser.page().text


def test_the_login_is_asked_for_as_smart_asks(browser: Browser, ehr: ToldEhr) -> None:
    address = browser.login_address()
    assert address.startswith(f"{ehr.origin}/authorize?")
    query = query_of(address)
    assert query.pop("state") != query.pop("nonce")
    assert len(query.pop("code_challenge")) == 43
    scopes = query.pop("scope").split()
    assert scopes[:3] == ["launch", "openid", "fhirUser"]
    assert "patient/Condition.rs" in scopes
    assert query == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{PUBLIC_URL}/smart/callback",
        "code_challenge_method": "S256",
        "aud": ehr.base,
        "launch": "opened-by-the-ehr",
    }


def test_a_launch_without_an_ehr_lets_its_server_choose_the_patient(browser: Browser) -> None:
    query = query_of(browser.login_address(launch=""))
    assert "launch" not in query
    assert query["scope"].split()[0] == "launch/patient"
    assert browser.open(launch="").status_code == 303
    assert browser.page().status_code == 200


def test_a_foreign_issuer_is_refused_and_not_contacted(browser: Browser, ehr: ToldEhr) -> None:
    for issuer in (
        "https://evil.example/fhir",
        f"{ehr.base}/",
        f"{ehr.base}.evil.example",
        ehr.base.replace("127.0.0.1", "127.0.0.1@evil.example"),
        ehr.base.upper(),
    ):
        answer = browser.launch(iss=issuer)
        assert (answer.status_code, "unknown-ehr" in answer.text) == (403, True), issuer
        assert "evil" not in answer.text
    assert ehr.server.connections == 0


@pytest.mark.parametrize("query", ["", "launch=x", "iss=a&iss=b", "iss=" + "a" * 4001])
def test_an_incomplete_link_is_a_page_that_says_what_to_do(browser: Browser, query: str) -> None:
    answer = browser.client.get(f"/smart/launch?{query}")
    assert (answer.status_code, "link-incomplete" in answer.text) == (400, True)
    assert "from the patient&#39;s chart" in answer.text or "patient's chart" in answer.text


def test_discovery_is_kept_so_that_launches_are_not_a_burden(
    browser: Browser, ehr: ToldEhr
) -> None:
    for _ in range(3):
        browser.login_address()
    assert len(ehr.asked_for(WELL_KNOWN)) == 1
