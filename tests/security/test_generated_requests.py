"""Requests made from the service's own description: no operation fails on any of them."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance

from cds_service.app import create_app
from cds_service.settings import read_settings
from cds_service.storage.migrating import migrate

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # the generator's own
EXAMPLES = int(os.environ.get("HCC_CDS_TEST_EXAMPLES", "100"))
SECONDS = 12.0
OPERATIONS = 13


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    url = f"sqlite:///{tmp_path}/hcc-cds.db"
    migrate(url)
    return create_app(read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_DATABASE_URL": url}))


def test_no_operation_of_the_description_fails_on_any_generated_request(app: Flask) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    found = list(schema.get_all_operations())
    operations = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(operations) == len(found)
    assert len(operations) >= OPERATIONS
    asked = 0

    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def each(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            began = time.monotonic()
            answer = case.call()
            assert time.monotonic() - began < SECONDS
            assert answer.status_code < 500, (case.method, case.path)
            case.validate_response(answer, checks=[content_type_conformance])
            if answer.status_code >= 400:
                assert json.loads(answer.content)["resourceType"] == "OperationOutcome"

        each()
    assert asked >= len(operations)
