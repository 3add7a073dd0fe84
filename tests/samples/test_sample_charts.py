"""The sample charts themselves: valid, synthetic, complete, and covering what they promise."""

import re
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from pydantic import ValidationError

from cds_service.sample_charts import SampleChart, move_dates
from hcc_pathway.knowledge_base.check_digits import is_loinc, is_snomed_ct
from tests.samples.stored import FOLDER, NAMES, SAMPLES, intent_of, patient_of, resources_of

LOINC = "http://loinc.org"
SNOMED_CT = "http://snomed.info/sct"


def subject_of(resource: dict[str, Any]) -> str | None:
    subject = resource.get("subject") or resource.get("patient") or {}
    reference: str | None = subject.get("reference")
    return reference


def codings_in(node: object) -> list[tuple[str, str]]:
    """Every system and code below a node, wherever they stand."""
    if isinstance(node, list):
        return [found for item in node for found in codings_in(item)]
    if not isinstance(node, dict):
        return []
    own = [(node["system"], node["code"])] if "system" in node and "code" in node else []
    return own + [found for item in node.values() for found in codings_in(item)]


def is_laboratory(resource: dict[str, Any]) -> bool:
    return resource["resourceType"] == "Observation" and any(
        code == "laboratory" for _, code in codings_in(resource.get("category"))
    )


def is_valid_r4(resource: dict[str, Any]) -> bool:
    kind = resource["resourceType"]
    model = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    try:
        model.model_validate(resource)
    except ValidationError:
        return False
    return True


def test_every_folder_is_a_whole_sample() -> None:
    folders = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    assert folders == NAMES
    for name in folders:
        found = {path.name for path in (FOLDER / name).iterdir()}
        assert found == {"chart.json", "expected.json", "intent.yaml"}, name


def test_no_id_occurs_in_two_charts_or_twice_in_one() -> None:
    ids = [
        (resource["resourceType"], resource["id"])
        for sample in SAMPLES
        for resource in resources_of(sample)
        if "id" in resource
    ]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_every_entry_is_valid_r4_unless_the_sample_is_about_that(sample: SampleChart) -> None:
    invalid = [r.get("id") for r in resources_of(sample) if not is_valid_r4(r)]
    assert bool(invalid) is (not intent_of(sample).get("validR4", True)), invalid


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_chart_speaks_of_one_patient_and_of_the_others_it_announces(sample: SampleChart) -> None:
    own = f"Patient/{patient_of(sample)['id']}"
    others = [
        resource["id"]
        for resource in resources_of(sample)
        if subject_of(resource) not in {None, own}
    ]
    assert len(others) == intent_of(sample).get("otherPatients", 0)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_chart_holds_the_noise_of_a_real_one(sample: SampleChart) -> None:
    resources = resources_of(sample)
    statuses = {resource.get("status") for resource in resources if is_laboratory(resource)}
    drugs = [r for r in resources if r["resourceType"].startswith("Medication")]
    conditions = [r for r in resources if r["resourceType"] == "Condition"]
    assert sum(map(is_laboratory, resources)) >= 60
    assert statuses >= {"final", "preliminary", "entered-in-error"}
    assert len(drugs) >= 2
    assert len(conditions) >= 4


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_no_code_is_mistyped(sample: SampleChart) -> None:
    codes = codings_in(resources_of(sample))
    assert [code for system, code in codes if system == LOINC and not is_loinc(code)] == []
    assert [code for system, code in codes if system == SNOMED_CT and not is_snomed_ct(code)] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_no_birthday_is_so_near_that_shifting_could_change_an_age(sample: SampleChart) -> None:
    born = date.fromisoformat(patient_of(sample)["birthDate"])
    birthdays = [born.replace(year=sample.as_of.year + years) for years in (-1, 0, 1)]
    assert min(abs(sample.as_of - birthday) for birthday in birthdays) > timedelta(days=7)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_no_date_is_partial_because_it_could_not_be_shifted(sample: SampleChart) -> None:
    assert re.findall(r'"(?:19|20)[0-9]{2}(?:-[0-9]{2})?"', sample.text) == []


def test_moving_keeps_times_offsets_and_everything_that_is_no_date() -> None:
    stored = '{"a": "2026-02-28T09:40:00+09:00", "b": "2026-02-28", "c": "1834-1", "d": 20260228}'
    assert move_dates(stored, 366) == (
        '{"a": "2027-03-01T09:40:00+09:00", "b": "2027-03-01", "c": "1834-1", "d": 20260228}'
    )
    assert move_dates(stored, 0) == stored


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_chart_moved_there_and_back_is_the_chart(sample: SampleChart) -> None:
    there = move_dates(sample.text, 400)
    assert there != sample.text
    assert move_dates(there, -400) == sample.text


def test_the_samples_cover_every_class_line_dialect_and_main_gap() -> None:
    intents = [intent_of(sample) for sample in SAMPLES]
    assert {intent["class"] for intent in intents} == {
        "tolerant",
        "intolerant",
        "undetermined",
        "conflicting",
        "not-applicable",
    }
    assert {intent["line"] for intent in intents} == {
        "first",
        "second",
        "third",
        "beyond-third",
        "undetermined",
    }
    assert {intent["dialect"] for intent in intents} >= {
        "US Core and mCODE",
        "Epic-like",
        "Oracle-like",
        "Korean laboratory",
        "European laboratory",
        "invalid R4",
    }
    assert {name for intent in intents for name in intent["missing"]} >= {
        "alpha-fetoprotein",
        "child-pugh",
        "diagnosis",
        "ecog",
        "progression",
        "sorafenib-exposure",
        "sorafenib-intolerance",
    }
    assert sum(bool(intent["options"]) for intent in intents) >= 12
