"""Discovery and its prefetch templates (checklist items 6-21, contract section 2)."""

import re
from collections.abc import Iterator

import pytest

from tests.conformance.client import Json
from tests.conformance.traffic import SERVICE, Traffic

KEYS = {
    "patient",
    "conditions",
    "observations",
    "medicationRequests",
    "medicationStatements",
    "medicationAdministrations",
    "procedures",
    "allergies",
}
# The fields that patient-view marks as prefetch tokens, and the tokens of the standard itself.
TOKENS = {
    "context.patientId",
    "context.userId",
    "context.encounterId",
    "userPractitionerId",
    "userPractitionerRoleId",
    "userPatientId",
    "userRelatedPersonId",
}
DATE_PARAMETERS = {
    "date",
    "onset-date",
    "recorded-date",
    "authoredon",
    "effective",
    "_lastUpdated",
}
LONGEST_TEMPLATE = 1_500


def services(traffic: Traffic) -> list[Json]:
    found: list[Json] = traffic.discovery.answer.content["services"]
    return found


def templates(traffic: Traffic) -> Iterator[tuple[str, str]]:
    for service in services(traffic):
        yield from service["prefetch"].items()


def parameters(template: str) -> list[tuple[str, str]]:
    """Name and value of each search parameter, the value as it stands."""
    query = template.partition("?")[2]
    pairs = [pair.partition("=") for pair in query.split("&") if query]
    return [(name, value) for name, _, value in pairs]


@pytest.mark.conformance("6", "I1")
def test_discovery_is_a_200_with_the_list_of_services(traffic: Traffic) -> None:
    assert traffic.discovery.answer.status == 200
    assert isinstance(services(traffic), list)
    assert services(traffic)


@pytest.mark.conformance("8", "I2")
def test_each_service_names_hook_description_and_id(traffic: Traffic) -> None:
    for service in services(traffic):
        for member in ("hook", "description", "id"):
            assert isinstance(service[member], str), member
            assert service[member], member


@pytest.mark.conformance("9")
def test_each_service_has_title_requirements_and_prefetch_of_text(traffic: Traffic) -> None:
    for service in services(traffic):
        assert service["title"]
        assert service["usageRequirements"]
        assert all(
            isinstance(key, str) and isinstance(template, str)
            for key, template in service["prefetch"].items()
        )


@pytest.mark.conformance("11")
def test_no_two_services_share_an_id(traffic: Traffic) -> None:
    ids = [service["id"] for service in services(traffic)]
    assert len(ids) == len(set(ids))


@pytest.mark.conformance("13")
def test_the_service_of_discovery_is_called_at_its_id(traffic: Traffic) -> None:
    by_hook = {service["hook"]: f"/cds-services/{service['id']}" for service in services(traffic)}
    assert by_hook["patient-view"] == SERVICE
    assert traffic.base.request.path == SERVICE
    assert traffic.base.answer.status == 200


@pytest.mark.conformance("18", "19")
def test_tokens_are_those_of_the_standard_and_of_the_hook(traffic: Traffic) -> None:
    for key, template in templates(traffic):
        tokens = re.findall(r"\{\{(.*?)\}\}", template)
        assert tokens, key
        assert set(tokens) <= TOKENS, key
        assert "{" not in re.sub(r"\{\{.*?\}\}", "", template), key


@pytest.mark.conformance("20")
def test_no_token_needs_more_than_the_published_version(traffic: Traffic) -> None:
    """2.0: primitive fields at the root of the context; FHIRPath, dates and %keys are 3.0."""
    for key, template in templates(traffic):
        for token in re.findall(r"\{\{(.*?)\}\}", template):
            assert re.fullmatch(r"(context\.)?[A-Za-z]+", token), key


@pytest.mark.conformance("21")
def test_queries_stay_within_the_subset_that_every_server_runs(traffic: Traffic) -> None:
    for key, template in templates(traffic):
        read = re.fullmatch(r"Patient/\{\{context\.patientId\}\}", template)
        searched = re.match(r"[A-Z][A-Za-z]+\?", template)
        assert read or searched, key
        for name, _ in parameters(template):
            assert re.fullmatch(r"[a-z_-]+(:in)?", name), f"{key}: {name}"


@pytest.mark.conformance("C1")
def test_templates_hold_no_include_no_sort_and_at_most_one_date_bound(traffic: Traffic) -> None:
    for key, template in templates(traffic):
        names = [name for name, _ in parameters(template)]
        assert not {"_include", "_revinclude", "_sort"} & set(names), key
        dates = [name for name in names if name in DATE_PARAMETERS]
        assert len(dates) <= 1, key
        assert len(template) < LONGEST_TEMPLATE, key


@pytest.mark.conformance("C2")
def test_the_prefetch_keys_are_those_that_administrators_typed(traffic: Traffic) -> None:
    for service in services(traffic):
        assert set(service["prefetch"]) == KEYS
        assert service["prefetch"]["patient"] == "Patient/{{context.patientId}}"
