"""AFP around 400 ng/mL: comparators, a site's reading of the threshold, units (A9, A10)."""

from __future__ import annotations

import msgspec
import pytest

from hcc_pathway.knowledge_base import load_knowledge
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from .charts import TODAY, chart, reading
from .space import DIMENSIONS
from .tables import Row, read

_EDGES = read("afp_edges", ("afp",))
_TOLERANT = {name: values[0] for name, values in DIMENSIONS.items()}


def _answer(row: Row) -> str:
    text, unit = row.conditions["value"], row.conditions["unit"]
    comparator = text.rstrip("0123456789.")
    number = text.removeprefix(comparator)
    afp = reading(
        "0" if "<" in comparator else number,
        2,
        unit,
        "afp",
        None if ">" in comparator else number,
        low_included=comparator != ">",
        high_included=comparator != "<",
    )
    case = msgspec.structs.replace(chart(_TOLERANT), afp=(afp,))
    site = SitePolicy(afp_inclusive=row.conditions["inclusive"] == "yes")
    answer = select(case, load_knowledge().as_of(TODAY), on=TODAY, site=site)
    if "ramucirumab" in {option.therapy for option in answer.options}:
        return "met"
    return next(each.answer for each in answer.withheld if each.therapy == "ramucirumab")


@pytest.mark.rule("A9", "A10")
@pytest.mark.parametrize("row", _EDGES, ids=lambda row: row.name)
def test_afp_at_the_edge_of_the_threshold_decides_as_the_table_says(row: Row) -> None:
    assert _answer(row) == row.result["afp"]
