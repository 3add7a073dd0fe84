"""Both pages together stay below 400 kB compressed; how soon something is seen is published."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.weighing import addresses_of, weigh

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_both_pages_weigh_less_than_400_kb_and_are_seen_soon(
    browser: Browser, demo: str, record_property: Callable[[str, object], None]
) -> None:
    weights = []
    for name, address in addresses_of(demo).items():
        for _ in range(2):  # the first opening warms the service, as a running one is
            with browser.new_context() as context:
                weight = weigh(context, name, address)
        weights.append(weight)
    record_property(
        "figures",
        "; ".join(
            f"{one.name}: {one.compressed / 1000:.0f} kB compressed, "
            f"first paint {one.first_paint_ms:.0f} ms"
            for one in weights
        ),
    )
    assert sum(one.compressed for one in weights) < 400_000
    assert all(0 < one.first_paint_ms < 5000 for one in weights), weights
