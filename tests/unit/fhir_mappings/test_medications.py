"""Systemic drugs of a chart: which records count, why the others do not, and what interacts."""

import json
from datetime import UTC, date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mappings.chart.record import read_record, sources_from_bundle
from fhir_mappings.clinical_facts.observations import Place
from fhir_mappings.drugs.drug_names import NamedDrugs
from fhir_mappings.drugs.medications import MedicationReadings, read_drugs
from hcc_pathway.drug_record import DrugEvidence, DrugStatus, StopReason
from hcc_pathway.knowledge_base.knowledge import load_knowledge

TODAY = date(2026, 11, 22)
KNOWLEDGE = load_knowledge().as_of(TODAY)
SNOMED = "http://snomed.info/sct"
Json = dict[str, Any]


def readings(*resources: Json, local_codes: dict[str, str] | None = None) -> MedicationReadings:
    subject = {"reference": "Patient/p1"}
    made: list[Json] = [{"resourceType": "Patient", "id": "p1"}]
    for number, resource in enumerate(resources):
        owner = {"patient": subject, "subject": subject}
        made.append({"id": f"r{number}", **owner, **resource})
    chart = {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in made]}
    record = read_record(sources_from_bundle(json.dumps(chart).encode()), "p1")
    named = NamedDrugs.of(KNOWLEDGE, local_codes or {})
    return read_drugs(record, KNOWLEDGE, named, Place(on=TODAY, zone=UTC))


def statement(**fields: Any) -> Json:  # noqa: ANN401 - FHIR elements are of any type
    return {
        "resourceType": "MedicationStatement",
        "status": "stopped",
        "medicationCodeableConcept": {"text": "sorafenib 200 MG"},
        "effectivePeriod": {"start": "2026-01-01", "end": "2026-05-01"},
        **fields,
    }


def order(**fields: Any) -> Json:  # noqa: ANN401 - FHIR elements are of any type
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "medicationCodeableConcept": {"text": "sorafenib 200 MG"},
        "authoredOn": "2026-01-01",
        **fields,
    }


def snomed(code: str) -> Json:
    return {"coding": [{"system": SNOMED, "code": code}]}


@pytest.mark.rule("A3", "A27")
@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (snomed("407563006"), StopReason.INTOLERANCE),
        (snomed("266721009"), StopReason.NO_RESPONSE),
        (snomed("7058009"), StopReason.OTHER),
        (snomed("105480006"), StopReason.OTHER),
        (snomed("160932005"), StopReason.OTHER),
        (snomed("309846006"), StopReason.OTHER),
        ({"text": "rash, perhaps"}, None),
    ],
)
def test_the_reason_to_stop_is_read_from_its_code(
    reason: Json, expected: StopReason | None
) -> None:
    (by_statement,) = readings(statement(statusReason=[reason])).drugs
    (by_order,) = readings(order(status="stopped", statusReason=reason)).drugs
    assert by_statement.stop_reason is expected
    assert by_order.stop_reason is expected


@pytest.mark.rule("A32")
@pytest.mark.parametrize("status", ["active", "on-hold"])
def test_a_reason_on_a_record_that_did_not_end_is_no_reason_to_stop(status: str) -> None:
    (found,) = readings(order(status=status, statusReason=snomed("407563006"))).drugs
    assert found.stop_reason is None


@pytest.mark.parametrize(
    ("resource", "because"),
    [
        (statement(status="entered-in-error"), "ignored-status-entered-in-error"),
        (statement(status="intended"), "ignored-status-intended"),
        (statement(status="hungry"), "ignored-status-not-known"),
        (order(status="draft"), "ignored-status-draft"),
        (order(status="cancelled"), "ignored-status-cancelled"),
        (order(doNotPerform=True), "ignored-do-not-perform"),
        (order(intent="proposal"), "ignored-not-ordered"),
        (order(authoredOn="2026-11-24"), "ignored-future-date"),
        (order(reasonCode=[{"text": "papillary thyroid cancer"}]), "ignored-other-indication"),
        (
            order(medicationCodeableConcept={"coding": [{"system": "urn:x", "code": "7"}]}),
            "ignored-drug-not-named",
        ),
    ],
)
def test_a_record_that_is_not_used_is_named_with_its_reason(resource: Json, because: str) -> None:
    found = readings(resource)
    assert found.drugs == []
    assert [(record.source, record.because.id) for record in found.ignored] == [
        (f"{resource['resourceType']}/r0", because)
    ]


