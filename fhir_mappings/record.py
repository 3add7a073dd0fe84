"""The chart of one patient as typed resources, entry by entry.

One bad entry is one named problem and costs nothing else. Resources of other patients are counted
and never kept; the same resource sent twice is one; of two versions the newer counts.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar, cast

import msgspec

from fhir_mappings.bundles_received import Received, SearchReceived, search_received
from fhir_mappings.errors import ChartRejected
from fhir_mappings.medication_projections import (
    AdverseEvent,
    AllergyIntolerance,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.projections import (
    CodeableConcept,
    Condition,
    Observation,
    Patient,
    Procedure,
    Reference,
    Resource,
)
from fhir_mappings.repeated_keys import has_repeated_keys
from fhir_mappings.subjects import OwnReferences, own_references, source_of
from fhir_mappings.versions import Found, newest_of_each
from hcc_pathway.answer import Phrase
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
PROJECTIONS: Final[dict[str, type[Resource]]] = {
    kind.__name__: kind
    for kind in (
        Patient,
        Condition,
        Observation,
        Procedure,
        AllergyIntolerance,
        AdverseEvent,
        Medication,
        MedicationAdministration,
        MedicationDispense,
        MedicationRequest,
        MedicationStatement,
    )
}
_WITHOUT_SUBJECT: Final = frozenset({"Patient", "Medication"})
# codes decide which of these matter; every resource of the other types does
_CHOSEN_BY_CODE: Final = frozenset({"Condition", "Observation", "Procedure"})
_DECODERS: Final = {name: msgspec.json.Decoder(kind) for name, kind in PROJECTIONS.items()}

_T = TypeVar("_T", bound=Resource)
Concerns = Callable[[CodeableConcept | None], bool]


class ChartSources(msgspec.Struct, frozen=True, kw_only=True):
    """What was received about one patient.

    ``by_key`` holds prefetch values as sent: a key that is not there was absent, None or a JSON
    ``null`` says "no data". ``whole_chart`` is a Bundle of one patient in their place. Absolute
    references count only below ``fhir_base``.
    """

    by_key: Mapping[str, msgspec.Raw | None] = {}
    whole_chart: msgspec.Raw | None = None
    fhir_base: str | None = None


class PatientRecord(msgspec.Struct, kw_only=True):
    """One patient's readable resources by type, and what could not be read or had."""

    patient_id: str
    patient: Patient | None
    availability: dict[str, Availability]
    resources: dict[type[Resource], list[Resource]]
    addresses: dict[str, Resource]  # "Medication/m1" and full URLs -> resource
    problems: list[IgnoredRecord]
    resources_of_other_patients: int

    def of(self, kind: type[_T]) -> list[_T]:
        """Give every readable resource of one type."""
        return cast("list[_T]", self.resources.get(kind, []))

    def referred(self, reference: Reference | None, kind: type[_T]) -> _T | None:
        """Give the resource of this record that a reference names, if it is of that type."""
        if reference is None or reference.reference is None:
            return None
        found = self.addresses.get(reference.reference)
        return found if isinstance(found, kind) else None


class _Unreadable(msgspec.Struct):
    id: msgspec.Raw | None = None
    subject: msgspec.Raw | None = None
    patient: msgspec.Raw | None = None
    code: msgspec.Raw | None = None


_unreadable = msgspec.json.Decoder(_Unreadable)
_text = msgspec.json.Decoder(str)
_reference = msgspec.json.Decoder(Reference)
_concept = msgspec.json.Decoder(CodeableConcept)


def sources_from_bundle(raw: bytes, *, fhir_base: str | None = None) -> ChartSources:
    """Take a Bundle of one patient (any Bundle type, or none) as chart sources.

    Raises ChartRejected where the text is not a JSON object with a FHIR resource type.
    """
    try:
        whole = msgspec.json.decode(raw, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError) as problem:
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
    if sources.whole_chart is not None:
        answers = dict.fromkeys(KEYS, answers["patient"])
    patient, own = _patient(received, patient_id, sources)
    reader = _Reader(own, concerns)
    for position, one in enumerate(received, start=1):
        if one.resource_type is None:
            reader.problem(f"entry {position}", "ignored-unreadable")
        elif one.resource_type in types and one.resource_type != "Patient":
            reader.read(one, position)
    resources, addresses = reader.finish()
    return PatientRecord(
        patient_id=own.patient_id,
        patient=patient,
        availability={key: answer.availability for key, answer in answers.items()},
        resources=resources,
        addresses=addresses,
        problems=reader.problems,
        resources_of_other_patients=reader.foreign,
    )


def _answers(sources: ChartSources, keys: Collection[str]) -> dict[str, SearchReceived]:
    if sources.whole_chart is not None:
        chart = search_received(sources.whole_chart)
        if (
            chart.resources
            and chart.resources[0].resource_type is None
            and len(chart.resources) == 1
        ):
            message = "the chart is not a FHIR Bundle"
            raise ChartRejected(message)
        return {"patient": chart}
    answers = {}
    for key in keys:
        if key not in sources.by_key:
            answers[key] = SearchReceived(Availability.ABSENT)
            continue
        raw = sources.by_key[key]
        if raw is None or bytes(raw) == b"null":
            answers[key] = SearchReceived(Availability.COMPLETE)
        else:
            answers[key] = search_received(raw)
    return answers


