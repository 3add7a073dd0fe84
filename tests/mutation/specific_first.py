"""A pytest plugin for mutation runs: the tests that call the fewest functions come first.

A test of one function notices its mutant sooner, and fails more tellingly, than a test of a whole
chart does; and the first failure ends the run of a mutant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mutmut.state import state

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order by the number of functions that a test calls, then by its time (known by now)."""
    known = state()
    calls = Counter(
        test for tests in known.tests_by_mangled_function_name.values() for test in tests
    )
    items.sort(key=lambda item: (calls[item.nodeid], known.duration_by_test.get(item.nodeid, 0)))
