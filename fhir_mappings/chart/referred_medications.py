"""Which Medications the drug records of a patient refer to that have not been received yet."""

from typing import Final

import msgspec

from fhir_mappings.chart.bundles_received import Received, resource_type
from fhir_mappings.chart.medication_projections import (
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.record import MEDICATION_KEYS, ChartSources, read_record
from fhir_mappings.errors import UNREADABLE

_DrugRecord = (
    MedicationRequest | MedicationDispense | MedicationStatement | MedicationAdministration
)
KEY_OF: Final[dict[type[_DrugRecord], str]] = {
    MedicationRequest: "medicationRequests",
    MedicationDispense: "medicationRequests",
    MedicationStatement: "medicationStatements",
    MedicationAdministration: "medicationAdministrations",
}
_medication: Final = msgspec.json.Decoder(Medication)


class MedicationReferred(msgspec.Struct, frozen=True):
    """One reference to a Medication that was not received.

    ``key``: where the record stands. ``named``: the record says in words what the product is.
    """

    reference: str
    key: str
    named: bool


def medications_not_received(
    sources: ChartSources, patient_id: str
) -> tuple[MedicationReferred, ...]:
    """List them for the records of this patient alone; a contained Medication is there.

    Raises ChartRejected.
    """
    types = {kind.__name__ for kind in (*KEY_OF, Medication)}
    keys = ("patient", *MEDICATION_KEYS)
    record = read_record(sources, patient_id, keys=keys, types=types)
    found: dict[MedicationReferred, None] = {}
    for kind, key in KEY_OF.items():
        for resource in record.of(kind):
            reference = resource.medication_reference
            if reference is None or not reference.reference:
                continue
            if reference.reference.startswith("#") or record.referred(reference, Medication):
                continue
            named = bool(reference.display) or resource.medication_codeable_concept is not None
            found[MedicationReferred(reference.reference, key, named)] = None
    return tuple(found)


def medication_received(raw: msgspec.Raw, reference: str, wanted_id: str) -> Received | None:
    """Take the answer to a read of ``wanted_id``; None where it is anything else."""
    if resource_type(raw) != "Medication":
        return None
    try:
        medication = _medication.decode(raw)
    except UNREADABLE:
        return None
    if medication.id != wanted_id:
        return None
    return Received("Medication", raw, full_url=reference, resource=medication)
