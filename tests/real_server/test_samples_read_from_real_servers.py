"""The service reads what was not sent, from FHIR servers of different origin, with their token."""

import logging
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.sample_charts import SampleChart
from tests.fetching.charts import EXTENSION, SAMPLES, call, client_of, composition, post
from tests.real_server import ehr
from tests.real_server.conftest import Guarded
from tests.real_server.fhir_servers import TOKEN
from tests.samples.stored import expected_document, intent_of, patient_of

pytestmark = [pytest.mark.real_server, pytest.mark.slow, pytest.mark.xdist_group("real-server")]

OFFERED = composition().prefetch
SLOW_MACHINE_MS = 30_000


@cache
def client(base: str, today: date) -> FlaskClient:
    sample = SAMPLES["tolerant-afp-high"]
    return client_of(base, sample, deadline_ms=SLOW_MACHINE_MS, most_bytes=20_000_000, today=today)


class Asking:
    """One sample on one server: the cards of a call, and the GETs that it cost."""

    def __init__(
        self, server: Guarded, sample: SampleChart, today: date, log: pytest.LogCaptureFixture
    ) -> None:
        self.server, self.sample, self.today, self.log = server, sample, today, log
        log.set_level(logging.INFO)
        server.hold(sample, today)

    def cards(self, prefetch: dict[str, Any] | None) -> tuple[list[dict[str, Any]], int]:
        self.log.clear()
        request = call(self.sample, self.server.base, prefetch, TOKEN)
        answer = post(client(self.server.base, self.today), request)
        assert answer.status_code == 200, answer.text
        fields = [one.__dict__.get("fields", {}) for one in self.log.records]
        (calls,) = [found.get("fhirCalls", 0) for found in fields if "route" in found]
        found: list[dict[str, Any]] = answer.json["cards"]  # type: ignore[index]  # an object
        return found, calls

    def sent(self) -> dict[str, Any]:
        patient_id = patient_of(self.sample)["id"]
        found = ehr.prefetched(self.server.session, self.server.base, dict(OFFERED), patient_id)
        assert found.keys() == OFFERED.keys()
        return found


@pytest.fixture
def asking(
    guarded: Guarded, sample: SampleChart, today: date, caplog: pytest.LogCaptureFixture
) -> Asking:
    return Asking(guarded, sample, today, caplog)


def medications_of_their_own(sample: SampleChart) -> int:
    return sample.text.count('"resourceType": "Medication"')


def is_paged(prefetch: dict[str, Any]) -> bool:
    """Whether the EHR sent first pages only, because its FHIR server cuts every search."""
    links = (link for answer in prefetch.values() for link in answer.get("link", ()))
    return any(link["relation"] == "next" for link in links)


def outline(document: dict[str, Any]) -> tuple[object, ...]:
    """What is said of whom, without the digits as received."""
    return (
        document["patientClass"],
        document["line"],
        [one["therapy"] for one in document["options"]],
        [(one["therapy"], one["criterion"]) for one in document["withheld"]],
        [one["input"] for one in document["missing"]],
        [(one["input"], one["source"]) for one in document["inputs"]],
    )


def test_nothing_sent_gives_what_everything_sent_gives(asking: Asking) -> None:
    sent = asking.sent()
    with_all, calls = asking.cards(sent)
    if not is_paged(sent):
        # no template can ask for a Medication, so each costs one read
        assert calls == medications_of_their_own(asking.sample)
    with_none, calls = asking.cards(None)
    assert with_none == with_all
    if not intent_of(asking.sample).get("cards", 1):
        assert with_none == []
        return
    (document,) = [
        card["extension"][EXTENSION]
        for card in with_none
        if EXTENSION in card.get("extension", {})
    ]
    expected = expected_document(asking.sample, on=asking.today)
    if asking.server.name == "medplum":  # JavaScript writes 33.0 as 33, and the texts follow it
        assert outline(document) == outline(expected)
    else:
        assert document == expected


def test_each_key_that_is_not_sent_is_read(asking: Asking) -> None:
    whole = asking.sent()
    with_all, cost_of_all = asking.cards(whole)
    for key in OFFERED:
        without = {other: value for other, value in whole.items() if other != key}
        found, calls = asking.cards(without)
        assert found == with_all, key
        assert calls <= cost_of_all + 1


def test_a_chart_without_liver_cancer_costs_at_most_one_call(
    guarded: Guarded, today: date, caplog: pytest.LogCaptureFixture
) -> None:
    asking = Asking(guarded, SAMPLES["no-liver-cancer"], today, caplog)
    whole = asking.sent()
    lean = {key: whole[key] for key in ("patient", "conditions")}
    # where the server cuts the conditions after a page, the second page is one call more
    second_page = int(is_paged(lean))
    assert asking.cards(lean) == ([], second_page)
    assert asking.cards({"patient": whole["patient"]}) == ([], 1 + second_page)
    assert asking.cards({"conditions": whole["conditions"]}) == ([], 1 + second_page)


def test_without_the_token_nothing_is_had(guarded: Guarded, today: date) -> None:
    sample = SAMPLES["tolerant-afp-high"]
    request = call(sample, guarded.base, None, "another-token")
    assert post(client(guarded.base, today), request).status_code == 412
