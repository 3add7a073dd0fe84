"""A copy of the shipped knowledge that a test may change, and pages over it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import cds_service
from cds_service.knowledge_pages.routes import KnowledgePages
from hcc_pathway.knowledge_base.knowledge import load_knowledge_from
from tests.knowledge.conftest import knowledge_copy

__all__ = ["knowledge_copy"]

TODAY = date(2026, 11, 22)


@pytest.fixture
def pages() -> Callable[..., FlaskClient]:
    """Pages over a folder of knowledge, as the service makes them at its start."""

    def served(root: Path, today: date = TODAY) -> FlaskClient:
        shown = KnowledgePages(load_knowledge_from(root))
        templates = Path(cds_service.__file__).parent / "templates"
        app = Flask("knowledge", template_folder=str(templates))
        app.add_url_rule("/knowledge", "all", lambda: shown.overview(today))
        app.add_url_rule(
            "/knowledge/<kind>/<item>", "one", lambda kind, item: shown.item(kind, item, today)
        )
        return app.test_client()

    return served
