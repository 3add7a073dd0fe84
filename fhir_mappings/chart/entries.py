"""Resources of one patient, each by itself: kept, foreign, passed over or a named problem."""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.everyday_bundles import NOTHING
from fhir_mappings.chart.medication_projections import (
    AdverseEvent,
    AllergyIntolerance,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import (
    CodeableConcept,
    Condition,
    Observation,
    Patient,
    Procedure,
    Reference,
    Resource,
    each,
)
from fhir_mappings.chart.repeated_keys import has_repeated_keys
from fhir_mappings.chart.subjects import OwnReferences, is_person, source_of
from fhir_mappings.chart.versions import Found, newest_of_each
from fhir_mappings.errors import UNREADABLE
from hcc_pathway.answer import Phrase
from hcc_pathway.case import IgnoredRecord

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
_MANY: Final = frozenset(
    {
        "Observation",
        "MedicationRequest",
        "MedicationStatement",
        "MedicationAdministration",
        "MedicationDispense",
    }
)
_WITHOUT_SUBJECT: Final = frozenset({"Patient", "Medication"})
# codes decide which of these matter; every resource of the other types does
_CHOSEN_BY_CODE: Final = frozenset({"Condition", "Observation", "Procedure"})
_DECODERS: Final = {name: msgspec.json.Decoder(kind) for name, kind in PROJECTIONS.items()}

Concerns = Callable[[CodeableConcept | None], bool]


class _Unreadable(msgspec.Struct):
    id: msgspec.Raw = NOTHING
    subject: msgspec.Raw = NOTHING
    patient: msgspec.Raw = NOTHING
    code: msgspec.Raw = NOTHING


_unreadable = msgspec.json.Decoder(_Unreadable)
_text = msgspec.json.Decoder(str)
_reference = msgspec.json.Decoder(Reference)
_concept = msgspec.json.Decoder(CodeableConcept)


class EntryReader:
    """Sorts resources into kept, foreign, passed over and problems."""

    def __init__(self, own: OwnReferences, concerns: Concerns | None) -> None:
        """``concerns``: which codes matter; None: all."""
        self.foreign = 0
        self.passed_over: dict[str, CodeableConcept | None] = {}
        self.problems: list[IgnoredRecord] = []
        self.unreadable_conditions: list[Received] = []
        self._named: set[tuple[str, str]] = set()
        self._own = own
        self._concerns = concerns
        self._found: list[Found] = []

    def problem(self, source: str, phrase_id: str) -> None:
        """Name something that could not be used; one that came twice is named once."""
        if "/" in source:
            if (source, phrase_id) in self._named:
                return
            self._named.add((source, phrase_id))
        self.problems.append(IgnoredRecord(source, Phrase.of(phrase_id)))

    def read(self, one: Received) -> None:
        """Take in one resource."""
        kind = one.resource_type or ""
        resource = one.resource
        if resource is None:
            try:
                resource = _DECODERS[kind].decode(one.raw)
            except UNREADABLE:
                self._name_unreadable(one)
                return
        if kind not in _WITHOUT_SUBJECT and not self._is_own(kind, resource):
            self.foreign += 1
        elif kind in _CHOSEN_BY_CODE and not self._matters(_code(resource)):
            if kind == "Condition":  # what a disease status or a drug may be about instead
                self._pass_over(one, resource)
        else:
            self._found.append(Found(kind, resource, one))

    def _is_own(self, kind: str, resource: Resource) -> bool:
        """Whether it is of this patient, and not measured on another person (``focus``)."""
        if not self._own.include(_subject(kind, resource)):
            return False
        focus = resource.focus if isinstance(resource, Observation) else None
        return focus is None or all(
            self._own.include(one) or not is_person(one) for one in each(focus)
        )

    def _pass_over(self, one: Received, condition: Resource) -> None:
        code = _code(condition)
        self.passed_over[source_of("Condition", condition.id)] = code
        if one.full_url is not None:
            self.passed_over[one.full_url] = code

    def _name_unreadable(self, one: Received) -> None:
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
            self.problem(kind, "ignored-unreadable")  # perhaps foreign: its id is not repeated
        else:
            self.problem(source_of(kind, _part(_text, parts.id)), "ignored-unreadable")
            self._keep_unreadable(kind, one)

    def _keep_unreadable(self, kind: str, one: Received) -> None:
        if kind == "Condition":
            self.unreadable_conditions.append(one)

    def _matters(self, code: CodeableConcept | None) -> bool:
        return self._concerns is None or self._concerns(code)

    def finish(self) -> list[Found]:
        """Give the resources to use, each in its newest version."""
        kept, undecided = newest_of_each(self._found)
        for source in undecided:
            self.problem(source, "ignored-versions-differ")
        used: list[Found] = []
        for found in kept:
            # of the many only those that decide are looked through, by PatientRecord.is_ambiguous
            if found.resource_type not in _MANY and has_repeated_keys(found.received.raw):
                self.problem(found.source, "ignored-repeated-keys")
                self._keep_unreadable(found.resource_type, found.received)
            else:
                used.append(found)
        return used


def _subject(kind: str, resource: Resource) -> Reference | None:
    found: Reference | None = getattr(
        resource, "patient" if kind == "AllergyIntolerance" else "subject"
    )
    return found


def _code(resource: Resource) -> CodeableConcept | None:
    code: CodeableConcept | None = getattr(resource, "code", None)
    return code


def _unreadable_parts(raw: msgspec.Raw) -> _Unreadable:
    try:
        return _unreadable.decode(raw)
    except UNREADABLE:
        return _Unreadable()


_P = TypeVar("_P")


def _part(decoder: msgspec.json.Decoder[_P], raw: msgspec.Raw) -> _P | None:
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        return None
