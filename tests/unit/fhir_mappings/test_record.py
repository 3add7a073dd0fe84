"""What was received: whose it is, whether it is all there is, and what cannot be read."""

import json

import msgspec
import pytest

from fhir_mappings.chart.projections import Observation
from fhir_mappings.chart.record import ChartSources, read_record, sources_from_bundle
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from fhir_mappings.patient_case import has_liver_cancer
from fhir_mappings.values.codes import CodeBook
from hcc_pathway.case import Availability
from tests.unit.fhir_mappings.charts_for_tests import (
    KNOWLEDGE,
    SITE,
    TODAY,
    Json,
    a_bundle,
    a_condition,
    a_patient,
    an_observation,
    case_from,
    case_of,
    prefetch,
    reasons,
    ucum,
    whole,
)

OUTCOME: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "exception"}],
}
NO_RESULTS: Json = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "warning", "code": "processing", "details": {"text": "no results"}}],
}
ABSENT, FAILED = Availability.ABSENT, Availability.FAILED
COMPLETE, TRUNCATED = Availability.COMPLETE, Availability.TRUNCATED


@pytest.mark.parametrize(
    ("observations", "expected"),
    [
        # four different things
        (None, COMPLETE),
        (a_bundle(), COMPLETE),
        (OUTCOME, FAILED),
        # a Bundle that says there is more
        (a_bundle(an_observation(), link=[{"relation": "next", "url": "..."}]), TRUNCATED),
        (a_bundle(an_observation(), link={"relation": "next", "url": "..."}), TRUNCATED),
        (a_bundle(an_observation(), link=[{"relation": "self", "url": "..."}]), COMPLETE),
        (a_bundle(an_observation(), total=2), TRUNCATED),
        (a_bundle(an_observation(), total=1), COMPLETE),
        (a_bundle(an_observation(), total="2"), TRUNCATED),
        # notices inside a searchset are not data
        (a_bundle(NO_RESULTS), COMPLETE),
        (a_bundle(OUTCOME), FAILED),
        (a_bundle(an_observation(), OUTCOME), TRUNCATED),
        # bad entries cost nothing else, a bad envelope is not "none"
        (a_bundle() | {"entry": None}, COMPLETE),
        (a_bundle() | {"entry": "x"}, FAILED),
        (a_bundle() | {"entry": [3, None, {"resource": None}]}, COMPLETE),
        ({"no": "resource type"}, FAILED),
        # Bundles of other shapes
        (an_observation(), COMPLETE),
        ({"resourceType": "Bundle"}, COMPLETE),
        (a_bundle(a_bundle(an_observation())), COMPLETE),
        (a_bundle(a_bundle(a_bundle(a_bundle(an_observation())))), FAILED),
        (a_bundle() | {"entry": [{"response": {"status": "404 Not Found"}}]}, FAILED),
    ],
)
def test_what_became_of_a_search(observations: object, expected: Availability) -> None:
    sources = prefetch(observations=observations)

    record = read_record(sources, "p1")

    assert record.availability["observations"] is expected
    assert record.availability["conditions"] is ABSENT


def test_a_included_resource_does_not_make_up_for_a_missing_match() -> None:
    bundle = a_bundle(an_observation(), total=2)
    bundle["entry"] = [
        {"resource": an_observation(), "search": {"mode": "match"}},
        {"resource": a_patient(), "search": {"mode": "include"}},
    ]

    record = read_record(prefetch(observations=bundle), "p1")

    assert record.availability["observations"] is TRUNCATED


@pytest.mark.parametrize("value", ["text", 3, True, [], [{"resourceType": "Bundle"}]])
def test_a_prefetch_value_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(ChartRejected, match=r"prefetch\.conditions is not a FHIR resource"):
        read_record(prefetch(conditions=value), "p1")


