"""The clinician's page and the cards of a site whose language is Korean."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.test_clinician_page import HEADLINE, NARROW, launch

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Check = Callable[[Page], None]
LINK = "전체 근거 보기"
HANGUL = r"[가-힣]{2,}"


@pytest.fixture(scope="module")
def demo_variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    site = tmp_path_factory.mktemp("korean") / "site.toml"
    site.write_text('language = "ko"\n')
    return {"HCC_CDS_SITE_FILE": str(site)}


@pytest.mark.parametrize("sample", ["tolerant-afp-high", "everyday-chart"])
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_card_and_page_are_korean_and_break_no_rule(  # noqa: PLR0913, PLR0917 (what a page is seen with)
    open_page: OpenPage,
    demo: str,
    no_accessibility_violation: Check,
    screenshot: Callable[..., Path],
    width: str,
    sample: str,
) -> None:
    shape = {"viewport": NARROW} if width == "narrow" else {}
    page = open_page(color_scheme="light", **shape)
    page.goto(f"{demo}/?sample={sample}")
    expect(page.locator("article.card h3").first).to_contain_text(re.compile(HANGUL))
    app = launch(page, demo, sample, link=LINK)
    assert app.locator("html").get_attribute("lang") == "ko"
    expect(app.locator(HEADLINE)).to_contain_text(re.compile(HANGUL))
    assert app.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_accessibility_violation(app)
    screenshot(app, f"page-{sample}-korean-{width}", full_page=True)
    app.get_by_role("link", name="다학제 회의용 인쇄").click()
    app.wait_for_url(f"{demo}/smart/print*")
    app.wait_for_load_state()
    printed = app.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
