"""What stands beside the options, for one course of treatment, Child-Pugh score and AFP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.selection import select

from . import comparison
from .charts import TODAY, reading_of
from .expected import also_consider
from .history_edges import case_of
from .liver_edges import stored
from .tables import Row, read

if TYPE_CHECKING:
    from hcc_pathway.recommendation import Recommendation

RESULTS = ("beside",)
_LABORATORY = ("bilirubin", "albumin", "inr", "ascites", "encephalopathy")


def _expanded(row: Row) -> Row:
    """Write out what a row names by a guideline."""
    beside = " ".join(sorted(also_consider(row.result["beside"])))
    return msgspec.structs.replace(row, result={**row.result, "beside": beside})


EDGES = tuple(_expanded(row) for row in read("beside_edges", RESULTS))


def ask(row: Row) -> Recommendation:
    """Ask the pathway about a course of treatment, a stored Child-Pugh score and an AFP."""
    score, afp = row.conditions["score"], row.conditions["afp"]
    case = msgspec.structs.replace(
        case_of(row),
        **dict.fromkeys(_LABORATORY, ()),
        stored_child_pugh=stored(f"{score}@3" if score else ""),
        afp=(reading_of(afp, "3", "ng/mL", "afp"),) if afp else (),
    )
    return select(case, comparison.knowledge(), on=TODAY)


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    beside = ask(row).also_consider
    return {"beside": " ".join(sorted(f"{each.therapy}:{each.basis}" for each in beside))}