@pytest.mark.parametrize(
    ("reference", "counts"),
    [
        ({"reference": "Patient/p1"}, True),
        ({"reference": "https://ehr.example/fhir/Patient/p1"}, True),
        # near misses
        ({"reference": "Patient/p1X"}, False),
        ({"reference": "Patient/P1"}, False),
        ({"reference": "patient/p1"}, False),
        ({"reference": "Patient/p1 "}, False),
        ({"reference": "Group/p1"}, False),
        ({"reference": "p1"}, False),
        ({"reference": "#p1"}, False),
        ({"reference": "urn:uuid:p1"}, False),
        ({"reference": "Patient/p1/_history/1"}, False),
        ({"reference": "https://other.example/fhir/Patient/p1"}, False),
        ({"reference": "https://ehr.example/fhir/../Patient/p1"}, False),
        ({"identifier": {"value": "p1"}}, False),
        ({"display": "Patient/p1"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_only_an_exact_reference_makes_a_resource_this_patients(
    reference: Json | None,
    counts: bool,  # noqa: FBT001 - a column of the table
) -> None:
    observation = an_observation(subject=reference, valueQuantity=ucum(400, "ng/mL"))
    sources = prefetch(observations=a_bundle(observation))
    with_base = ChartSources(by_key=sources.by_key, fhir_base="https://ehr.example/fhir/")

    record = read_record(with_base, "p1")

    assert len(record.of(Observation)) == int(counts)
    assert record.resources_of_other_patients == int(not counts)
    assert record.problems == []


def test_an_unreadable_resource_that_comes_twice_is_named_once() -> None:
    damaged = an_observation("bad", valueQuantity="not an object")

    record = read_record(prefetch(observations=a_bundle(damaged, damaged)), "p1")

    assert [problem.source for problem in record.problems] == ["Observation/bad"]


def test_the_full_url_of_the_patient_names_the_patient_within_the_same_bundle() -> None:
    urn = "urn:uuid:6d1c3e1e-9f5b-4a57-8c7e-5a1e5bb6f2d1"
    patient = a_patient()
    del patient["id"]
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": urn, "resource": patient},
            {"resource": a_condition(subject={"reference": urn})},
        ],
    }

    case = case_from(sources_from_bundle(json.dumps(bundle).encode()), patient_id=None)

    assert case.patient_source == "Patient/6d1c3e1e-9f5b-4a57-8c7e-5a1e5bb6f2d1"
    assert [one.source for one in case.diagnoses] == ["Condition/c1"]


def test_an_unreadable_resource_of_another_patient_is_only_counted() -> None:
    foreign = an_observation("secret-id", subject={"reference": "Patient/p2"}, status=5)

    case = case_of(a_condition(), foreign)

    assert case.resources_of_other_patients == 1
    assert case.ignored == ()


def test_an_unreadable_resource_is_one_named_problem() -> None:
    case = case_of(
        a_condition(),
        an_observation("bad", valueQuantity={"value": True}),
        an_observation("good", valueQuantity=ucum(400, "ng/mL")),
    )

    assert reasons(case) == [("Observation/bad", "ignored-unreadable")]
    assert [one.source for one in case.afp] == ["Observation/good"]


def test_an_unreadable_resource_of_no_interest_is_passed_over() -> None:
    case = case_of(a_condition(), an_observation("bp", code="85354-9", status=5))

    assert case.ignored == ()


def test_without_a_readable_subject_an_unreadable_resource_is_named_without_its_id() -> None:
    case = case_of(a_condition(), an_observation("secret-id", subject=7))

    assert reasons(case) == [("Observation", "ignored-unreadable")]


def test_an_id_that_is_not_of_fhirs_form_is_not_repeated() -> None:
    case = case_of(a_condition("<script>"), a_condition("x" * 50_000))

    assert [one.source for one in case.diagnoses] == ["Condition", "Condition"]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, {}, ["399"]),  # the same twice
        ({"meta": {"versionId": "2"}}, {"meta": {"versionId": "10"}}, ["400"]),
        ({"meta": {"versionId": "10"}}, {"meta": {"versionId": "9"}}, ["399"]),
        (
            {"meta": {"lastUpdated": "2026-11-02T00:00:00Z"}},
            {"meta": {"lastUpdated": "2026-11-03T00:00:00Z"}},
            ["400"],
        ),
        # nothing says which is newer
        ({"meta": {"versionId": "a"}}, {"meta": {"versionId": "b"}}, []),
        ({"meta": {"versionId": "2"}}, {"meta": {"versionId": "2"}}, []),
        ({"meta": {"versionId": "2"}}, {}, []),
    ],
)
def test_of_two_versions_the_newer_counts(first: Json, second: Json, kept: list[str]) -> None:
    one = an_observation(valueQuantity=ucum(399, "ng/mL"), **first)
    value = 400 if first or second else 399
    other = an_observation(valueQuantity=ucum(value, "ng/mL"), **second)

    for order in ((one, other), (other, one)):
        case = case_of(a_condition(), *order)

        assert [str(reading.low) for reading in case.afp] == kept
        assert reasons(case) == ([] if kept else [("Observation/o1", "ignored-versions-differ")])


