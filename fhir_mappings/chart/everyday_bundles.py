"""The everyday Bundle in one pass: resources of known types, each of which can be read.

Most Bundles are of this kind, and one pass of the decoder costs a tenth of reading entry by entry.
Anything else (an outcome, another type, a nested Bundle, one bad element) is not everyday and is
left to ``bundles_received``.
"""

from typing import Final

import msgspec

from fhir_mappings.chart.medication_projections import (
    AdverseEvent,
    AllergyIntolerance,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import Condition, Observation, Patient, Procedure
from fhir_mappings.errors import UNREADABLE

AnyResource = (
    Patient
    | Condition
    | Observation
    | Procedure
    | AllergyIntolerance
    | AdverseEvent
    | Medication
    | MedicationAdministration
    | MedicationDispense
    | MedicationRequest
    | MedicationStatement
)
NOTHING: Final = msgspec.Raw()  # a union of Raw and None cannot be decoded


class Link(msgspec.Struct):
    """A link of a Bundle: ``next`` means that there is more."""

    relation: str | None = None
    url: str | None = None


class Search(msgspec.Struct, gc=False):
    """Whether an entry matched the search or came along with one that did."""

    mode: str | None = None


class EverydayEntry(msgspec.Struct, rename="camel", gc=False):
    """One resource and its address; an entry that answers a request is not everyday."""

    resource: AnyResource | None = None
    full_url: str | None = None
    search: Search | None = None
    response: None = None


class EverydayBundle(msgspec.Struct):
    """A Bundle whose every entry can be read."""

    link: list[Link] | Link | None = None
    total: int | None = None
    entry: list[EverydayEntry] | None = None


class EntryTexts:
    """The resources of a Bundle as sent, taken apart only when one of them is asked for."""

    def __init__(self, bundle: msgspec.Raw) -> None:
        """``bundle``: an everyday Bundle as sent."""
        self._bundle = bundle
        self._texts: list[msgspec.Raw] | None = None

    def at(self, place: int) -> msgspec.Raw:
        """Give the resource of one entry, counted from 0."""
        if self._texts is None:
            self._texts = [entry.resource for entry in _texts.decode(self._bundle).entry]
        return self._texts[place]


class _EntryText(msgspec.Struct, gc=False):
    resource: msgspec.Raw = NOTHING


class _BundleText(msgspec.Struct):
    entry: list[_EntryText] = []


_everyday = msgspec.json.Decoder(EverydayBundle)
_texts = msgspec.json.Decoder(_BundleText)


def everyday_bundle(raw: msgspec.Raw) -> EverydayBundle | None:
    """Read a Bundle in one pass, or None where it has to be read entry by entry."""
    try:
        return _everyday.decode(raw)
    except UNREADABLE:
        return None
