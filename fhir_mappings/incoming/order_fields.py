"""A draft MedicationRequest field by field: one wrong field costs that field and no other.

An EHR hands over what a clinician is still typing: without intent, with an object where R4 has a
list, with no drug yet, or in the shape of another release. None of that is an error here.
"""

from typing import TypeVar

import msgspec

from fhir_mappings.chart.medication_projections import NOTHING, MedicationRequest, Note
from fhir_mappings.chart.projections import CodeableConcept, Element, Reference, each
from fhir_mappings.errors import UNREADABLE

_P = TypeVar("_P")


class _Fields(Element):
    id: msgspec.Raw = NOTHING
    status: msgspec.Raw = NOTHING
    do_not_perform: msgspec.Raw = NOTHING
    subject: msgspec.Raw = NOTHING
    medication_codeable_concept: msgspec.Raw = NOTHING
    medication_reference: msgspec.Raw = NOTHING
    medication: msgspec.Raw = NOTHING  # the shape of R5: {concept, reference}
    contained: msgspec.Raw = NOTHING
    reason_code: msgspec.Raw = NOTHING
    reason_reference: msgspec.Raw = NOTHING
    note: msgspec.Raw = NOTHING
    dosage_instruction: msgspec.Raw = NOTHING


class _CodeableReference(Element):
    concept: msgspec.Raw = NOTHING
    reference: msgspec.Raw = NOTHING


class OrderFields(msgspec.Struct, frozen=True):
    """What could be read of one draft, in the projection that charts are read with."""

    request: MedicationRequest
    names_a_subject: bool


_fields = msgspec.json.Decoder(_Fields)
_codeable_reference = msgspec.json.Decoder(_CodeableReference)
_text = msgspec.json.Decoder(str)
_flag = msgspec.json.Decoder(bool)
_reference = msgspec.json.Decoder(Reference)
_references = msgspec.json.Decoder(list[Reference] | Reference | str)
_concepts = msgspec.json.Decoder(list[CodeableConcept] | CodeableConcept | str)
_notes = msgspec.json.Decoder(list[Note] | Note)


def read_order_fields(raw: msgspec.Raw) -> OrderFields | None:
    """Read a draft MedicationRequest; None where it is not even an object."""
    try:
        fields = _fields.decode(raw)
    except UNREADABLE:
        return None
    concept, reference = _drug(fields)
    request = MedicationRequest(
        id=_read(_text, fields.id),
        status=_read(_text, fields.status),
        do_not_perform=_read(_flag, fields.do_not_perform),
        subject=_read(_reference, fields.subject),
        medication_codeable_concept=concept,
        medication_reference=reference,
        contained=fields.contained,
        reason_code=_concepts_of(fields.reason_code),
        reason_reference=_references_of(fields.reason_reference),
        note=_read(_notes, fields.note),
        dosage_instruction=fields.dosage_instruction,
    )
    return OrderFields(request, names_a_subject=_names_a_subject(fields.subject, request.subject))


def _names_a_subject(sent: msgspec.Raw, read: Reference | None) -> bool:
    """Whether the draft says whom it is for: a display or an empty object refers to nobody."""
    return sent != NOTHING and (read is None or bool(read.reference))


def _drug(fields: _Fields) -> tuple[CodeableConcept | None, Reference | None]:
    """Give the drug as R4 has it, else as R5 has it; of several concepts the first."""
    concept = next(iter(_concepts_of(fields.medication_codeable_concept)), None)
    reference = next(iter(_references_of(fields.medication_reference)), None)
    if concept is not None or reference is not None:
        return concept, reference
    parts = _read(_codeable_reference, fields.medication) or _CodeableReference()
    return (
        next(iter(_concepts_of(parts.concept)), None),
        next(iter(_references_of(parts.reference)), None),
    )


def _concepts_of(raw: msgspec.Raw) -> list[CodeableConcept]:
    found = _read(_concepts, raw)
    return [CodeableConcept(text=found)] if isinstance(found, str) else each(found)


def _references_of(raw: msgspec.Raw) -> list[Reference]:
    found = _read(_references, raw)
    return [Reference(reference=found)] if isinstance(found, str) else each(found)


def _read(decoder: msgspec.json.Decoder[_P], raw: msgspec.Raw) -> _P | None:
    if raw == NOTHING:
        return None
    try:
        return decoder.decode(raw)
    except UNREADABLE:
        return None
