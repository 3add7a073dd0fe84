"""The knowledge pages in a browser: light, dark and narrow, and from a trial to its drug."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SCREENSHOTS, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATHS = (
    "",
    "/drugs/cabozantinib",
    "/parameters/fresh-days",
    "/evidence/celestial",
    "/value-sets/alpha-fetoprotein",
    "/notices/nivolumab-us-hcc-withdrawal",
)


@pytest.mark.parametrize("look", ["light-1280", "dark-320"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_breaks_no_rule_and_does_not_overflow(
    open_page: OpenPage,
    demo: str,
    no_accessibility_violation: Callable[[Page], None],
    path: str,
    look: str,
) -> None:
    scheme, width = look.split("-")
    page = open_page(color_scheme=scheme, viewport={"width": int(width), "height": 900})
    page.goto(f"{demo}/knowledge{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= int(width)
    no_accessibility_violation(page)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    name = path.strip("/").replace("/", "-") or "all"
    page.screenshot(path=SCREENSHOTS / f"knowledge-{name}-{look}.png", full_page=True)


def test_from_a_trial_to_the_drug_that_cites_it_and_back(page: Page, demo: str) -> None:
    page.goto(f"{demo}/knowledge/evidence/resorce")
    page.locator("ul.uses a", has_text="regorafenib").first.click()
    page.wait_for_url("**/knowledge/drugs/regorafenib")
    page.locator('a[href="/knowledge/evidence/resorce"]').first.click()
    page.wait_for_url("**/knowledge/evidence/resorce")
    assert "RESORCE" in page.locator("h1").inner_text()
