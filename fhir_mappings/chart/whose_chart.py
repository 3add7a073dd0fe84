"""Whose chart this is: the Patient resource, and every reference that names this patient."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from fhir_mappings.chart.bundles_received import Received
from fhir_mappings.chart.projections import Patient
from fhir_mappings.chart.repeated_keys import has_repeated_keys
from fhir_mappings.chart.subjects import OwnReferences, own_references
from fhir_mappings.errors import UNREADABLE, ChartRejected

_decoder: Final = msgspec.json.Decoder(Patient)


def find_patient(
    received: Iterable[Received], patient_id: str | None, *, whole: bool, fhir_base: str | None
) -> tuple[Patient | None, OwnReferences]:
    """Find the Patient resource and every reference that names this patient.

    Without ``patient_id`` a whole chart must hold exactly one Patient. Raises ChartRejected where
    a Patient resource is somebody else's (beside the right one, a whole chart may hold others).
    """
    patients: dict[str, tuple[Patient, str | None]] = {}
    for one in received:
        if one.resource_type == "Patient":
            patient = _decode_patient(one)
            identity = patient.id or _identity_in(one.full_url)
            before = patients.setdefault(identity, (patient, one.full_url))
            if _person(before[0]) != _person(patient):
                message = "two Patient resources of this patient differ"
                raise ChartRejected(message)
    if patient_id is None:
        patient_id = _only_patient(patients)
    if patients.keys() - {patient_id} and not (whole and patient_id in patients):
        message = "a Patient resource is not the patient of this request"
        raise ChartRejected(message)
    found, full_url = patients.get(patient_id, (None, None))
    return found, own_references(
        patient_id, fhir_base=fhir_base, full_url=full_url if whole else None
    )


def _identity_in(full_url: str | None) -> str:
    """Give what a Patient without an id is known by: an address that stands for nothing else."""
    return full_url.rpartition(":")[2] if full_url and full_url.startswith("urn:") else ""


def _person(patient: Patient) -> tuple[object, ...]:
    return (
        patient.birth_date,
        patient.deceased_boolean,
        patient.deceased_date_time,
        patient.gender,
    )


def is_another_patient(one: Received, patient_id: str) -> bool:
    """Whether this is the Patient resource of somebody else, or of nobody that can be told."""
    if one.resource_type != "Patient":
        return False
    try:
        return _decoder.decode(one.raw).id != patient_id
    except UNREADABLE:
        return True


def _decode_patient(one: Received) -> Patient:
    try:
        patient = _decoder.decode(one.raw)
    except UNREADABLE as problem:
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
