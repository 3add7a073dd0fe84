"""All tables of edges: small ones beside the main table, where one value or record is varied."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from . import (
    afp_edges,
    asked_edges,
    beside_edges,
    conversion_edges,
    course_edges,
    ecog_edges,
    history_edges,
    liver_edges,
    near_edges,
    reason_edges,
)
from .tables import Row


class Edge(msgspec.Struct, frozen=True):
    """One row of a table of edges, with what asks the pathway about it."""

    row: Row
    ask: Callable[[Row], dict[str, str]]
    results: tuple[str, ...]

    @property
    def wanted(self) -> dict[str, str]:
        """What the row says."""
        return {name: self.row.result[name] for name in self.results}

    def found(self) -> dict[str, str]:
        """Return what the pathway says."""
        return self.ask(self.row)


EDGES = tuple(
    Edge(row, table.answer, table.RESULTS)
    for table in (
        afp_edges,
        liver_edges,
        ecog_edges,
        history_edges,
        course_edges,
        beside_edges,
        asked_edges,
        near_edges,
        reason_edges,
        conversion_edges,
    )
    for row in table.EDGES
)
