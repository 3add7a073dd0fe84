"""A browser, the demonstration to look at, and pages that may do nothing wrong.

``demo`` is the base address of ``hcc-cds serve`` in demo mode. ``page`` is a watched page;
``open_page`` makes further ones (dark, narrow, Korean, without JavaScript). After the test every
page of it must have been free of console errors, policy violations and foreign requests.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.real_server.processes import demonstration

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright for Python is absent: make install-dev"
)

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402 (skips without it)

from tests.browser.watched_page import Watch, violations  # noqa: E402 (with it)

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
TODAY = date(2026, 11, 22)
_AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
)
# What keeps Chromium quiet and local; no sandbox, for use as root in CI.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
OpenPage = Callable[..., Page]
_PATIENCE_MS = 20_000
expect.set_options(timeout=_PATIENCE_MS)


@pytest.hookimpl(tryfirst=True)  # before xdist, which reads the mark once
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker drives the browser: two Chromiums on a small machine only wait for each other."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium with a profile of its own, or skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("Chromium is absent (apt-get install chromium)")
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_variables() -> dict[str, str]:
    """Return further settings of the demonstration; a test module may override this."""
    return {}


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, demo_variables: dict[str, str]
) -> Iterator[str]:
    """Return the base address of the service, started by its own command in demo mode."""
    folder = tmp_path_factory.mktemp("demo")
    with demonstration(folder, TODAY, settings=demo_variables) as base:
        yield base


@pytest.fixture
def watch(demo: str) -> Watch:
    """Return what is known of the pages of this test, to allow or expect something of them."""
    return Watch({demo})


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """Return a maker of watched pages: options are those of a Playwright browser context."""
    contexts = []

    def opened(**options: Any) -> Page:  # noqa: ANN401 (Playwright's own options)
        options.setdefault("viewport", {"width": 1280, "height": 900})
        context = browser.new_context(**options)
        context.set_default_timeout(_PATIENCE_MS)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    watch.require_nothing_wrong()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Return one watched page, light and 1280 pixels wide."""
    return open_page(color_scheme="light")


@cache
def _rules() -> str:
    if not _AXE.exists():
        pytest.skip("axe-core is absent (sh tests/browser/install.sh)")
    return _AXE.read_text("utf-8")


@pytest.fixture
def no_accessibility_violation() -> Callable[[Page], None]:
    """Return a check that axe-core finds nothing wrong with a page as it stands."""
    rules = _rules()

    def check(page: Page) -> None:
        assert violations(page, rules) == []

    return check


@pytest.fixture(scope="session")
def screenshot() -> Callable[..., Path]:
    """Return a taker of pictures: ``screenshot(page, "workbench-dark")`` into the artefacts."""

    def take(page: Page, name: str, **options: Any) -> Path:  # noqa: ANN401 (Playwright's own)
        picture = SCREENSHOTS / f"{name}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture, **options)
        return picture

    return take
