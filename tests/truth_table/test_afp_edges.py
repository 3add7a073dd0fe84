"""AFP around 400 ng/mL: comparators, a site's reading of the threshold, units (A9, A10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .afp_edges import EDGES, answer

if TYPE_CHECKING:
    from .tables import Row


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize("row", EDGES, ids=lambda row: row.name)
def test_afp_at_the_edge_of_the_threshold_decides_as_the_table_says(row: Row) -> None:
    assert answer(row) == row.result["afp"]
