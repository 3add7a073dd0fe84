"""The product of a medication record: its own concept, or a Medication it refers to.

The Medication may be contained in the record, an entry of the same Bundle, or fetched beside it.
"""

import msgspec

from fhir_mappings.chart.medication_projections import Medication
from fhir_mappings.chart.projections import Reference
from fhir_mappings.chart.record import PatientRecord
from fhir_mappings.drugs.drug_names import Product, product_of
from fhir_mappings.drugs.medication_status import MedicationRecord
from fhir_mappings.errors import UNREADABLE

_decoder = msgspec.json.Decoder(Medication)
_list_decoder = msgspec.json.Decoder(list[msgspec.Raw])


def record_product(resource: MedicationRecord, record: PatientRecord) -> Product:
    """Give codes, words and strength of what a record is about."""
    reference = resource.medication_reference
    medication = None
    if reference is not None:
        medication = contained_medication(resource.contained, reference) or record.referred(
            reference, Medication
        )
    return product_of(resource.medication_codeable_concept, reference, medication)


def contained_medication(contained: msgspec.Raw, reference: Reference) -> Medication | None:
    """Find the Medication inside a resource that ``#id`` names."""
    if not (reference.reference or "").startswith("#"):
        return None
    wanted = (reference.reference or "")[1:]
    for raw in _parts(contained):
        try:
            found = _decoder.decode(raw)
        except UNREADABLE:
            continue
        if (found.id or "").removeprefix("#") == wanted:
            return found
    return None


def _parts(contained: msgspec.Raw) -> list[msgspec.Raw]:
    try:
        return _list_decoder.decode(contained)
    except UNREADABLE:
        return [contained]
