"""The chart of one patient as typed resources, entry by entry.

One bad entry is one named problem and costs nothing else. Resources of other patients are counted
and never kept; the same resource sent twice is one; of two versions the newer counts.
"""

from collections.abc import Collection, Mapping
from typing import Final, TypeVar, cast

import msgspec

from fhir_mappings.chart.bundles_received import (
    Received,
    SearchReceived,
    resource_type,
    search_received,
)
from fhir_mappings.chart.entries import PROJECTIONS, Concerns, EntryReader
from fhir_mappings.chart.pages import SearchPages, pages_received
from fhir_mappings.chart.projections import CodeableConcept, Patient, Reference, Resource
from fhir_mappings.chart.repeated_keys import has_repeated_keys
from fhir_mappings.chart.versions import Found
from fhir_mappings.chart.whose_chart import find_patient
from fhir_mappings.errors import UNREADABLE, ChartRejected
from hcc_pathway.case import Availability, IgnoredRecord

MEDICATION_KEYS: Final = (
    "medicationRequests",
    "medicationStatements",
    "medicationAdministrations",
)
KEYS: Final = (
    "patient",
    "conditions",
    "observations",
    *MEDICATION_KEYS,
    "procedures",
    "allergies",
)
# What may stand under a key by itself, instead of in a Bundle.
_ALONE: Final[Mapping[str, frozenset[str]]] = {
    "patient": frozenset({"Patient"}),
    "conditions": frozenset({"Condition"}),
    "observations": frozenset({"Observation"}),
    "medicationRequests": frozenset({"MedicationRequest", "MedicationDispense", "Medication"}),
    "medicationStatements": frozenset({"MedicationStatement", "Medication"}),
    "medicationAdministrations": frozenset({"MedicationAdministration", "Medication"}),
    "procedures": frozenset({"Procedure"}),
    "allergies": frozenset({"AllergyIntolerance", "AdverseEvent"}),
}
_ANSWERS: Final = frozenset({"Bundle", "OperationOutcome", None})
_T = TypeVar("_T", bound=Resource)


class ChartSources(msgspec.Struct, frozen=True, kw_only=True):
    """What was received about one patient.

    ``by_key`` holds prefetch values as sent: a key that is not there was absent, None or a JSON
    ``null`` says "no data"; or what was read from a FHIR server in their place. ``whole_chart`` is
    a Bundle of one patient instead. ``medications`` are Medications that were read by themselves.
    Absolute references count only below ``fhir_base``.
    """

    by_key: Mapping[str, msgspec.Raw | SearchPages | None] = {}
    medications: tuple[Received, ...] = ()
    whole_chart: msgspec.Raw | None = None
    fhir_base: str | None = None
    # what was read under a key: asked for liver cancer first, then for everything
    answers: dict[str, SearchReceived] = {}


class PatientRecord(msgspec.Struct, kw_only=True):
    """One patient's readable resources by type, and what could not be read or had."""

    patient_id: str
    patient: Patient | None
    availability: dict[str, Availability]
    resources: dict[type[Resource], list[Resource]]
    found: list[Found]  # the same resources, as received
    # the codes of this patient's conditions that do not matter, by "Condition/x" and full URL
    passed_over: Mapping[str, CodeableConcept | None]
    problems: list[IgnoredRecord]
    unreadable_conditions: list[Received]  # of this patient, and one of them may be the cancer
    resources_of_other_patients: int
    # made when first asked for
    _addresses: dict[str, Resource] = {}  # "Medication/m1" and full URLs
    _by_source: dict[str, list[Received]] = {}

    def is_ambiguous(self, source: str) -> bool:
        """Whether an observation or drug record names an element twice: readers would differ.

        Asked only of those that decide: to look through all of them costs more than reading.
        """
        if not self._by_source:
            for one in self.found:
                self._by_source.setdefault(one.source, []).append(one.received)
        return any(has_repeated_keys(one.raw) for one in self._by_source.get(source, ()))

    def of(self, kind: type[_T]) -> list[_T]:
        """Give every readable resource of one type."""
        return cast("list[_T]", self.resources.get(kind, []))

    def referred(self, reference: Reference | None, kind: type[_T]) -> _T | None:
        """Give the resource of this record that a reference names, if it is of that type."""
        if reference is None or reference.reference is None:
            return None
        if not self._addresses:
            for one in self.found:
                if one.resource.id is not None:
                    self._addresses[f"{one.resource_type}/{one.resource.id}"] = one.resource
                if one.received.full_url is not None:
                    self._addresses[one.received.full_url] = one.resource
        found = self._addresses.get(reference.reference)
        return found if isinstance(found, kind) else None


