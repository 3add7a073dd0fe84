"""The person: age, sex and whether alive."""

import msgspec

from fhir_mappings.chart.projections import Patient
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.values.dates import days_of, is_future
from hcc_pathway.drug_record import DayBound

_GENDERS = frozenset({"male", "female", "other", "unknown"})


class Person(msgspec.Struct, frozen=True):
    """What the Patient resource says; all of it may be unknown."""

    birth: DayBound | None = None
    deceased: bool = False
    sex: str | None = None


def read_person(patient: Patient | None, place: Place) -> Person:
    """Read birth, death and administrative gender."""
    if patient is None:
        return Person()
    died = days_of(patient.deceased_date_time, place.zone)
    deceased = patient.deceased_boolean is True or (
        patient.deceased_date_time is not None
        and (died is None or not is_future(died.earliest, place.on))
    )
    sex = patient.gender if patient.gender in _GENDERS else None
    return Person(days_of(patient.birth_date, place.zone), deceased, sex)
