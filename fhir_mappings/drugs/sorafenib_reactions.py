"""Allergies, intolerances and adverse events that name sorafenib (A32, A33)."""

from datetime import date, timedelta
from typing import Final

from fhir_mappings.chart.medication_projections import (
    AdverseEvent,
    AllergyIntolerance,
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import CodeableConcept, Reference, each
from fhir_mappings.chart.record import PatientRecord
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.drugs.drug_names import NamedDrugs, product_of
from fhir_mappings.drugs.products import contained_medication, record_product
from fhir_mappings.values.dates import days_of
from hcc_pathway.answer import Phrase
from hcc_pathway.case import IgnoredRecord
from hcc_pathway.drug_record import DayBound, IntoleranceRecord

_SORAFENIB: Final = "sorafenib"
_REFUTED: Final = frozenset({"refuted", "entered-in-error"})


def read_reactions(
    record: PatientRecord, named: NamedDrugs, place: Place
) -> tuple[list[IntoleranceRecord], list[IgnoredRecord]]:
    """Give every reaction to sorafenib, and every record of one that does not count."""
    found: list[IntoleranceRecord] = []
    ignored: list[IgnoredRecord] = []
    _read_allergies(record, named, place, found, ignored)
    _read_events(record, named, place, found, ignored)
    return found, ignored


def _read_allergies(
    record: PatientRecord,
    named: NamedDrugs,
    place: Place,
    found: list[IntoleranceRecord],
    ignored: list[IgnoredRecord],
) -> None:
    for allergy in record.of(AllergyIntolerance):
        if not _names_sorafenib(allergy, named):
            continue
        source = source_of("AllergyIntolerance", allergy.id)
        day = days_of(allergy.recorded_date, place.zone)
        day = day or days_of(allergy.onset_date_time, place.zone)
        because = _allergy_refused(allergy) or _future(day, place.on)
        if because is not None:
            ignored.append(IgnoredRecord(source, because))
        else:
            found.append(
                IntoleranceRecord(
                    is_allergy=True,
                    day=day,
                    as_received=_shown(allergy.code),
                    source=source,
                    coded_as=named.book.cite(allergy.code),
                )
            )


def _read_events(
    record: PatientRecord,
    named: NamedDrugs,
    place: Place,
    found: list[IntoleranceRecord],
    ignored: list[IgnoredRecord],
) -> None:
    for event in record.of(AdverseEvent):
        if not _suspects_sorafenib(event, record, named):
            continue
        source = source_of("AdverseEvent", event.id)
        day = days_of(event.date, place.zone) or days_of(event.detected, place.zone)
        day = day or days_of(event.recorded_date, place.zone)
        because = _future(day, place.on)
        if event.actuality == "potential":
            because = Phrase.of("ignored-potential-event")
        if because is not None:
            ignored.append(IgnoredRecord(source, because))
        else:
            found.append(
                IntoleranceRecord(
                    is_allergy=False, day=day, as_received=_shown(event.event), source=source
                )
            )


def _names_sorafenib(allergy: AllergyIntolerance, named: NamedDrugs) -> bool:
    concepts = [allergy.code, *(reaction.substance for reaction in each(allergy.reaction))]
    return any(
        _SORAFENIB in named.systemic(product_of(concept, None, None))
        for concept in concepts
        if concept is not None
    )


def _allergy_refused(allergy: AllergyIntolerance) -> Phrase | None:
    if not _REFUTED.isdisjoint(_codes(allergy.verification_status)):
        return Phrase.of("ignored-refuted")
    clinical = _codes(allergy.clinical_status)
    if clinical and "active" not in clinical:
        return Phrase.of("ignored-not-active")
    return None


def _codes(status: CodeableConcept | str | None) -> set[str]:
    if status is None:
        return set()
    if isinstance(status, str):
        return {status.lower()}
    return {coding.code.lower() for coding in each(status.coding) if coding.code}


def _suspects_sorafenib(event: AdverseEvent, record: PatientRecord, named: NamedDrugs) -> bool:
    return any(
        entity.instance is not None and _is_sorafenib(event, entity.instance, record, named)
        for entity in each(event.suspect_entity)
    )


def _is_sorafenib(
    event: AdverseEvent, reference: Reference, record: PatientRecord, named: NamedDrugs
) -> bool:
    medication = contained_medication(event.contained, reference) or record.referred(
        reference, Medication
    )
    products = [product_of(None, reference, medication)]
    if (stated := record.referred(reference, MedicationStatement)) is not None:
        products.append(record_product(stated, record))
    if (ordered := record.referred(reference, MedicationRequest)) is not None:
        products.append(record_product(ordered, record))
    if (given := record.referred(reference, MedicationAdministration)) is not None:
        products.append(record_product(given, record))
    if (handed := record.referred(reference, MedicationDispense)) is not None:
        products.append(record_product(handed, record))
    return any(_SORAFENIB in named.systemic(product) for product in products)


def _future(day: DayBound | None, on: date) -> Phrase | None:
    if day is not None and day.earliest > on + timedelta(days=1):
        return Phrase.of("ignored-future-date")
    return None


def _shown(concept: CodeableConcept | None) -> str:
    if concept is None:
        return ""
    if concept.text:
        return concept.text[:200]
    return next((coding.display[:200] for coding in each(concept.coding) if coding.display), "")
