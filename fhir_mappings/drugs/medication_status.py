"""Status and reasons of medication records, freed of each resource type's own words."""

import re
from typing import Final

from fhir_mappings.chart.medication_projections import (
    Extension,
    MedicationAdministration,
    MedicationDispense,
    MedicationRequest,
    MedicationStatement,
)
from fhir_mappings.chart.projections import CodeableConcept, each
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.concepts import name_of
from hcc_pathway.answer import Phrase
from hcc_pathway.drug_record import DrugStatus, StopReason
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

MedicationRecord = (
    MedicationRequest | MedicationStatement | MedicationAdministration | MedicationDispense
)

_STATUS: Final[dict[type[object], dict[str, DrugStatus]]] = {
    MedicationRequest: {
        "active": DrugStatus.ACTIVE,
        "completed": DrugStatus.COMPLETED,
        "stopped": DrugStatus.STOPPED,
        "on-hold": DrugStatus.ON_HOLD,
        "unknown": DrugStatus.UNKNOWN,
    },
    MedicationStatement: {
        "active": DrugStatus.ACTIVE,
        "completed": DrugStatus.COMPLETED,
        "stopped": DrugStatus.STOPPED,
        "on-hold": DrugStatus.ON_HOLD,
        "not-taken": DrugStatus.NOT_TAKEN,
        "unknown": DrugStatus.UNKNOWN,
    },
    MedicationAdministration: {
        "completed": DrugStatus.COMPLETED,
        "in-progress": DrugStatus.COMPLETED,
        "stopped": DrugStatus.STOPPED,
        "not-done": DrugStatus.NOT_TAKEN,
        "on-hold": DrugStatus.UNKNOWN,
        "unknown": DrugStatus.UNKNOWN,
    },
    MedicationDispense: {"completed": DrugStatus.COMPLETED},
}
_NAMED_STATES: Final = frozenset(
    (
        *("entered-in-error", "draft", "cancelled", "intended", "preparation"),
        *("in-progress", "on-hold", "stopped", "declined", "unknown"),
    )
)
_NOT_ORDERED: Final = frozenset({"proposal", "option"})
_ADHERENCE: Final = "us-core-medication-adherence"
_ADHERENCE_CODE: Final = "medicationAdherence"
_STOP_REASONS: Final = {  # value set -> reason, the weightiest first
    "treatment-not-tolerated": StopReason.INTOLERANCE,
    "no-response-to-treatment": StopReason.NO_RESPONSE,
    "other-stop-reason": StopReason.OTHER,
}
_WITH_REASON: Final = frozenset(
    {DrugStatus.STOPPED, DrugStatus.COMPLETED, DrugStatus.NOT_TAKEN, DrugStatus.UNKNOWN}
)
_ADJUVANT: Final = re.compile(
    r"\b(?:neo-?)?adjuvant\b|\bclinical trial\b|\bstudy (?:drug|medication)\b|\binvestigational\b",
    re.IGNORECASE,
)


def status_of(record: MedicationRecord) -> DrugStatus | Phrase:
    """Give the state of a record, or why it does not count at all."""
    if isinstance(record, MedicationRequest):
        if record.do_not_perform:
            return Phrase.of("ignored-do-not-perform")
        if record.intent in _NOT_ORDERED:
            return Phrase.of("ignored-not-ordered")
    if record.status is None:
        return DrugStatus.UNKNOWN
    known = _STATUS[type(record)].get(record.status)
    if known is not None:
        return known
    if record.status in _NAMED_STATES:
        return Phrase.of(f"ignored-status-{record.status}")
    return Phrase.of("ignored-status-not-known")


def stop_reason_of(
    record: MedicationRecord, status: DrugStatus, knowledge: KnowledgeOnDay, book: CodeBook
) -> StopReason | None:
    """Read why a drug was stopped; a code counts, or the exact words of its display."""
    if status not in _WITH_REASON:
        return None
    concepts = each(record.status_reason)
    if isinstance(record, MedicationDispense) and record.status_reason_codeable_concept:
        concepts = [record.status_reason_codeable_concept]
    if not concepts:
        return None
    found = {set_id for concept in concepts for set_id in book.value_sets(concept)}
    words = {_plain(concept.text) for concept in concepts if concept.text}
    for set_id, reason in _STOP_REASONS.items():
        displays = {_plain(code.display) for code in knowledge.value_sets[set_id].codes}
        if set_id in found or not words.isdisjoint(displays):
            return reason
    return None


def stop_reason_words(record: MedicationRecord) -> str:
    """Give the words of the reason that a record gives for its stop."""
    if isinstance(record, MedicationDispense) and record.status_reason_codeable_concept:
        return name_of(record.status_reason_codeable_concept)
    return "; ".join(filter(None, map(name_of, each(record.status_reason))))


def adherence_of(record: MedicationRecord, book: CodeBook) -> tuple[bool | None, bool]:
    """Read the US Core adherence extension: taken as prescribed, and not taken at all."""
    for extension in each(record.extension):
        if not (extension.url or "").endswith(_ADHERENCE):
            continue
        for part in (extension, *each(extension.extension)):
            value_sets = book.value_sets(_adherence_code(part))
            if "taken-as-prescribed" in value_sets:
                return True, False
            if "not-taken-as-prescribed" in value_sets:
                return False, "not-taken-at-all" in value_sets
    return None, False


def _adherence_code(part: Extension) -> CodeableConcept | None:
    return part.value_codeable_concept if (part.url or "").endswith(_ADHERENCE_CODE) else None


def adjuvant_or_trial(record: MedicationRecord) -> bool:
    """Whether reason, extension or note speak of adjuvant use or of a trial (A24)."""
    words = [note.text or "" for note in each(record.note)]
    concepts = [*each(record.reason_code)]
    concepts += [
        extension.value_codeable_concept
        for extension in each(record.extension)
        if extension.value_codeable_concept is not None
    ]
    for concept in concepts:
        words.append(concept.text or "")
        words += [coding.display or "" for coding in each(concept.coding)]
    words += [reference.display or "" for reference in each(record.reason_reference)]
    return any(_ADJUVANT.search(text) for text in words if text)


def _plain(display: str) -> str:
    """Lower case, without the tag of the display: "(situation)"."""
    return display.lower().rsplit(" (", 1)[0].strip()