def test_a_record_of_tomorrow_is_read_since_clocks_differ() -> None:
    assert len(readings(order(authoredOn="2026-11-23")).drugs) == 1


def test_a_record_without_status_is_read_as_of_unknown_status() -> None:
    (found,) = readings({**order(), "status": None}).drugs
    assert found.status is DrugStatus.UNKNOWN


def test_an_unrelated_drug_is_passed_over_without_a_word() -> None:
    found = readings(order(medicationCodeableConcept={"text": "amlodipine 5 MG Oral Tablet"}))
    assert found == MedicationReadings()


@pytest.mark.parametrize(
    ("concept", "drug"),
    [
        ({"text": "Cabometyx 60 mg"}, "cabozantinib"),
        ({"text": "OPDIVO infusion"}, "nivolumab"),
        ({"coding": [{"display": "ramucirumab 10 MG/ML [Cyramza]"}]}, "ramucirumab"),
        (
            {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.73", "code": "L01EX05"}]},
            "regorafenib",
        ),
        ({"coding": [{"system": "urn:our-pharmacy", "code": "S-1"}]}, "sorafenib"),
    ],
)
def test_a_drug_is_known_by_code_local_code_name_or_brand(concept: Json, drug: str) -> None:
    found = readings(
        order(medicationCodeableConcept=concept),
        local_codes={"urn:our-pharmacy|S-1": "drug-sorafenib"},
    )
    assert [record.drug for record in found.drugs] == [drug]


@pytest.mark.parametrize("text", ["sorafenibum-like", "regorafenibX", "bevacizumab intravitreal"])
def test_a_name_counts_only_as_a_whole_word_of_a_systemic_product(text: str) -> None:
    assert readings(order(medicationCodeableConcept={"text": text})).drugs == []


def test_two_drugs_in_one_record_are_two_records() -> None:
    found = readings(order(medicationCodeableConcept={"text": "nivolumab + ipilimumab"}))
    assert [record.drug for record in found.drugs] == ["ipilimumab", "nivolumab"]


def test_every_medication_type_has_its_own_weight() -> None:
    concept = {"medicationCodeableConcept": {"text": "Nexavar 200 mg"}}
    found = readings(
        statement(),
        order(),
        {
            "resourceType": "MedicationAdministration",
            "status": "not-done",
            "effectiveDateTime": "2026-02-01",
            **concept,
        },
        {
            "resourceType": "MedicationDispense",
            "status": "completed",
            "whenHandedOver": "2026-02-01",
            "daysSupply": {"value": 30},
            **concept,
        },
    )
    assert {record.source: (record.evidence, record.status) for record in found.drugs} == {
        "MedicationStatement/r0": (DrugEvidence.STATED, DrugStatus.STOPPED),
        "MedicationRequest/r1": (DrugEvidence.PRESCRIBED, DrugStatus.ACTIVE),
        "MedicationAdministration/r2": (DrugEvidence.ADMINISTERED, DrugStatus.NOT_TAKEN),
        "MedicationDispense/r3": (DrugEvidence.DISPENSED, DrugStatus.COMPLETED),
    }
    assert found.drugs[-1].supply_ends is not None
    assert found.drugs[-1].supply_ends.latest == date(2026, 3, 2)


def test_an_end_before_the_start_makes_both_unknown() -> None:
    (found,) = readings(
        statement(effectivePeriod={"start": "2026-05-01", "end": "2026-01-01"})
    ).drugs
    assert (found.first_day, found.last_day) == (None, None)


@pytest.mark.rule("A24")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"note": [{"text": "adjuvant after resection"}]}, True),
        ({"reasonCode": [{"text": "HCC, clinical trial NCT1"}]}, True),
        ({"note": [{"text": "palliative"}]}, False),
    ],
)
def test_adjuvant_or_trial_use_is_read_from_reason_and_note(
    fields: Json,
    expected: bool,  # noqa: FBT001 - the expected value of a table row
) -> None:
    (found,) = readings(statement(**fields)).drugs
    assert found.adjuvant_or_trial is expected


