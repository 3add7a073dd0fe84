"""Performance status at an edge, in an otherwise tolerant patient's chart: ``grade@days ago``."""

from __future__ import annotations

import msgspec

from hcc_pathway.case import EcogReading
from hcc_pathway.selection import select

from . import comparison
from .charts import TODAY, chart, days_ago, moments
from .space import DIMENSIONS
from .tables import Row, read

RESULTS = ("options", "flags", "missing", "conflicts")
EDGES = read("ecog_edges", RESULTS)
_TOLERANT = {name: values[0] for name, values in DIMENSIONS.items()}


def readings(cell: str) -> tuple[EcogReading, ...]:
    """Read the grades of a cell."""
    found = []
    for at, (grade, days) in enumerate(entry.split("@") for entry in cell.split()):
        day = days_ago(int(days))
        earliest, latest = moments(day)
        found.append(
            EcogReading(
                grade=int(grade),
                earliest=earliest,
                latest=latest,
                recorded_on=day,
                as_received=grade,
                source=f"Observation/ecog-{at}",
            )
        )
    return tuple(found)


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    case = msgspec.structs.replace(chart(_TOLERANT), ecog=readings(row.conditions.get("ecog", "")))
    said = select(case, comparison.knowledge(), on=TODAY)
    return {
        "options": "yes" if said.options else "no",
        "flags": " ".join(sorted({flag for option in said.options for flag in option.flags})),
        "missing": " ".join(sorted(one.input for one in said.missing)),
        "conflicts": " ".join(sorted(one.id for one in said.conflicts)),
    }
