"""The Observations of a chart that a clinician's answers became: those with our identifier."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec
from msgspec import structs

from fhir_mappings.chart.bundles_received import Received, search_received
from fhir_mappings.chart.record import ChartSources, answer_under
from fhir_mappings.errors import UNREADABLE

_COUNTS: Final = frozenset({"final", "amended", "corrected"})
_DAY_LENGTH: Final = 10


class OwnObservation(msgspec.Struct, frozen=True, kw_only=True):
    """One Observation as it stands in the chart now.

    ``code`` is the first coding's, ``said`` the grade or the code of the value; ``counts`` is
    False for one that the EHR has withdrawn.
    """

    source: str
    identifier: str
    code: str
    said: str
    day: date | None
    counts: bool


class _Identifier(msgspec.Struct, frozen=True):
    system: str = ""
    value: str = ""


class _Coding(msgspec.Struct, frozen=True):
    code: str = ""


class _Concept(msgspec.Struct, frozen=True):
    coding: tuple[_Coding, ...] = ()


class _Reference(msgspec.Struct, frozen=True):
    reference: str = ""


class _Observation(msgspec.Struct, frozen=True, rename="camel"):
    id: str = ""
    identifier: tuple[_Identifier, ...] = ()
    status: str = ""
    subject: _Reference = _Reference()
    code: _Concept = _Concept()
    effective_date_time: str = ""
    value_integer: int | None = None
    value_codeable_concept: _Concept = _Concept()


_decoder: Final = msgspec.json.Decoder(_Observation)


def own_observations(
    sources: ChartSources, patient_id: str, system: str
) -> tuple[OwnObservation, ...]:
    """Give the patient's Observations that carry an identifier of this system."""
    whole = sources.whole_chart
    found = answer_under("observations", sources) if whole is None else search_received(whole)
    return tuple(
        one
        for received in found.resources
        if received.resource_type == "Observation"
        for one in _own(received, patient_id, system)
    )


def with_observations(sources: ChartSources, written: Iterable[bytes]) -> ChartSources:
    """Give the chart as it would be with these Observations, for a look ahead alone."""
    added = []
    for number, resource in enumerate(written, 1):
        named = {**msgspec.json.decode(resource), "id": f"to-be-written-{number}"}
        added.append(Received("Observation", msgspec.Raw(msgspec.json.encode(named))))
    # beside whatever was read: these are single resources, too
    return structs.replace(sources, medications=(*sources.medications, *added))


def _own(received: Received, patient_id: str, system: str) -> Iterable[OwnObservation]:
    try:
        one = _decoder.decode(received.raw)
    except UNREADABLE:
        return
    names = [name.value for name in one.identifier if name.system == system]
    is_theirs = f"/{one.subject.reference}".endswith(f"/Patient/{patient_id}")
    if not (names and one.id and is_theirs):
        return
    value = next(iter(one.value_codeable_concept.coding), _Coding()).code
    yield OwnObservation(
        source=f"Observation/{one.id}",
        identifier=names[0],
        code=next(iter(one.code.coding), _Coding()).code,
        said=value if one.value_integer is None else str(one.value_integer),
        day=_day(one.effective_date_time),
        counts=one.status in _COUNTS,
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:_DAY_LENGTH])
    except ValueError:
        return None
