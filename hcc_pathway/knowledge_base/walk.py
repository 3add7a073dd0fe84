"""Walks through knowledge files: every mapping, every text and every reference with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hcc_pathway.knowledge_base.files import FOLDERS, SINGLE_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from hcc_pathway.knowledge_base.files import KnowledgeFile, KnowledgeFiles
    from hcc_pathway.knowledge_base.parts import Review
    from hcc_pathway.knowledge_base.strict_yaml import Place


def all_files(files: KnowledgeFiles) -> Iterator[tuple[str, KnowledgeFile[object]]]:
    """Give every readable file with its kind (``drugs``, ``pathway``, ...)."""
    for kind in (*FOLDERS, *SINGLE_FILES):
        for file in getattr(files, kind):
            yield kind, file


def mappings(content: object, place: Place = ()) -> Iterator[tuple[Place, dict[str, object]]]:
    """Give every mapping in a file's values with its place, outermost first."""
    if isinstance(content, dict):
        yield place, content
        for key, value in content.items():
            yield from mappings(value, (*place, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from mappings(value, (*place, index))


def references(content: object, keys: AbstractSet[str]) -> Iterator[tuple[str, Place, str]]:
    """Give every id that stands under one of the keys, alone or in a list: key, place, id."""
    for place, mapping in mappings(content):
        for key in mapping.keys() & keys:
            value = mapping[key]
            if isinstance(value, str):
                yield key, (*place, key), value
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, str):
                        yield key, (*place, key, index), item


def review_of(file: KnowledgeFile[object]) -> Review:
    """Give the review of a file; every kind has one."""
    review: Review = getattr(file.content, "review")  # noqa: B009 - kinds share it by convention
    return review
