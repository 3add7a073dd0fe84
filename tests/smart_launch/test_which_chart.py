"""One browser, several charts: a window never shows, prints or changes another patient's chart."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.fetching.charts import SAMPLES, resources_of
from tests.fetching.fault_server import reply
from tests.smart_launch.app_and_browser import Browser, smart_app
from tests.smart_launch.told_ehr import ToldEhr, told_ehr
from tests.smart_page.page_text import Page

FIRST, SECOND = "tolerant-afp-high", "intolerant-afp-high"


@pytest.fixture
def ehr() -> Iterator[ToldEhr]:
    """Return an EHR of two patients that shows whose chart is open by itself."""
    both = [*resources_of(SAMPLES[FIRST]), *resources_of(SAMPLES[SECOND])]
    with told_ehr(resources_of(SAMPLES[FIRST])) as made:
        made.resources = both
        made.said = {"need_patient_banner": False}
        yield made


@pytest.fixture
def browser(ehr: ToldEhr, tmp_path: Path) -> Browser:
    return Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)


def patient_id(sample: str) -> str:
    (found,) = [r["id"] for r in resources_of(SAMPLES[sample]) if r["resourceType"] == "Patient"]
    return str(found)


def opened(browser: Browser, sample: str) -> str:
    """Open a chart; gives the address that its window then has."""
    browser.ehr.patient_id = patient_id(sample)
    return browser.open().headers["Location"]


def at(browser: Browser, address: str) -> TestResponse:
    found = urlsplit(address)
    return browser.client.get(f"{found.path}?{found.query}")


def who(html: str) -> str:
    (named,) = [one for one in Page(html).all("p") if one.attributes.get("class") == "who"]
    return named.text


def refused(answer: TestResponse, problem: str, status: int) -> bool:
    return answer.status_code == status and f"<code>{problem}</code>" in answer.text


def test_the_patient_is_named_although_the_ehr_says_that_it_shows_a_banner(
    browser: Browser,
) -> None:
    opened(browser, FIRST)
    named = who(browser.page().text)
    assert f"Patient/{patient_id(FIRST)}" in named
    assert re.match(r"\w+ [\w ]+, born 17 May 1961, male, ", named)


@pytest.mark.parametrize("page", ["/smart/", "/smart/print"])
def test_a_window_of_one_chart_never_shows_the_chart_that_was_opened_since(
    browser: Browser, page: str
) -> None:
    first = opened(browser, FIRST).replace("/smart/", page)
    assert at(browser, first).status_code == 200
    second = opened(browser, SECOND).replace("/smart/", page)
    answer = at(browser, first)
    assert refused(answer, "another-chart", 409)
    said = Page(answer.text).seen
    assert f"Patient/{patient_id(SECOND)}" in said
    assert f"Patient/{patient_id(FIRST)}" not in said
    assert at(browser, second).status_code == 200


def test_every_link_of_the_page_to_the_chart_is_for_this_chart_alone(browser: Browser) -> None:
    mark = opened(browser, FIRST).partition("?")[2]
    links = [str(one.attributes.get("href")) for one in Page(browser.page().text).all("a")]
    assert [one for one in links if one.startswith("/smart")] == [f"/smart/print?{mark}"]


def test_the_link_back_from_the_print_is_for_this_chart_alone(browser: Browser) -> None:
    mark = opened(browser, FIRST).partition("?")[2]
    html = at(browser, f"/smart/print?{mark}").text
    links = [str(one.attributes.get("href")) for one in Page(html).all("a")]
    (back,) = [one for one in links if one.startswith("/smart")]
    assert back == f"/smart/?{mark}"
    opened(browser, SECOND)
    assert refused(at(browser, back), "another-chart", 409)


def test_answering_leads_back_to_this_chart_alone(browser: Browser) -> None:
    mark = opened(browser, FIRST).partition("?")[2]
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.page().text))
    form = {"form_token": token, "do": "answer", "ecog": "1"}
    answer = browser.client.post("/smart/answers", data=form)
    assert answer.headers["Location"] == f"/smart/?{mark}#answer"


@pytest.mark.parametrize("path", ["answers", "what-if", "write-back", "sign-out"])
def test_a_form_of_one_chart_is_refused_and_the_page_says_which_chart_is_open_now(
    browser: Browser, path: str
) -> None:
    opened(browser, FIRST)
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.page().text))
    opened(browser, SECOND)
    answer = browser.client.post(f"/smart/{path}", data={"form_token": token, "ecog": "3"})
    assert refused(answer, "form-not-ours", 403)
    said = Page(answer.text).seen
    (patient,) = [r for r in resources_of(SAMPLES[SECOND]) if r["resourceType"] == "Patient"]
    name = patient["name"][0]
    named = name.get("text") or " ".join([*name["given"], name["family"]])
    assert f"{named}, born {patient['birthDate']}, Patient/{patient['id']}, told" in said
    assert "Close this window" in said
    assert browser.page().status_code == 200  # the second chart is as it was


def test_which_chart_is_open_is_said_by_its_id_where_the_patient_cannot_be_read(
    browser: Browser,
) -> None:
    opened(browser, FIRST)
    browser.ehr.faults[f"/fhir/Patient/{patient_id(FIRST)}"] = lambda _: reply({}, 500)
    answer = browser.client.get("/smart/?chart=of-another-one")
    assert refused(answer, "another-chart", 409)
    assert f"Open in this browser now: Patient/{patient_id(FIRST)}, told" in Page(answer.text).seen


@pytest.mark.parametrize("mark", ["", "x", "é", "%ff", "a&chart=b"])
def test_a_made_up_mark_shows_no_chart(browser: Browser, mark: str) -> None:
    opened(browser, FIRST)
    assert refused(browser.client.get(f"/smart/?chart={mark}"), "another-chart", 409)


def test_a_mark_opens_nothing_without_the_session(browser: Browser) -> None:
    address = opened(browser, FIRST)
    other = Browser(browser.client.application.test_client(), browser.ehr)
    assert refused(at(other, address), "session-over", 401)


# --- every address that a browser can reach -----------------------------------------------------


@pytest.mark.parametrize("path", ["answers", "what-if", "write-back", "sign-out"])
@pytest.mark.parametrize("query", ["", "?chart=x", "?confirm=yes"])
def test_the_address_of_a_form_leads_to_the_page_and_does_nothing(
    browser: Browser, path: str, query: str
) -> None:
    opened(browser, FIRST)
    answer = browser.client.get(f"/smart/{path}{query}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/smart/")
    assert browser.page().status_code == 200


@pytest.mark.parametrize(
    "path", ["nowhere", "print/", "static/nowhere.css", "plots/nowhere.js", "launch/x", "%00"]
)
def test_an_address_that_is_none_gives_a_page_that_says_what_to_do(
    browser: Browser, path: str
) -> None:
    for _ in range(2):  # without a session, and with one
        answer = browser.client.get(f"/smart/{path}")
        assert answer.mimetype == "text/html"
        assert refused(answer, "no-such-page", 404)
        assert "What to do" in answer.text
        opened(browser, FIRST)


def test_a_form_that_is_too_large_is_refused_with_a_page(browser: Browser) -> None:
    opened(browser, FIRST)
    most = browser.client.application.config["MAX_CONTENT_LENGTH"]
    form = {"form_token": "x" * (most + 1)}
    answer = browser.client.post("/smart/answers", data=form)
    assert answer.mimetype == "text/html"
    assert refused(answer, "not-understood", 413)


def test_a_fault_of_our_own_is_a_page_too(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(browser, FIRST)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("smart_app.page.routes.page_view", broken)
    answer = browser.page()
    assert answer.mimetype == "text/html"
    assert refused(answer, "service-failed", 500)


def test_machines_outside_the_page_still_get_an_operation_outcome(browser: Browser) -> None:
    answer = browser.client.get("/nowhere")
    assert answer.mimetype == "application/fhir+json"
    assert json.loads(answer.text)["resourceType"] == "OperationOutcome"
