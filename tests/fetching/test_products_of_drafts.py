"""Draft orders that name their drug by a bare reference: the Medication is read from the EHR."""

from typing import Any

import pytest

from tests.fetching.charts import SAMPLES, call, client_of, resources_of, serving_chart
from tests.fetching.fault_server import Answers, Asked, Script, reply, serving

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
RAMUCIRUMAB = {"system": RXNORM, "code": "1535922"}
ORDER_SIGN = "/cds-services/hcc-after-sorafenib-order-sign"


def medication(**code: object) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": "ordered-1", "code": code}


def asked_about(
    sample_name: str,
    product: dict[str, Any],
    reference: dict[str, str],
    faults: dict[str, Answers] | None = None,
) -> tuple[list[dict[str, Any]], list[str]]:
    """Sign an order for the product; give the cards, and which Medications were read."""
    sample = SAMPLES[sample_name]
    held = [*resources_of(sample), product]
    with serving(serving_chart(held, faults)) as server:
        request = call(sample, server.base) | {"hook": "order-sign"}
        patient = {"reference": f"Patient/{request['context']['patientId']}"}
        draft = {
            "resourceType": "MedicationRequest",
            "id": "draft-1",
            "status": "draft",
            "intent": "order",
            "subject": patient,
            "medicationReference": {
                name: value.replace("BASE", server.base) for name, value in reference.items()
            },
        }
        drafts = {"resourceType": "Bundle", "entry": [{"resource": draft}]}
        request["context"]["draftOrders"] = drafts
        answer = client_of(server.base, sample).post(ORDER_SIGN, json=request)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["cards"]  # type: ignore[index]  # an object
        return found, [one.path for one in server.asked if one.path.endswith("/ordered-1")]


@pytest.mark.parametrize("reference", ["Medication/ordered-1", "BASE/Medication/ordered-1"])
def test_a_bare_reference_is_read_and_the_order_held_against_the_chart(reference: str) -> None:
    product = medication(coding=[RAMUCIRUMAB])
    cards, read = asked_about("tolerant-afp-low", product, {"reference": reference})
    assert read == ["/fhir/Medication/ordered-1"]
    (card,) = cards
    assert "ramucirumab" in (card["summary"] + card["detail"]).lower()


def test_the_same_order_is_silent_where_it_fits() -> None:
    product = medication(coding=[RAMUCIRUMAB])
    cards, read = asked_about("tolerant-afp-high", product, {"reference": "Medication/ordered-1"})
    assert (cards, len(read)) == ([], 1)


def test_a_reference_that_says_what_it_is_costs_no_call() -> None:
    named = {"reference": "Medication/ordered-1", "display": "ramucirumab 10 mg/mL"}
    cards, read = asked_about("tolerant-afp-low", medication(text="ramucirumab"), named)
    assert (len(cards), read) == (1, [])


def test_a_chart_without_liver_cancer_costs_no_call_for_the_product() -> None:
    cards, read = asked_about(
        "no-liver-cancer", medication(coding=[RAMUCIRUMAB]), {"reference": "Medication/ordered-1"}
    )
    assert (cards, read) == ([], [])


def test_nobody_else_is_asked_for_the_product() -> None:
    elsewhere = {"reference": "https://elsewhere.example/fhir/Medication/ordered-1"}
    cards, read = asked_about("tolerant-afp-low", medication(coding=[RAMUCIRUMAB]), elsewhere)
    assert (said_to_be_unread(cards), read) == (True, [])


def said_to_be_unread(cards: list[dict[str, Any]]) -> bool:
    (card,) = cards
    return card["indicator"] == "info" and "cannot be read" in card["summary"]


def hang(_: Asked) -> Script:
    yield 30.0


FAULTS: dict[str, Answers] = {
    "a server error": lambda _: reply(status=500),
    "a refusal": lambda _: reply(status=403),
    "no such product": lambda _: reply(status=404),
    "no answer": hang,
    "another resource": lambda _: reply({"resourceType": "Patient", "id": "ordered-1"}),
    "a product without a name": lambda _: reply(medication()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_product_that_cannot_be_read_may_be_any_drug_and_is_said_to_be_unread(
    fault: str,
) -> None:
    product, reference = medication(coding=[RAMUCIRUMAB]), {"reference": "Medication/ordered-1"}
    cards, _ = asked_about("tolerant-afp-low", product, reference, {"Medication": FAULTS[fault]})
    assert said_to_be_unread(cards)


def test_a_product_that_cannot_be_read_is_nobodys_concern_without_liver_cancer() -> None:
    product, reference = medication(coding=[RAMUCIRUMAB]), {"reference": "Medication/ordered-1"}
    cards, _ = asked_about("no-liver-cancer", product, reference, {"Medication": hang})
    assert cards == []


@pytest.mark.parametrize("last", ["$everything", "?code=x", ".", "..", "a b", "x" * 65])
def test_a_reference_that_ends_in_no_id_is_never_asked_for(last: str) -> None:
    product, reference = medication(coding=[RAMUCIRUMAB]), {"reference": f"Medication/{last}"}
    _, read = asked_about("tolerant-afp-high", product, reference)
    assert read == []
