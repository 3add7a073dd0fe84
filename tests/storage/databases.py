"""Both kinds of database as parameters: SQLite in the fast run, PostgreSQL in the slow one."""

from pathlib import Path

import pytest

BOTH = [
    "sqlite",
    pytest.param(
        "postgresql", marks=[pytest.mark.slow, pytest.mark.xdist_group(name="postgresql")]
    ),
]


def new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    """Make an empty database of the kind that the test's parameter names; give its URL."""
    if request.param == "sqlite":
        return f"sqlite:///{folder}/hcc-cds.db"
    url: str = request.getfixturevalue("postgresql").new_database()
    return url
