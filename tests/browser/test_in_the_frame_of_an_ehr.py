"""The page in a frame of an EHR of another site, over https, third-party cookies blocked.

The service stands behind the shipped nginx with TLS, as ``https://cds.example``; the EHR is one of
processes of their own. Chromium takes no cookie of a third party but a partitioned one here.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM, QUIET
from tests.real_server.processes import free_port
from tests.samples.stored import SAMPLES, patient_of
from tests.smart_launch.ehr_process import SmartEhr, public_client, smart_ehr
from tests.stack.shipped import Service, nginx

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.real_server]
SAMPLE = next(one for one in SAMPLES if one.name == "everyday-chart")
PATIENT = str(patient_of(SAMPLE)["id"])
HOST = "cds.example"
SITE = """
[[ehr]]
name = "hospital"
fhir_base = "{base}"
allowed_origins = ["{origin}"]
[ehr.smart]
client_id = "hcc-app"
"""
NO_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("framed")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    files = f"-subj /CN={HOST} -keyout {made}/key.pem -out {made}/certificate.pem"
    subprocess.run([*command.split(), *files.split()], check=True, capture_output=True)  # noqa: S603 (own command)
    return made


@pytest.fixture(scope="module")
def port() -> int:
    """Return the port of nginx, which the EHR has to know before nginx starts."""
    return free_port()


@pytest.fixture(scope="module")
def hospital(folder: Path, port: int) -> Iterator[SmartEhr]:
    with smart_ehr(folder, [public_client(f"https://{HOST}:{port}")]) as made:
        made.hold(SAMPLE, SAMPLE.as_of)
        yield made


@pytest.fixture
def cds(
    request: pytest.FixtureRequest, folder: Path, port: int, hospital: SmartEhr
) -> Iterator[str]:
    """Return the service; the EHR is one of its allowed origins where the parameter says so."""
    origin = hospital.origin if request.param else "https://another.example"
    site = folder / "site.toml"
    site.write_text(SITE.format(base=hospital.base, origin=origin))
    base = f"https://{HOST}:{port}"
    service = Service(
        folder,
        {
            "HCC_CDS_MODE": "demo",
            "HCC_CDS_PUBLIC_URL": base,
            "HCC_CDS_DATABASE_URL": f"sqlite:///{folder}/service.db",
            "HCC_CDS_SITE_FILE": str(site),
            "HCC_CDS_TODAY": SAMPLE.as_of.isoformat(),
        },
    )
    service.start()
    secrets = {
        "/run/secrets/tls_certificate": str(folder / "certificate.pem"),
        "/run/secrets/tls_key": str(folder / "key.pem"),
    }
    try:
        with nginx(folder, "nginx.production.conf", service.port, port=port, **secrets):
            yield base
    finally:
        service.end()


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """Return a page of a browser that knows the host and blocks cookies of third parties."""
    arguments = [*QUIET, f"--host-resolver-rules=MAP {HOST} 127.0.0.1", NO_THIRD_PARTY_COOKIES]
    blocking = browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)
    context = blocking.new_context(ignore_https_errors=True)
    context.set_default_timeout(20_000)
    yield context.new_page()
    blocking.close()


@pytest.mark.parametrize("cds", [True], indirect=True, ids=["allowed"])
def test_the_page_opens_and_keeps_answers_in_the_frame_of_an_allowed_ehr(
    window: Page, cds: str, hospital: SmartEhr
) -> None:
    window.goto(hospital.in_frame(hospital.launch_address(cds, PATIENT)))
    app = window.frame_locator("iframe[title=app]")
    expect(app.locator("#answer-title")).to_contain_text("Not decided yet")
    stopped = app.get_by_role("group", name="Was sorafenib stopped because")
    app.locator("form.answers").locator(stopped).get_by_label("Yes").check()
    app.get_by_role("button", name="Use these answers").click()
    expect(app.locator("#answer-title")).to_contain_text("Cabozantinib or Nivolumab")
    kept = [one for one in window.context.cookies() if one["name"] == "__Host-hcc-smart"]
    assert [one.get("partitionKey") for one in kept] == ["http://127.0.0.1"]
    window.goto(f"{cds}/smart/")
    expect(window.locator("body")).not_to_contain_text("Cabozantinib")


@pytest.mark.parametrize("cds", [False], indirect=True, ids=["not allowed"])
def test_an_ehr_that_is_no_allowed_origin_cannot_frame_the_page(
    window: Page, cds: str, hospital: SmartEhr
) -> None:
    with window.expect_console_message(lambda said: "frame-ancestors" in said.text) as refused:
        window.goto(hospital.in_frame(hospital.launch_address(cds, PATIENT)))
    assert f"{cds}/smart/" in refused.value.text or "Framing" in refused.value.text
    expect(window.frame_locator("iframe[title=app]").locator("#answer-title")).to_have_count(0)
