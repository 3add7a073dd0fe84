"""Order, duplicates and damage: what may never change a case, and what may never raise."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_mappings.chart.record import sources_from_bundle
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from hcc_pathway.case import PatientCase
from tests.unit.fhir_mappings.charts_for_tests import (
    ICD,
    SNOMED,
    Json,
    a_bundle,
    a_condition,
    a_patient,
    an_observation,
    case_from,
    concept,
    ucum,
)

RESOURCES: list[Json] = [
    a_condition(),
    a_condition("ascites", code=concept(SNOMED, "389026000")),
    a_condition("wrong", code=concept(ICD, "C22.0"), verificationStatus="entered-in-error"),
    an_observation("afp-1", valueQuantity=ucum(399, "ng/mL")),
    an_observation("afp-2", valueQuantity=ucum(400, "ng/mL"), effectiveDateTime="2026-11-02"),
    an_observation("afp-3", valueQuantity={"value": 1}),
    an_observation("bili", "1975-2", valueQuantity=ucum(34.2, "umol/L")),
    an_observation("ecog", "89247-1", valueInteger=1),
    an_observation("bad", valueQuantity="not an object"),
    an_observation("theirs", subject={"reference": "Patient/p2"}, valueQuantity=ucum(9, "ng/mL")),
    {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "stopped",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "sorafenib 200 MG Oral Tablet"},
        "authoredOn": "2026-05-01",
        "dosageInstruction": [{"text": "400 mg twice daily"}],
    },
]


def case_with(resources: list[Json]) -> PatientCase:
    text = json.dumps(a_bundle(a_patient(), *resources)).encode()
    return case_from(sources_from_bundle(text))


EXPECTED = case_with(RESOURCES)


@given(st.permutations(RESOURCES))
def test_the_order_of_resources_does_not_matter(resources: list[Json]) -> None:
    assert case_with(resources) == EXPECTED


@given(st.lists(st.sampled_from([one for one in RESOURCES if one["id"] not in {"bad", "theirs"}])))
def test_a_resource_sent_again_under_its_id_does_not_matter(again: list[Json]) -> None:
    assert case_with([*RESOURCES, *again]) == EXPECTED


@given(st.lists(st.sampled_from(["Encounter", "Claim", "DiagnosticReport"]), max_size=5))
def test_unrelated_resources_do_not_matter(kinds: list[str]) -> None:
    unrelated: list[Json] = [{"resourceType": kind, "status": 3} for kind in kinds]

    assert case_with([*unrelated, *RESOURCES]) == EXPECTED


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.text(max_size=8),
    st.just("9" * 400),
    st.just([]),
    st.just({}),
    st.just([{"coding": 3}]),
    st.just({"value": "NaN", "unit": "ng/mL"}),
    st.just("2026-02-30T25:61:61Z"),
)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place within a JSON value."""
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    return [
        found for key, child in children for found in [(*path, key), *_paths(child, (*path, key))]
    ]


PLACES = _paths(RESOURCES)


def _damaged(places: list[tuple[str | int, ...]], junk: list[object]) -> list[Json]:
    chart = json.loads(json.dumps(RESOURCES))
    for place, value in zip(places, junk, strict=False):
        target = chart
        for step in place[:-1]:
            try:
                target = target[step]
            except (KeyError, IndexError, TypeError):
                break
        else:
            if isinstance(target, dict | list):
                target[place[-1]] = value  # type: ignore[index]  # a path of this very chart
    return [one for one in chart if isinstance(one, dict)]


@given(
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=4),
    st.lists(JUNK, min_size=4, max_size=4),
)
def test_no_damage_to_resources_raises_or_touches_other_resources(
    places: list[tuple[str | int, ...]], junk: list[object]
) -> None:
    touched = {RESOURCES[int(place[0])]["id"] for place in places}

    case = case_with(_damaged(places, junk))

    for reading in EXPECTED.afp:
        if reading.source.partition("/")[2] not in touched:
            assert reading in case.afp


@given(st.binary(max_size=200))
def test_bytes_that_are_no_chart_are_refused_and_nothing_else(junk: bytes) -> None:
    with pytest.raises((ChartRejected, NeededDataAbsent)):
        case_from(sources_from_bundle(junk), patient_id=None)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_broken_byte_is_refused_or_read(position: int, value: int) -> None:
    text = bytearray(json.dumps(a_bundle(a_patient(), *RESOURCES)).encode())
    text[position] = value

    assert _read_or_refused(bytes(text)) in {"read", "refused"}


def _read_or_refused(text: bytes) -> str:
    try:
        case_from(sources_from_bundle(text), patient_id=None)
    except (ChartRejected, NeededDataAbsent):
        return "refused"
    return "read"
