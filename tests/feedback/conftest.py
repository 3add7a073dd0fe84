"""The service over a migrated database, and the cards of one answer to give feedback on."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import build_app
from cds_service.composition import Composition, compose
from cds_service.settings import read_settings
from tests.service.conftest import SERVICE, TODAY, hook_call


def composition_on(database_url: str, **more: str) -> Composition:
    return compose(
        read_settings(
            {
                "HCC_CDS_MODE": "demo",
                "HCC_CDS_TODAY": TODAY,
                "HCC_CDS_SECRET_KEY": "the same for every process of a test",
                "HCC_CDS_DATABASE_URL": database_url,
                **more,
            }
        )
    )


@pytest.fixture
def composition(database_url: str) -> Iterator[Composition]:
    made = composition_on(database_url)
    yield made
    made.storage.close()


@pytest.fixture
def client(composition: Composition) -> FlaskClient:
    return build_app(composition).test_client()


@pytest.fixture(scope="session")
def client_without_database(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a service whose database is not there: to store anything is a 503."""
    folder = tmp_path_factory.mktemp("no-database")
    return build_app(composition_on(f"sqlite:///{folder}/absent.db")).test_client()


@pytest.fixture(scope="session")
def cards(client_without_database: FlaskClient) -> list[dict[str, Any]]:
    """Return the cards of a patient who is offered regorafenib and ramucirumab."""
    answer = client_without_database.post(SERVICE, json=hook_call())
    found: list[dict[str, Any]] = answer.get_json()["cards"]
    return found


def accepted(card: dict[str, Any], *suggestions: int, **other: object) -> dict[str, Any]:
    ids = [{"id": card["suggestions"][number]["uuid"]} for number in suggestions or (0,)]
    item = {"card": card["uuid"], "outcome": "accepted", "acceptedSuggestions": ids}
    return item | {"outcomeTimestamp": "2026-11-22T10:15:00Z"} | other


def overridden(card: dict[str, Any], **other: object) -> dict[str, Any]:
    item = {"card": card["uuid"], "outcome": "overridden"}
    return item | {"outcomeTimestamp": "2026-11-22T10:15:00Z"} | other


def reason(
    code: str, system: str = "http://hcc-pathway.org/fhir/CodeSystem/override-reason"
) -> dict[str, Any]:
    return {"reason": {"code": code, "system": system}}
