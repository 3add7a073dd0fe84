"""One liver at the edge of a Child-Pugh class, in an otherwise tolerant patient's chart.

A cell lists readings as ``value@days ago``: ``>3@5`` is "more than 3", five days ago; a sign is a
grade or ``none`` (documented as absent), with ``?`` for an unknown day; a stored Child-Pugh is a
class or a score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.case import Grade, SignRecord, StoredChildPugh
from hcc_pathway.selection import select

from . import comparison
from .charts import TODAY, chart, days_ago, moments, reading_of
from .space import DIMENSIONS
from .tables import Row, read

if TYPE_CHECKING:
    from hcc_pathway.case import Reading
    from hcc_pathway.recommendation import Recommendation

RESULTS = ("class", "stale", "missing", "conflicts")
EDGES = read("liver_edges", RESULTS)
_TOLERANT = {name: values[0] for name, values in DIMENSIONS.items()}
_UNITS = {"bilirubin": "mg/dL", "albumin": "g/dL", "inr": "1"}
_SIGNS = ("ascites", "encephalopathy")
_ASKED = {"child-pugh", *_UNITS, *_SIGNS}


def _listed(cell: str) -> list[tuple[str, int | None]]:
    pairs = [entry.split("@") for entry in cell.split()]
    return [(value, None if days == "?" else int(days)) for value, days in pairs]


def _readings(name: str, cell: str) -> tuple[Reading, ...]:
    pairs = [entry.split("@") for entry in cell.split()]
    return tuple(
        reading_of(text, days, _UNITS[name], f"{name}-{at}")
        for at, (text, days) in enumerate(pairs)
    )


def _signs(name: str, cell: str) -> tuple[SignRecord, ...]:
    return tuple(
        SignRecord(
            present=grade != "none",
            grade=None if grade in {"none", "ungraded"} else Grade(grade),
            recorded_on=None if days is None else days_ago(days),
            as_received=f"{name} {grade}",
            source=f"Condition/{name}-{at}",
        )
        for at, (grade, days) in enumerate(_listed(cell))
    )


def stored(cell: str) -> tuple[StoredChildPugh, ...]:
    """Read the stored classes or scores of a cell."""
    found = []
    for at, (value, days) in enumerate(_listed(cell)):
        day = days_ago(days or 0)
        earliest, latest = moments(day)
        found.append(
            StoredChildPugh(
                score=int(value) if value.isdigit() else None,
                child_pugh_class=None if value.isdigit() else value,
                earliest=earliest,
                latest=latest,
                recorded_on=day,
                as_received=value,
                source=f"Observation/child-pugh-{at}",
            )
        )
    return tuple(found)


def _class(answer: Recommendation) -> str:
    """Read the class off what it does to the options: C leaves none, B and doubt put a flag."""
    if not answer.options:
        return "C"
    flags = answer.options[0].flags
    outside, open_ = "outside-trial-population" in flags, "liver-function-unconfirmed" in flags
    if outside:
        return "B-or-C" if open_ else "B"
    return "unknown" if open_ else "A"


def answer(row: Row) -> dict[str, str]:
    """Say what the pathway makes of one row of the table of edges."""
    cells = {name: row.conditions.get(name, "") for name in (*_UNITS, *_SIGNS, "stored")}
    case = msgspec.structs.replace(
        chart(_TOLERANT),
        **{name: _readings(name, cells[name]) for name in _UNITS},
        **{name: _signs(name, cells[name]) for name in _SIGNS},
        stored_child_pugh=stored(cells["stored"]),
    )
    said = select(case, comparison.knowledge(), on=TODAY)
    stale = any("stale-liver-function" in option.flags for option in said.options)
    return {
        "class": _class(said),
        "stale": "yes" if stale else "no",
        "missing": " ".join(sorted({one.input for one in said.missing} & _ASKED)),
        "conflicts": " ".join(sorted(one.id for one in said.conflicts)),
    }
