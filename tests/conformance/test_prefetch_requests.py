"""What a request may and may not be (checklist items 14-28)."""

import pytest

from tests.conformance.test_discovery import services
from tests.conformance.traffic import ORDERS_REFUSED, Traffic

MALFORMED = (
    "no hook",
    "another hook",
    "no hookInstance",
    "hookInstance no UUID",
    "no context",
    "no patientId",
    "patientId no id",
    "no userId",
    "authorization without server",
    "prefetch a list",
    "not JSON",
    "a member twice",
    *ORDERS_REFUSED,
)


@pytest.mark.conformance("14")
def test_what_the_standard_requires_of_a_request_is_required(traffic: Traffic) -> None:
    for name in MALFORMED:
        assert traffic.refused[name][1].answer.status == 400, name


@pytest.mark.conformance("14")
def test_a_chart_of_another_patient_is_refused_and_not_quoted(traffic: Traffic) -> None:
    _, exchange = traffic.refused["another patient"]
    assert exchange.answer.status == 400
    assert b"somebody-else" not in exchange.answer.body


@pytest.mark.conformance("17")
def test_what_the_standard_leaves_open_changes_nothing(traffic: Traffic) -> None:
    for name in ("unknown extension", "unknown context field", "unknown member"):
        assert traffic.unchanged[name].answer.body == traffic.base.answer.body, name


@pytest.mark.conformance("22", "23")
def test_a_client_may_leave_optional_keys_out_and_the_answer_says_what_is_missing(
    traffic: Traffic,
) -> None:
    document = traffic.answered["optional prefetch keys absent"].document
    assert document is not None
    missing = {wanted["input"] for wanted in document["missing"]}
    assert {"alpha-fetoprotein", "ecog", "child-pugh"} <= missing


@pytest.mark.conformance("24")
def test_an_outcome_inside_a_search_is_seen(traffic: Traffic) -> None:
    """ "No results" is no data; an error is a search that failed in part."""
    same = traffic.unchanged["search without results"]
    assert same.answer.body == traffic.base.answer.body
    document = traffic.answered["medications failed in part"].document
    assert document is not None
    assert "prior-lines" in {wanted["input"] for wanted in document["missing"]}


@pytest.mark.conformance("24", "26")
def test_an_outcome_in_place_of_needed_data_is_no_data(traffic: Traffic) -> None:
    assert traffic.refused["conditions failed"][1].answer.status == 412


@pytest.mark.conformance("25")
def test_null_is_data_that_says_none(traffic: Traffic) -> None:
    same = traffic.unchanged["optional prefetch key null"]
    assert same.answer.body == traffic.base.answer.body
    assert traffic.answered["conditions null"].answer.status == 200


@pytest.mark.conformance("27")
def test_a_search_in_pages_is_never_taken_for_all_there_is(traffic: Traffic) -> None:
    document = traffic.answered["medications in pages"].document
    assert document is not None
    assert "prior-lines" in {wanted["input"] for wanted in document["missing"]}
    assert document["options"] == []


@pytest.mark.conformance("28")
def test_the_own_templates_bring_all_that_an_answer_needs(traffic: Traffic) -> None:
    (service,) = [one for one in services(traffic) if one["hook"] == "patient-view"]
    for name, exchange in traffic.samples.items():
        assert set(exchange.call["prefetch"]) <= set(service["prefetch"]), name
    same = traffic.unchanged["unknown prefetch key"]
    assert same.answer.body == traffic.base.answer.body
