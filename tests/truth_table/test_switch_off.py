"""Every branch and threshold of the pathway is seen by a row of the tables."""

from __future__ import annotations

import pytest

from .switch_off import survivors


@pytest.mark.slow
def test_every_flip_of_a_branch_or_threshold_turns_a_named_row_red() -> None:
    assert survivors() == []
