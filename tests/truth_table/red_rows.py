"""Which named rows a flip turns red: all tables of the pathway, of its edges and of the dosing."""

from __future__ import annotations

import signal
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from tests.exposure.dosing_cases import CASES, DosingCase

from .charts import variants
from .comparison import Trial, trial
from .edges import EDGES
from .flips import Flip, flipped
from .sampling import some_per_row, spread

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from types import FrameType

    from .edges import Edge

_SECONDS = 20
_MORE_PER_HISTORY = 3
T = TypeVar("T")


class _TooLongError(Exception):
    """A flip made the pathway run on."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def build_rows() -> None:
    """Build what every flip is tried on, before the processes that try them part."""
    signal.signal(signal.SIGALRM, _too_long)
    _trials()
    _edges()
    _dosing()


def rows_turned_red(flip: Flip) -> tuple[str, ...]:
    """Try a flip on the edges, the dosing table and charts, those first that found another."""
    with flipped(flip):
        return (
            _first_red(_edges(), _red_edge)
            or _first_red(_dosing(), _red_dosing)
            or _first_red(_trials(), _red_trial)
        )


def _first_red(each_of: list[T], red: Callable[[T], tuple[str, ...]]) -> tuple[str, ...]:
    for at, each in enumerate(each_of):
        signal.alarm(_SECONDS)
        rows = red(each)
        signal.alarm(0)
        if rows:
            each_of.insert(0, each_of.pop(at))  # what finds one flip tends to find its neighbour
            return rows
    return ()


# ---- the main tables -------------------------------------------------------------------------


@cache
def _trials() -> list[Trial]:
    """One combination of every row in each of its charts, then charts over the whole space."""
    chosen = [(each, variant) for each in some_per_row() for variant in range(variants(each))]
    chosen += [(inputs, number) for number, inputs in enumerate(spread(_MORE_PER_HISTORY))]
    return [trial(inputs, variant) for inputs, variant in chosen]


def _red_trial(each: Trial) -> tuple[str, ...]:
    """Name the rows that are red for one chart; an exception is an answer that no row gives."""
    try:
        unequal = each.difference()
    except Exception as problem:  # noqa: BLE001 - whatever the flip broke, the row is red
        return (*each.wanted.rows[:1], f"({type(problem).__name__})")
    return unequal.rows if unequal else ()


# ---- the tables of edges ---------------------------------------------------------------------


@cache
def _edges() -> list[Edge]:
    return list(EDGES)


def _red_edge(edge: Edge) -> tuple[str, ...]:
    """Name a row of a table of edges that is red."""
    try:
        return () if edge.found() == edge.wanted else (edge.row.name,)
    except Exception as problem:  # noqa: BLE001 - whatever the flip broke, the row is red
        return (edge.row.name, f"({type(problem).__name__})")


# ---- the dosing table ------------------------------------------------------------------------


@cache
def _dosing() -> list[tuple[DosingCase, dict[date, str]]]:
    """Every row of the dosing table, with each of its days counted by hand."""
    return [(case, case.days_by_hand()) for case in CASES]


def _red_dosing(row: tuple[DosingCase, dict[date, str]]) -> tuple[str, ...]:
    """Name a row of the dosing table whose counts, or one of whose days, are other ones."""
    case, by_hand = row
    try:
        same = case.found() == case.wanted and case.days() == by_hand
    except Exception as problem:  # noqa: BLE001 - whatever the flip broke, the row is red
        return (case.name, f"({type(problem).__name__})")
    return () if same else (case.name,)
