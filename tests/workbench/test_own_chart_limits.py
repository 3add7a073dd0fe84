"""A pasted chart costs no worker its time, leaves nothing behind and hides no character."""

import html
import json
import re
import time

import pytest
from flask.testing import FlaskClient

from cds_service.card_view import sample_card_html
from cds_service.workbench.own_chart import (
    MOST_ENTRIES,
    MOST_VALUES,
    NAMED_FINDINGS,
    read_own_chart,
)
from cds_service.workbench.shown_json import shown_json
from tests.samples.stored import SAMPLES
from tests.workbench.conftest import page, titles
from tests.workbench.test_own_chart import asked

CHART = {sample.name: sample.text for sample in SAMPLES}["tolerant-afp-high"]
BARE = {"resource": {"resourceType": "Observation"}}


def with_entries(*entries: object) -> str:
    content = json.loads(CHART)
    content["entry"] += entries
    return json.dumps(content)


@pytest.mark.parametrize(
    ("invalid", "named", "more"),
    [(NAMED_FINDINGS, NAMED_FINDINGS, 0), (NAMED_FINDINGS + 3, NAMED_FINDINGS, 3)],
)
def test_a_hundred_findings_are_named_and_the_others_counted(
    client: FlaskClient, invalid: int, named: int, more: int
) -> None:
    text = asked(client, with_entries(*[BARE] * invalid))
    assert f"{invalid} resources of this chart are not valid FHIR R4" in text
    assert text.count("<li>Observation/? is not valid R4") == named
    assert (f"and {more} more" in text) == bool(more)
    assert len(titles(text)) == 1


def test_as_many_invalid_entries_as_are_taken_are_answered_soon(client: FlaskClient) -> None:
    held = len(json.loads(CHART)["entry"])
    began = time.process_time()
    text = asked(client, with_entries(*[BARE] * (MOST_ENTRIES - held)))
    assert time.process_time() - began < 3
    assert len(titles(text)) == 1
    assert len(text) < 2_000_000


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([BARE] * MOST_ENTRIES, f"more than {MOST_ENTRIES} entries"),
        ([{"resource": {"category": [1] * MOST_VALUES}}], f"more than {MOST_VALUES} values"),
        ([{"resource": {"x": [[[]]] * (MOST_VALUES // 2)}}], f"more than {MOST_VALUES} values"),
    ],
    ids=["entries", "values", "lists"],
)
def test_a_chart_too_large_to_be_checked_is_refused_by_name(
    client: FlaskClient, more: list[object], said: str
) -> None:
    text = asked(client, with_entries(*more))
    assert said in text
    assert titles(text) == []
    assert len(text) < 1_000_000


def test_an_object_of_many_members_with_one_twice_is_read_soon() -> None:
    members = ",".join(f'"a{number}": 1' for number in range(30_000))
    written = f'{{"resource": {{"resourceType": "Basic", {members}, "a1": 2}}}}'
    began = time.process_time()
    own = read_own_chart(
        CHART.rstrip().removesuffix("}").rstrip()[:-1].encode() + f", {written}]}}".encode()
    )
    assert time.process_time() - began < 3
    assert own.findings == ("Basic/? holds a member that is there twice, and cannot be relied on",)


@pytest.mark.parametrize("patient_id", ["a b", "x" * 65, "..", "\u202e"])
def test_a_patient_whose_id_is_none_of_fhir_is_not_asked_about(
    client: FlaskClient, patient_id: str
) -> None:
    patient = {"resource": {"resourceType": "Patient", "id": patient_id}}
    text = asked(client, json.dumps({"resourceType": "Bundle", "entry": [patient]}))
    assert "The Patient has no id of FHIR" in text


@pytest.mark.parametrize("kind", [["Observation"], {}, None, 1])
def test_a_resource_type_that_is_no_text_is_named_and_left_out(
    client: FlaskClient, kind: object
) -> None:
    text = asked(client, with_entries({"resource": {"resourceType": kind, "id": "x"}}))
    assert "is not a resource type of R4" in text
    assert titles(text) == titles(asked(client, CHART))


def test_no_card_of_a_pasted_chart_is_kept(client: FlaskClient) -> None:
    sample_card_html.cache_clear()
    assert titles(asked(client, CHART))
    assert sample_card_html.cache_info().currsize == 0
    page(client, sample="tolerant-afp-high", afp="401")
    assert sample_card_html.cache_info().currsize == 0
    page(client, sample="tolerant-afp-high")
    assert sample_card_html.cache_info().currsize > 0


def test_characters_that_no_reader_sees_reach_no_part_of_the_page(client: FlaskClient) -> None:
    hidden = {
        "resourceType": "Observation",
        "id": "a\u202eb\u2028c",
        "code": {"text": "AFP \u202e\u2066\u200b\U000e0041"},
    }
    text = asked(client, with_entries({"resource": hidden}))
    assert re.findall("[\u202e\u2028\u2066\u200b\U000e0041]", text) == []
    assert "Observation/ab c is not valid R4" in text
    assert "\\u202e\\u2066\\u200b\\udb40\\udc41" in html.unescape(text)


def test_json_is_shown_indented_and_means_the_same_and_of_megabytes_the_beginning() -> None:
    content = {"name": "이민준 µ\u202e\u2029\x7f", "b": [1]}
    shown = shown_json(json.dumps(content, ensure_ascii=False).encode())
    assert json.loads(shown) == content
    assert "이민준 µ\\u202e" in shown
    assert "\n" in shown
    for large in (
        '["' + "é" * 1_000_000 + '"]',
        "[" + ",".join(["[" * 50 + "]" * 50] * 900) + "]",
    ):
        assert shown_json(large.encode()).endswith(f"of {len(large.encode())} bytes is shown")
