"""Which value sets of the knowledge a code of the chart belongs to.

System and code decide, never a text: similar analytes have similar names. A site's local codes
are looked up in the same way, by ``system|code``.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from fhir_mappings.chart.projections import CodeableConcept, Coding, each
from fhir_mappings.values.kept_texts import LONGEST_KEPT
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_BOOKS_KEPT: Final = 64  # a service asks for today; a cohort for many days
_CODES_KEPT: Final = 16384


class _WithPoints(Protocol):
    @property
    def points(self) -> int | None: ...


class CodeBook(msgspec.Struct, frozen=True, eq=False):
    """The codes of the reviewed knowledge and of one site.

    Compared by identity and kept, so that what a code means is looked up once.
    """

    concepts: Mapping[tuple[str, str], tuple[str, ...]]
    systems: Mapping[str, str]  # any name of a code system -> its canonical URI
    system_names: Mapping[str, str]  # canonical URI -> "LOINC"
    codes: Mapping[tuple[str, str], _WithPoints]  # for the numbers that codes themselves fix
    local: Mapping[tuple[str, str], tuple[str, ...]] = {}

    @classmethod
    def of(cls, knowledge: KnowledgeOnDay, local_codes: Mapping[str, str]) -> "CodeBook":
        """Join knowledge and a site's codes, e.g. ``{"urn:oid:1.2.3|AFP": "alpha-fetoprotein"}``.

        Made once for each day's knowledge; the knowledge is referred to, not copied.
        """
        return _code_book(knowledge, tuple(local_codes.items()))

    def value_sets(self, concept: CodeableConcept | None) -> frozenset[str]:
        """Give the ids of every value set that holds one of the codings."""
        codings = each(concept.coding) if concept is not None else ()
        if len(codings) == 1:
            return _meaning(self, codings[0].system, codings[0].code)
        found: set[str] = set()
        for coding in codings:
            found.update(_meaning(self, coding.system, coding.code))
        return frozenset(found)

    def belongs(self, concept: CodeableConcept | None, value_sets: AbstractSet[str]) -> bool:
        """Whether one of the codings belongs to one of the value sets."""
        if concept is None:
            return False
        for coding in each(concept.coding):
            if not _meaning(self, coding.system, coding.code).isdisjoint(value_sets):
                return True
        return False

    def value_sets_of(self, coding: Coding) -> frozenset[str]:
        """Give the ids of every value set that holds a coding."""
        return _meaning(self, coding.system, coding.code)

    def cite(self, concept: CodeableConcept | None) -> str:
        """Name the first code that means something here as a reader does: "LOINC 1834-1"."""
        for coding in each(concept.coding) if concept is not None else ():
            cited = _cited(self, coding.system, coding.code)
            if cited:
                return cited
        return ""

    def look_up(self, system: str, code: str) -> tuple[str, ...]:
        """Look a code up: as sent, among the site's own, then by the system's other names."""
        as_sent = (system, code)
        found = self.concepts.get(as_sent)
        if found is not None:
            return found
        if self.local and as_sent in self.local:
            return self.local[as_sent]
        canonical = (self.canonical(system), code.strip())
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


@lru_cache(_BOOKS_KEPT)
def _code_book(knowledge: KnowledgeOnDay, local_codes: tuple[tuple[str, str], ...]) -> CodeBook:
    return CodeBook(
        concepts=knowledge.concepts,
        systems=knowledge.systems,
        system_names=knowledge.system_names,
        codes=knowledge.codes,
        local={
            (system, code): (value_set,)
            for key, value_set in local_codes
            for system, _, code in (key.rpartition("|"),)
        },
    )


def _meaning(book: CodeBook, system: str | None, code: str | None) -> frozenset[str]:
    if system is None or code is None:
        return frozenset()
    if len(system) + len(code) > LONGEST_KEPT:
        return frozenset(book.look_up(system, code))
    return _kept_meaning(book, system, code)


@lru_cache(_CODES_KEPT)
def _kept_meaning(book: CodeBook, system: str, code: str) -> frozenset[str]:
    return frozenset(book.look_up(system, code))


def _cited(book: CodeBook, system: str | None, code: str | None) -> str:
    if system is None or code is None or not _meaning(book, system, code):
        return ""
    return f"{book.system_names.get(book.canonical(system), system)} {code.strip()}"
