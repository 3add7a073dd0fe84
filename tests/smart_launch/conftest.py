"""A service with sessions in a database, and an EHR that is told what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetching.charts import SAMPLES, resources_of
from tests.smart_launch.app_and_browser import Browser, smart_app
from tests.smart_launch.told_ehr import ToldEhr, told_ehr

SAMPLE = SAMPLES["tolerant-afp-high"]


@pytest.fixture
def ehr() -> Iterator[ToldEhr]:
    with told_ehr(resources_of(SAMPLE)) as made:
        yield made


@pytest.fixture
def browser(ehr: ToldEhr, tmp_path: Path) -> Browser:
    return Browser(smart_app(tmp_path, ehr.base).test_client(), ehr)