@pytest.mark.rule("A33")
@pytest.mark.parametrize(
    ("fields", "counted", "ignored"),
    [
        ({}, 1, []),
        ({"clinicalStatus": {"coding": [{"code": "active"}]}}, 1, []),
        ({"clinicalStatus": {"coding": [{"code": "resolved"}]}}, 0, ["ignored-not-active"]),
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}}, 0, ["ignored-refuted"]),
        ({"recordedDate": "2027-01-01"}, 0, ["ignored-future-date"]),
        ({"code": {"text": "penicillin"}}, 0, []),
    ],
)
def test_an_allergy_to_sorafenib_counts_while_active_and_not_refuted(
    fields: Json, counted: int, ignored: list[str]
) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "code": {"text": "Sorafenib"},
        "recordedDate": "2026-05-01",
        **fields,
    }
    found = readings(allergy)
    assert [record.is_allergy for record in found.intolerances] == [True] * counted
    assert [record.because.id for record in found.ignored] == ignored


@pytest.mark.rule("A3")
@pytest.mark.parametrize(
    ("instance", "counted"),
    [
        ({"reference": "MedicationStatement/r1"}, 1),
        ({"reference": "Medication/m1"}, 1),
        ({"display": "Nexavar"}, 1),
        ({"display": "amlodipine"}, 0),
    ],
)
def test_an_adverse_event_counts_when_sorafenib_is_its_suspect(
    instance: Json, counted: int
) -> None:
    event = {
        "resourceType": "AdverseEvent",
        "actuality": "actual",
        "event": {"text": "hand-foot skin reaction"},
        "date": "2026-04-30",
        "suspectEntity": [{"instance": instance}],
    }
    medication = {"resourceType": "Medication", "id": "m1", "code": {"text": "sorafenib"}}
    found = readings(event, statement(), medication)
    assert len(found.intolerances) == counted


def test_a_potential_event_is_none() -> None:
    event = {
        "resourceType": "AdverseEvent",
        "actuality": "potential",
        "suspectEntity": [{"instance": {"display": "sorafenib"}}],
    }
    assert [r.because.id for r in readings(event).ignored] == ["ignored-potential-event"]


@pytest.mark.parametrize(
    ("fields", "details"),
    [
        (
            {"medicationCodeableConcept": {"text": "clarithromycin 500 mg"}},
            ["strong-cyp3a4-inhibitor"],
        ),
        ({"medicationCodeableConcept": {"text": "Rifampin 300 MG"}}, ["strong-cyp3a4-inducer"]),
        ({"medicationCodeableConcept": {"text": "rifampicin"}, "status": "completed"}, []),
        ({"medicationCodeableConcept": {"text": "ketoconazole 2 % shampoo"}}, []),
        ({"medicationCodeableConcept": {"text": "clarithromycin"}, "doNotPerform": True}, []),
    ],
)
def test_an_active_strong_cyp3a4_drug_is_a_caution(fields: Json, details: list[str]) -> None:
    found = readings(order(**fields))
    assert [caution.detail for caution in found.cautions] == details
    assert all(caution.concern == "interacting-medication" for caution in found.cautions)


CHART = [
    statement(),
    order(status="stopped", statusReason=snomed("407563006")),
    order(medicationCodeableConcept={"text": "regorafenib"}, authoredOn="2026-06-01"),
    order(medicationCodeableConcept={"text": "itraconazole"}),
]


@given(order_of_entries=st.permutations([{**r, "id": f"x{n}"} for n, r in enumerate(CHART)]))
def test_the_order_of_entries_and_a_resource_sent_twice_change_nothing(
    order_of_entries: list[Json],
) -> None:
    expected = readings(*[{**resource, "id": f"x{n}"} for n, resource in enumerate(CHART)])
    found = readings(*order_of_entries, order_of_entries[0])
    assert sorted(found.drugs, key=lambda drug: drug.source) == sorted(
        expected.drugs, key=lambda drug: drug.source
    )
    assert found.cautions == expected.cautions
