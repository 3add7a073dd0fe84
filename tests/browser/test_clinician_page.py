"""The clinician's page after a real launch: looked at, answered, supposed, printed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Check = Callable[[Page], None]
Shoot = Callable[..., Path]
HEADLINE = "#answer-title"
HEADLINES = {
    "tolerant-afp-high": "Ramucirumab or Regorafenib",
    "everyday-chart": "Not decided yet",
    "child-pugh-c": "No drug is offered",
}
NARROW = {"width": 320, "height": 700}


def launch(page: Page, demo: str, sample: str, link: str = "Open the whole reasoning") -> Page:
    """Open the page of a sample from its card, as a clinician does."""
    page.goto(f"{demo}/?sample={sample}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=link).click()
    app = opened.value
    app.wait_for_load_state()
    assert app.url.partition("?")[0] == f"{demo}/smart/"
    return app


@pytest.mark.parametrize("sample", HEADLINES)
def test_from_the_card_to_the_page_in_light_and_dark_without_a_violation(
    open_page: OpenPage,
    demo: str,
    no_accessibility_violation: Check,
    screenshot: Shoot,
    sample: str,
) -> None:
    for scheme in ("light", "dark"):
        app = launch(open_page(color_scheme=scheme), demo, sample)
        expect(app.locator(HEADLINE)).to_contain_text(HEADLINES[sample])
        for folded in app.locator("main details").all():
            folded.evaluate("(details) => { details.open = true; }")
        no_accessibility_violation(app)
        app.reload()
        screenshot(app, f"page-{sample}-{scheme}", full_page=True)


@pytest.mark.parametrize("sample", ["tolerant-afp-high", "everyday-chart"])
def test_at_320_pixels_only_drawings_and_tables_scroll_sideways(
    open_page: OpenPage,
    demo: str,
    no_accessibility_violation: Check,
    screenshot: Shoot,
    sample: str,
) -> None:
    app = launch(open_page(viewport=NARROW), demo, sample)
    assert app.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    no_accessibility_violation(app)
    screenshot(app, f"page-{sample}-narrow", full_page=True)


def test_answering_the_two_questions_decides_and_is_marked(
    page: Page, demo: str, no_accessibility_violation: Check, screenshot: Shoot
) -> None:
    app = launch(page, demo, "everyday-chart")
    progressed = app.get_by_role("group", name="Did the tumour progress on or after sorafenib?")
    answers = app.locator("form.answers")
    answers.locator(progressed).get_by_label("Yes").check()
    answers.get_by_label("When was the progression seen?").fill("2026-11-10")
    answers.get_by_role("group", name="Was sorafenib stopped because").get_by_label(
        "No", exact=True
    ).check()
    app.get_by_role("button", name="Use these answers").click()
    expect(app.locator(HEADLINE)).to_contain_text("Regorafenib")
    expect(app.locator(".facts")).to_contain_text("answered by you, not from the chart")
    no_accessibility_violation(app)
    screenshot(app, "page-answered", full_page=True)
    app.get_by_role("button", name="Remove all my answers").click()
    expect(app.locator(HEADLINE)).to_contain_text("Not decided yet")


def test_what_if_shows_a_marked_supposition_and_leaves_the_page_alone(
    page: Page, demo: str, no_accessibility_violation: Check
) -> None:
    app = launch(page, demo, "tolerant-afp-high")
    app.locator("#changes summary", has_text="Try it: what if?").click()
    form = app.locator("form.what-if")
    form.get_by_label("AFP in ng/mL").fill("12")
    app.get_by_role("button", name="Show what would be offered").click()
    result = app.locator("[data-what-if-result]")
    expect(result).to_contain_text("Supposed, not recorded")
    expect(result.locator("dd").last).to_have_text("Regorafenib")
    expect(result).to_contain_text("Supposed: AFP 12 ng/mL")
    expect(app.locator(HEADLINE)).to_contain_text("Ramucirumab or Regorafenib")
    no_accessibility_violation(app)
    form.get_by_label("AFP in ng/mL").fill("500")
    expect(result).to_be_empty()
    app.get_by_role("button", name="Show what would be offered").click()
    expect(result).to_contain_text("Supposed: AFP 500 ng/mL")
    form.get_by_label("0: fully active").check()
    expect(result).to_be_empty()


def test_an_answer_that_comes_after_the_form_was_edited_is_not_shown(
    page: Page, demo: str
) -> None:
    app = launch(page, demo, "tolerant-afp-high")
    app.locator("#changes summary", has_text="Try it: what if?").click()
    afp = app.locator("form.what-if").get_by_label("AFP in ng/mL")

    def edited_meanwhile(route: Route) -> None:
        answer = route.fetch()
        afp.fill("500")
        route.fulfill(response=answer)

    app.route("**/smart/what-if*", edited_meanwhile, times=1)
    afp.fill("12")
    with app.expect_response("**/smart/what-if*"):
        app.get_by_role("button", name="Show what would be offered").click()
    app.wait_for_timeout(300)
    expect(app.locator("[data-what-if-result]")).to_be_empty()


def test_pointing_at_a_mark_of_the_course_gives_value_unit_and_source(
    page: Page, demo: str
) -> None:
    app = launch(page, demo, "tolerant-afp-high")
    tip = app.locator(".plot-tip.open")
    expect(tip).to_have_count(0)
    app.locator('svg .reading.decides[data-input="alpha-fetoprotein"]').hover()
    expect(tip).to_contain_text("812 ng/mL")
    expect(tip).to_contain_text("Observation/tah-afp-1")
    app.locator("svg .window-day").first.hover()
    expect(tip).to_contain_text("mg")
    expect(tip).not_to_contain_text("812 ng/mL")


def test_a_step_of_the_drawing_opens_its_criterion(page: Page, demo: str) -> None:
    app = launch(page, demo, "tolerant-afp-high")
    app.locator('a.node[data-node="afp-at-least-400"]').click()
    criterion = app.locator("#step-afp-at-least-400")
    expect(criterion).to_be_visible()
    expect(criterion).to_contain_text("812 ng/mL")
    expect(criterion).to_contain_text("Observation/tah-afp-1")


@pytest.mark.parametrize("sample", ["tolerant-afp-high", "sorafenib-allergy", "everyday-chart"])
def test_the_print_is_two_a4_pages(page: Page, demo: str, screenshot: Shoot, sample: str) -> None:
    app = launch(page, demo, sample)
    app.get_by_role("link", name="Print for the tumour board").click()
    app.wait_for_url(f"{demo}/smart/print*")
    app.wait_for_load_state()
    printed = app.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    screenshot(app, f"print-{sample}", full_page=True)


def test_everything_is_answered_without_javascript(open_page: OpenPage, demo: str) -> None:
    with_script = open_page()
    link = launch(with_script, demo, "everyday-chart")
    cookies = link.context.cookies()
    plain = open_page(java_script_enabled=False)
    plain.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
    plain.goto(f"{demo}/smart/")
    answers = plain.locator("form.answers")
    answers.get_by_role("group", name="Was sorafenib stopped because").get_by_label("Yes").check()
    plain.get_by_role("button", name="Use these answers").click()
    expect(plain.locator(HEADLINE)).to_contain_text("Cabozantinib or Nivolumab")
    plain.locator("#changes summary", has_text="Try it: what if?").click()
    expect(plain.locator("form.what-if")).to_be_hidden()
    assert "Trying out values needs JavaScript." in plain.content()
    expect(plain.locator("#note-text")).to_have_value(re.compile("Cabozantinib"))


def test_everything_is_reached_and_done_by_keyboard(page: Page, demo: str) -> None:
    app = launch(page, demo, "everyday-chart")
    app.keyboard.press("Tab")
    expect(app.get_by_role("link", name="Skip to the answer")).to_be_focused()
    stopped = app.locator('form.answers input[name="not_tolerated"]')
    tab_to(app, stopped.last)  # of a group of choices the checked one is reached
    app.keyboard.press("ArrowRight")  # round to the first: yes
    expect(stopped.first).to_be_checked()
    tab_to(app, app.get_by_role("button", name="Use these answers"))
    app.keyboard.press("Enter")
    expect(app.locator(HEADLINE)).to_contain_text("Cabozantinib or Nivolumab")
    node = app.locator('a.node[data-node="sorafenib-intolerance"]')
    tab_to(app, node)
    app.keyboard.press("Enter")
    expect(app.locator("#step-sorafenib-intolerance")).to_be_visible()


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(120):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {wanted}")
