"""Drafts as clients send them, invalid R4 included: what can be read is judged, nothing fails."""

from dataclasses import replace

import pytest

from tests.orders.ordering import (
    RXNORM,
    Json,
    answered,
    ask,
    draft,
    kind_of,
    order_call,
    patient_view_call,
    site,
)

CHART = "child-pugh-c"
CODING = {"system": RXNORM, "code": "1312397", "display": "regorafenib"}
CONCEPT = {"coding": [CODING], "text": "regorafenib 40 MG Oral Tablet"}
MEDICATION = {"resourceType": "Medication", "id": "m1", "code": CONCEPT}
SUBJECT = {"reference": "Patient/x"}
FOUND = "child-pugh-c"


def call() -> Json:
    return patient_view_call(CHART)


def own_subject() -> Json:
    return {"reference": f"Patient/{call()['context']['patientId']}"}


def bare(**elements: object) -> Json:
    return {"resourceType": "MedicationRequest", "id": "request-123", **elements}


READ: dict[str, Json] = {
    "a code without words": bare(medicationCodeableConcept={"coding": [CODING]}),
    "no status and no intent": bare(medicationCodeableConcept=CONCEPT),
    "a coding that is no list": bare(medicationCodeableConcept={"coding": CODING}),
    "a list of concepts": bare(medicationCodeableConcept=[CONCEPT]),
    "a concept that is a text": bare(medicationCodeableConcept="regorafenib 40 mg"),
    "the shape of R5, a concept": bare(medication={"concept": CONCEPT}),
    "a contained Medication": bare(
        contained=[MEDICATION], medicationReference={"reference": "#m1"}
    ),
    "a reference with the drug in its display": bare(
        medicationReference={
            "reference": "https://e.example/Medication/9",
            "display": "Stivarga",
        }
    ),
    "the sandbox's category": bare(
        medicationCodeableConcept=CONCEPT,
        intent="order",
        category={"coding": [{"code": "community"}]},
        dosageInstruction=[{"timing": {"repeat": {"frequency": 1}}, "doseAndRate": {}}],
    ),
    "the dosage of STU3": bare(
        medicationCodeableConcept=CONCEPT, dosageInstruction=[{"doseQuantity": {"value": 4}}]
    ),
    "a status of another type": bare(medicationCodeableConcept=CONCEPT, status=7),
    "a note of another type": bare(medicationCodeableConcept=CONCEPT, note="as discussed"),
    "a reason of another type": bare(medicationCodeableConcept=CONCEPT, reasonCode="HCC"),
    "the code system as an oid": bare(
        medicationCodeableConcept={
            "coding": [{"system": "urn:oid:2.16.840.1.113883.6.88", "code": "1312397"}]
        }
    ),
}
SILENT: dict[str, Json] = {
    "no drug yet, as on the sandbox's first call": bare(status="draft", authoredOn="2026-11-22"),
    "a drug that is null": bare(medicationCodeableConcept=None),
    "a drug that is a number": bare(medicationCodeableConcept=7),
    "a subject that cannot be read": bare(medicationCodeableConcept=CONCEPT, subject=7),
    "another type": {"resourceType": "MedicationOrder", "medicationCodeableConcept": CONCEPT},
    "a test": {"resourceType": "ServiceRequest", "code": CONCEPT},
    "a Medication alone": MEDICATION,
}


@pytest.mark.parametrize("shape", READ)
def test_the_drug_of_a_draft_is_found_in_whatever_shape(shape: str) -> None:
    assert kind_of(ask(call(), "order-sign", [READ[shape]])) == FOUND


@pytest.mark.parametrize("shape", SILENT)
def test_what_names_no_drug_for_this_patient_is_met_with_silence(shape: str) -> None:
    assert ask(call(), "order-sign", [SILENT[shape]]) == []


@pytest.mark.parametrize(
    "reference", ["Medication/m1", "https://ehr.example/api/R4/Medication/m1"]
)
def test_a_medication_is_found_in_the_bundle_of_drafts(reference: str) -> None:
    """Epic sends absolute references, and the Medication as a further entry."""
    order = bare(medicationReference={"reference": reference})
    assert kind_of(ask(call(), "order-sign", [order, MEDICATION])) == FOUND


def test_a_capsule_is_known_by_the_form_of_its_medication() -> None:
    form = {"coding": [{"display": "Oral Capsule"}]}
    capsule = {"resourceType": "Medication", "id": "m1", "form": form}
    capsule["code"] = {"text": "cabozantinib 80 mg"}
    order = bare(medicationReference={"reference": "Medication/m1"})
    chart = patient_view_call("third-line")
    assert kind_of(ask(chart, "order-sign", [order, capsule])) == "other-product"


@pytest.mark.parametrize("entry", [None, [], {}, [None], [{}], [{"resource": None}], "x", [7]])
def test_a_bundle_without_anything_to_read_is_met_with_silence(entry: object) -> None:
    asked = order_call(call(), "order-sign", [])
    asked["context"]["draftOrders"] = {"resourceType": "Bundle", "entry": entry}
    assert answered(asked) == []


def test_one_draft_that_cannot_be_read_does_not_hide_the_next() -> None:
    drafts = [SILENT["a drug that is a number"], READ["no status and no intent"]]
    assert kind_of(ask(call(), "order-sign", drafts)) == FOUND


@pytest.mark.parametrize("selections", [[], ["MedicationRequest/not-there"]])
def test_selections_that_name_no_draft_leave_every_draft_asked_about(
    selections: list[str],
) -> None:
    drafted = draft("regorafenib", own_subject())
    asked = order_call(call(), "order-select", [drafted], selections)
    assert kind_of(answered(asked)) == FOUND


def test_an_order_without_a_systemic_drug_reads_no_chart() -> None:
    """A hospital's other orders cost nothing, even where the chart could not be had."""
    asked = order_call({**call(), "prefetch": {}}, "order-sign", [draft("Aspirin", SUBJECT)])
    assert answered(asked) == []


def test_a_local_code_of_the_site_names_the_drug_of_a_draft() -> None:
    local = {"urn:oid:1.2.3|REGO": "drug-regorafenib"}
    coding = {"system": "urn:oid:1.2.3", "code": "REGO", "display": "hospital product 17"}
    order = bare(medicationCodeableConcept={"coding": [coding]})
    asked = order_call(call(), "order-sign", [order])
    assert answered(asked) == []
    assert kind_of(answered(asked, replace(site(), local_codes=local))) == FOUND
