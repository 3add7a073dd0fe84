"""One answer of a FHIR search as received: its entries, and whether it is all there is.

A failed or cut search must never look like an empty one, so every oddity of the envelope ends in
an Availability and not in an empty list.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from fhir_mappings.chart.everyday_bundles import (
    NOTHING,
    EntryTexts,
    EverydayBundle,
    EverydayEntry,
    Link,
    Search,
    everyday_bundle,
)
from fhir_mappings.chart.projections import CodeableConcept, Resource, each
from fhir_mappings.errors import UNREADABLE
from hcc_pathway.case import Availability

_DEEPEST_BUNDLE: Final = 3  # a batch response holds searchsets; nothing real goes deeper
_TYPE_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
_NULL: Final = msgspec.Raw(b"null")
_NO_ENTRIES: Final = msgspec.Raw(b"[]")
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


class _Typed(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815 - the element's name on the wire


class _Response(msgspec.Struct, gc=False):
    status: str | None = None


class _Entry(msgspec.Struct, rename="camel", gc=False):
    resource: msgspec.Raw = NOTHING
    full_url: str | None = None
    search: Search | None = None
    response: _Response | None = None


class _LooseEntry(msgspec.Struct):
    resource: msgspec.Raw = NOTHING


class _Bundle(msgspec.Struct):
    link: list[Link] | Link | None = None
    total: int | None = None
    entry: list[_Entry] | None = None


class _LooseBundle(msgspec.Struct):
    link: msgspec.Raw = _NULL
    total: msgspec.Raw = _NULL
    entry: msgspec.Raw = _NO_ENTRIES


class _Issue(msgspec.Struct):
    severity: str | None = None
    code: str | None = None
    details: CodeableConcept | None = None


class _Outcome(msgspec.Struct):
    issue: list[_Issue] | _Issue | None = None


_typed = msgspec.json.Decoder(_Typed)
_bundle = msgspec.json.Decoder(_Bundle)
_loose_bundle = msgspec.json.Decoder(_LooseBundle)
_entry = msgspec.json.Decoder(_Entry)
_loose_entry = msgspec.json.Decoder(_LooseEntry)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_links = msgspec.json.Decoder(list[Link] | Link | None)
_total = msgspec.json.Decoder(int | None)
_outcome = msgspec.json.Decoder(_Outcome)


def resource_type(raw: msgspec.Raw) -> str | None:
    """Name the type of a resource, or None where this is not a FHIR object."""
    first = _TYPE_FIRST.match(raw)
    if first is not None:
        return first.group(1).decode("ascii")
    try:
        return _typed.decode(raw).resourceType
    except UNREADABLE:
        return None


def search_received(raw: msgspec.Raw, depth: int = 0) -> SearchReceived:
    """Read what stands under one key: a Bundle of any type, one resource, or an outcome."""
    kind = resource_type(raw)
    if kind == "OperationOutcome":
        return SearchReceived(Availability.FAILED)
    if kind is None:
        return SearchReceived(Availability.FAILED, (Received(None, raw),))
    if kind != "Bundle":
        return SearchReceived(Availability.COMPLETE, (Received(kind, raw),))
    if depth >= _DEEPEST_BUNDLE:
        return SearchReceived(Availability.TRUNCATED)
    everyday = everyday_bundle(raw)
    if everyday is not None:
        return _everyday_received(everyday, raw)
    return _bundle_received(_decode_bundle(raw), depth)


def worst(answers: list[Availability]) -> Availability:
    """Say what several answers to one question amount to."""
    return next((bad for bad in _WORST_FIRST if bad in answers), Availability.COMPLETE)


def _decode_bundle(raw: msgspec.Raw) -> tuple[_Bundle, bool]:
    """Decode the Bundle, and say whether all of its envelope could be read."""
    try:
        return _bundle.decode(raw), True
    except UNREADABLE:
        pass
    try:
        loose = _loose_bundle.decode(raw)
    except UNREADABLE:
        return _Bundle(), False
    bundle = _Bundle(entry=[])
    readable = True
    try:
        bundle.link = _links.decode(loose.link)
    except UNREADABLE:
        readable = False
    try:
        bundle.total = _total.decode(loose.total)
    except UNREADABLE:
        readable = False
    try:
        entries = _raw_list.decode(loose.entry)
    except UNREADABLE:
        return bundle, False
    bundle.entry = [_decode_entry(entry) for entry in entries]
    return bundle, readable


def _decode_entry(raw: msgspec.Raw) -> _Entry:
    try:
        return _entry.decode(raw)
    except UNREADABLE:
        pass
    try:
        return _Entry(resource=_loose_entry.decode(raw).resource)
    except UNREADABLE:
        return _Entry(resource=raw)


def _everyday_received(bundle: EverydayBundle, raw: msgspec.Raw) -> SearchReceived:
    texts = EntryTexts(raw)
    found = tuple(
        Received(type(entry.resource).__name__, texts, entry.full_url, entry.resource, place)
        for place, entry in enumerate(bundle.entry or ())
        if entry.resource is not None
    )
    cut = _is_cut(bundle.link, bundle.total, bundle.entry)
    return SearchReceived(Availability.TRUNCATED if cut else Availability.COMPLETE, found)


def _bundle_received(decoded: tuple[_Bundle, bool], depth: int) -> SearchReceived:
    bundle, readable = decoded
    found: list[Received] = []
    answers = [Availability.COMPLETE if readable else Availability.TRUNCATED]
    for entry in bundle.entry or ():
        answer = _entry_received(entry, found, depth)
        if answer is not Availability.COMPLETE:
            answers.append(answer)
    outcome = worst(answers)
    if _is_cut(bundle.link, bundle.total, bundle.entry):
        outcome = worst([outcome, Availability.TRUNCATED])
    elif outcome is not Availability.COMPLETE and not found:
        outcome = Availability.FAILED
    return SearchReceived(outcome, tuple(found))


def _entry_received(entry: _Entry, found: list[Received], depth: int) -> Availability:
    """Add what an entry holds to ``found``, and say what it means for the whole answer."""
    refused = entry.response is not None and (entry.response.status or "2")[:1] in "45"
    answer = Availability.TRUNCATED if refused else Availability.COMPLETE
    if not entry.resource:
        return answer
    kind = resource_type(entry.resource)
    if kind == "OperationOutcome":
        return Availability.TRUNCATED if _is_error(entry.resource) else answer
    if kind == "Bundle":
        inner = search_received(entry.resource, depth + 1)
        found.extend(inner.resources)
        return worst([answer, inner.availability])
    if kind is not None or bytes(entry.resource) != b"null":
        found.append(Received(kind, entry.resource, entry.full_url))
    return answer


def _is_cut(
    link: list[Link] | Link | None,
    total: int | None,
    entries: Sequence[_Entry | EverydayEntry] | None,
) -> bool:
    """Whether the Bundle says itself that there is more than it holds."""
    if any(one.relation == "next" for one in each(link)):
        return True
    if total is None or total <= 0:
        return False
    matches = sum(entry.search is None or entry.search.mode in _MATCHES for entry in entries or ())
    return total > matches


def _is_error(raw: msgspec.Raw) -> bool:
    """Whether an outcome inside a Bundle speaks of an error (a notice "no results" does not)."""
    try:
        issues = each(_outcome.decode(raw).issue)
    except UNREADABLE:
        return True
    return any(issue.severity in {"error", "fatal"} for issue in issues)
