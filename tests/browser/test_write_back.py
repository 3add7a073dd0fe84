"""The two questions, answered on the page and written to the EHR: the next card knows.

The EHR is one of processes of their own: oidc-provider and a token-checking gateway before
sekmet-fhir. Nothing here is a part of the demonstration but the service itself.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from smart_app.launch.registrations import DEFAULT_SCOPES
from tests.browser.watched_page import Watch
from tests.real_server import ehr as hook_client
from tests.real_server.processes import demonstration, free_port
from tests.samples.stored import SAMPLES, patient_of
from tests.smart_launch.ehr_process import CLINICIAN, SmartEhr, public_client, smart_ehr

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.real_server]
Check = Callable[[Page], None]
Shoot = Callable[..., Path]
SAMPLE = next(one for one in SAMPLES if one.name == "everyday-chart")
PATIENT = str(patient_of(SAMPLE)["id"])
SITE = """
[[ehr]]
name = "hospital"
fhir_base = "{base}"
[ehr.smart]
client_id = "hcc-app"
scopes = "{scopes}"
"""


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[SmartEhr]:
    client = public_client(f"http://127.0.0.1:{port}")
    with smart_ehr(tmp_path_factory.mktemp("hospital"), [client]) as made:
        made.hold(SAMPLE, SAMPLE.as_of)
        yield made


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, hospital: SmartEhr, port: int) -> Iterator[str]:
    """Return the service, whose one EHR is the hospital; it may create observations."""
    folder = tmp_path_factory.mktemp("service")
    site = folder / "site.toml"
    scopes = f"{DEFAULT_SCOPES} patient/Observation.c"
    site.write_text(SITE.format(base=hospital.base, scopes=scopes))
    settings = {"HCC_CDS_SITE_FILE": str(site)}
    with demonstration(folder, SAMPLE.as_of, port=port, settings=settings) as base:
        yield base


def cards(hospital: SmartEhr, service: str) -> list[dict[str, Any]]:
    """Open the chart as the EHR does: prefetch by the templates of discovery, then the hook."""
    offered = hook_client.templates(hospital.session, service)
    prefetch = hook_client.prefetched(hospital.session, hospital.behind, offered, PATIENT)
    return hook_client.call(hospital.session, service, PATIENT, prefetch)


def test_answers_are_written_once_confirmed_and_the_next_card_knows(  # noqa: PLR0913, PLR0917 (parts)
    page: Page,
    watch: Watch,
    demo: str,
    hospital: SmartEhr,
    no_accessibility_violation: Check,
    screenshot: Shoot,
) -> None:
    watch.allow(hospital.origin)
    (before,) = [card for card in cards(hospital, demo) if "extension" in card]
    assert before["extension"]["org.hcc-pathway.recommendation"]["options"] == []
    known = {one["id"] for one in hospital.resources("Observation", PATIENT)}

    page.goto(hospital.launch_address(demo, PATIENT))
    assert page.url.partition("?")[0] == f"{demo}/smart/"
    answers = page.locator("form.answers")
    progressed = page.get_by_role("group", name="Did the tumour progress on or after sorafenib?")
    answers.locator(progressed).get_by_label("Yes").check()
    day = SAMPLE.as_of.isoformat()
    answers.get_by_label("When was the progression seen?").fill(day)
    stopped = page.get_by_role("group", name="Was sorafenib stopped because")
    answers.locator(stopped).get_by_label("Yes").check()
    page.get_by_role("button", name="Use these answers").click()
    expect(page.locator(".facts")).to_contain_text("answered by you, not from the chart")
    assert {one["id"] for one in hospital.resources("Observation", PATIENT)} == known

    writing = page.locator("form.write-back")
    expect(writing).to_contain_text(f"Patient/{PATIENT}")
    expect(writing).to_contain_text("LOINC 97509-4 Cancer Disease Progression")
    expect(writing).to_contain_text("the next card says: Contradicting records")
    no_accessibility_violation(page)
    screenshot(page, "page-before-writing", full_page=True)
    writing.locator("input[name=confirm]").check()
    writing.get_by_role("button").click()
    no_accessibility_violation(page)
    screenshot(page, "page-written", full_page=True)

    page.get_by_role("link", name="Back to the page").click()
    expect(page.locator("ul.written li")).to_have_count(2)
    expect(page.locator("form.write-back")).to_have_count(0)
    expect(page.locator(".facts")).not_to_contain_text("answered by you")
    no_accessibility_violation(page)

    new = [one for one in hospital.resources("Observation", PATIENT) if one["id"] not in known]
    codes = {coding["code"] for one in new for coding in one["code"]["coding"]}
    assert codes == {"97509-4", "407563006"}
    assert {one["performer"][0]["reference"].partition("/fhir/")[2] or
            one["performer"][0]["reference"] for one in new} == {CLINICIAN}  # fmt: skip
    (after,) = [card for card in cards(hospital, demo) if "extension" in card]
    document = after["extension"]["org.hcc-pathway.recommendation"]
    # the chart shows 28 of 28 days at full dose: both rows are offered, and the card says so
    assert document["patientClass"] == "conflicting"
    offered = {one["therapy"] for one in document["options"]}
    assert offered >= {"cabozantinib", "nivolumab", "regorafenib"}