def _with_repeated_key(resource: Json, name: str) -> msgspec.Raw:
    text = json.dumps(a_bundle(resource))
    value = json.dumps(resource[name])
    twice = text.replace(f'"{name}": {value}', f'"{name}": null, "{name}" : {value}', 1)
    assert twice != text
    return msgspec.Raw(twice.encode())


@pytest.mark.parametrize("name", ["status", "valueQuantity", "effectiveDateTime"])
def test_a_deciding_observation_with_a_repeated_key_is_unreadable(name: str) -> None:
    afp = an_observation(valueQuantity=ucum(400, "ng/mL"))
    sources = ChartSources(
        by_key={
            **prefetch(conditions=a_bundle(a_condition()), medicationRequests=None).by_key,
            "observations": _with_repeated_key(afp, name),
        }
    )

    case = case_from(sources)

    assert case.afp == ()
    assert reasons(case) == [("Observation/o1", "ignored-repeated-keys")]


def test_a_condition_with_a_repeated_key_is_unreadable() -> None:
    sources = ChartSources(by_key={"conditions": _with_repeated_key(a_condition(), "code")})

    record = read_record(sources, "p1")

    assert [one.because.id for one in record.problems] == ["ignored-repeated-keys"]


@pytest.mark.parametrize(
    ("patient_id", "patients", "message"),
    [
        ("p1", ["p2"], "not the patient of this request"),
        (None, ["p1", "p2"], "more than one Patient"),
        (None, [], "no Patient"),
    ],
)
def test_a_chart_of_somebody_else_is_refused(
    patient_id: str | None, patients: list[str], message: str
) -> None:
    chart = a_bundle(*(a_patient(id=one) for one in patients), a_condition())

    with pytest.raises(ChartRejected, match=message) as refused:
        read_record(sources_from_bundle(json.dumps(chart).encode()), patient_id)

    assert "p2" not in str(refused.value)


def test_beside_the_patient_meant_a_whole_chart_may_hold_others() -> None:
    chart = a_bundle(
        a_patient(),
        a_patient(id="p2"),
        a_condition(),
        a_condition(subject={"reference": "Patient/p2"}),
    )

    case = case_from(sources_from_bundle(json.dumps(chart).encode()))

    assert len(case.diagnoses) == 1
    assert case.resources_of_other_patients == 1


@pytest.mark.parametrize("key", ["patient", "conditions"])
def test_a_foreign_patient_resource_anywhere_in_prefetch_is_refused(key: str) -> None:
    with pytest.raises(ChartRejected, match="not the patient of this request"):
        read_record(prefetch(**{key: a_patient(id="p2")}), "p1")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"3",
        b"{",
        b'{"resourceType": 3}',
        b'{"a": 1}',
        b'{"a":' * 100_000,
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_fhir_chart_is_refused_in_one_line(text: bytes) -> None:
    with pytest.raises(ChartRejected) as refused:
        read_record(sources_from_bundle(text), "p1")

    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("sources", "keys"),
    [
        (prefetch(), ("conditions",)),
        (prefetch(conditions=OUTCOME, medicationRequests=None), ("conditions",)),
        (
            prefetch(conditions=None, medicationRequests=OUTCOME),
            ("medicationRequests", "medicationStatements", "medicationAdministrations"),
        ),
    ],
)
def test_needed_data_that_cannot_be_had_is_named_by_its_keys(
    sources: ChartSources, keys: tuple[str, ...]
) -> None:
    with pytest.raises(NeededDataAbsent) as absent:
        case_from(sources)

    assert absent.value.keys == keys


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True),
        ({"clinicalStatus": "active"}, True),
        ({"clinicalStatus": "resolved"}, False),
        ({"verificationStatus": "refuted"}, False),
        ({"code": {"text": "hepatocellular carcinoma"}}, False),
    ],
)
def test_liver_cancer_is_found_from_patient_and_conditions_alone(
    more: Json,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    sources = prefetch(
        patient=a_patient(), conditions=a_bundle(a_condition(**more)), observations=3
    )

    found = has_liver_cancer(sources, "p1", CodeBook.of(KNOWLEDGE, {}), TODAY, SITE)

    assert found is expected


def test_a_whole_chart_is_complete_for_every_search() -> None:
    case = case_from(whole(a_condition()))

    assert {case.conditions, case.observations, case.procedures, case.allergies} == {COMPLETE}
    assert {had for _, had in case.medication_sources} == {COMPLETE}
