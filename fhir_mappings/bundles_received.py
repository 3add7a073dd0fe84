"""One answer of a FHIR search as received: its entries, and whether it is all there is.

A failed or cut search must never look like an empty one, so every oddity of the envelope ends in
an Availability and not in an empty list.
"""

import re
from typing import Final

import msgspec

from fhir_mappings.errors import UNREADABLE
from fhir_mappings.projections import CodeableConcept, each
from hcc_pathway.case import Availability

_DEEPEST_BUNDLE: Final = 3  # a batch response holds searchsets; nothing real goes deeper
_TYPE_FIRST = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]{1,64})"')
NOTHING: Final = msgspec.Raw()  # a union of Raw and None cannot be decoded
_NULL: Final = msgspec.Raw(b"null")
_NO_ENTRIES: Final = msgspec.Raw(b"[]")
_WORST_FIRST: Final = (Availability.FAILED, Availability.TRUNCATED, Availability.ABSENT)


class Received(msgspec.Struct, frozen=True, gc=False):
    """One resource as sent, with the address its Bundle gave it."""

    resource_type: str | None  # None: not readable
    raw: msgspec.Raw
    full_url: str | None = None


class SearchReceived(msgspec.Struct, frozen=True):
    """The resources of one answer and what became of the search."""

    availability: Availability
    resources: tuple[Received, ...] = ()


class _Typed(msgspec.Struct):
    resourceType: str | None = None  # noqa: N815 - the element's name on the wire


class _Link(msgspec.Struct):
    relation: str | None = None
    url: str | None = None


class _Search(msgspec.Struct, gc=False):
    mode: str | None = None


class _Response(msgspec.Struct, gc=False):
    status: str | None = None


class _Entry(msgspec.Struct, rename="camel", gc=False):
    resource: msgspec.Raw = NOTHING
    full_url: str | None = None
    search: _Search | None = None
    response: _Response | None = None


class _LooseEntry(msgspec.Struct):
    resource: msgspec.Raw = NOTHING


class _Bundle(msgspec.Struct):
    link: list[_Link] | _Link | None = None
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
_links = msgspec.json.Decoder(list[_Link] | _Link | None)
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


def _bundle_received(decoded: tuple[_Bundle, bool], depth: int) -> SearchReceived:
    bundle, readable = decoded
    found: list[Received] = []
    answers = [Availability.COMPLETE if readable else Availability.TRUNCATED]
    for entry in bundle.entry or ():
        answer = _entry_received(entry, found, depth)
        if answer is not Availability.COMPLETE:
            answers.append(answer)
    outcome = worst(answers)
    if _is_cut(bundle):
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


def _is_cut(bundle: _Bundle) -> bool:
    """Whether the Bundle says itself that there is more than it holds."""
    if any(link.relation == "next" for link in each(bundle.link)):
        return True
    if bundle.total is None:
        return False
    matches = sum(
        entry.search is None or entry.search.mode in {None, "match"}
        for entry in bundle.entry or ()
    )
    return bundle.total > matches


def _is_error(raw: msgspec.Raw) -> bool:
    """Whether an outcome inside a Bundle speaks of an error (a notice "no results" does not)."""
    try:
        issues = each(_outcome.decode(raw).issue)
    except UNREADABLE:
        return True
    return any(issue.severity in {"error", "fatal"} for issue in issues)
