"""One AFP value at the edge of the threshold in an otherwise tolerant patient's chart."""

from __future__ import annotations

import msgspec

from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy

from . import comparison
from .charts import TODAY, chart, reading
from .space import DIMENSIONS
from .tables import Row, read

EDGES = read("afp_edges", ("afp",))
_TOLERANT = {name: values[0] for name, values in DIMENSIONS.items()}


def answer(row: Row) -> str:
    """Say whether ramucirumab's criterion is met for one row of the table of edges."""
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
    answer = select(case, comparison.knowledge(), on=TODAY, site=site)
    if "ramucirumab" in {option.therapy for option in answer.options}:
        return "met"
    return next(each.answer for each in answer.withheld if each.therapy == "ramucirumab")
