"""A service that cannot answer the chart that it brings along is not started."""

import pytest
from flask import Flask

from cds_service.warm_up import NotReadyError, warm_up
from fhir_mappings.errors import ChartRejected
from tests.client_tokens.hospital import Hospital


def test_a_service_that_cannot_answer_its_own_chart_is_not_started(
    demo_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm_up(demo_app)

    def fails(service_id: str) -> None:
        raise ChartRejected(service_id)

    monkeypatch.setitem(demo_app.view_functions, "services.call", fails)
    with pytest.raises(NotReadyError, match="cannot answer its own first request"):
        warm_up(demo_app)


def test_the_first_answer_needs_no_token_and_leaves_the_gate_shut(service: Hospital) -> None:
    warm_up(service.app)
    assert service.call(None).status_code == 401
    assert service.memory.used == set()
