"""No rule can be switched off without a test of its own that fails."""

import pytest

from tools.clinical_logic import stale_switches, switches
from tools.switch_off_rules import complaints_of, run


@pytest.mark.slow
def test_each_rule_switched_off_fails_a_test_marked_with_it() -> None:
    assert stale_switches() == []
    assert complaints_of(run(switches())) == []
