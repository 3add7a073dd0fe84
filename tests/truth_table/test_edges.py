"""AFP, Child-Pugh, performance status and treatment history at their edges, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .edges import EDGES

if TYPE_CHECKING:
    from .edges import Edge


@pytest.mark.parametrize(
    "edge",
    [
        pytest.param(edge, marks=pytest.mark.rule(*edge.row.ids), id=edge.row.name)
        for edge in EDGES
    ],
)
def test_a_case_at_an_edge_is_answered_as_its_row_says(edge: Edge) -> None:
    assert edge.found() == edge.wanted


def test_names_of_edges_are_unique() -> None:
    assert len({edge.row.name for edge in EDGES}) == len(EDGES)
