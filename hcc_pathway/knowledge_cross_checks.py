"""Whether the knowledge files fit together: references, codes, dates, reviews, shown figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hcc_pathway.errors import KnowledgeError
    from hcc_pathway.knowledge_files import KnowledgeFiles


def cross_check(files: KnowledgeFiles) -> list[KnowledgeError]:
    """Give every reason why these files must not be used together."""
    del files
    return []
