"""Codes of laboratory results that mean nothing here: candidates for a site's ``[codes]``."""

from collections.abc import Iterator

import msgspec

from fhir_mappings.chart.projections import CodeableConcept, Coding, each
from fhir_mappings.chart.record import ChartSources
from fhir_mappings.errors import UNREADABLE
from fhir_mappings.values.codes import CodeBook


class _Coded(msgspec.Struct, gc=False):
    code: CodeableConcept | None = None


_decode = msgspec.json.Decoder(_Coded).decode


def unrecognised_codings(sources: ChartSources, book: CodeBook) -> Iterator[Coding]:
    """Give the codings of every observation that belongs to no value set.

    Of the observations that were read for an answer; text is not looked at. A resource that
    cannot be read is passed over here: the answer names it.
    """
    received = sources.answers.get("observations")
    for one in received.resources if received is not None else ():
        if one.resource_type != "Observation":
            continue
        try:
            concept = _decode(one.raw).code
        except UNREADABLE:
            continue
        if concept is not None and not book.value_sets(concept):
            yield from each(concept.coding)
