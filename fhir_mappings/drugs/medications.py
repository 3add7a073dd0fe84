"""The systemic drugs of a chart, from all four medication types, with what stopped them.

Each record says of one drug when and at which dose, and how strongly: administered, stated,
dispensed or prescribed. Reactions to sorafenib and interacting drugs are read beside them.
"""

from datetime import timedelta, tzinfo
from decimal import Decimal
from typing import Final

import msgspec

from fhir_mappings.chart.medication_projections import (
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.record import PatientRecord
from fhir_mappings.chart.referred_medications import KEY_OF
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.drugs.dosage import Phase, read_administered, read_phases
from fhir_mappings.drugs.dose_patterns import DayCounts, pattern
from fhir_mappings.drugs.drug_days import (
    Days,
    days_of_administration,
    days_of_dispensing,
    days_of_order,
    days_of_statement,
    phased,
)
from fhir_mappings.drugs.drug_names import NamedDrugs, Product
from fhir_mappings.drugs.indications import given_for_something_else
from fhir_mappings.drugs.medication_status import (
    MedicationRecord,
    adherence_of,
    adjuvant_or_trial,
    status_of,
    stop_reason_of,
    stop_reason_words,
)
from fhir_mappings.drugs.products import record_product
from fhir_mappings.drugs.sorafenib_reactions import read_reactions
from hcc_pathway.answer import Phrase
from hcc_pathway.case import CautionRecord, IgnoredRecord
from hcc_pathway.drug_record import DrugEvidence, DrugRecord, DrugStatus, IntoleranceRecord
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_TYPES: Final[tuple[tuple[type[MedicationRecord], DrugEvidence], ...]] = (
    (MedicationRequest, DrugEvidence.PRESCRIBED),
    (MedicationStatement, DrugEvidence.STATED),
    (MedicationAdministration, DrugEvidence.ADMINISTERED),
    (MedicationDispense, DrugEvidence.DISPENSED),
)
_ONCE: Final = DayCounts.every_day(Decimal(1))
_LONGEST_SHOWN: Final = 200
# Years of daily administrations: what is beyond is not read, and the list counts as cut.
_MOST_RECORDS: Final = 1500


class MedicationReadings(msgspec.Struct):
    """What the medications, allergies and adverse events of a chart say."""

    drugs: list[DrugRecord] = []
    intolerances: list[IntoleranceRecord] = []
    cautions: list[CautionRecord] = []
    ignored: list[IgnoredRecord] = []
    cut: set[str] = set()  # prefetch keys under which a drug is not had at all: it may be any


class _Chart(msgspec.Struct, frozen=True):
    """What every record is read with."""

    record: PatientRecord
    knowledge: KnowledgeOnDay
    named: NamedDrugs
    place: Place


class _Seen(msgspec.Struct, frozen=True):
    """One resource of a systemic drug, seen from all its sides."""

    resource: MedicationRecord
    source: str
    product: Product
    evidence: DrugEvidence
    status: DrugStatus
    placed: list[tuple[Days, Phase]]


def read_drugs(
    record: PatientRecord, knowledge: KnowledgeOnDay, named: NamedDrugs, place: Place
) -> MedicationReadings:
    """Read every record of a systemic drug; other drugs only where they interact."""
    chart = _Chart(record, knowledge, named, place)
    readings = MedicationReadings()
    for kind, evidence in _TYPES:
        for resource in record.of(kind):
            if len(readings.drugs) >= _MOST_RECORDS:
                readings.cut.add(KEY_OF[kind])
                break
            _read(readings, resource, evidence, chart)
    reactions, refused = read_reactions(record, named, place)
    readings.intolerances += reactions
    readings.ignored += refused
    return readings


def _read(
    readings: MedicationReadings,
    resource: MedicationRecord,
    evidence: DrugEvidence,
    chart: _Chart,
) -> None:
    product = record_product(resource, chart.record)
    source = source_of(type(resource).__name__, resource.id)
    drugs = chart.named.systemic(product)
    if not drugs:
        if product.nameless and not chart.named.known(product):
            readings.ignored.append(IgnoredRecord(source, Phrase.of("ignored-drug-not-named")))
            if not product.concepts and not isinstance(status_of(resource), Phrase):
                readings.cut.add(KEY_OF[type(resource)])
        else:
            readings.cautions += _interactions(resource, product, source, chart)
        return
    status = _counted(resource, chart)
    if isinstance(status, Phrase):
        readings.ignored.append(IgnoredRecord(source, status))
        return
    placed = _placed(resource, product, chart.place.zone)
    first = placed[0][0].first
    if first is not None and first.earliest > chart.place.on + timedelta(days=1):
        readings.ignored.append(IgnoredRecord(source, Phrase.of("ignored-future-date")))
        return
    seen = _Seen(resource, source, product, evidence, status, placed)
    for drug in drugs:
        readings.drugs += _records(drug, seen, chart)


def _counted(resource: MedicationRecord, chart: _Chart) -> DrugStatus | Phrase:
    """Give the state of a record, or why it is not used."""
    if given_for_something_else(resource, chart.record, chart.named.book, chart.knowledge):
        return Phrase.of("ignored-other-indication")
    return status_of(resource)


def _placed(
    resource: MedicationRecord, product: Product, zone: tzinfo
) -> list[tuple[Days, Phase]]:
    """Read days and doses of one resource: one entry, or one for each phase of its dosage."""
    strength = product.strength_mg
    if isinstance(resource, MedicationAdministration):
        given, words = read_administered(resource.dosage, strength)
        days = days_of_administration(resource, zone)
        several_days = days.first != days.last
        dose = None if given is None or several_days else pattern(given, _ONCE)
        return [(days, Phase(dose, as_received=words))]
    if isinstance(resource, MedicationDispense):
        phases = read_phases(resource.dosage_instruction, strength)
        phase = phases[0] if len(phases) == 1 else Phase(None)
        return [(days_of_dispensing(resource, zone, phase.dose, strength), phase)]
    if isinstance(resource, MedicationStatement):
        phases = read_phases(resource.dosage, strength)
        return phased(days_of_statement(resource, zone), phases, zone)
    phases = read_phases(resource.dosage_instruction, strength)
    return phased(days_of_order(resource, zone), phases, zone)


def _records(drug: str, seen: _Seen, chart: _Chart) -> list[DrugRecord]:
    book = chart.named.book
    as_prescribed, not_at_all = adherence_of(seen.resource, book)
    reason = stop_reason_of(seen.resource, seen.status, chart.knowledge, book)
    adjuvant = adjuvant_or_trial(seen.resource)
    coded_as = chart.named.cite(seen.product)
    reason_words = stop_reason_words(seen.resource) if reason is not None else ""
    final = len(seen.placed) - 1
    return [
        DrugRecord(
            drug=drug,
            evidence=seen.evidence,
            status=DrugStatus.NOT_TAKEN if not_at_all else seen.status,
            first_day=days.first,
            last_day=days.last,
            supply_ends=days.supply_ends,
            asserted_on=days.asserted,
            dose=phase.dose,
            stop_reason=reason if number == final else None,
            stop_reason_as_received=reason_words if number == final else "",
            taken_as_prescribed=as_prescribed,
            adjuvant_or_trial=adjuvant,
            as_received=_shown(seen.product.shown, phase.as_received),
            recorded_on=days.recorded,
            source=seen.source,
            coded_as=coded_as,
        )
        for number, (days, phase) in enumerate(seen.placed)
    ]


def _shown(*parts: str) -> str:
    return ", ".join(part for part in parts if part)[:_LONGEST_SHOWN]


def _interactions(
    resource: MedicationRecord, product: Product, source: str, chart: _Chart
) -> list[CautionRecord]:
    """Note a strong CYP3A4 inhibitor or inducer that is active."""
    found = chart.named.interactions(product)
    if not found or resource.status != "active" or isinstance(status_of(resource), Phrase):
        return []
    days = _placed(resource, product, chart.place.zone)[-1][0]
    if days.last is not None and days.last.latest < chart.place.on:
        return []
    return [
        CautionRecord(
            concern="interacting-medication",
            detail=detail,
            as_received=_shown(product.shown),
            recorded_on=days.recorded,
            source=source,
            coded_as=chart.named.cite(product),
        )
        for detail in found
    ]
