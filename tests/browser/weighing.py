"""How heavy a page is on the wire, and how soon something of it is seen."""

import gzip
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Response

_SEEN = """() => {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  const [page] = performance.getEntriesByType("navigation");
  return [paint ? paint.startTime : -1, page.domInteractive, page.loadEventEnd];
}"""
_COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg")


@dataclass(frozen=True)
class Weight:
    """One page: bytes as compressed by a proxy and as served, times in milliseconds."""

    name: str
    files: int
    compressed: int
    served: int
    first_paint_ms: float
    interactive_ms: float
    loaded_ms: float


def weigh(context: BrowserContext, name: str, address: str) -> Weight:
    """Open a page with an empty cache and weigh what came for its last document.

    Args:
        context: a browser context that has opened nothing.
        name: of the page, for the report.
        address: where it is, or what leads there; redirects on the way do not count.

    """
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))  # noqa: PLW0108 (marks what it is given)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    paint, interactive, loaded = page.evaluate(_SEEN)
    came = [one for one in answers if one.status == 200]
    bodies = [(one.headers.get("content-type", ""), one.body()) for one in came]
    page.close()
    return Weight(
        name=name,
        files=len(bodies),
        compressed=sum(_on_the_wire(kind, body) for kind, body in bodies),
        served=sum(len(body) for _, body in bodies),
        first_paint_ms=paint,
        interactive_ms=interactive,
        loaded_ms=loaded,
    )


def _on_the_wire(kind: str, body: bytes) -> int:
    return len(gzip.compress(body, 6)) if kind.startswith(_COMPRESSED) else len(body)


def addresses_of(demo: str) -> dict[str, str]:
    """Give the two pages by name; the clinician's page is opened by a launch."""
    return {"workbench": demo, "clinician's page": f"{demo}/demo/launch/tah-patient"}
