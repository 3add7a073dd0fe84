"""One answer that came in several pages: put together, and whether it is all there is."""

import msgspec

from fhir_mappings.chart.bundles_received import (
    Received,
    SearchReceived,
    part_of,
    search_received,
    worst,
)
from fhir_mappings.chart.everyday_bundles import Link
from fhir_mappings.chart.projections import each
from hcc_pathway.case import Availability


class SearchPages(msgspec.Struct, frozen=True):
    """One answer in several parts, as read from a FHIR server.

    ``availability`` says what became of the search as a whole: COMPLETE where the last page was
    read, TRUNCATED where further pages could not be had, FAILED or NOT_OFFERED without any page.
    """

    pages: tuple[msgspec.Raw, ...]
    availability: Availability


class _Linked(msgspec.Struct):
    link: list[Link] | Link | None = None


_linked = msgspec.json.Decoder(_Linked)


def pages_received(search: SearchPages) -> SearchReceived:
    """Read an answer in several parts; complete only if nothing says that a part is missing."""
    if not search.pages:
        return SearchReceived(search.availability)
    if len(search.pages) == 1:
        alone = search_received(search.pages[0])
        outcome = worst([alone.availability, search.availability])
        return SearchReceived(outcome, alone.resources)
    parts = [part_of(page) for page in search.pages]
    resources = tuple(one for part in parts for one in part.resources)
    # an entry that came on two pages may have pushed another one out of both
    different = len({_identity(one) for one in resources})
    cut = parts[-1].more or max(part.total or 0 for part in parts) > different
    if cut or any(part.availability is not Availability.COMPLETE for part in parts):
        return SearchReceived(Availability.TRUNCATED, resources)
    return SearchReceived(search.availability, resources)


def next_page(raw: msgspec.Raw) -> str | None:
    """Give the address of the page after this one, if there is one; ``""`` if it is not named.

    Raises:
        DecodeError: the page is not JSON.

    """
    links = [link for link in each(_linked.decode(raw).link) if link.relation == "next"]
    return (links[0].url or "") if links else None


def _identity(one: Received) -> str | bytes:
    return one.full_url or bytes(one.raw)
