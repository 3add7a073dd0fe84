"""The envelope of a Bundle, read loosely: one bad element costs itself and nothing else."""

from typing import Final

import msgspec

from fhir_mappings.chart.everyday_bundles import NOTHING, Link, Search
from fhir_mappings.errors import UNREADABLE

_NULL: Final = msgspec.Raw(b"null")
_NO_ENTRIES: Final = msgspec.Raw(b"[]")


class Response(msgspec.Struct, gc=False):
    """What became of one entry of a batch."""

    status: str | None = None


class Entry(msgspec.Struct, rename="camel", gc=False):
    """One entry, its resource as sent."""

    resource: msgspec.Raw = NOTHING
    full_url: str | None = None
    search: Search | None = None
    response: Response | None = None


class _LooseEntry(msgspec.Struct):
    resource: msgspec.Raw = NOTHING


class Bundle(msgspec.Struct):
    """The parts of a Bundle that say what it holds and whether there is more."""

    link: list[Link] | Link | None = None
    total: int | None = None
    entry: list[Entry] | None = None


class _LooseBundle(msgspec.Struct):
    link: msgspec.Raw = _NULL
    total: msgspec.Raw = _NULL
    entry: msgspec.Raw = _NO_ENTRIES


_bundle = msgspec.json.Decoder(Bundle)
_loose_bundle = msgspec.json.Decoder(_LooseBundle)
_entry = msgspec.json.Decoder(Entry)
_loose_entry = msgspec.json.Decoder(_LooseEntry)
_raw_list = msgspec.json.Decoder(list[msgspec.Raw])
_links = msgspec.json.Decoder(list[Link] | Link | None)
_total = msgspec.json.Decoder(int | None)


def decode_bundle(raw: msgspec.Raw) -> tuple[Bundle, bool]:
    """Decode the Bundle, and say whether all of its envelope could be read."""
    try:
        return _bundle.decode(raw), True
    except UNREADABLE:
        pass
    try:
        loose = _loose_bundle.decode(raw)
    except UNREADABLE:
        return Bundle(), False
    bundle = Bundle(entry=[])
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


def _decode_entry(raw: msgspec.Raw) -> Entry:
    try:
        return _entry.decode(raw)
    except UNREADABLE:
        pass
    try:
        return Entry(resource=_loose_entry.decode(raw).resource)
    except UNREADABLE:
        return Entry(resource=raw)
