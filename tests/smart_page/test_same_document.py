"""One document from every door: page, card, API and command line cannot disagree."""

import json
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.app import create_app
from cds_service.explain import explain
from cds_service.sample_charts import SampleChart, hook_request
from cds_service.settings import read_settings
from fhir_access.access import Access
from fhir_access.deadline import Deadline
from fhir_access.fetched_chart import FetchedChart
from fhir_mappings.chart.record import KEYS, ChartSources
from hooks.prefetch import LEAN_KEYS
from tests.fetching.charts import client_of, post
from tests.fetching.charts import document_of as document_of_card
from tests.properties.fetch_doors import FHIR_BASE, TEMPLATES, PagedServer
from tests.samples.stored import NAMES, SAMPLES, expected_document, patient_of
from tests.smart_page.opened import OpenedPage, document_of, page_of

pytestmark = pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
_PAGE = 7


@pytest.fixture(scope="module")
def api() -> FlaskClient:
    return create_app(read_settings({"HCC_CDS_MODE": "demo"})).test_client()


def committed(sample: SampleChart) -> dict[str, Any]:
    return expected_document(sample, on=sample.as_of)


def read_in_shuffled_pages(sample: SampleChart) -> ChartSources:
    """Read a sample as a launch does, from a server that pages and shuffles."""
    order = Random(sample.name)  # noqa: S311 - an order of entries, no secret
    pages = {}
    prefetch = hook_request(sample.text)["prefetch"]
    for key in TEMPLATES:
        found = prefetch[key].get("entry", []) if key != "patient" else []
        entries = order.sample(found, len(found))
        pages[key] = [entries[at : at + _PAGE] for at in range(0, len(entries), _PAGE)] or [[]]
    access = Access(
        PagedServer(prefetch["patient"], pages),
        token="t",  # noqa: S106 (invented)
        deadline=Deadline.after(60),
        most_bytes=100_000_000,
    )
    fetched = FetchedChart(
        {},
        patient_id=str(patient_of(sample)["id"]),
        templates=TEMPLATES,
        access=access,
        fhir_base=FHIR_BASE,
    )
    fetched.sources(LEAN_KEYS)
    return fetched.sources(KEYS)


def test_the_page_carries_the_committed_document(sample: SampleChart) -> None:
    assert document_of(page_of(sample.name).source) == committed(sample)


def test_the_page_carries_it_through_a_server_that_pages_and_shuffles(
    sample: SampleChart,
) -> None:
    page = OpenedPage(sample, read_in_shuffled_pages(sample))
    assert document_of(page.html()) == committed(sample)


def test_card_api_and_command_line_give_the_document_of_the_page(
    sample: SampleChart, api: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    of_page = document_of(page_of(sample.name).source)
    query = {"asOf": sample.as_of.isoformat()}
    sent = {"data": sample.text, "content_type": "application/json", "query_string": query}
    assert api.post("/api/recommendation", **sent).json == of_page
    explain(sample.text.encode(), sample.as_of, as_json=True, validate=False)
    assert json.loads(capsys.readouterr().out) == of_page
    hook = client_of("https://ehr.example/fhir", sample)
    answer = post(hook, hook_request(sample.text))
    if answer.json == {"cards": []}:
        assert of_page["patientClass"] == "not-applicable"
    else:
        assert document_of_card(answer) == of_page
