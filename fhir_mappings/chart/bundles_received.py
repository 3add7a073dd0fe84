"""One answer of a FHIR search as received: its entries, and whether it is all there is.

A failed or cut search must never look like an empty one, so every oddity of the envelope ends in
an Availability and not in an empty list.
"""

import re
from typing import TYPE_CHECKING, Final

import msgspec

from fhir_mappings.chart.bundle_envelopes import Bundle, Entry, decode_bundle
from fhir_mappings.chart.everyday_bundles import (
    EntryTexts,
    EverydayBundle,
    EverydayEntry,
    everyday_bundle,
)
from fhir_mappings.chart.projections import CodeableConcept, Resource, each
from fhir_mappings.chart.repeated_envelope_keys import repeats_envelope_keys
from fhir_mappings.errors import UNREADABLE
from hcc_pathway.case import Availability

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEEPEST_BUNDLE: Final = 3  # a batch response holds searchsets; nothing real goes deeper
_TYPE = re.compile(r"[A-Za-z]{1,64}")
_TYPE_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_ERRORS: Final = frozenset({"error", "fatal"})
_MATCHES: Final = frozenset({None, "match"})
_WORST_FIRST: Final = (Availability.FAILED, Availability.TRUNCATED, Availability.ABSENT)


class Received(msgspec.Struct, frozen=True, gc=False):
    """One resource as sent, with the address its Bundle gave it; read already, or not yet."""

    resource_type: str | None  # None: not readable
    sent: msgspec.Raw | EntryTexts
    full_url: str | None = None
    resource: Resource | None = None  # None: not read yet
    place: int = 0  # among the texts of its Bundle

    @property
    def raw(self) -> msgspec.Raw:
        """The resource as sent."""
        return self.sent.at(self.place) if isinstance(self.sent, EntryTexts) else self.sent


class SearchReceived(msgspec.Struct, frozen=True):
    """The resources of one answer and what became of the search."""

    availability: Availability
    resources: tuple[Received, ...] = ()
    next_url: str | None = None  # where the Bundle says that there is more


class BundlePart(msgspec.Struct, frozen=True):
    """One page: what it holds, and what it says of all that matched."""

    availability: Availability  # of this page by itself, whether or not there are others
    resources: tuple[Received, ...] = ()
    more: bool = False
    next_url: str | None = None
    total: int | None = None
    matches: int = 0


class _Typed(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815 - the element's name on the wire


# What a server says of results that are not all there, however mildly: FHIR's issue types.
_NOT_ALL: Final = frozenset(
    {"suppressed", "forbidden", "security", "too-costly", "incomplete", "throttled"}
    | {"transient", "timeout", "lock-error", "no-store", "exception"}
)


class _Issue(msgspec.Struct):
    severity: str | None = None
    code: str | None = None
    details: CodeableConcept | None = None


class _Outcome(msgspec.Struct):
    issue: list[_Issue] | _Issue | None = None


_typed = msgspec.json.Decoder(_Typed)
_outcome = msgspec.json.Decoder(_Outcome)


def resource_type(raw: msgspec.Raw) -> str | None:
    """Name the type of a resource, or None where this is not a FHIR object."""
    first = _TYPE_FIRST.match(raw)
    if first is not None:
        return first.group(1).decode("ascii")
    try:
        named = _typed.decode(raw).resourceType
    except UNREADABLE:
        return None
    return named if named is not None and _TYPE.fullmatch(named) else None


def search_received(raw: msgspec.Raw, depth: int = 0) -> SearchReceived:
    """Read what stands under one key: a Bundle of any type, one resource, or an outcome."""
    part = part_of(raw, depth)
    outcome = part.availability
    if part.more or (part.total or 0) > part.matches:
        outcome = worst([outcome, Availability.TRUNCATED])
    elif outcome is not Availability.COMPLETE and not part.resources:
        outcome = Availability.FAILED
    return SearchReceived(outcome, part.resources, part.next_url)


def part_of(raw: msgspec.Raw, depth: int = 0) -> BundlePart:
    """Read one page, without judging whether it is all there is."""
    kind = resource_type(raw)
    if kind == "OperationOutcome":
        return BundlePart(Availability.FAILED)
    if kind is None:
        return BundlePart(Availability.FAILED, (Received(None, raw),))
    if kind != "Bundle":
        return BundlePart(Availability.COMPLETE, (Received(kind, raw),))
    if depth >= _DEEPEST_BUNDLE:
        return BundlePart(Availability.TRUNCATED, more=True)
    everyday = everyday_bundle(raw)
    if everyday is not None:
        part = _everyday_part(everyday, raw)
    else:
        part = _bundle_part(decode_bundle(raw), depth)
    if repeats_envelope_keys(raw):
        return BundlePart(Availability.FAILED, (Received(None, raw),))
    return part


def worst(answers: list[Availability]) -> Availability:
    """Say what several answers to one question amount to."""
    return next((bad for bad in _WORST_FIRST if bad in answers), Availability.COMPLETE)


def _everyday_part(bundle: EverydayBundle, raw: msgspec.Raw) -> BundlePart:
    texts = EntryTexts(raw)
    found = tuple(
        Received(type(entry.resource).__name__, texts, entry.full_url, entry.resource, place)
        for place, entry in enumerate(bundle.entry or ())
        if entry.resource is not None
    )
    return _described(Availability.COMPLETE, found, bundle)


def _bundle_part(decoded: tuple[Bundle, bool], depth: int) -> BundlePart:
    bundle, readable = decoded
    found: list[Received] = []
    answers = [Availability.COMPLETE if readable else Availability.TRUNCATED]
    for entry in bundle.entry or ():
        answer = _entry_received(entry, found, depth)
        if answer is not Availability.COMPLETE:
            answers.append(answer)
    return _described(worst(answers), tuple(found), bundle)


def _described(
    availability: Availability, found: tuple[Received, ...], bundle: Bundle | EverydayBundle
) -> BundlePart:
    """Join what a Bundle holds with what it says itself of there being more."""
    entries: Sequence[Entry | EverydayEntry] = bundle.entry or ()
    following = [link for link in each(bundle.link) if link.relation == "next"]
    matches = 0
    if bundle.total:
        matches = sum(e.search is None or e.search.mode in _MATCHES for e in entries)
    return BundlePart(
        availability,
        found,
        more=bool(following),
        next_url=following[0].url if following else None,
        total=bundle.total,
        matches=matches,
    )


def _entry_received(entry: Entry, found: list[Received], depth: int) -> Availability:
    """Add what an entry holds to ``found``, and say what it means for the whole answer."""
    refused = entry.response is not None and (entry.response.status or "2")[:1] in "45"
    answer = Availability.TRUNCATED if refused else Availability.COMPLETE
    if not entry.resource:
        return answer
    kind = resource_type(entry.resource)
    if kind == "OperationOutcome":
        return Availability.TRUNCATED if _says_not_all(entry.resource) else answer
    if kind == "Bundle":
        inner = search_received(entry.resource, depth + 1)
        found.extend(inner.resources)
        return worst([answer, inner.availability])
    if kind is not None or bytes(entry.resource) != b"null":
        found.append(Received(kind, entry.resource, entry.full_url))
    return answer


def _says_not_all(raw: msgspec.Raw) -> bool:
    """Whether an outcome inside a Bundle says that results are missing, as error or as warning.

    A notice such as "no results" or "this parameter was ignored" does not.
    """
    try:
        issues = each(_outcome.decode(raw).issue)
    except UNREADABLE:
        return True
    return any(issue.severity in _ERRORS or issue.code in _NOT_ALL for issue in issues)
