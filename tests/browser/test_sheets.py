"""The printed sheet: two A4 pages for every sample, however its questions are answered."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.sheets_served import sheets_served
from tests.browser.watched_page import Watch
from tests.samples.stored import NAMES
from tests.smart_page.sheets import LANGUAGES, WAYS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# of the 275 mm between the margins; the rest is for the wider letters of another printer
MOST_MM = 268
_MM_PER_PIXEL = 25.4 / 96


@pytest.fixture(scope="module")
def sheets() -> Iterator[str]:
    with sheets_served() as base:
        yield base


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_every_sample_is_printed_on_two_a4_pages(
    page: Page, watch: Watch, sheets: str, way: str, language: str
) -> None:
    watch.allow(sheets)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 711, "height": 1000})  # 188 mm, as between the margins
    found = {name: _printed(page, f"{sheets}/{language}/{name}/{way}") for name in NAMES}
    assert {name: pages for name, (pages, _) in found.items() if pages != 2} == {}
    assert {name: mm for name, (_, mm) in found.items() if max(mm) > MOST_MM} == {}


def _printed(page: Page, address: str) -> tuple[int, list[float]]:
    """Count the pages of the PDF, and measure both sheets in millimetres."""
    page.goto(address)
    bottoms = page.eval_on_selector_all(
        "section.sheet", "sheets => sheets.map(one => one.getBoundingClientRect().bottom)"
    )
    pdf = page.pdf(prefer_css_page_size=True)
    first, second = (bottom * _MM_PER_PIXEL for bottom in bottoms)
    return len(re.findall(rb"/Type\s*/Page\b", pdf)), [first, second - first]
