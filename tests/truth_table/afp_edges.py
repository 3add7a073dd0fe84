"""AFP at the edge of the threshold in a tolerant patient's chart: ``value@days ago``."""

from __future__ import annotations

import msgspec

from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from . import comparison
from .charts import TODAY, chart, reading_of
from .space import DIMENSIONS
from .tables import Row, read

RESULTS = ("afp",)
EDGES = read("afp_edges", RESULTS)
_TOLERANT = {name: values[0] for name, values in DIMENSIONS.items()}


def answer(row: Row) -> dict[str, str]:
    """Say whether ramucirumab's criterion is met for one row of the table of edges."""
    afp = tuple(
        reading_of(text, days or "2", row.conditions["unit"], f"afp-{at}")
        for at, (text, _, days) in enumerate(
            each.partition("@") for each in row.conditions["value"].split()
        )
    )
    case = msgspec.structs.replace(chart(_TOLERANT), afp=afp)
    site = SitePolicy(afp_inclusive=row.conditions["inclusive"] == "yes")
    answer = select(case, comparison.knowledge(), on=TODAY, site=site)
    if "ramucirumab" in {option.therapy for option in answer.options}:
        return {"afp": "met"}
    return {"afp": next(each.answer for each in answer.withheld if each.therapy == "ramucirumab")}