def sources_from_bundle(raw: bytes, *, fhir_base: str | None = None) -> ChartSources:
    """Take a Bundle of one patient (any Bundle type, or none) as chart sources.

    Raises ChartRejected where the text is not a JSON object with a FHIR resource type.
    """
    try:
        whole = msgspec.json.decode(raw, type=msgspec.Raw)
    except UNREADABLE as problem:
        message = "the chart is not JSON that can be read"
        raise ChartRejected(message) from problem
    return ChartSources(whole_chart=whole, fhir_base=fhir_base)


def read_record(
    sources: ChartSources,
    patient_id: str | None,
    *,
    keys: Collection[str] = KEYS,
    types: Collection[str] = frozenset(PROJECTIONS),
    concerns: Concerns | None = None,
) -> PatientRecord:
    """Read the resources of one patient.

    ``keys`` and ``types`` narrow what is read; ``concerns`` says which codes matter, so that
    unrelated Conditions, Observations and Procedures are passed over. Raises ChartRejected.
    """
    answers = _answers(sources, keys)
    received = [one for answer in answers.values() for one in answer.resources]
    received += sources.medications
    if sources.whole_chart is not None:
        answers = dict.fromkeys(KEYS, answers["patient"])
    whole = sources.whole_chart is not None
    patient, own = find_patient(received, patient_id, whole=whole, fhir_base=sources.fhir_base)
    reader = EntryReader(own, concerns)
    for one in received:
        if one.resource_type is None:
            reader.problem("entry", "ignored-unreadable")
        elif one.resource_type in types and one.resource_type != "Patient":
            reader.read(one)
    found = reader.finish()
    resources: dict[type[Resource], list[Resource]] = {}
    for used in found:
        resources.setdefault(type(used.resource), []).append(used.resource)
    return PatientRecord(
        patient_id=own.patient_id,
        patient=patient,
        availability={key: answer.availability for key, answer in answers.items()},
        resources=resources,
        found=found,
        passed_over=reader.passed_over,
        problems=reader.problems,
        unreadable_conditions=reader.unreadable_conditions,
        resources_of_other_patients=reader.foreign,
    )


def _answers(sources: ChartSources, keys: Collection[str]) -> dict[str, SearchReceived]:
    if sources.whole_chart is not None:
        if resource_type(sources.whole_chart) != "Bundle":
            message = "the chart is not a FHIR Bundle"
            raise ChartRejected(message)
        return {"patient": search_received(sources.whole_chart)}
    return {key: answer_under(key, sources) for key in keys}


def answer_under(key: str, sources: ChartSources) -> SearchReceived:
    """Give what stands under one key; it is read once.

    Raises ChartRejected where the value is not FHIR at all.
    """
    if key not in sources.answers:
        sources.answers[key] = _answer(key, sources.by_key)
    return sources.answers[key]


def says_nothing(key: str, sources: ChartSources) -> bool:
    """Whether a key was not sent, or sent as "no data"."""
    sent = sources.by_key.get(key)
    return sent is None or (isinstance(sent, msgspec.Raw) and _is_null(sent))


def _is_null(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)[:64]).lstrip().startswith(b"null")


def _answer(key: str, by_key: Mapping[str, msgspec.Raw | SearchPages | None]) -> SearchReceived:
    """Read one prefetch value: absent, "no data" and a failure are different things."""
    if key not in by_key:
        return SearchReceived(Availability.ABSENT)
    raw = by_key[key]
    if isinstance(raw, SearchPages):
        answer = pages_received(raw)
        return answer if _answers_key(key, answer, *raw.pages) else _failed(answer)
    if raw is None or _is_null(raw):
        return SearchReceived(Availability.COMPLETE)
    if not bytes(memoryview(raw)[:64]).lstrip().startswith(b"{"):
        message = f"prefetch.{key} is not a FHIR resource"
        raise ChartRejected(message)
    answer = search_received(raw)
    if not _answers_key(key, answer, raw):
        return _failed(answer)
    if key == "patient" and [one.resource_type for one in answer.resources] == [None]:
        message = "prefetch.patient is not a FHIR resource"
        raise ChartRejected(message)
    return answer


def _answers_key(key: str, answer: SearchReceived, *parts: msgspec.Raw) -> bool:
    """Whether this can be the answer to what the key asks: something else says nothing of it.

    Of conditions, which decide whether anything else is read, a Bundle of other things is none.
    """
    asked = _ALONE[key]
    if not {resource_type(part) for part in parts} <= _ANSWERS | asked:
        return False
    kinds = {one.resource_type for one in answer.resources}
    return key != "conditions" or not kinds or None in kinds or not kinds.isdisjoint(asked)


def _failed(received: SearchReceived) -> SearchReceived:
    """Keep what came: a Patient of somebody else is noticed wherever it stands."""
    return SearchReceived(Availability.FAILED, received.resources)
