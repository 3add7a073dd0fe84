"""Each sample's document: what a person intended, what is committed, and on any later day."""

import json
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from cds_service.chart_answer import encode_document, recommend
from cds_service.composition import compose
from cds_service.sample_charts import SampleChart
from cds_service.settings import read_settings
from hooks.service import Site
from tests.samples.stored import NAMES, SAMPLES, expected_document, intent_of

PATHWAY_DRUGS = {"cabozantinib", "nivolumab", "ramucirumab", "regorafenib"}

pytestmark = pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)


@cache
def site() -> Site:
    """Return what holds without a site file: notices of every jurisdiction, UTC."""
    return compose(read_settings({"HCC_CDS_MODE": "demo"})).site


def document(sample: SampleChart, *, on: date) -> dict[str, Any]:
    chart = sample.moved_to(on).encode()
    recommendation, _, _ = recommend(chart, site(), on)
    answer: dict[str, Any] = json.loads(encode_document(recommendation))
    return answer


def test_the_document_is_the_committed_one(sample: SampleChart) -> None:
    assert document(sample, on=sample.as_of) == expected_document(sample, on=sample.as_of)


def test_a_clock_400_days_ahead_changes_nothing_but_the_dates(sample: SampleChart) -> None:
    later = sample.as_of + timedelta(days=400)
    assert document(sample, on=later) == expected_document(sample, on=later)


def test_the_committed_document_says_what_was_intended(sample: SampleChart) -> None:
    intent = intent_of(sample)
    committed = expected_document(sample, on=sample.as_of)
    assert committed["asOf"] == intent["asOf"].isoformat()
    assert committed["patientClass"] == intent["class"]
    assert committed["line"] == intent["line"]
    assert [option["therapy"] for option in committed["options"]] == intent["options"]
    flags = {option["therapy"]: option["flags"] for option in committed["options"]}
    assert {therapy: found for therapy, found in flags.items() if found} == {
        therapy: wanted for therapy, wanted in intent["flags"].items() if wanted
    }
    assert {w["therapy"]: f"{w['criterion']} {w['answer']}" for w in committed["withheld"]} == (
        intent["withheld"]
    )
    assert sorted({missing["input"] for missing in committed["missing"]}) == intent["missing"]
    assert [conflict["id"] for conflict in committed["conflicts"]] == intent["conflicts"]


def test_what_stands_beside_the_pathway_is_what_was_intended(sample: SampleChart) -> None:
    intent = dict(intent_of(sample)["alsoConsider"])
    committed = expected_document(sample, on=sample.as_of)["alsoConsider"]
    by_guideline = [entry for entry in committed if entry["basis"] == "guideline"]
    assert bool(by_guideline) is intent.pop("guideline", False)
    assert {
        entry["therapy"]: entry["basis"] for entry in committed if entry not in by_guideline
    } == intent


def test_inputs_and_notices_hold_what_was_intended(sample: SampleChart) -> None:
    intent = intent_of(sample)
    committed = expected_document(sample, on=sample.as_of)
    inputs = {used["input"]: used["value"] for used in committed["inputs"]}
    noticed = {notice["therapy"] for notice in committed["notices"]}
    assert sorted(noticed & PATHWAY_DRUGS) == intent["notices"]
    assert inputs.keys() >= set(intent.get("cautionInputs", ()))
    wanted = intent.get("childPugh", {})
    assert {key: inputs["child-pugh"][key] for key in wanted} == wanted
