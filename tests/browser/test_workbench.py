"""The workbench as a visitor uses it: mouse, keyboard, narrow screen, no JavaScript."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TODAY, OpenPage
from tests.samples.stored import SAMPLES, expected_document

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHARTS = {sample.name: sample.text for sample in SAMPLES}
CARD = "#answer article.card"
Check = Callable[[Page], None]
Shoot = Callable[..., Path]


def counted(page: Page, outcome: str) -> int:
    """How many cards the report counts with this outcome."""
    said = page.locator("#report").inner_text()
    found = re.search(rf"(\d+) {outcome}", said)
    assert found
    return int(found[1])


def test_from_choosing_a_patient_to_a_stored_override(page: Page, demo: str) -> None:
    page.goto(demo)
    before = counted(page, "overridden")
    page.get_by_role("link", name=re.compile("Ottilie Zimmerblatt")).click()
    expect(page.locator(f"{CARD} h3")).to_contain_text("cabozantinib, nivolumab, ramucirumab")
    page.get_by_label("Reason").select_option(label="The advice is wrong")
    page.get_by_label("Comment").fill("for the test")
    page.get_by_role("button", name="Override").click()
    expect(page.locator("#said")).to_contain_text("Stored: the card was overridden")
    expect(page.locator("#said")).to_contain_text('{"received":1}')
    expect(page.locator("#report")).to_be_focused()
    assert counted(page, "overridden") == before + 1
    page.reload()
    expect(page.locator("#report")).to_contain_text("The advice is wrong")
    assert "for the test" not in page.locator("#report").inner_text()


def test_an_accepted_suggestion_is_stored_by_its_therapy(page: Page, demo: str) -> None:
    page.goto(f"{demo}/?sample=tolerant-afp-low")
    page.get_by_role("button", name="Propose Regorafenib (draft order)").click()
    expect(page.locator("#said")).to_contain_text("Stored: the card was accepted")
    expect(page.locator("#report")).to_contain_text(re.compile(r"Accepted: .*regorafenib \(\d+\)"))


def test_a_changed_value_changes_the_card_without_loading_the_page(page: Page, demo: str) -> None:
    page.goto(f"{demo}/?sample=tolerant-afp-high")
    page.evaluate("globalThis.sameDocument = true")
    page.get_by_label("AFP").fill("399")
    page.get_by_label("AFP").press("Tab")
    expect(page.locator(f"{CARD} h3")).to_contain_text("the pathway offers regorafenib")
    page.get_by_label("ECOG").select_option("3")
    expect(page.locator(f"{CARD} h3")).to_contain_text("the pathway offers no drug")
    assert page.evaluate("globalThis.sameDocument")
    assert page.url.endswith("afp=399&ecog=3")
    page.reload()
    expect(page.locator(f"{CARD} h3")).to_contain_text("the pathway offers no drug")


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_gets_a_warning_and_a_fitting_one_silence(
    page: Page, demo: str, hook: str
) -> None:
    page.goto(f"{demo}/?sample=tolerant-afp-low")
    page.get_by_label("Event").select_option(hook)
    page.get_by_label("Draft order").select_option("Ramucirumab")
    expect(page.locator(f"{CARD}.warning h3")).to_have_text(
        "Ramucirumab ordered: AFP does not reach the threshold"
    )
    page.locator("#answer summary", has_text="Request").click()
    request = json.loads(page.get_by_role("region", name="Request").inner_text())
    assert (request["hook"], request["context"]["draftOrders"]["type"]) == (hook, "collection")
    page.get_by_label("Draft order").select_option("Regorafenib")
    expect(page.locator("#answer")).to_contain_text("No card")


def require_page_of(app: Page, sample: str, patient: str, headline: str) -> None:
    """Fail unless the page names this patient and gives the committed answer to this chart."""
    expect(app.locator("header .who")).to_contain_text(patient)
    expect(app.locator("#answer-title")).to_contain_text(headline)
    document = json.loads(app.locator("#recommendation").text_content() or "")
    (chart,) = [one for one in SAMPLES if one.name == sample]
    assert document == expected_document(chart, on=TODAY)


@pytest.mark.parametrize(
    ("sample", "patient", "headline"),
    [
        ("intolerant-afp-low", "Lucinda Marrowby", "Cabozantinib or Nivolumab"),
        ("tolerant-afp-high", "Walter Ashdown", "Ramucirumab or Regorafenib"),
        ("child-pugh-c", "Torsten Lindqvist-Ahl", "No drug is offered"),
    ],
)
def test_the_clinicians_page_of_that_very_patient_opens_by_a_real_launch(
    page: Page, demo: str, sample: str, patient: str, headline: str
) -> None:
    page.goto(f"{demo}/?sample={sample}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the whole reasoning").click()
    app = opened.value
    app.wait_for_load_state()
    assert app.url.partition("?")[0] == f"{demo}/smart/"
    require_page_of(app, sample, patient, headline)


def test_the_card_of_a_changed_chart_offers_no_page_of_the_chart_as_recorded(
    page: Page, demo: str
) -> None:
    page.goto(f"{demo}/?sample=tolerant-afp-high")
    launching = page.get_by_role("link", name="Open the whole reasoning")
    expect(launching).to_be_visible()
    page.get_by_label("AFP").fill("12")
    page.get_by_label("AFP").press("Tab")
    expect(page.locator(f"{CARD} h3")).to_contain_text("the pathway offers regorafenib")
    expect(launching).to_have_count(0)
    expect(page.locator(CARD)).to_contain_text("reads the chart as recorded and not your changes")
    page.locator(CARD).get_by_role("link", name="the chart as recorded").click()
    expect(launching).to_be_visible()


def test_a_standalone_launch_asks_which_patient_and_opens_that_one(page: Page, demo: str) -> None:
    page.goto(f"{demo}/smart/launch?iss={demo}/demo/fhir")
    expect(page.get_by_role("heading", level=1)).to_have_text("Which patient shall the app open?")
    page.get_by_role("link", name="Lucinda Marrowby").click()
    page.wait_for_url(f"{demo}/smart/?chart=*")
    require_page_of(page, "intolerant-afp-low", "Lucinda Marrowby", "Cabozantinib or Nivolumab")
    assert "Walter" not in page.locator("body").inner_text()


def test_a_dropped_chart_with_invalid_resources_is_answered_and_they_are_named(
    page: Page, demo: str, no_accessibility_violation: Check, screenshot: Shoot
) -> None:
    chart = json.loads(CHARTS["tolerant-afp-high"])
    for entry in chart["entry"]:
        if entry["resource"]["id"] == "tah-ecog-1":
            entry["resource"]["valueInteger"] = "one"
    page.goto(demo)
    dropped = page.evaluate_handle(
        """(text) => { const data = new DataTransfer();
        data.items.add(new File([text], "chart.json", {type: "application/json"}));
        return data; }""",
        json.dumps(chart),
    )
    page.dispatch_event("#bundle", "drop", {"dataTransfer": dropped})
    expect(page.locator("#bundle")).to_have_value(re.compile("tah-ecog-1"))
    page.get_by_role("button", name="Ask about this chart").click()
    expect(page.get_by_role("alert")).to_contain_text("Observation/tah-ecog-1 is not valid R4")
    expect(page.locator(f"{CARD} h3").first).to_contain_text("HCC after sorafenib")
    no_accessibility_violation(page)
    screenshot(page, "workbench-own-chart")


def test_everything_is_reached_and_done_by_keyboard(page: Page, demo: str) -> None:
    page.goto(demo)
    before = counted(page, "overridden")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the card")).to_be_focused()
    _tab_to(page, page.get_by_role("link", name=re.compile("Harold Quillfeather")))
    page.keyboard.press("Enter")
    expect(page.locator("#who")).to_contain_text("Harold Quillfeather")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    expect(page.locator("#answer")).to_be_focused()
    _tab_to(page, page.get_by_label("Reason"))
    page.keyboard.type("The patient")  # chooses what begins so
    _tab_to(page, page.get_by_role("button", name="Override"))
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Stored: the card was overridden")
    assert counted(page, "overridden") == before + 1
    _tab_to(page, page.get_by_label("AFP"), backwards=True)
    page.keyboard.type("500")
    page.keyboard.press("Enter")
    expect(page.locator(f"{CARD} h3")).to_contain_text("ramucirumab, regorafenib")
    expect(page.locator("#answer")).to_be_focused()


def _tab_to(page: Page, wanted: object, *, backwards: bool = False) -> None:
    for _ in range(150):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if wanted.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]  # a locator
            return
    pytest.fail("the keyboard does not get there")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path",
    ["/", "/?sample=afp-missing", "/?sample=child-pugh-c&hook=order-sign", "/samples/third-line"],
)
def test_no_rule_of_accessibility_is_broken(  # noqa: PLR0913, PLR0917 (what a page is seen with)
    open_page: OpenPage,
    demo: str,
    no_accessibility_violation: Check,
    color_scheme: str,
    width: int,
    path: str,
) -> None:
    page = open_page(color_scheme=color_scheme, viewport={"width": width, "height": 800})
    page.goto(demo + path)
    for folded in page.locator("main details").all():
        folded.evaluate("element => { element.open = true }")
    no_accessibility_violation(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_that_stands_in_for_the_sign_in_breaks_no_rule(
    page: Page, demo: str, no_accessibility_violation: Check, screenshot: Shoot
) -> None:
    page.goto(
        f"{demo}/demo/auth/authorize?response_type=code&client_id=x&scope=launch/patient"
        f"&redirect_uri=http://127.0.0.1:9/callback&aud={demo}/demo/fhir"
        f"&code_challenge={'a' * 43}&code_challenge_method=S256"
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Which patient shall the app open?")
    no_accessibility_violation(page)
    screenshot(page, "demo-sign-in")


def test_without_javascript_choosing_changing_and_overriding_work(
    open_page: OpenPage, demo: str
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(demo)
    before = counted(page, "overridden")
    page.get_by_role("link", name=re.compile("Walter Ashdown")).click()
    page.get_by_label("AFP").fill("399")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(f"{CARD} h3")).to_contain_text("the pathway offers regorafenib")
    page.get_by_label("Reason").select_option(label="Treatment already decided")
    page.get_by_role("button", name="Override").click()
    expect(page.locator("#said")).to_contain_text("Stored: the card was overridden")
    assert counted(page, "overridden") == before + 1
    expect(page.get_by_label("AFP")).to_have_value("399")
    page.get_by_label("Bundle").fill(CHARTS["intolerant-afp-low"])
    page.get_by_role("button", name="Ask about this chart").click()
    expect(page.locator(f"{CARD} h3").first).to_contain_text("cabozantinib")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("workbench-light", {"color_scheme": "light"}),
        ("workbench-dark", {"color_scheme": "dark"}),
        ("workbench-narrow", {"viewport": {"width": 320, "height": 900}}),
        ("workbench-wide", {"viewport": {"width": 1920, "height": 1080}}),
    ],
)
def test_pictures_are_taken(
    open_page: OpenPage, demo: str, screenshot: Shoot, name: str, options: dict[str, object]
) -> None:
    page = open_page(**options)
    page.goto(demo)
    assert screenshot(page, name).stat().st_size > 10_000
