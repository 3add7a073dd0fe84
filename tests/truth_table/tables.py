"""Wildcard tables: how a row of a CSV file is read and which inputs it stands for.

A cell of a condition is ``*``, a pattern (``before-*``), several patterns (``A|B*``), or the
negation of these (``!3-4|unknown``). In each group of rows (``about``) every combination of the
input space has to match exactly one row.
"""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

HERE = Path(__file__).parent
_RESULTS = frozenset(
    {"row", "about", "ids", "options", "alsoConsider", "result", "flags", "asked"}
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row: its name, the group it belongs to, what it asks of the inputs, what it says."""

    name: str
    about: str
    conditions: dict[str, str]
    result: dict[str, str]
    ids: tuple[str, ...]

    def matches(self, inputs: Mapping[str, str]) -> bool:
        """Whether this row stands for these inputs."""
        for column, cell in self.conditions.items():  # noqa: SIM110 - asked millions of times
            if not cell_matches(cell, inputs[column]):
                return False
        return True


@cache
def cell_matches(cell: str, value: str) -> bool:
    """Whether one cell of a condition admits a value."""
    patterns = cell.removeprefix("!").split("|")
    return any(fnmatchcase(value, each) for each in patterns) != cell.startswith("!")


def read(name: str, results: Iterable[str] = _RESULTS) -> tuple[Row, ...]:
    """Read ``<name>.csv``; every column that is not a result is a condition."""
    results = {*results, "row", "about", "ids"}
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return tuple(
            Row(
                name=f"{name}:{line['row']}",
                about=line.get("about", ""),
                conditions={k: v for k, v in line.items() if k not in results and v != "*"},
                result={k: v for k, v in line.items() if k in results},
                ids=tuple(line["ids"].split()),
            )
            for line in csv.DictReader(table)
        )


def lookup(rows: tuple[Row, ...]) -> Callable[[Mapping[str, str]], tuple[Row, ...]]:
    """Answer which rows match, remembering by the columns that the rows look at."""
    columns = tuple(sorted({each for row in rows for each in row.conditions}))
    history = tuple(each for each in columns if each in {"sorafenib", "prior"})

    @cache
    def of_history(values: tuple[str, ...]) -> tuple[Row, ...]:
        known = dict(zip(history, values, strict=True))
        return tuple(
            row
            for row in rows
            if all(cell_matches(row.conditions.get(each, "*"), known[each]) for each in history)
        )

    @cache
    def matching(values: tuple[str, ...]) -> tuple[Row, ...]:
        inputs = dict(zip(columns, values, strict=True))
        near = of_history(tuple(inputs[each] for each in history))
        return tuple(row for row in near if row.matches(inputs))

    return lambda inputs: matching(tuple(inputs[column] for column in columns))
