"""The whole chart as a PatientCase, and the question before it: whether there is liver cancer."""

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import Final, Protocol, TypeVar

import msgspec

from fhir_mappings.chart.projections import CodeableConcept, Condition, Procedure
from fhir_mappings.chart.record import MEDICATION_KEYS, ChartSources, PatientRecord, read_record
from fhir_mappings.chart.subjects import source_of
from fhir_mappings.clinical_facts.conditions import (
    KINDS,
    OF_INTEREST,
    ConditionReadings,
    read_conditions,
    read_procedures,
)
from fhir_mappings.clinical_facts.measurements import OBSERVED, Measurements, read_measurements
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.clinical_facts.patient import read_person
from fhir_mappings.clinical_facts.possible_diagnoses import possible_diagnoses
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.drugs.medications import MedicationReadings, read_drugs
from fhir_mappings.errors import NeededDataAbsent
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.answer import Phrase
from hcc_pathway.case import Availability, IgnoredRecord, PatientCase
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_NEVER_ASKED: Final = frozenset({Availability.ABSENT, Availability.NOT_OFFERED})
_NOT_HAD: Final = _NEVER_ASKED | {Availability.FAILED}
# Every EHR has orders; statements and administrations are absent from many.
_EXPECTED: Final = "medicationRequests"
_CONCERN: Final = OF_INTEREST | OBSERVED


def has_liver_cancer(
    sources: ChartSources,
    patient_id: str | None,
    code_book: CodeBook,
    on: date,
    zone: tzinfo,
) -> bool:
    """Whether any active condition is a liver cancer; reads only patient and conditions.

    Raises ChartRejected, and NeededDataAbsent where conditions cannot be had, or where they are
    cut and none that was had is a liver cancer: it may be one of those that are missing.
    """
    record = read_record(
        sources,
        patient_id,
        keys=("patient", "conditions"),
        types=("Patient", "Condition"),
        concerns=lambda code: code_book.belongs(code, KINDS.keys()),
    )
    _require_conditions(record)
    readings = read_conditions(record.of(Condition), code_book, Place(on, zone))
    if readings.diagnoses or possible_diagnoses(record.unreadable_conditions, code_book):
        return True
    if record.availability["conditions"] is Availability.TRUNCATED:
        raise NeededDataAbsent(("conditions",))
    return False


def read_case(  # noqa: PLR0913 - the chart, the knowledge, the site and the day
    sources: ChartSources,
    *,
    patient_id: str | None,
    knowledge: KnowledgeOnDay,
    local_codes: Mapping[str, str],
    on: date,
    zone: tzinfo,
    iu_to_ng: Decimal | None = None,
) -> PatientCase:
    """Read all that the pathway needs of one patient.

    ``patient_id`` may be None for a whole chart with exactly one Patient. ``iu_to_ng`` is the
    site's own AFP factor (ng per IU). Raises ChartRejected and NeededDataAbsent.
    """
    book = CodeBook.of(knowledge, local_codes)

    def concerns(code: CodeableConcept | None) -> bool:
        return book.belongs(code, _CONCERN)

    record = read_record(sources, patient_id, concerns=concerns)
    _require_conditions(record)
    _require_medications(record)
    place = Place(on, zone)
    conditions = read_conditions(record.of(Condition), book, place)
    if not conditions.diagnoses:
        conditions.diagnoses = possible_diagnoses(record.unreadable_conditions, book)
    read_procedures(record.of(Procedure), conditions, book, place)
    measured = read_measurements(record, book, knowledge, place, iu_to_ng)
    given = read_drugs(record, knowledge, NamedDrugs.of(knowledge, local_codes), place)
    _drop_ambiguous(given, record)
    return _assemble(record, place, conditions, measured, given)


def _require_conditions(record: PatientRecord) -> None:
    if record.availability.get("conditions", Availability.ABSENT) in _NOT_HAD:
        raise NeededDataAbsent(("conditions",))


def _require_medications(record: PatientRecord) -> None:
    if all(record.availability.get(key) in _NOT_HAD for key in MEDICATION_KEYS):
        raise NeededDataAbsent(MEDICATION_KEYS)


def _drop_ambiguous(given: MedicationReadings, record: PatientRecord) -> None:
    """Take out drug records that name an element twice."""
    sources = {one.source for one in given.drugs}
    ambiguous = {source for source in sources if record.is_ambiguous(source)}
    given.drugs = [one for one in given.drugs if one.source not in ambiguous]
    because = Phrase.of("ignored-repeated-keys")
    given.ignored += [IgnoredRecord(source, because) for source in ambiguous]


def _assemble(
    record: PatientRecord,
    place: Place,
    conditions: ConditionReadings,
    measured: Measurements,
    given: MedicationReadings,
) -> PatientCase:
    person = read_person(record.patient, place)
    had = record.availability
    problems = [*record.problems, *conditions.ignored, *measured.ignored, *given.ignored]
    return PatientCase(
        patient_source=source_of("Patient", record.patient_id),
        birth=person.birth,
        deceased=person.deceased,
        sex=person.sex,
        conditions=had["conditions"],
        observations=had["observations"],
        medication_sources=_medication_sources(had, given),
        procedures=had["procedures"],
        allergies=had["allergies"],
        diagnoses=_in_order(conditions.diagnoses),
        drugs=_in_order(given.drugs),
        intolerances=_in_order([*given.intolerances, *measured.intolerances]),
        progressions=_in_order(measured.progressions),
        afp=_in_order(measured.readings["alpha-fetoprotein"]),
        bilirubin=_in_order(measured.readings["bilirubin"]),
        albumin=_in_order(measured.readings["albumin"]),
        inr=_in_order(measured.readings["inr"]),
        ecog=_in_order(measured.ecog),
        stored_child_pugh=_in_order(measured.stored_child_pugh),
        ascites=_in_order(conditions.ascites),
        encephalopathy=_in_order(conditions.encephalopathy),
        cautions=_in_order([*conditions.cautions, *given.cautions]),
        context=_in_order([*conditions.context, *measured.context]),
        ignored=_in_order(problems),
        resources_of_other_patients=record.resources_of_other_patients,
    )


def _medication_sources(
    had: Mapping[str, Availability], given: MedicationReadings
) -> tuple[tuple[str, Availability], ...]:
    """Say what became of each medication source.

    Whoever sends no MedicationRequests may leave out a drug already given, which must not be
    offered again in silence (A19): the expected source, when absent, could not be had. Where no
    drug is known at all, a source that failed may hold the whole treatment: the history is cut
    then, and the patient not called untreated. So it is where a drug is a reference that leads
    nowhere.
    """
    found = []
    for key in MEDICATION_KEYS:
        state = had[key]
        if key in given.cut or (state is Availability.FAILED and not given.drugs):
            state = Availability.TRUNCATED
        elif state in _NEVER_ASKED and key == _EXPECTED:
            state = Availability.FAILED
        found.append((key, state))
    return tuple(found)


class _Sourced(Protocol):
    @property
    def source(self) -> str: ...


_T = TypeVar("_T", bound=_Sourced)
_in_full: Final = msgspec.json.Encoder(order="deterministic").encode


def _in_order(facts: Iterable[_T]) -> tuple[_T, ...]:
    """Sort by source, then by all else, so that equal charts give equal cases."""
    found = sorted(facts, key=lambda one: one.source)
    if any(one.source == other.source for one, other in pairwise(found)):
        found.sort(key=lambda one: (one.source, _in_full(one)))
    return tuple(found)
