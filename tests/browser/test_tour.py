"""The tour of docs/tour.md, walked: its pictures, and what each of them has to show.

``make tour`` walks it and writes the pictures. Otherwise the walk is held against the outline that
is committed beside them: headings, buttons and links in sight. A picture is thus as old as the
last change of what it shows.
"""

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, SCREENSHOTS, OpenPage
from tests.browser.small_png import write_small

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = ROOT / "docs" / "pictures"
OUTLINE = PICTURES / "tour.json"
WRITES = os.environ.get("HCC_CDS_TOUR") == "write"
_IN_SIGHT = """() => [...document.querySelectorAll("h1, h2, h3, button, summary, [role=status] p")]
  .filter((one) => { const box = one.getBoundingClientRect();
    return box.height && box.bottom > 0 && box.top < innerHeight; })
  .map((one) => one.textContent.replace(/\\s+/g, " ").trim())"""


class Tour:
    """The pictures of one walk and what is in sight on each."""

    def __init__(self) -> None:
        self.outline: dict[str, list[str]] = {}

    def picture(self, page: Page, name: str, top: Locator | None = None) -> None:
        """Take the picture of a step, from ``top`` on."""
        if top is not None:
            top.evaluate("element => element.scrollIntoView({block: 'start'})")
        name = f"tour-{len(self.outline) + 1}-{name}"
        self.outline[name] = page.evaluate(_IN_SIGHT)
        taken = page.screenshot(path=SCREENSHOTS / f"{name}.png")
        if WRITES:
            write_small(page, taken, PICTURES / f"{name}.png")


def test_the_tour_shows_what_its_pictures_show(open_page: OpenPage, demo: str) -> None:
    page = open_page(viewport={"width": 1080, "height": 760}, color_scheme="light")
    tour = Tour()
    _look_and_override(page, demo, tour)
    _change_order_and_paste(page, demo, tour)
    with page.context.expect_page() as opened:
        page.goto(f"{demo}/?sample=tolerant-afp-high")
        page.get_by_role("link", name="Open the whole reasoning").click()
    clinicians_page = opened.value
    clinicians_page.wait_for_load_state()
    tour.picture(clinicians_page, "clinicians-page")
    written = json.dumps(tour.outline, indent=1, ensure_ascii=False) + "\n"
    if WRITES:
        OUTLINE.write_text(written, "utf-8")
    assert json.loads(OUTLINE.read_text("utf-8")) == tour.outline, (
        "the pictures are old: make tour"
    )


def _look_and_override(page: Page, demo: str, tour: Tour) -> None:
    page.goto(demo)
    tour.picture(page, "start")
    page.get_by_role("link", name=re.compile("Ottilie Zimmerblatt")).click()
    page.locator("#answer summary", has_text="Prefetch").click()
    tour.picture(page, "prefetch", page.locator("#answer"))
    page.locator("#answer summary", has_text="Prefetch").click()
    tour.picture(page, "card", page.locator("#answer .card"))
    page.get_by_label("Reason").select_option(label="Patient preference")
    tour.picture(page, "answer", page.locator("#answer .card .answer").first)
    page.get_by_role("button", name="Override").click()
    expect(page.locator("#said")).to_contain_text("Stored")
    tour.picture(page, "stored", page.locator("#report"))


def _change_order_and_paste(page: Page, demo: str, tour: Tour) -> None:
    page.goto(f"{demo}/?sample=tolerant-afp-high")
    page.get_by_label("AFP").fill("399")
    page.get_by_label("AFP").press("Tab")
    expect(page.locator("#answer h3").first).to_contain_text("the pathway offers regorafenib")
    tour.picture(page, "changed", page.locator("#answer"))
    page.get_by_label("Event").select_option("order-sign")
    page.get_by_label("Draft order").select_option("Ramucirumab")
    expect(page.locator("#answer h3").first).to_contain_text("does not reach the threshold")
    tour.picture(page, "order", page.locator("#answer"))
    damaged = ROOT / "samples" / "damaged-export" / "chart.json"
    page.get_by_label("or choose a file").set_input_files(damaged)
    page.get_by_role("button", name="Ask about this chart").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid FHIR R4")
    tour.picture(page, "own-chart", page.locator("#answer"))


def test_the_outline_names_the_pictures_that_are_there() -> None:
    named = {f"{name}.png" for name in json.loads(OUTLINE.read_text("utf-8"))}
    assert named == {Path(one).name for one in PICTURES.glob("tour-*.png")}
