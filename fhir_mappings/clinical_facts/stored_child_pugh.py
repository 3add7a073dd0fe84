"""A Child-Pugh score or class that somebody recorded, as number, code or short text."""

import re
from typing import Final

from fhir_mappings.chart.projections import CodeableConcept
from fhir_mappings.clinical_facts.observations import Dated
from fhir_mappings.clinical_facts.performance_status import whole_quantity
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.concepts import name_of
from hcc_pathway.answer import Phrase
from hcc_pathway.case import StoredChildPugh
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.liver_function.child_pugh import HIGHEST_SCORE, LOWEST_SCORE, class_of

CLASS_SETS: Final = {
    "child-pugh-class-a": "A",
    "child-pugh-class-b": "B",
    "child-pugh-class-c": "C",
}
# Blanks are one each before it is used: runs of them could be divided in very many ways.
_IN_TEXT: Final = re.compile(
    r"(?:child[ -]{0,3}(?:turcotte[ -]{0,3})?pugh ?)?(?:class|score|grade)? ?[:=]? ?"
    r"(?:([ABC]) ?(?:[(,-]? ?(\d{1,2}) ?(?:points?)? ?\)?)?|(\d{1,2}) ?(?:points?)?)",
    re.ASCII | re.IGNORECASE,
)
_Found = tuple[int | None, str | None, str]  # score, class, as received


def read_stored_child_pugh(
    found: Dated, book: CodeBook, knowledge: KnowledgeOnDay
) -> StoredChildPugh | Phrase:
    """Read a stored score (5 to 15) or class; one that contradicts itself is not used."""
    read = _read(found, book)
    if isinstance(read, Phrase):
        return read
    score, letter, received = read
    if score is not None and not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        return Phrase.of("ignored-implausible")
    if score is not None and letter is not None and class_of(score, knowledge) != letter:
        return Phrase.of("ignored-score-contradicts-class")
    if score is not None:
        letter = class_of(score, knowledge)
    return StoredChildPugh(
        score=score,
        child_pugh_class=letter,
        earliest=found.time.earliest,
        latest=found.time.latest,
        recorded_on=found.day,
        as_received=received,
        source=found.source,
        coded_as=found.coded_as,
    )


def _read(found: Dated, book: CodeBook) -> _Found | Phrase:
    observation = found.observation
    if observation.value_integer is not None:
        return observation.value_integer, None, str(observation.value_integer)
    if observation.value_quantity is not None:
        number = whole_quantity(observation.value_quantity)
        return number if isinstance(number, Phrase) else (number, None, str(number))
    if observation.value_codeable_concept is not None:
        return _coded(observation.value_codeable_concept, book)
    if observation.value_string is not None:
        return _written(observation.value_string)
    return _coded(observation.code, book)


def _coded(concept: CodeableConcept | None, book: CodeBook) -> _Found | Phrase:
    letters = {CLASS_SETS[one] for one in book.value_sets(concept) if one in CLASS_SETS}
    if len(letters) != 1:
        if not letters and concept is not None and concept.text and not concept.coding:
            return _written(concept.text)
        return Phrase.of("ignored-value-not-known" if concept else "ignored-no-value")
    points = book.points_of(concept)
    score = next(iter(points)) if len(points) == 1 else None
    return score, letters.pop(), name_of(concept)


def _written(text: str) -> _Found | Phrase:
    form = _IN_TEXT.fullmatch(" ".join(text.split()))
    if form is None:
        return Phrase.of("ignored-text-not-readable")
    letter, beside, alone = form.groups()
    score = beside or alone
    received = " ".join(text.split())
    return (int(score) if score else None), (letter.upper() if letter else None), received