def _patient(
    received: list[Received], patient_id: str | None, sources: ChartSources
) -> tuple[Patient | None, OwnReferences]:
    """Find the Patient resource and every reference that names this patient."""
    patients: dict[str, tuple[Patient, str | None]] = {}
    for one in received:
        if one.resource_type == "Patient":
            patient = _decode_patient(one)
            identity = patient.id or (one.full_url or "").rpartition(":")[2]
            patients[identity] = (patient, one.full_url)
    whole = sources.whole_chart is not None
    if patient_id is None:
        patient_id = _only_patient(patients)
    strangers = patients.keys() - {patient_id}
    if strangers and not (whole and patient_id in patients):
        message = "a Patient resource is not the patient of this request"
        raise ChartRejected(message)
    found, full_url = patients.get(patient_id, (None, None))
    own = own_references(
        patient_id, fhir_base=sources.fhir_base, full_url=full_url if whole else None
    )
    return found, own


def _decode_patient(one: Received) -> Patient:
    try:
        patient = cast("Patient", _DECODERS["Patient"].decode(one.raw))
    except msgspec.DecodeError as problem:
        message = "the Patient resource cannot be read"
        raise ChartRejected(message) from problem
    if has_repeated_keys(one.raw):
        message = "the Patient resource names an element twice"
        raise ChartRejected(message)
    return patient


def _only_patient(patients: Mapping[str, object]) -> str:
    if len(patients) == 1:
        return next(iter(patients))
    message = (
        "the chart holds more than one Patient and none is named"
        if patients
        else "the chart holds no Patient and none is named"
    )
    raise ChartRejected(message)


class _Reader:
    """Sorts resources into kept, foreign, passed over and problems."""

    def __init__(self, own: OwnReferences, concerns: Concerns | None) -> None:
        self.foreign = 0
        self.problems: list[IgnoredRecord] = []
        self._own = own
        self._concerns = concerns
        self._found: list[Found] = []

    def problem(self, source: str, phrase_id: str) -> None:
        self.problems.append(IgnoredRecord(source, Phrase.of(phrase_id)))

    def read(self, one: Received, position: int) -> None:
        kind = one.resource_type or ""
        try:
            resource: Resource = _DECODERS[kind].decode(one.raw)
        except msgspec.DecodeError:
            self._name_unreadable(one, position)
            return
        if kind not in _WITHOUT_SUBJECT and not self._own.include(_subject(resource)):
            self.foreign += 1
        elif (
            self._concerns is None
            or kind not in _CHOSEN_BY_CODE
            or self._concerns(_code(resource))
        ):
            self._found.append(Found(kind, resource, one.raw, one.full_url))

    def _name_unreadable(self, one: Received, position: int) -> None:
        """Name an unreadable resource, unless it is foreign or of a code that does not matter."""
        kind = one.resource_type or ""
        parts = _unreadable_parts(one.raw)
        subject = _part(_reference, parts.subject) or _part(_reference, parts.patient)
        code = _part(_concept, parts.code)
        if subject is not None and not self._own.include(subject):
            self.foreign += 1
        elif kind in _CHOSEN_BY_CODE and code is not None and not self._matters(code):
            return
        elif subject is None and kind not in _WITHOUT_SUBJECT:
            self.problem(f"{kind} (entry {position})", "ignored-unreadable")
        else:
            self.problem(source_of(kind, _part(_text, parts.id)), "ignored-unreadable")

    def _matters(self, code: CodeableConcept) -> bool:
        return self._concerns is None or self._concerns(code)

    def finish(self) -> tuple[dict[type[Resource], list[Resource]], dict[str, Resource]]:
        resources: dict[type[Resource], list[Resource]] = {}
        addresses: dict[str, Resource] = {}
        kept, undecided = newest_of_each(self._found)
        for source in undecided:
            self.problem(source, "ignored-versions-differ")
        for found in kept:
            if has_repeated_keys(found.raw):
                self.problem(found.source, "ignored-repeated-keys")
                continue
            resources.setdefault(type(found.resource), []).append(found.resource)
            if found.resource.id is not None:
                addresses[f"{found.resource_type}/{found.resource.id}"] = found.resource
            if found.full_url is not None:
                addresses[found.full_url] = found.resource
        return resources, addresses


def _subject(resource: Resource) -> Reference | None:
    found: Reference | None = getattr(resource, "subject", None) or getattr(
        resource, "patient", None
    )
    return found


def _code(resource: Resource) -> CodeableConcept | None:
    code: CodeableConcept | None = getattr(resource, "code", None)
    return code


def _unreadable_parts(raw: msgspec.Raw) -> _Unreadable:
    try:
        return _unreadable.decode(raw)
    except msgspec.DecodeError:
        return _Unreadable()


_P = TypeVar("_P")


def _part(decoder: msgspec.json.Decoder[_P], raw: msgspec.Raw | None) -> _P | None:
    if raw is None:
        return None
    try:
        return decoder.decode(raw)
    except msgspec.DecodeError:
        return None
