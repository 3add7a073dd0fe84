"""What a drug was given for, by the condition that its record refers to."""

import json

import pytest

from fhir_mappings.chart.record import sources_from_bundle

from .charts_for_tests import (
    ICD,
    SNOMED,
    Json,
    a_condition,
    a_patient,
    case_from,
    case_of,
    concept,
    reasons,
)


def _order(**more: object) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "sorafenib 200 MG Oral Tablet"},
        "authoredOn": "2026-02-01",
        **more,
    }


THYROID = concept(SNOMED, "363478007", "Malignant tumor of thyroid gland")
KIDNEY = concept(ICD, "C64.9")


@pytest.mark.rule("A20")
@pytest.mark.parametrize("other", [THYROID, KIDNEY])
def test_sorafenib_for_a_condition_that_is_another_cancer_is_no_exposure(other: Json) -> None:
    reason = [{"reference": "Condition/other"}]
    case = case_of(a_condition(), a_condition("other", code=other), _order(reasonReference=reason))
    assert case.drugs == ()
    assert reasons(case) == [("MedicationRequest/m1", "ignored-other-indication")]


@pytest.mark.parametrize(
    "reason",
    [
        [{"reference": "Condition/c1"}],
        [{"reference": "Condition/other"}, {"reference": "Condition/c1"}],
        [{"reference": "Condition/unrelated"}],
        [{"reference": "Condition/not-in-this-chart"}],
    ],
)
def test_sorafenib_for_liver_cancer_or_for_no_known_cancer_counts(
    reason: list[Json],
) -> None:
    case = case_of(
        a_condition(),
        a_condition("other", code=THYROID),
        a_condition("unrelated", code=concept(ICD, "I10", "Essential hypertension")),
        _order(reasonReference=reason),
    )
    assert [one.drug for one in case.drugs] == ["sorafenib"]


@pytest.mark.rule("A20")
def test_a_condition_is_found_by_its_full_url_as_well() -> None:
    entries: list[Json] = [
        {"resource": a_patient()},
        {"resource": a_condition()},
        {
            "fullUrl": "urn:uuid:0a6e4ed0-6b53-4b3c-9a43-0a1b2c3d4e5f",
            "resource": a_condition("other", code=THYROID),
        },
        {
            "resource": _order(
                reasonReference=[{"reference": "urn:uuid:0a6e4ed0-6b53-4b3c-9a43-0a1b2c3d4e5f"}]
            )
        },
    ]
    chart = {"resourceType": "Bundle", "entry": entries}
    assert case_from(sources_from_bundle(json.dumps(chart).encode())).drugs == ()
