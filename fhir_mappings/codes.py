"""Which value sets of the knowledge a code of the chart belongs to.

System and code decide, never a text: similar analytes have similar names. A site's local codes
are looked up in the same way, by ``system|code``.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

import msgspec

from fhir_mappings.projections import CodeableConcept, Coding, each
from hcc_pathway.knowledge_base import KnowledgeOnDay


class _WithPoints(Protocol):
    @property
    def points(self) -> int | None: ...


class CodeBook(msgspec.Struct, frozen=True):
    """The codes of the reviewed knowledge and of one site."""

    concepts: Mapping[tuple[str, str], tuple[str, ...]]
    systems: Mapping[str, str]  # any name of a code system -> its canonical URI
    codes: Mapping[tuple[str, str], _WithPoints]  # for the numbers that codes themselves fix
    local: Mapping[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def of(cls, knowledge: KnowledgeOnDay, local_codes: Mapping[str, str]) -> "CodeBook":
        """Join knowledge and a site's codes, e.g. ``{"urn:oid:1.2.3|AFP": "alpha-fetoprotein"}``.

        Cheap enough for every request: the knowledge is referred to, not copied.
        """
        return cls(
            concepts=knowledge.concepts,
            systems=knowledge.systems,
            codes=knowledge.codes,
            local={
                (system, code): (value_set,)
                for key, value_set in local_codes.items()
                for system, _, code in (key.rpartition("|"),)
            },
        )

    def value_sets(self, concept: CodeableConcept | None) -> frozenset[str]:
        """Give the ids of every value set that holds one of the codings."""
        if concept is None:
            return frozenset()
        found: set[str] = set()
        for coding in each(concept.coding):
            found.update(self.value_sets_of(coding))
        return frozenset(found)

    def belongs(self, concept: CodeableConcept | None, value_sets: AbstractSet[str]) -> bool:
        """Whether one of the codings belongs to one of the value sets."""
        if concept is None:
            return False
        for coding in each(concept.coding):
            found = self.value_sets_of(coding)
            if found and not value_sets.isdisjoint(found):
                return True
        return False

    def value_sets_of(self, coding: Coding) -> tuple[str, ...]:
        """Give the ids of every value set that holds a coding."""
        if coding.system is None or coding.code is None:
            return ()
        as_sent = (coding.system, coding.code)
        found = self.concepts.get(as_sent)
        if found is not None:
            return found
        if self.local and as_sent in self.local:
            return self.local[as_sent]
        canonical = (self.canonical(coding.system), coding.code.strip())
        return () if canonical == as_sent else self.concepts.get(canonical, ())

    def points_of(self, concept: CodeableConcept | None) -> frozenset[int]:
        """Give the numbers that the codings fix (a grade, a score)."""
        found = (
            self.codes.get((self.canonical(coding.system), coding.code))
            for coding in each(concept.coding if concept else None)
            if coding.system is not None and coding.code is not None
        )
        return frozenset(code.points for code in found if code and code.points is not None)

    def canonical(self, system: str) -> str:
        """Resolve an alias of a code system; an unknown system comes back unchanged."""
        return self.systems.get(system, system)

    def of_system(self, concept: CodeableConcept | None, value_sets: Iterable[str]) -> str | None:
        """Give the first code of a concept that belongs to one of the value sets."""
        wanted = set(value_sets)
        for coding in each(concept.coding if concept else None):
            if wanted.intersection(self.value_sets_of(coding)):
                return coding.code
        return None
