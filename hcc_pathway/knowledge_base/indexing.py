"""Knowledge by its ids and codes: mappings that cannot be changed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hcc_pathway.knowledge_base.files import KnowledgeFile
    from hcc_pathway.knowledge_base.terms import Code, ValueSet


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_WithId)


def contents(files: Iterable[KnowledgeFile[Item]]) -> tuple[Item, ...]:
    """Give what stands in files, in their order."""
    return tuple(file.content for file in files)


def by_id(items: Iterable[Item]) -> Mapping[str, Item]:
    """Index items by their id; the mapping cannot be changed."""
    return MappingProxyType({item.id: item for item in items})


def codes_of(
    value_sets: Iterable[ValueSet],
) -> tuple[dict[tuple[str, str], tuple[str, ...]], dict[tuple[str, str], Code]]:
    """Index the codes: (system, code) to the value sets that hold it, and to the code itself."""
    concepts: dict[tuple[str, str], tuple[str, ...]] = {}
    codes: dict[tuple[str, str], Code] = {}
    for value_set in value_sets:
        for code in value_set.codes:
            key = (code.system, code.code)
            concepts[key] = (*concepts.get(key, ()), value_set.id)
            codes[key] = code
    return concepts, codes
