"""A chart of everyday, a service that may write to it, and its page with answers given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.fetching.charts import resources_of
from tests.smart_launch.app_and_browser import Browser
from tests.smart_launch.told_ehr import ToldEhr, told_ehr
from tests.smart_launch.writing import ALL, CHART, opened_with, writing_app


@pytest.fixture
def ehr() -> Iterator[ToldEhr]:
    with told_ehr(resources_of(CHART)) as made:
        yield made


@pytest.fixture
def app(ehr: ToldEhr, tmp_path: Path) -> Flask:
    return writing_app(tmp_path, ehr)


@pytest.fixture
def browser(app: Flask, ehr: ToldEhr) -> Browser:
    return opened_with(app, ehr, ALL)
