"""Searches that come in pages, and records of somebody else among them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.fetching.charts import (
    SAMPLES,
    TOKEN,
    call,
    client_of,
    document_of,
    post,
    resources_of,
    serving_chart,
)
from tests.fetching.fault_server import Answers, Asked, Script, reply, searchset, serving
from tests.fetching.test_fault_table import not_read

SAMPLE = SAMPLES["tolerant-afp-high"]
RESOURCES = resources_of(SAMPLE)
OBSERVATIONS = [one for one in RESOURCES if one["resourceType"] == "Observation"]
PATIENT_ID = "tah-patient"
CUT = {"observations": "could not be read in full: what else it holds is unknown"}


def document_with(observations: Answers, **more: Answers) -> dict[str, Any]:
    faults = {"Observation": observations, **more}
    with serving(serving_chart(RESOURCES, faults)) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=8000)
        return document_of(post(client, call(SAMPLE, server.base)))


def base_of(asked: Asked) -> str:
    return f"http://{asked.headers['host']}/fhir"


def in_pages(
    pages: list[list[dict[str, Any]]], total: int | None = None, link: str = "{base}/Observation"
) -> Answers:
    """Answer the pages one after the other, each naming the next."""

    def answer(asked: Asked) -> Script:
        number = int(asked.query.get("page", "0"))
        following = f"{link.format(base=base_of(asked))}?page={number + 1}"
        last = number == len(pages) - 1
        bundle = searchset(*pages[number], next_url=None if last else following)
        return reply(bundle if total is None else bundle | {"total": total})

    return answer


def of_ten(resources: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [resources[start : start + 10] for start in range(0, len(resources), 10)]


@cache
def one_page() -> dict[str, Any]:
    return document_with(in_pages([OBSERVATIONS]))


def test_honest_pages_give_the_document_of_one_page() -> None:
    assert document_with(in_pages(of_ten(OBSERVATIONS))) == one_page()
    assert document_with(in_pages(of_ten(OBSERVATIONS), total=len(OBSERVATIONS))) == one_page()


def test_shuffled_pages_that_repeat_records_give_the_document_of_one_page() -> None:
    shuffled = of_ten([*OBSERVATIONS[::-1], *OBSERVATIONS[5:15]])
    assert document_with(in_pages(shuffled)) == one_page()


def test_a_record_that_was_pushed_out_of_all_pages_by_another_is_missed() -> None:
    twice = [*OBSERVATIONS[:-1], OBSERVATIONS[0]]
    document = document_with(in_pages(of_ten(twice), total=len(OBSERVATIONS)))
    assert not_read(document) == CUT


def endless(asked: Asked) -> Script:
    number = int(asked.query.get("page", "0"))
    following = f"{base_of(asked)}/Observation?page={number + 1}"
    return reply(searchset(*OBSERVATIONS, next_url=following))


def itself(asked: Asked) -> Script:
    return reply(searchset(*OBSERVATIONS, next_url=f"{base_of(asked)}{asked.target[5:]}"))


def without_address(_: Asked) -> Script:
    bundle = searchset(*OBSERVATIONS)
    return reply(bundle | {"link": [{"relation": "next"}]})


def second_page(then: Callable[[], Script]) -> Answers:
    def answer(asked: Asked) -> Script:
        if "page" in asked.query:
            return then()
        following = f"{base_of(asked)}/Observation?page=1"
        return reply(searchset(*OBSERVATIONS, next_url=following))

    return answer


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(endless, id="endless"),
        pytest.param(itself, id="to itself"),
        pytest.param(without_address, id="without an address"),
        pytest.param(second_page(lambda: reply({}, 500)), id="the second fails"),
        pytest.param(second_page(lambda: reply(b"<html>")), id="the second is no JSON"),
        pytest.param(
            second_page(lambda: reply({"resourceType": "OperationOutcome"})),
            id="the second is an outcome",
        ),
        pytest.param(second_page(lambda: reply({}, 302, Location="/fhir/x")), id="redirect"),
        pytest.param(
            lambda _: reply(searchset(*OBSERVATIONS) | {"total": 500}), id="a total not reached"
        ),
    ],
)
def test_pages_that_do_not_end_well_are_said_to_be_cut(answers: Answers) -> None:
    assert not_read(document_with(answers)) == CUT


def test_no_more_than_twenty_pages_are_read() -> None:
    asked: list[str] = []

    def counted(one: Asked) -> Script:
        asked.append(one.target)
        return endless(one)

    document_with(counted)
    assert len(asked) == 20


@pytest.mark.parametrize(
    "written",
    [
        "{elsewhere}/Observation?page=1",
        "{base}.evil.test/Observation?page=1",
        "{base}2/Observation?page=1",
        "{base}@127.0.0.1/x",
        "{host}/admin/Observation?page=1",
        "{base}/../admin?page=1",
        "{base}/%2e%2e/admin?page=1",
        "{base}//evil.test/x",
        "//{authority}/fhir/Observation?page=1",
        "file:///etc/passwd",
        "ftp://{authority}/fhir/x",
        "Observation?page=1",
        "{upper}/Observation?page=1",
    ],
)
def test_a_next_link_elsewhere_is_not_followed(written: str) -> None:
    with serving(lambda _: reply(searchset())) as elsewhere:

        def answer(asked: Asked) -> Script:
            base = base_of(asked)
            following = written.format(
                elsewhere=elsewhere.base,
                base=base,
                host=base.removesuffix("/fhir"),
                authority=asked.headers["host"],
                upper=base.replace("http", "HTTP"),
            )
            return reply(searchset(*OBSERVATIONS, next_url=following))

        with serving(serving_chart(RESOURCES, {"Observation": answer})) as server:
            client = client_of(server.base, SAMPLE, deadline_ms=8000)
            document = document_of(post(client, call(SAMPLE, server.base)))
            assert server.kinds().count("Observation") == 1
        assert elsewhere.connections == 0
    assert not_read(document) == CUT


def test_a_prefetched_bundle_with_a_next_link_is_read_on_with_the_token() -> None:
    first, *rest = of_ten(OBSERVATIONS)
    with serving(serving_chart(RESOURCES, {"Observation": in_pages([[], *rest])})) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=8000)
        sent = searchset(*first, next_url=f"{server.base}/Observation?page=1")
        answer = post(client, call(SAMPLE, server.base, {"observations": sent}))
        pages = [one for one in server.asked if one.kind == "Observation"]
    assert document_of(answer) == one_page()
    assert [one.query["page"] for one in pages][:2] == ["1", "2"]
    assert {one.headers["authorization"] for one in pages} == {f"Bearer {TOKEN}"}


# --- whose records


def foreign(resource: dict[str, Any]) -> dict[str, Any]:
    subject = {"reference": "Patient/somebody-else"}
    changed = resource | {"id": f"foreign-{resource['id']}"}
    for name in ("subject", "patient"):
        if name in resource:
            changed[name] = subject
    return changed


def test_records_of_somebody_else_change_nothing_but_their_count() -> None:
    mixed = [one for own in OBSERVATIONS for one in (foreign(own), own)]
    for pages in ([mixed], of_ten(mixed)):
        document = document_with(in_pages(pages))
        said = [one for one in document["ignored"] if not one["source"]]
        assert said == [{"source": "", "because": "83 records of other patients"}]
        assert document | {"ignored": []} == one_page() | {"ignored": []}


def test_a_search_that_gives_only_somebody_else_leaves_the_input_unknown() -> None:
    document = document_with(in_pages([[foreign(one) for one in OBSERVATIONS]]))
    assert document["options"] == []
    assert "alpha-fetoprotein" not in {one["input"] for one in document["inputs"]}


def another_patient(_: Asked) -> Script:
    return reply({"resourceType": "Patient", "id": "somebody-else", "birthDate": "1950-01-01"})


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param({"Patient": another_patient}, id="the Patient"),
        pytest.param(
            {"Observation": in_pages([[{"resourceType": "Patient", "id": "other"}]])},
            id="among observations",
        ),
        pytest.param(
            {"Observation": in_pages([OBSERVATIONS, [{"resourceType": "Patient", "id": "x"}]])},
            id="on a second page",
        ),
    ],
)
def test_a_patient_resource_of_somebody_else_is_a_412(faults: dict[str, Answers]) -> None:
    with serving(serving_chart(RESOURCES, faults)) as server:
        client = client_of(server.base, SAMPLE, deadline_ms=8000)
        answer = post(client, call(SAMPLE, server.base))
    assert answer.status_code == 412
    assert "somebody-else" not in answer.text


def test_a_medication_of_another_id_than_asked_for_is_not_used() -> None:
    sample = SAMPLES["tolerant-afp-low"]
    resources = resources_of(sample)
    (medication,) = [one for one in resources if one["resourceType"] == "Medication"]
    wrong = {"Medication": lambda _: reply(medication | {"id": "another"})}
    with serving(serving_chart(resources, wrong)) as server:
        client = client_of(server.base, sample, deadline_ms=8000)
        wrongly = document_of(post(client, call(sample, server.base)))
    with serving(serving_chart(resources)) as server:
        client = client_of(server.base, sample, deadline_ms=8000)
        rightly = document_of(post(client, call(sample, server.base)))
    assert wrongly["inputs"] != rightly["inputs"]
