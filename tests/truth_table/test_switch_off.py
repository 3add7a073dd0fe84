"""Every branch and threshold of the pathway is seen by a row of the tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .switch_off import survivors

_ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
def test_every_flip_of_a_branch_or_threshold_turns_a_named_row_red() -> None:
    assert survivors() == []


@pytest.mark.slow
def test_every_listed_flip_that_is_not_equivalent_fails_the_test_it_names() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.truth_table.switch_off", "--listed"],
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
