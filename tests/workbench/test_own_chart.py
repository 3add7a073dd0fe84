"""A chart that a visitor pastes: what is wrong with it is named, resource by resource."""

import io
import json

import pytest
from flask.testing import FlaskClient

from tests.samples.stored import SAMPLES
from tests.workbench.conftest import titles

CHARTS = {sample.name: sample.text for sample in SAMPLES}


def asked(client: FlaskClient, bundle: str) -> str:
    answer = client.post("/workbench/own", data={"bundle": bundle})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_a_valid_chart_gets_its_card_and_is_called_valid(client: FlaskClient) -> None:
    text = asked(client, CHARTS["tolerant-afp-high"])
    assert "Every resource of this chart is valid FHIR R4" in text
    assert len(titles(text)) == 1
    assert "/demo/launch/" not in text


def test_a_file_is_read_like_a_pasted_text(client: FlaskClient) -> None:
    file = (io.BytesIO(CHARTS["intolerant-afp-low"].encode()), "chart.json")
    text = client.post("/workbench/own", data={"file": file, "bundle": ""}).text
    assert titles(text)[0].startswith("HCC after sorafenib, second line: cabozantinib")


def test_each_invalid_resource_is_named_with_what_is_wrong_and_the_rest_is_used(
    client: FlaskClient,
) -> None:
    content = json.loads(CHARTS["tolerant-afp-high"])
    for entry in content["entry"]:
        if entry["resource"]["id"] == "tah-ecog-1":
            entry["resource"]["valueInteger"] = "one"
        if entry["resource"]["id"] == "tah-status-1":
            del entry["resource"]["status"]
    text = asked(client, json.dumps(content))
    assert "2 resources of this chart are not valid FHIR R4" in text
    assert "Observation/tah-ecog-1 is not valid R4" in text
    assert "Observation/tah-status-1 is not valid R4" in text
    assert len(titles(text)) >= 1


def test_the_damaged_export_is_answered(client: FlaskClient) -> None:
    text = asked(client, CHARTS["damaged-export"])
    assert "not valid FHIR R4" in text
    assert titles(text)


@pytest.mark.parametrize(
    ("bundle", "said"),
    [
        ("", "Paste a FHIR Bundle"),
        ("{", "This is not JSON (line 1)"),
        ("[]", "not a FHIR Bundle"),
        ("null", "not a FHIR Bundle"),
        ('{"resourceType": "Patient", "id": "a"}', "not a FHIR Bundle"),
        ('{"resourceType": "Bundle"}', "no list of entries"),
        ('{"resourceType": "Bundle", "entry": [1]}', "no list of entries"),
        ('{"resourceType": "Bundle", "entry": []}', "holds 0 Patient resources"),
        (
            '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}',
            "The Patient has no id of FHIR",
        ),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_chart_is_said_in_one_sentence(
    client: FlaskClient, bundle: str, said: str
) -> None:
    text = asked(client, bundle)
    assert said in text
    assert titles(text) == []


def test_a_chart_without_conditions_says_what_is_needed(client: FlaskClient) -> None:
    patient = {"resource": {"resourceType": "Patient", "id": "p"}}
    text = asked(client, json.dumps({"resourceType": "Bundle", "entry": [patient]}))
    assert titles(text) == []


_VALUE = """{"resourceType": "Observation", "id": "pasted", "status": "final",
 "code": {"text": "AFP"}, "valueQuantity": {"value": %s}}"""


def with_resource(written: str) -> str:
    """The chart of a sample with one more resource, as it is written."""
    chart = CHARTS["tolerant-afp-high"].rstrip().removesuffix("}").rstrip().removesuffix("]")
    return f'{chart}, {{"resource": {written}}}]}}'


@pytest.mark.parametrize(
    ("bundle", "said"),
    [
        (with_resource(_VALUE % "NaN"), "This is not JSON: NaN is no number there"),
        (with_resource(_VALUE % "-Infinity"), "This is not JSON: -Infinity is no number there"),
        (with_resource(_VALUE % "1e999"), "This JSON holds a number that is out of range"),
        (with_resource(_VALUE % ("9" * 5_000)), "This JSON holds a number that is out of range"),
        (with_resource(_VALUE % ("[" * 5_000 + "]" * 5_000)), "nested too deeply"),
        (with_resource(_VALUE % ("[" * 150 + "]" * 150)), "is nested deeper than 64 levels"),
        ("[" * 5_000, "nested too deeply"),
        ('{"resourceType": "Bundle", "resourceType": "Bundle", "entry": []}', "not a FHIR Bundle"),
        (
            with_resource("{}")[:-1] + ', "type": "a", "type": "b"}',
            "&#39;type&#39; is there twice",
        ),
    ],
)
def test_what_no_json_may_hold_is_named_and_nothing_is_asked(
    client: FlaskClient, bundle: str, said: str
) -> None:
    text = asked(client, bundle)
    assert said in text
    assert titles(text) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (_VALUE % '"\\ud800"', "Observation/pasted is not valid R4"),
        (
            (_VALUE % "12").replace('"status"', '"status": "final", "status"'),
            "Observation/pasted holds a member that is there twice",
        ),
        ('{"resourceType": ["Observation"], "id": "pasted"}', "is not a resource type of R4"),
    ],
)
def test_a_resource_that_cannot_be_read_is_named_once_and_the_rest_is_used(
    client: FlaskClient, written: str, said: str
) -> None:
    text = asked(client, with_resource(written))
    assert "1 resource of this chart is not valid FHIR R4" in text
    assert said in text
    assert titles(text) == titles(asked(client, CHARTS["tolerant-afp-high"]))


def test_markup_in_a_chart_stays_text(client: FlaskClient) -> None:
    content = json.loads(CHARTS["tolerant-afp-high"])
    for entry in content["entry"]:
        if entry["resource"]["id"] == "tah-afp-1":
            entry["resource"]["code"]["text"] = "</pre><script>alert(1)</script>"
            entry["resource"]["valueQuantity"]["unit"] = "<img src=x onerror=alert(1)>"
    text = asked(client, json.dumps(content))
    assert "<script>alert" not in text
    assert "<img" not in text


def test_a_large_chart_is_taken_and_a_larger_one_refused(client: FlaskClient) -> None:
    patient = json.loads(CHARTS["tolerant-afp-high"])
    padding = {"resource": {"resourceType": "Basic", "id": "b", "note": "x" * 1_000_000}}
    patient["entry"].append(padding)
    assert len(titles(asked(client, json.dumps(patient)))) == 1
    refused = client.post("/workbench/own", data={"bundle": "x" * 8_100_000})
    assert refused.status_code == 413
