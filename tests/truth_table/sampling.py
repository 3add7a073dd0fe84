"""Which combinations the fast run takes: spread over the whole space, every row among them."""

from __future__ import annotations

from functools import cache
from itertools import islice
from math import prod
from typing import TYPE_CHECKING

from .expected import FLAGS, MISSING, PATHWAY, WITHHELD, matching_rows
from .space import DIMENSIONS, HISTORIES
from .tables import cell_matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .space import Combination
    from .tables import Row

_OTHERS = tuple(name for name in DIMENSIONS if name not in {"sorafenib", "prior"})
_SPREAD = 2_654_435_761  # Knuth's multiplier: neighbouring numbers land far apart
_LOOKED_AT = 200_000  # a row that none of these matches is found by the test of reachability
_EVERYDAY = {**DIMENSIONS, "patient": ("adult",), "diagnosis": ("hcc", "unspecified")}


def _others(number: int, dimensions: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Choose one value of every dimension but the history."""
    index = (number * _SPREAD >> 7) % prod(len(dimensions[name]) for name in _OTHERS)
    chosen = {}
    for name in _OTHERS:
        index, digit = divmod(index, len(dimensions[name]))
        chosen[name] = dimensions[name][digit]
    return chosen


def spread(per_history: int) -> Iterator[Combination]:
    """Take some combinations of every history: three in four of them adults with liver cancer."""
    for start, (sorafenib, prior) in enumerate(HISTORIES):
        for number in range(start * per_history, (start + 1) * per_history):
            dimensions = _EVERYDAY if number % 4 else DIMENSIONS
            yield {**_others(number, dimensions), "sorafenib": sorafenib, "prior": prior}


def _standing_for(row: Row) -> Iterator[Combination]:
    admitted = {
        name: tuple(v for v in values if cell_matches(row.conditions.get(name, "*"), v))
        for name, values in DIMENSIONS.items()
    }
    histories = [
        (sorafenib, prior)
        for sorafenib, prior in HISTORIES
        if sorafenib in admitted["sorafenib"] and prior in admitted["prior"]
    ]
    for number in range(_LOOKED_AT):
        sorafenib, prior = histories[number % len(histories)]
        inputs = {**_others(number, admitted), "sorafenib": sorafenib, "prior": prior}
        if any(row in rows for rows in matching_rows(inputs).values()):
            yield inputs


@cache
def some_per_row(times: int = 1) -> tuple[Combination, ...]:
    """For every row of every table, some combinations that the row stands for."""
    rows = (*PATHWAY, *WITHHELD, *FLAGS, *MISSING)
    return tuple(each for row in rows for each in islice(_standing_for(row), times))
