"""The main job against a real FHIR server: discovery, prefetch as an EHR does it, cards."""

import json
import re
from datetime import date
from typing import Any

import pytest
import requests

from cds_service.sample_charts import SampleChart
from tests.real_server import ehr
from tests.samples.stored import expected_document, intent_of, patient_of

pytestmark = [pytest.mark.real_server, pytest.mark.slow, pytest.mark.xdist_group("real-server")]

EXTENSION = "org.hcc-pathway.recommendation"
PRODUCT_CODE = re.compile(r"(RxNorm|ATC) [A-Z0-9]+(; )?")


def as_prefetch_shows(document: dict[str, Any], sample: SampleChart) -> dict[str, Any]:
    """Leave product codes out of the notes where they stand in Medications of their own.

    No template asks for Medication (there is no ``_include``), so an order that refers to one is
    known by the reference's display alone until the service fetches by itself.
    """
    types = {entry["resource"]["resourceType"] for entry in json.loads(sample.text)["entry"]}
    if "Medication" in types:
        for used in document["inputs"]:
            used["note"] = PRODUCT_CODE.sub("", used["note"])
    return document


def test_every_template_is_answered_whole_for_every_sample(
    session: requests.Session, service_base: str, fhir_base: str, sample: SampleChart
) -> None:
    offered = ehr.templates(session, service_base)
    answers = ehr.prefetched(session, fhir_base, offered, patient_of(sample)["id"])
    assert answers.keys() == offered.keys()
    assert answers.pop("patient")["id"] == patient_of(sample)["id"]
    for key, bundle in answers.items():
        more = [link for link in bundle.get("link", ()) if link["relation"] == "next"]
        assert (key, more) == (key, [])


def test_the_card_carries_the_committed_document(
    session: requests.Session,
    service_base: str,
    fhir_base: str,
    sample: SampleChart,
    today: date,
) -> None:
    offered = ehr.templates(session, service_base)
    patient_id = patient_of(sample)["id"]
    prefetch = ehr.prefetched(session, fhir_base, offered, patient_id)
    cards = ehr.call(session, service_base, patient_id, prefetch)
    documents = [
        card["extension"][EXTENSION] for card in cards if EXTENSION in card.get("extension", {})
    ]
    if intent_of(sample).get("cards") == 0:
        assert cards == []
    else:
        expected = as_prefetch_shows(expected_document(sample, on=today), sample)
        assert [as_prefetch_shows(one, sample) for one in documents] == [expected]


def test_each_option_has_one_order_unless_the_intent_says_otherwise(
    session: requests.Session, service_base: str, fhir_base: str, sample: SampleChart
) -> None:
    offered = ehr.templates(session, service_base)
    patient_id = patient_of(sample)["id"]
    prefetch = ehr.prefetched(session, fhir_base, offered, patient_id)
    cards = ehr.call(session, service_base, patient_id, prefetch)
    intent = intent_of(sample)
    orders = [
        action["resource"]["medicationCodeableConcept"]["text"].split()[0].lower()
        for card in cards
        for suggestion in card.get("suggestions", ())
        for action in suggestion["actions"]
        if action["resource"]["resourceType"] == "MedicationRequest"
    ]
    assert sorted(orders) == sorted(set(intent["options"]) - set(intent.get("noOrder", ())))
