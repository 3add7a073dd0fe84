"""Both kinds of database as parameters: SQLite in the fast run, PostgreSQL in the slow one."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from cds_service.storage.migrating import migrate

_FILE = "hcc-cds.db"

BOTH = [
    "sqlite",
    pytest.param(
        "postgresql", marks=[pytest.mark.slow, pytest.mark.xdist_group(name="postgresql")]
    ),
]


def new_database(request: pytest.FixtureRequest, folder: Path) -> str:
    """Make an empty database of the kind that the test's parameter names; give its URL."""
    if request.param == "sqlite":
        return f"sqlite:///{folder}/{_FILE}"
    url: str = request.getfixturevalue("postgresql").new_database()
    return url


def sqlite_with_tables(folder: Path) -> str:
    """Give the URL of the folder's SQLite database, put there with its tables if it is not yet."""
    if not (folder / _FILE).exists():
        for file in _migrated_once().iterdir():
            shutil.copy(file, folder)
    return f"sqlite:///{folder}/{_FILE}"


@cache
def _migrated_once() -> Path:
    """Migrate once per process: hundreds of tests want the same empty tables."""
    folder = Path(tempfile.mkdtemp(prefix="hcc-cds-tables-"))
    migrate(f"sqlite:///{folder}/{_FILE}")
    return folder
