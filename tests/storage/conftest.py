"""A migrated database of each kind; every test here runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cds_service.storage.engines import Storage, open_storage
from cds_service.storage.migrating import migrate
from tests.storage.databases import BOTH, new_database


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_database(request, tmp_path)


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    migrate(empty_database_url)
    return empty_database_url


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    opened = open_storage(database_url)
    yield opened
    opened.close()
