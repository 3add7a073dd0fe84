"""A page that is watched: whatever it does wrong is written down and fails the test."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# Told to the test as it happens: what is evaluated afterwards would be lost with the page.
_WATCH_POLICY = """
document.addEventListener("securitypolicyviolation", (event) => {
  globalThis.reportPolicyViolation(`${event.effectiveDirective} ${event.blockedURI}`);
});
"""
_OF_THE_PAGE_ITSELF = frozenset({"about", "blob", "data"})


@dataclass
class Watch:
    """What the pages of one browser context did that they should not do.

    ``origins`` are the only ones that may be asked. ``expected`` are patterns of console errors
    that a test provokes, such as the browser's own line about an answer 400.
    """

    origins: set[str]
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """Take console errors that match ``pattern`` for what the test is about."""
        self.expected.append(pattern)

    def allow(self, *origins: str) -> None:
        """Let pages ask another origin of the test, such as an authorization server."""
        self.origins.update(origins)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context from now on."""
        context.expose_binding("reportPolicyViolation", self._policy_violation)
        context.add_init_script(_WATCH_POLICY)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))

    def require_nothing_wrong(self) -> None:
        """Fail with everything that went wrong, if anything did."""
        assert self.faults == []

    def _policy_violation(self, source: object, violation: str) -> None:
        del source
        self.faults.append(f"policy violation: {violation}")

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in _OF_THE_PAGE_ITSELF and f"{url.scheme}://{url.netloc}" not in (
            self.origins
        ):
            self.faults.append(f"asked another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._is_expected(message.text):
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _is_expected(self, text: str) -> bool:
        return any(re.search(pattern, text) for pattern in self.expected)


def violations(page: Page, rules: str) -> list[str]:
    """Run axe-core (its source in ``rules``) over a page; each line is a rule and a place.

    The source is evaluated through the browser's own protocol, which the page's policy does not
    concern, so the page is judged as it is served.
    """
    page.evaluate(rules)
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return list(_lines(found))


def _lines(found: Iterable[dict[str, object]]) -> Iterable[str]:
    for rule in found:
        nodes = rule["nodes"]
        for node in nodes if isinstance(nodes, list) else ():
            yield f"{rule['id']}: {' '.join(map(str, node['target']))}: {rule['help']}"
