"""What a drug was given for: a record for another cancer is no treatment of this one."""

import re
from typing import Final

from fhir_mappings.chart.projections import CodeableConcept, Condition, Reference, each
from fhir_mappings.chart.record import PatientRecord
from fhir_mappings.drugs.medication_status import MedicationRecord
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_LIVER: Final = frozenset(
    {"hepatocellular-carcinoma", "liver-cancer-unspecified", "liver-cancer-other-subtype"}
)
_OTHER: Final = "other-indication"
_LIVER_WORDS: Final = re.compile(r"\b(?:hcc|hepatocellular|liver|hepatic|hepatoma)\b")
# ICD-10: malignant neoplasms are C00 to C97; C22 is the liver, C77 to C79 are secondary
_OTHER_PRIMARY: Final = re.compile(r"C(?!22|7[789])\d\d(?:\.|$)")


def given_for_something_else(
    resource: MedicationRecord, record: PatientRecord, book: CodeBook, knowledge: KnowledgeOnDay
) -> bool:
    """Whether every reason that a record gives is another cancer; without a reason it is not."""
    concepts = [*each(resource.reason_code)]
    concepts += [_concept(reference, record) for reference in each(resource.reason_reference)]
    names = knowledge.value_sets[_OTHER].names if _OTHER in knowledge.value_sets else ()
    return bool(concepts) and all(_is_other(concept, book, names) for concept in concepts)


def _concept(reference: Reference, record: PatientRecord) -> CodeableConcept:
    """Give what a reason refers to: the condition's code, else the words of the reference.

    Conditions that matter nowhere else, such as another cancer, matter here.
    """
    condition = record.referred(reference, Condition)
    code = None if condition is None else condition.code
    if code is None and reference.reference is not None:
        code = record.passed_over.get(reference.reference)
    return code or CodeableConcept(text=reference.display)


def _is_other(concept: CodeableConcept, book: CodeBook, names: tuple[str, ...]) -> bool:
    codings = each(concept.coding)
    if not book.value_sets(concept).isdisjoint(_LIVER):
        return False
    words = " ; ".join(filter(None, (concept.text, *(coding.display for coding in codings))))
    words = words.lower()
    if _LIVER_WORDS.search(words):
        return False
    if any("icd-10" in book.canonical(c.system or "") and _other_code(c.code) for c in codings):
        return True
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names)


def _other_code(code: str | None) -> bool:
    return code is not None and _OTHER_PRIMARY.match(code) is not None
