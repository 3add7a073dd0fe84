"""ECOG performance status, as a number, a coded grade or a short text; Karnofsky converted."""

import re
from typing import Final

from fhir_mappings.chart.projections import Observation, Quantity
from fhir_mappings.clinical_facts.observations import Dated
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.answer import Phrase
from hcc_pathway.case import EcogReading
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_ECOG_GRADES: Final = range(6)
_KARNOFSKY_HIGHEST: Final = 100
_DEAD: Final = 5
# Blanks are one each before it is used: runs of them could be divided in very many ways.
_IN_TEXT: Final = re.compile(
    r"(?:ECOG ?)?(?:PS ?)?(?:grade ?)?[:=]? ?(\d{1,3}) ?%?", re.ASCII | re.IGNORECASE
)


def read_performance_status(
    found: Dated, book: CodeBook, knowledge: KnowledgeOnDay
) -> EcogReading | Phrase:
    """Read an ECOG grade, or a Karnofsky percentage as the grade it corresponds to (4c)."""
    karnofsky = "ecog" not in found.value_sets
    number = _number(found.observation, book)
    if isinstance(number, Phrase):
        return number
    notes: tuple[Phrase, ...] = ()
    received = str(number)
    if karnofsky:
        if not 0 <= number <= _KARNOFSKY_HIGHEST:
            return Phrase.of("ignored-implausible")
        notes = (Phrase.of("note-ecog-from-karnofsky", karnofsky=number),)
        received = f"Karnofsky {number}"
        number = _from_karnofsky(number, knowledge)
    if number not in _ECOG_GRADES:
        return Phrase.of("ignored-implausible")
    return EcogReading(
        grade=number,
        earliest=found.time.earliest,
        latest=found.time.latest,
        recorded_on=found.day,
        as_received=received,
        source=found.source,
        coded_as=found.coded_as,
        notes=notes,
    )


def _number(observation: Observation, book: CodeBook) -> int | Phrase:
    if observation.value_integer is not None:
        return observation.value_integer
    if observation.value_quantity is not None:
        return whole_quantity(observation.value_quantity)
    if observation.value_codeable_concept is not None:
        points = book.points_of(observation.value_codeable_concept)
        if len(points) == 1:
            return next(iter(points))
        return Phrase.of("ignored-value-not-known")
    if observation.value_string is not None:
        text = _IN_TEXT.fullmatch(" ".join(observation.value_string.split()))
        return int(text.group(1)) if text else Phrase.of("ignored-text-not-readable")
    return Phrase.of("ignored-no-value")


def whole_quantity(quantity: Quantity) -> int | Phrase:
    """Give a Quantity that stands for a grade or score as an integer."""
    value = quantity.value
    if value is None:
        return Phrase.of("ignored-no-value")
    if quantity.comparator is not None:
        return Phrase.of("ignored-unknown-comparator")
    if not value.is_finite() or value.adjusted() > 3 or value != value.to_integral_value():  # noqa: PLR2004 - no score has five digits
        return Phrase.of("ignored-implausible")
    return int(value)


def _from_karnofsky(percent: int, knowledge: KnowledgeOnDay) -> int:
    return next(
        (
            grade
            for grade in range(_DEAD)
            if percent >= knowledge.parameter(f"karnofsky-lowest-of-ecog-{grade}")
        ),
        _DEAD,
    )
