"""The demonstration with a database of its own, and its page as a tree."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.settings import read_settings
from tests.storage.databases import sqlite_with_tables

TODAY = "2026-11-22"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    demo = {
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_TODAY": TODAY,
        "HCC_CDS_DATABASE_URL": sqlite_with_tables(tmp_path),
    }
    return create_app(read_settings(demo)).test_client()


def page(client: FlaskClient, **asked: str) -> str:
    answer = client.get("/", query_string=asked)
    assert answer.status_code == 200
    return answer.text


def titles(text: str) -> list[str]:
    """The summaries of the cards that a page shows."""
    return re.findall(r"</span><h3>(.*?)</h3>", text)


def field(text: str, name: str) -> str:
    """The first value of a field or button of this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]
