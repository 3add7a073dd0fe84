"""No rule can be switched off without a test of its own that fails."""

import pytest

from tools.switch_off_rules import complaints_of, run, stale, switches


@pytest.mark.slow
def test_each_rule_switched_off_fails_a_test_marked_with_it() -> None:
    listed = switches()
    assert stale(listed) == []
    assert complaints_of(run(listed)) == []
