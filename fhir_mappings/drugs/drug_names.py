"""Which drug a medication is: by ingredient code, else by its name or brand in words.

Pharmacies send product codes that no public table resolves, so the words beside the code decide
where the code does not: whole words only, in the names of the reviewed knowledge.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from fhir_mappings.chart.medication_projections import Medication
from fhir_mappings.chart.projections import CodeableConcept, Quantity, Reference, each
from fhir_mappings.drugs.amounts import is_plausible
from fhir_mappings.values.codes import CodeBook
from fhir_mappings.values.kept_texts import LONGEST_NAMES_KEPT
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_STRENGTH: Final = re.compile(r"(?<![\d.,/-])(\d{1,4}(?:\.\d+)?) ?mg\b(?!/)", re.IGNORECASE)
_NOT_SYSTEMIC: Final = re.compile(
    r"\b(?:cream|ointment|shampoo|gel|topical|ophthalmic|eye drops?|intravitreal)\b"
)
_BOOKS_KEPT: Final = 64
_WORDS_KEPT: Final = 4096
_INTERACTING: Final = ("strong-cyp3a4-inhibitor", "strong-cyp3a4-inducer")


class NamedDrugs(msgspec.Struct, frozen=True, eq=False):
    """The drugs of the knowledge by value set and by name; compared by identity and kept."""

    book: CodeBook
    by_value_set: Mapping[str, str]  # "drug-sorafenib" -> "sorafenib"
    names: Mapping[str, str]  # "nexavar" -> "sorafenib"
    interacting: Mapping[str, str]  # "rifampin" -> "strong-cyp3a4-inducer"

    @classmethod
    def of(cls, knowledge: KnowledgeOnDay, local_codes: Mapping[str, str]) -> "NamedDrugs":
        """Join the reviewed drugs with a site's own codes; made once for each day's knowledge."""
        return _named_drugs(knowledge, CodeBook.of(knowledge, local_codes))

    def systemic(self, product: "Product") -> tuple[str, ...]:
        """Give the systemic drugs of the pathway that a product is, in alphabetical order."""
        coded = {
            self.by_value_set[set_id]
            for concept in product.concepts
            for set_id in self.book.value_sets(concept)
            if set_id in self.by_value_set
        }
        if coded:
            return tuple(sorted(coded))
        return _systemic_in_words(self, product.words)

    def cite(self, product: "Product") -> str:
        """Name the code by which a product is known: "RxNorm 495881"; "" where words alone do."""
        return next(filter(None, map(self.book.cite, product.concepts)), "")

    def known(self, product: "Product") -> bool:
        """Whether any code of a product is in the reviewed knowledge or among the site's own."""
        return any(self.book.value_sets(concept) for concept in product.concepts)

    def interactions(self, product: "Product") -> tuple[str, ...]:
        """Give the value sets of interacting drugs that a product belongs to, by its name."""
        coded = {
            set_id for concept in product.concepts for set_id in self.book.value_sets(concept)
        }
        found = coded.intersection(_INTERACTING) | _interacting_in_words(self, product.words)
        return tuple(sorted(found))


class Product(msgspec.Struct, frozen=True):
    """What a medication record says about its product: codes, words, and strength of a tablet."""

    concepts: tuple[CodeableConcept, ...]
    words: str  # lower case: all displays and texts
    shown: str  # as a person saw it
    strength_mg: Decimal | None

    @property
    def nameless(self) -> bool:
        """Whether there is no word at all by which the product could be known."""
        return not self.words


def product_of(
    concept: CodeableConcept | None, reference: Reference | None, medication: Medication | None
) -> Product:
    """Join a record's own concept, the words of its reference, and the resource referred to."""
    concepts = [concept] if concept is not None else []
    strengths: list[Decimal] = []
    if medication is not None:
        if medication.code is not None:
            concepts.append(medication.code)
        for ingredient in each(medication.ingredient):
            if ingredient.item_codeable_concept is not None:
                concepts.append(ingredient.item_codeable_concept)
            if ingredient.strength is not None:
                strengths += _per_tablet(
                    ingredient.strength.numerator, ingredient.strength.denominator
                )
    seen = [words for one in concepts for words in _words(one)]
    if reference is not None and reference.display:
        seen.append(reference.display)
    if not strengths:
        strengths = [strength for words in seen for strength in _strengths_in(words)]
    return Product(
        concepts=tuple(concepts),
        words=" ; ".join(seen).lower().replace("\u2019", "'"),
        shown=next(iter(seen), ""),
        strength_mg=strengths[0] if len(set(strengths)) == 1 else None,
    )


def _words(concept: CodeableConcept) -> list[str]:
    """Give the words of a concept, what a person saw first."""
    words = [concept.text] if concept.text else []
    return words + [coding.display for coding in each(concept.coding) if coding.display]


def _per_tablet(numerator: Quantity | None, denominator: Quantity | None) -> list[Decimal]:
    """Give milligrams per one tablet; a strength per millilitre is none."""
    if numerator is None or numerator.value is None:
        return []
    if (numerator.code or numerator.unit or "").lower() != "mg":
        return []
    counted = Decimal(1) if denominator is None else denominator.value
    if not is_plausible(numerator.value) or counted is None or not is_plausible(counted):
        return []
    if denominator is not None and (
        counted != 1 or (denominator.code or denominator.unit or "").lower() == "ml"
    ):
        return []
    return [numerator.value]


def _strengths_in(words: str) -> tuple[Decimal, ...]:
    read = _kept_strengths if len(words) <= LONGEST_NAMES_KEPT else _kept_strengths.__wrapped__
    return read(words)


@lru_cache(_WORDS_KEPT)
def _kept_strengths(words: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(found) for found in _STRENGTH.findall(words))


@lru_cache(_BOOKS_KEPT)
def _named_drugs(knowledge: KnowledgeOnDay, book: CodeBook) -> NamedDrugs:
    return NamedDrugs(
        book=book,
        by_value_set={drug.value_set: drug.id for drug in knowledge.drugs.values()},
        names=knowledge.drug_names,
        interacting={
            name: set_id
            for set_id in _INTERACTING
            if set_id in knowledge.value_sets
            for name in knowledge.value_sets[set_id].names
        },
    )


def _systemic_in_words(named: NamedDrugs, words: str) -> tuple[str, ...]:
    read = _kept_systemic if len(words) <= LONGEST_NAMES_KEPT else _kept_systemic.__wrapped__
    return read(named, words)


# the same few products stand in many records
@lru_cache(_WORDS_KEPT)
def _kept_systemic(named: NamedDrugs, words: str) -> tuple[str, ...]:
    if _NOT_SYSTEMIC.search(words):
        return ()
    return tuple(sorted({named.names[name] for name in _found(named.names, words)}))


def _interacting_in_words(named: NamedDrugs, words: str) -> frozenset[str]:
    is_short = len(words) <= LONGEST_NAMES_KEPT
    read = _kept_interacting if is_short else _kept_interacting.__wrapped__
    return read(named, words)


@lru_cache(_WORDS_KEPT)
def _kept_interacting(named: NamedDrugs, words: str) -> frozenset[str]:
    if _NOT_SYSTEMIC.search(words):
        return frozenset()
    return frozenset(named.interacting[name] for name in _found(named.interacting, words))


def _found(names: Mapping[str, str], words: str) -> Iterable[str]:
    return _expression(tuple(names)).findall(words) if words and names else ()


@lru_cache(maxsize=16)
def _expression(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
