"""Conditions and drugs that only a site's own codes name: for a person to look at.

A liver cancer or sorafenib that is coded in no system known here is not seen at all, and no card
tells. What has a code of a known system as well, or a name that is understood, is not listed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from fhir_mappings.chart.medication_projections import (
    Medication,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import CodeableConcept, Coding, Condition, each
from fhir_mappings.chart.record import MEDICATION_KEYS, ChartSources, PatientRecord, read_record
from fhir_mappings.clinical_facts.unmapped_codes import UnmappedCode
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.drugs.medication_status import MedicationRecord
from fhir_mappings.drugs.products import record_product
from fhir_mappings.values.codes import CodeBook

_DRUG_RECORDS: Final[tuple[type[MedicationRecord], ...]] = (
    MedicationRequest,
    MedicationStatement,
    MedicationAdministration,
    MedicationDispense,
)
_LIVER_CANCERS: Final = (
    (
        "hepatocellular-carcinoma",
        re.compile(r"hepatocell|liver cell carc|\bhcc\b|hepatoma", re.IGNORECASE),
    ),
    (
        "liver-cancer-unspecified",
        re.compile(r"liver.{0,20}(cancer|malign)|(cancer|malign).{0,20}liver", re.IGNORECASE),
    ),
)


def local_condition_codes(
    sources: ChartSources, patient_id: str, book: CodeBook
) -> tuple[UnmappedCode, ...]:
    """List the codes of this patient's conditions that only the site knows.

    Those whose words are a liver cancer's come first, with a proposal. Raises ChartRejected.
    """
    types = {Condition.__name__}
    record = read_record(sources, patient_id, keys=("patient", "conditions"), types=types)
    return _grouped(_conditions(record, book), book)


def local_drug_codes(
    sources: ChartSources, patient_id: str, named: NamedDrugs
) -> tuple[UnmappedCode, ...]:
    """List the codes of this patient's drugs that only the site knows. Raises ChartRejected."""
    types = {kind.__name__ for kind in (Medication, *_DRUG_RECORDS)}
    record = read_record(sources, patient_id, keys=("patient", *MEDICATION_KEYS), types=types)
    return _grouped(_drugs(record, named), named.book)


def _grouped(concepts: Iterable[CodeableConcept], book: CodeBook) -> tuple[UnmappedCode, ...]:
    found: dict[tuple[str, str], list[Coding]] = {}
    for concept in concepts:
        for coding in _local(concept, book):
            shown = coding if coding.display else Coding(display=concept.text)
            found.setdefault((coding.system or "", coding.code or ""), []).append(shown)
    listed = (_listed(*code, codings) for code, codings in found.items())
    return tuple(sorted(listed, key=lambda one: (one.proposal is None, -one.count, one.code)))


def _conditions(record: PatientRecord, book: CodeBook) -> Iterator[CodeableConcept]:
    for condition in record.of(Condition):
        if condition.code is not None and not book.value_sets(condition.code):
            yield condition.code


def _drugs(record: PatientRecord, named: NamedDrugs) -> Iterator[CodeableConcept]:
    for kind in _DRUG_RECORDS:
        for resource in record.of(kind):
            product = record_product(resource, record)
            if not named.systemic(product) and not named.known(product):
                yield from product.concepts


def _local(concept: CodeableConcept, book: CodeBook) -> list[Coding]:
    """Give the codings of a concept that has none in a known system."""
    codings = [one for one in each(concept.coding) if one.system and one.code]
    if any(book.canonical(one.system or "") in book.system_names for one in codings):
        return []
    return codings


def _listed(system: str, code: str, codings: Iterable[Coding]) -> UnmappedCode:
    shown = [one.display or "" for one in codings]
    display = next(filter(None, shown), "")
    words = (name for name, pattern in _LIVER_CANCERS if pattern.search(display))
    return UnmappedCode(
        system=system,
        code=code,
        display=display,
        units=(),
        lowest=None,
        highest=None,
        count=len(shown),
        proposal=next(words, None),
    )
