"""What would change close to a border: which therapies the document says would come or go.

A tolerant patient with a stored Child-Pugh score; ``days`` of the 28 with the full dose,
``unread`` with a dose that nobody recorded, the others with too low a dose.
"""

from __future__ import annotations

import msgspec

from hcc_pathway.selection import select

from . import comparison
from .charts import TODAY, chart, days_ago, reading_of
from .ecog_edges import readings as grades
from .histories import dose_of, drug_record, progression_on
from .liver_edges import stored
from .space import DIMENSIONS
from .tables import Row, read

RESULTS = ("then",)
EDGES = read("near_edges", RESULTS)
_WITHOUT_LABORATORY = {name: values[0] for name, values in DIMENSIONS.items()} | {
    "afp": "none",
    "child_pugh": "unknown",
}
_PROGRESSION, _STARTED = 10, 100
_LOW, _FULL = 200, 800


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    cells = row.conditions
    full, unread = int(cells["days"]) + _PROGRESSION, int(cells["unread"]) + _PROGRESSION
    starts = (_STARTED, full + int(cells["unread"]), full)
    lasts = (starts[1] + 1, full + 1, _PROGRESSION)
    drugs = [
        drug_record("sorafenib", days_ago(first), days_ago(last), dose)
        for first, last, dose in zip(
            starts, lasts, (dose_of(_LOW), None, dose_of(_FULL)), strict=True
        )
        if first >= last and (dose or unread > _PROGRESSION)
    ]
    case = msgspec.structs.replace(
        chart(_WITHOUT_LABORATORY),
        drugs=tuple(drugs),
        progressions=(progression_on(days_ago(_PROGRESSION)),),
        afp=(reading_of(cells["afp"], "3", cells["unit"], "afp"),),
        stored_child_pugh=stored(f"{cells['score']}@3"),
        ecog=grades(f"{cells['ecog']}@3"),
    )
    said = select(case, comparison.knowledge(), on=TODAY)
    return {"then": " | ".join(sorted(" ".join(each.then) for each in said.what_would_change))}
