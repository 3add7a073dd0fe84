"""Flip every branch and threshold of the pathway, one at a time: each has to turn a row red.

``python -m tests.truth_table.switch_off [MODULE ...]`` prints a table of flips and the rows that
each turned red, and exits 1 when a flip turned none red and is not listed in
``switch_off_survivors.csv``. A listed flip (``*`` stands for any text) changes no discrete answer:
the list gives the reason and the test that fails instead, which ``--listed`` tries.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from contextlib import redirect_stdout
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from .flips import Flip, flipped, flips_of, parameter_flips
from .red_rows import build_rows, rows_turned_red

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
# What turns a case into an answer, drug records into a history, and a history into days.
MODULES = (
    "pathway",
    "findings",
    "afp_finding",
    "liver_finding",
    "performance_finding",
    "treatment_finding",
    "assessment",
    "standing",
    "option_flags",
    "also_consider",
    "missing_inputs",
    "latest",
    "child_pugh",
    "child_pugh_points",
    "refills",
    "refusals",
    "drug_periods",
    "daily_dose",
    "interruptions",
    "course_end",
    "sorafenib_days",
    "sorafenib_exposure",
    "drug_courses",
    "sorafenib_course",
    "lines_of_therapy",
)


# ---- the listed ones -------------------------------------------------------------------------


class Listed(msgspec.Struct, frozen=True):
    """Flips that no row can see, why, and the test that fails for each of them."""

    flips: str
    reason: str
    test: str


@cache
def listed() -> tuple[Listed, ...]:
    """Read the list of flips that no row can see."""
    with (HERE / "switch_off_survivors.csv").open(encoding="utf-8", newline="") as table:
        return tuple(Listed(x["flips"], x["reason"], x["test"]) for x in csv.DictReader(table))


def _stands_for(pattern: str, name: str) -> bool:
    """Whether a listed name, ``*`` being any text, is that of a flip."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


def _entry(flip: Flip) -> Listed | None:
    return next((one for one in listed() if _stands_for(one.flips, flip.name)), None)


def _outcome(test: str) -> int:
    """Run a test, or those of a file, in this process and in silence."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        return pytest.main([test, "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly"])


_outcome_unflipped = cache(_outcome)


def fails_when_flipped(flip: Flip, test: str) -> bool:
    """Whether a test that passes otherwise fails while a flip is in place."""
    if _outcome_unflipped(test) != pytest.ExitCode.OK:
        return False
    with flipped(flip):
        return _outcome(test) == pytest.ExitCode.TESTS_FAILED


# ---- the table -------------------------------------------------------------------------------


def all_flips(modules: tuple[str, ...] = MODULES, *, parameters: bool = True) -> list[Flip]:
    """List the flips of some modules and, unless told otherwise, of the parameters."""
    flips = [flip for module in modules for flip in flips_of(module)]
    return flips + (list(parameter_flips()) if parameters else [])


def _said_of(flip: Flip) -> str:
    entry = _entry(flip)
    return f"listed: {entry.reason}" if entry else " ".join(rows_turned_red(flip)[:3])


_flips: list[Flip] = []  # what the forked workers take their flips from: code cannot be sent


def _try(at: int) -> str:
    return _said_of(_flips[at])


def tried(flips: list[Flip], processes: int) -> Iterator[tuple[Flip, str]]:
    """Try flips, in their order; each with the rows that turned red, empty for none."""
    _flips[:] = flips
    build_rows()
    with get_context("fork").Pool(processes) as workers:
        yield from zip(flips, workers.imap(_try, range(len(flips)), chunksize=8), strict=True)


def survivors(modules: tuple[str, ...] = MODULES, *, parameters: bool = True) -> list[str]:
    """Try every flip, print what each turned red, and return those that turned nothing red."""
    flips = all_flips(modules, parameters=parameters)
    left = []
    for flip, said in tried(flips, os.cpu_count() or 1):
        sys.stdout.write(f"{flip.line or ''}\t{flip.name}\t{said or 'NO ROW IS RED'}\n")
        sys.stdout.flush()
        left += [] if said else [flip.name]
    entries = {one.flips for flip in flips if (one := _entry(flip))}
    sys.stdout.write(f"{len(flips)} flips, {len(left)} that no row sees\n")
    stale = sorted({one.flips for one in listed()} - entries) if modules == MODULES else []
    return left + [f"listed and gone: {each}" for each in stale]


def listed_without_a_test() -> list[str]:
    """Try the tests of the list: name the listed flips that their test does not see."""
    left = []
    for flip in all_flips():
        entry = _entry(flip)
        if entry and entry.test:  # what is equivalent has none
            seen = fails_when_flipped(flip, entry.test)
            sys.stdout.write(f"{flip.name}\t{entry.test if seen else 'NO TEST FAILS'}\n")
            sys.stdout.flush()
            left += [] if seen else [flip.name]
    return left


def main() -> int:
    """Run the script: 0 when every flip turned a row red, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--no-parameters", action="store_true")
    parser.add_argument("--listed", action="store_true", help="try the tests of the listed flips")
    chosen = parser.parse_args()
    if chosen.listed:
        left = listed_without_a_test()
    else:
        left = survivors(tuple(chosen.modules), parameters=not chosen.no_parameters)
    for each in left:
        sys.stderr.write(f"nothing sees {each}\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
