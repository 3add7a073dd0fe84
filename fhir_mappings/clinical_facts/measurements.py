"""Every Observation of interest, each sorted to its reader."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeVar

import msgspec

from fhir_mappings.chart.projections import Observation
from fhir_mappings.chart.record import PatientRecord
from fhir_mappings.clinical_facts.not_tolerated import read_not_tolerated
from fhir_mappings.clinical_facts.observations import ANALYTES, Dated, Place, dated, reading
from fhir_mappings.clinical_facts.performance_status import read_performance_status
from fhir_mappings.clinical_facts.progression import read_progression
from fhir_mappings.clinical_facts.stored_child_pugh import CLASS_SETS, read_stored_child_pugh
from fhir_mappings.clinical_facts.weight import read_weight
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.units import Factors
from hcc_pathway.answer import Phrase
from hcc_pathway.case import (
    ContextFact,
    EcogReading,
    IgnoredRecord,
    ProgressionRecord,
    Reading,
    StoredChildPugh,
)
from hcc_pathway.drug_record import IntoleranceRecord
from hcc_pathway.findings.latest import latest
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_STATUS: Final = frozenset({"ecog", "karnofsky"})
_CHILD_PUGH: Final = frozenset({"child-pugh-score", *CLASS_SETS})
_NOT_TOLERATED: Final = "treatment-not-tolerated"
_EXCLUDED: Final = "alpha-fetoprotein-excluded"
# Shown for context only, each with its reader; a prothrombin time is not read as an INR.
_CONTEXT: Final[dict[str, Callable[[Dated], ContextFact | Phrase]]] = {
    "body-weight": read_weight,
    "prothrombin-time": lambda _found: Phrase.of("ignored-prothrombin-time"),
}
OBSERVED: Final = frozenset(
    {
        *ANALYTES,
        _EXCLUDED,
        *_STATUS,
        *_CHILD_PUGH,
        *_CONTEXT,
        "disease-status",
        _NOT_TOLERATED,
    }
)
_PLAIN_RESULTS: Final = frozenset(frozenset({analyte}) for analyte in ANALYTES)

_T = TypeVar("_T", Reading, EcogReading, StoredChildPugh)
_F = TypeVar(
    "_F",
    Reading,
    EcogReading,
    StoredChildPugh,
    ProgressionRecord,
    IntoleranceRecord,
    ContextFact,
)


class Measurements(msgspec.Struct):
    """What the observations of a chart say."""

    readings: dict[str, list[Reading]]
    ecog: list[EcogReading] = []
    stored_child_pugh: list[StoredChildPugh] = []
    progressions: list[ProgressionRecord] = []
    intolerances: list[IntoleranceRecord] = []
    context: list[ContextFact] = []
    ignored: list[IgnoredRecord] = []


def read_measurements(
    record: PatientRecord,
    book: CodeBook,
    knowledge: KnowledgeOnDay,
    place: Place,
    iu_to_ng: Decimal | None,
) -> Measurements:
    """Read the laboratory values, scores, disease status and weight of a chart."""
    factors = Factors.of(knowledge, iu_to_ng)
    usable, ignored = dated(record.of(Observation), book, place)
    measured = Measurements({analyte: [] for analyte in ANALYTES}, ignored=ignored)
    for found in usable:
        if found.value_sets in _PLAIN_RESULTS:  # most are: no need to ask on
            _keep_result(measured, found, factors)
        elif found.value_sets & _STATUS:
            _keep(measured, measured.ecog, found, read_performance_status(found, book, knowledge))
        elif found.value_sets & _CHILD_PUGH:
            stored = read_stored_child_pugh(found, book, knowledge)
            _keep(measured, measured.stored_child_pugh, found, stored)
        elif "disease-status" in found.value_sets:
            status = read_progression(found, record.passed_over, book, place.zone)
            _keep(measured, measured.progressions, found, status)
        elif _NOT_TOLERATED in found.value_sets:
            reaction = read_not_tolerated(found, book, place.zone)
            _keep(measured, measured.intolerances, found, reaction)
        elif context := found.value_sets & _CONTEXT.keys():
            _keep(measured, measured.context, found, _CONTEXT[min(context)](found))
        else:
            _keep_result(measured, found, factors)
    for results in measured.readings.values():
        _drop_ambiguous(measured, results, record)
    _drop_ambiguous(measured, measured.ecog, record)
    _drop_ambiguous(measured, measured.stored_child_pugh, record)
    _drop_every_ambiguous(measured, measured.progressions, record)
    _drop_every_ambiguous(measured, measured.intolerances, record)
    return measured


def _drop_ambiguous(measured: Measurements, kept: list[_T], record: PatientRecord) -> None:
    """Take out ambiguous readings until none of those that may be the latest is one."""
    while ambiguous := [one for one in latest(kept) if record.is_ambiguous(one.source)]:
        for one in ambiguous:
            _drop(measured, kept, one)


def _drop_every_ambiguous(measured: Measurements, kept: list[_F], record: PatientRecord) -> None:
    for one in [one for one in kept if record.is_ambiguous(one.source)]:
        _drop(measured, kept, one)


def _drop(measured: Measurements, kept: list[_F], fact: _F) -> None:
    kept.remove(fact)
    measured.ignored.append(IgnoredRecord(fact.source, Phrase.of("ignored-repeated-keys")))


def _keep_result(measured: Measurements, found: Dated, factors: Factors) -> None:
    analytes = [analyte for analyte in ANALYTES if analyte in found.value_sets]
    if not analytes:
        _keep(measured, measured.context, found, Phrase.of("ignored-other-specimen"))
    elif len(analytes) > 1:
        _keep(measured, measured.context, found, Phrase.of("ignored-codes-disagree"))
    else:
        kept = measured.readings[analytes[0]]
        _keep(measured, kept, found, reading(analytes[0], found, factors))


def _keep(measured: Measurements, kept: list[_F], found: Dated, fact: _F | Phrase | None) -> None:
    if isinstance(fact, Phrase):
        measured.ignored.append(IgnoredRecord(found.source, fact))
    elif fact is not None:
        kept.append(fact)
