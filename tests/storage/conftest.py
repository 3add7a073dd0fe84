"""An open database of each kind; every test here runs on both."""

from collections.abc import Iterator

import pytest

from cds_service.storage.engines import Storage, open_storage


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    opened = open_storage(database_url)
    yield opened
    opened.close()
