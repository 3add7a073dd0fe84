"""Sorafenib not tolerated, as an Observation: what our page writes is what the mapping reads."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fhir_mappings.outgoing.clinician_observations import (
    ECOG,
    NOT_TOLERATED,
    PROGRESSION,
    Authorship,
    ecog_observation,
    intolerance_observation,
    progression_observation,
)
from hcc_pathway.recommendation import PatientClass
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SitePolicy
from tests.unit.fhir_mappings.charts_for_tests import (
    KNOWLEDGE,
    SNOMED,
    TODAY,
    Json,
    a_condition,
    an_observation,
    case_of,
    concept,
    reasons,
)

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SORAFENIB = concept(RXNORM, "495881")
CODE = concept(SNOMED, "407563006")
ABOUT = Authorship(
    patient_id="p1",
    clinician="Practitioner/dr-1",
    issued=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    identifier=("https://hcc.example/smart/write-back", "abc"),
    note="n",
)


def sorafenib(**more: object) -> Json:
    return {
        "resourceType": "MedicationStatement",
        "id": "sor",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": SORAFENIB,
        "effectivePeriod": {"start": "2026-08-01", "end": "2026-10-31"},
        "dosage": [
            {
                "doseAndRate": [{"doseQuantity": {"value": 400, "unit": "mg"}}],
                "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            }
        ],
        **more,
    }


def written(resource: bytes, identity: str = "o1") -> Json:
    found: dict[str, Any] = json.loads(resource)
    return found | {"id": identity}


@pytest.mark.parametrize(
    ("more", "because"),
    [
        ({}, None),
        ({"valueCodeableConcept": concept("http://www.whocc.no/atc", "L01EX02")}, None),
        ({"valueCodeableConcept": concept(RXNORM, "1312397")}, "ignored-value-not-known"),
        ({"valueCodeableConcept": {"text": "sorafenib"}}, "ignored-value-not-known"),
        ({"valueCodeableConcept": None}, "ignored-no-value"),
        ({"valueCodeableConcept": None, "valueBoolean": True}, "ignored-no-value"),
        ({"status": "entered-in-error"}, "ignored-status-entered-in-error"),
        ({"status": "preliminary"}, "ignored-status-preliminary"),
        ({"effectiveDateTime": None}, "ignored-no-date"),
        ({"effectiveDateTime": "2027-05-01"}, "ignored-future-date"),
    ],
)
def test_it_counts_when_it_names_sorafenib(more: Json, because: str | None) -> None:
    observation = an_observation(**{"code": CODE, "valueCodeableConcept": SORAFENIB, **more})
    case = case_of(a_condition(), observation)
    assert len(case.intolerances) == (because is None)
    assert all(not one.is_allergy for one in case.intolerances)
    assert reasons(case) == ([("Observation/o1", because)] if because else [])


@pytest.mark.rule("A32")
@pytest.mark.parametrize(
    ("drug", "day", "expected"),
    [
        ({}, date(2026, 10, 31), PatientClass.INTOLERANT),
        ({}, TODAY, PatientClass.INTOLERANT),
        ({}, date(2026, 9, 1), None),  # sorafenib went on after it
        ({"status": "active", "effectivePeriod": {"start": "2026-08-01"}}, TODAY, None),
    ],
)
def test_it_makes_the_class_only_where_sorafenib_ended_and_did_not_go_on(
    drug: Json, day: date, expected: PatientClass | None
) -> None:
    observation = written(intolerance_observation(ABOUT, day))
    case = case_of(a_condition(), sorafenib(**drug), observation)
    found = select(case, KNOWLEDGE, on=TODAY, site=SitePolicy())
    assert (found.patient_class is PatientClass.INTOLERANT) == (expected is not None)


@pytest.mark.rule("A3", "A4")
def test_it_changes_no_day_of_exposure() -> None:
    chart = (a_condition(), sorafenib())
    without, with_it = (
        select(case_of(*chart, *more), KNOWLEDGE, on=TODAY, site=SitePolicy())
        for more in ((), (written(intolerance_observation(ABOUT, TODAY)),))
    )
    exposures = [
        [one.value for one in found.inputs if one.input == "sorafenib-exposure"]
        for found in (without, with_it)
    ]
    assert exposures[0] == exposures[1] != []


def test_what_is_written_is_read_back_as_it_was_said() -> None:
    day = date(2026, 11, 3)
    case = case_of(
        a_condition(),
        written(progression_observation(ABOUT, day), "o1"),
        written(ecog_observation(ABOUT, day, 2), "o2"),
        written(intolerance_observation(ABOUT, day), "o3"),
    )
    assert [(one.day.earliest, one.day.latest) for one in case.progressions] == [(day, day)]
    assert [(one.grade, one.recorded_on) for one in case.ecog] == [(2, day)]
    (reaction,) = case.intolerances
    assert reaction.day is not None
    assert (reaction.day.earliest, reaction.day.latest) == (day, day)
    assert not case.ignored


@pytest.mark.parametrize(
    ("coding", "value_set"),
    [
        (PROGRESSION[0], "disease-status"),
        (PROGRESSION[1], "disease-progression"),
        (NOT_TOLERATED[0], "treatment-not-tolerated"),
        (NOT_TOLERATED[1], "drug-sorafenib"),
        (ECOG, "ecog"),
    ],
)
def test_every_code_that_is_written_is_a_verified_one_of_the_value_sets(
    coding: tuple[str, str, str], value_set: str
) -> None:
    known = KNOWLEDGE.value_sets[value_set].codes
    (found,) = [one for one in known if (one.system, one.code, one.display) == coding]
    assert found.verified
