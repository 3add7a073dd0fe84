"""What one call was granted, and reading with it: single answers, and searches page by page."""

import time
from dataclasses import dataclass
from typing import Final

import msgspec

from fhir_access.addresses import below
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import Fault, FetchFailed
from fhir_access.fhir_server import FhirServer
from fhir_mappings.chart.half_pairs import without_half_pairs
from fhir_mappings.chart.pages import SearchPages, next_page
from fhir_mappings.errors import UNREADABLE
from hcc_pathway.case import Availability

MOST_PAGES: Final = 20
_UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """One GET as it may be logged: type asked for, "ok" or the fault, milliseconds."""

    resource_type: str
    outcome: str
    milliseconds: float


class Access:
    """A server, a token, time and bytes, for one call; the token is dropped with it."""

    def __init__(
        self, server: FhirServer, *, token: str | None, deadline: Deadline, most_bytes: int
    ) -> None:
        """``most_bytes``: over all answers of this call."""
        self.server = server
        self.deadline = deadline
        self.calls: list[OutgoingCall] = []
        self.token_refused = False  # 401: not "may not read this", but "who are you?"
        self._token = token
        self._budget = ByteBudget(most_bytes)

    def get(self, kind: str, rest: str) -> msgspec.Raw:
        """GET one answer and note how it went; raises FetchFailed."""
        began = time.monotonic()
        outcome = "ok"
        share = self._budget.share()
        try:
            body = self.server.read(rest, token=self._token, deadline=self.deadline, budget=share)
        except FetchFailed as failed:
            share.give_back()
            outcome = failed.fault.value
            self.token_refused |= failed.status == _UNAUTHORIZED
            raise
        finally:
            took = (time.monotonic() - began) * 1000
            self.calls.append(OutgoingCall(kind, outcome, took))
        return msgspec.Raw(without_half_pairs(body))

    def pages(self, kind: str, rest: str, had: tuple[msgspec.Raw, ...] = ()) -> SearchPages:
        """Read a search to its last page.

        Args:
            kind: the resource type, for the log.
            rest: what follows the base in the address of the first page to read.
            had: the pages before it.

        """
        pages, asked = list(had), {rest}
        try:
            while len(pages) < MOST_PAGES:
                page = self.get(kind, rest)
                following = _following(page)
                pages.append(page)
                if following is None:
                    return SearchPages(tuple(pages), Availability.COMPLETE)
                rest = below(self.server.base, following)
                if rest in asked:
                    break
                asked.add(rest)
        except FetchFailed as failed:
            if failed.fault in {Fault.UNSAFE_ADDRESS, Fault.NOT_JSON}:
                self.calls.append(OutgoingCall(kind, failed.fault.value, 0.0))
        return SearchPages(tuple(pages), Availability.TRUNCATED if pages else Availability.FAILED)

    def following(self, kind: str, page: msgspec.Raw, next_url: str) -> SearchPages:
        """Read on from a page that the client sent."""
        try:
            rest = below(self.server.base, next_url)
        except FetchFailed as failed:
            self.calls.append(OutgoingCall(kind, failed.fault.value, 0.0))
            return SearchPages((page,), Availability.TRUNCATED)
        return self.pages(kind, rest, (page,))


def _following(page: msgspec.Raw) -> str | None:
    try:
        return next_page(page)
    except UNREADABLE:
        raise FetchFailed(Fault.NOT_JSON) from None
