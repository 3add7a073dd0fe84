"""Charts that two readers would read differently: neither reading is chosen in silence."""

import json
from datetime import UTC, date
from typing import Any

import msgspec
import pytest

from fhir_mappings.chart.record import ChartSources
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from fhir_mappings.patient_case import read_case
from hcc_pathway.case import Availability, PatientCase
from hcc_pathway.knowledge_base.knowledge import load_knowledge

TODAY = date(2026, 11, 22)
SUBJECT = {"reference": "Patient/p1"}
PATIENT = {"resourceType": "Patient", "id": "p1", "birthDate": "1960-01-01"}
HCC = {
    "resourceType": "Condition",
    "id": "hcc",
    "subject": SUBJECT,
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "109841003"}]},
}
SORAFENIB = {
    "resourceType": "MedicationRequest",
    "id": "m1",
    "status": "active",
    "intent": "order",
    "subject": SUBJECT,
    "authoredOn": "2026-01-01",
    "medicationCodeableConcept": {"text": "sorafenib"},
}


def bundle(*resources: object) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def case_of(texts: dict[str, str] | None = None, **sent: object) -> PatientCase:
    parts: dict[str, object] = {
        "patient": PATIENT,
        "conditions": bundle(HCC),
        "observations": bundle(),
        "medicationRequests": bundle(SORAFENIB),
        **sent,
    }
    written = {key: json.dumps(part) for key, part in parts.items()} | (texts or {})
    return read_case(
        ChartSources(by_key={key: msgspec.Raw(text.encode()) for key, text in written.items()}),
        patient_id="p1",
        knowledge=load_knowledge().as_of(TODAY),
        local_codes={},
        on=TODAY,
        zone=UTC,
    )


def state_of(case: PatientCase, key: str) -> Availability:
    return dict(case.medication_sources)[key]


@pytest.mark.parametrize(
    "envelope",
    [
        '{"resourceType":"Bundle","entry":[ENTRY],"entry":[]}',
        '{"resourceType":"Bundle","entry":[ENTRY],"\\u0065ntry":[]}',
        '{"resourceType":"Bundle","total":1,"total":2,"entry":[ENTRY]}',
        '{"resourceType":"Bundle","link":[],"entry":[ENTRY],"link":[{"relation":"next"}]}',
        '{"resourceType":"Bundle","link":[{"relation":"next","relation":"self"}],"entry":[ENTRY]}',
        '{"resourceType":"Bundle","entry":[{"resource":{},"resource":RESOURCE}]}',
    ],
    ids=["entry", "entry, escaped", "total", "link", "relation", "resource"],
)
def test_a_bundle_whose_envelope_names_a_key_twice_is_no_answer(envelope: str) -> None:
    resource = json.dumps(SORAFENIB)
    text = envelope.replace("ENTRY", f'{{"resource":{resource}}}').replace("RESOURCE", resource)
    case = case_of({"medicationRequests": text}, medicationStatements=bundle())
    assert state_of(case, "medicationRequests") is not Availability.COMPLETE


def test_names_of_the_envelope_inside_resources_repeat_nothing() -> None:
    noted = SORAFENIB | {"extension": [{"entry": 1, "total": 2, "link": 3}], "search": "x"}
    case = case_of(medicationRequests=bundle(noted, SORAFENIB | {"id": "m2"}))
    assert state_of(case, "medicationRequests") is Availability.COMPLETE
    assert len(case.drugs) == 2


@pytest.mark.rule("A19")
@pytest.mark.parametrize("reference", ["Medication/nowhere", "#nothing", "urn:uuid:1"])
def test_a_drug_that_is_a_reference_to_nothing_may_be_any_drug(reference: str) -> None:
    nameless = {k: v for k, v in SORAFENIB.items() if k != "medicationCodeableConcept"}
    nameless |= {"id": "m2", "medicationReference": {"reference": reference}}
    case = case_of(medicationRequests=bundle(SORAFENIB, nameless))
    assert state_of(case, "medicationRequests") is Availability.TRUNCATED


def test_a_drug_that_is_a_reference_with_a_name_is_that_drug() -> None:
    named = {k: v for k, v in SORAFENIB.items() if k != "medicationCodeableConcept"}
    named |= {"id": "m2", "medicationReference": {"reference": "Medication/x", "display": "iron"}}
    case = case_of(medicationRequests=bundle(SORAFENIB, named))
    assert state_of(case, "medicationRequests") is Availability.COMPLETE


AFP: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "afp",
    "status": "final",
    "subject": SUBJECT,
    "code": {"coding": [{"system": "http://loinc.org", "code": "1834-1"}]},
    "effectiveDateTime": "2026-11-20",
    "valueQuantity": {"value": 812, "unit": "ng/mL"},
}


@pytest.mark.parametrize(
    ("focus", "used"),
    [
        ({"reference": "Patient/p2"}, 0),
        ({"reference": "RelatedPerson/r1"}, 0),
        ({"reference": "https://other.example/Patient/p2"}, 0),
        ({"reference": "x", "type": "Group"}, 0),
        ({"reference": "Patient/p1"}, 1),
        ({"reference": "Condition/hcc"}, 1),
    ],
)
def test_what_was_measured_on_somebody_else_is_theirs(focus: dict[str, str], used: int) -> None:
    case = case_of(observations=bundle(AFP | {"focus": [focus]}))
    assert (len(case.afp), case.resources_of_other_patients) == (used, 1 - used)


def test_a_number_of_a_million_digits_is_no_result() -> None:
    text = json.dumps(bundle(AFP)).replace("812", "812." + "0" * 1_000_000)
    case = case_of({"observations": text})
    assert case.afp == ()
    assert [one.source for one in case.ignored] == ["Observation/afp"]


def test_two_patients_of_one_id_who_differ_are_refused() -> None:
    other = PATIENT | {"birthDate": "2015-01-01"}
    with pytest.raises(ChartRejected, match="differ"):
        case_of(patient=bundle(PATIENT, other))


def test_a_patient_without_an_id_is_known_by_an_urn_alone() -> None:
    nameless = {k: v for k, v in PATIENT.items() if k != "id"}
    entry = {"fullUrl": "http://evil.example:p1", "resource": nameless}
    with pytest.raises(ChartRejected):
        case_of(patient={"resourceType": "Bundle", "entry": [entry]})


def test_a_bundle_of_other_things_is_no_answer_to_conditions() -> None:
    with pytest.raises(NeededDataAbsent):
        case_of(conditions=bundle(AFP))


@pytest.mark.parametrize(("records", "state"), [(1499, "complete"), (1501, "truncated")])
def test_more_drug_records_than_any_treatment_has_count_as_a_cut_list(
    records: int, state: str
) -> None:
    given = SORAFENIB | {"resourceType": "MedicationStatement", "status": "completed"}
    many = [given | {"id": f"s{number}"} for number in range(records)]
    nothing = {"resourceType": "Bundle"}
    case = case_of(medicationRequests=nothing, medicationStatements=bundle(*many))
    assert state_of(case, "medicationStatements") == state
    assert len(case.drugs) == min(records, 1500)
