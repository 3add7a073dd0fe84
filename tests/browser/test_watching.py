"""The watch itself: what a page does wrong is seen, or the other tests would prove nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import OpenPage
from tests.browser.watched_page import Watch

_SCRIPT = "Object.assign(document.createElement('script'), {text: 'globalThis.ran = 1'})"
_FOREIGN_PICTURE = "Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'})"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def watched(browser: Browser, demo: str) -> tuple[Page, Watch]:
    """A page whose faults the test itself judges."""
    context, watch = browser.new_context(), Watch({demo})
    watch.over(context)
    page = context.new_page()
    page.goto(demo)
    return page, watch


@pytest.mark.parametrize(
    ("deed", "fault"),
    [
        ("console.error('it broke')", "console: it broke"),
        ("setTimeout(() => { throw new Error('it broke') })", "page error: it broke"),
        (f"document.body.append({_SCRIPT})", "policy violation: script-src-elem inline"),
        (f"document.body.append({_FOREIGN_PICTURE})", "policy violation: img-src"),
    ],
)
def test_what_a_page_does_wrong_is_seen(
    watched: tuple[Page, Watch], deed: str, fault: str
) -> None:
    page, watch = watched
    page.evaluate(deed)
    page.wait_for_timeout(300)
    assert any(said.startswith(fault) for said in watch.faults), watch.faults


def test_a_request_to_another_host_is_seen(watched: tuple[Page, Watch]) -> None:
    page, watch = watched
    page.route("http://other.example/**", lambda route: route.fulfill(body="nothing"))
    page.goto("http://other.example/")
    assert watch.faults == ["asked another host: http://other.example/"]


def test_a_page_that_leaves_out_its_language_fails_the_rules_of_accessibility(
    page: Page, no_accessibility_violation: Callable[[Page], None]
) -> None:
    page.set_content("<title>t</title><main><h1>h</h1></main>")
    with pytest.raises(AssertionError, match="html-has-lang"):
        no_accessibility_violation(page)


def test_pages_of_a_test_are_closed_with_it(open_page: OpenPage, demo: str) -> None:
    narrow = open_page(viewport={"width": 320, "height": 700}, color_scheme="dark")
    narrow.goto(demo)
    assert narrow.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert narrow.viewport_size == {"width": 320, "height": 700}
