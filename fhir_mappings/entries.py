"""Resources of one patient, each by itself: kept, foreign, passed over or a named problem."""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from fhir_mappings.bundles_received import NOTHING, Received
from fhir_mappings.errors import UNREADABLE
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
from fhir_mappings.subjects import OwnReferences, source_of
from fhir_mappings.versions import Found, newest_of_each
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
        self.passed_over: list[str] = []
        self.texts: dict[str, list[msgspec.Raw]] = {}  # as sent, by source
        self.problems: list[IgnoredRecord] = []
        self._own = own
        self._concerns = concerns
        self._found: list[Found] = []

    def problem(self, source: str, phrase_id: str) -> None:
        """Name something that could not be used."""
        self.problems.append(IgnoredRecord(source, Phrase.of(phrase_id)))

    def read(self, one: Received) -> None:
        """Take in one resource."""
        kind = one.resource_type or ""
        try:
            resource: Resource = _DECODERS[kind].decode(one.raw)
        except UNREADABLE:
            self._name_unreadable(one)
            return
        if kind not in _WITHOUT_SUBJECT and not self._own.include(_subject(resource)):
            self.foreign += 1
        elif kind in _CHOSEN_BY_CODE and not self._matters(_code(resource)):
            if kind == "Condition":  # what a disease status may be about instead
                self.passed_over.append(source_of(kind, resource.id))
        else:
            self._found.append(Found(kind, resource, one.raw, one.full_url))

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

    def _matters(self, code: CodeableConcept | None) -> bool:
        return self._concerns is None or self._concerns(code)

    def finish(self) -> tuple[dict[type[Resource], list[Resource]], dict[str, Resource]]:
        """Give the resources to use by type, and by every address they may be referred to."""
        resources: dict[type[Resource], list[Resource]] = {}
        addresses: dict[str, Resource] = {}
        kept, undecided = newest_of_each(self._found)
        for source in undecided:
            self.problem(source, "ignored-versions-differ")
        for found in kept:
            if found.resource_type in _MANY:
                self.texts.setdefault(found.source, []).append(found.raw)
            elif has_repeated_keys(found.raw):
                self.problem(found.source, "ignored-repeated-keys")
                continue
            resources.setdefault(type(found.resource), []).append(found.resource)
            if found.resource.id is not None:
                addresses[f"{found.resource_type}/{found.resource.id}"] = found.resource
            if found.full_url is not None:
                addresses[found.full_url] = found.resource
        return resources, addresses


def _subject(resource: Resource) -> Reference | None:
    name = "patient" if isinstance(resource, AllergyIntolerance) else "subject"
    found: Reference | None = getattr(resource, name)
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
