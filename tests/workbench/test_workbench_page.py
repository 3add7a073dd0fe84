"""The page at / of the demonstration, without a browser: every part works as plain HTML."""

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.sample_charts import sample_charts
from cds_service.workbench.sample_list import patient_groups
from tests.samples.stored import SAMPLES, intent_of, some_samples_by_default
from tests.workbench.conftest import field, page, titles


def test_every_sample_stands_in_one_group() -> None:
    listed = [one.sample for group in patient_groups(sample_charts()) for one in group.patients]
    assert sorted(listed) == sorted(sample.name for sample in SAMPLES)


def test_the_first_page_shows_a_patient_with_two_options(client: FlaskClient) -> None:
    text = page(client)
    assert titles(text) == [
        "HCC after sorafenib, second line: ramucirumab, regorafenib (not ranked)"
    ]
    assert "Demonstration" in text


@pytest.mark.parametrize("sample", some_samples_by_default())
def test_every_sample_is_shown_with_the_cards_that_its_call_gets(
    client: FlaskClient, sample: object
) -> None:
    name = getattr(sample, "name", "")
    call = client.get(f"/samples/{name}/hook-request.json").get_json()
    cards = client.post("/cds-services/hcc-after-sorafenib", json=call).get_json()["cards"]
    text = page(client, sample=name)
    assert len(titles(text)) == len(cards)
    assert ("No card:" in text) == (not cards)
    assert intent_of(next(one for one in SAMPLES if one.name == name))


def test_the_steps_show_what_was_sent_and_what_came_back(client: FlaskClient) -> None:
    text = page(client, sample="tolerant-afp-high")
    request = _json_of(text, "Request")
    assert request["fhirServer"] == "http://127.0.0.1:8000/demo/fhir"
    assert request["context"]["patientId"] == "tah-patient"
    sent = sum(len(one.get("entry", [None])) for one in request["prefetch"].values())
    assert f"{sent} records" in text
    assert len(_json_of(text, "Response")["cards"]) == 1
    queries = re.findall(r'<a href="http://127\.0\.0\.1:8000(/demo/fhir/[^"]*)"><code>', text)
    assert len(queries) == 8
    for query in queries:
        assert client.get(query.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("hook", ["patient-view", "order-select", "order-sign"])
def test_the_first_step_says_what_discovery_says_of_the_service(
    client: FlaskClient, hook: str
) -> None:
    services = client.get("/cds-services").get_json()["services"]
    (service,) = [one for one in services if one["hook"] == hook]
    shown = html.unescape(page(client, sample="tolerant-afp-high", hook=hook))
    assert f"<dt>title</dt><dd>{service['title']}</dd>" in shown
    assert f"<dt>description</dt><dd>{service['description']}</dd>" in shown


@pytest.mark.parametrize(
    ("sample", "changed", "title"),
    [
        ("tolerant-afp-high", {"afp": "399"}, "second line: the pathway offers regorafenib"),
        ("tolerant-afp-low", {"afp": "400"}, "second line: ramucirumab, regorafenib"),
        ("tolerant-afp-high", {"ecog": "3"}, "ECOG 3 or 4, the pathway offers no drug"),
        ("tolerant-afp-high", {"stop": "not tolerated", "dose": "200"}, "cabozantinib, nivol"),
        ("tolerant-afp-low", {"dose": "200"}, "was it tolerated?"),
        ("everyday-chart", {"progression": "progressed"}, "the pathway offers regorafenib"),
        (
            "tolerant-afp-high",
            {"bilirubin": "4", "albumin": "2.5", "inr": "2.4", "ascites": "severe"},
            "Child-Pugh class C",
        ),
        ("child-pugh-c", {"bilirubin": "1", "albumin": "4", "inr": "1", "ascites": "absent",
                          "encephalopathy": "absent"}, "ramucirumab, regorafenib"),
        ("tolerant-afp-low", {"progression": "not recorded"}, "why did sorafenib end?"),
    ],
)  # fmt: skip
def test_a_changed_value_changes_the_card(
    client: FlaskClient, sample: str, changed: dict[str, str], title: str
) -> None:
    unchanged = titles(page(client, sample=sample))
    found = titles(page(client, sample=sample, **changed))
    assert title in found[0], found
    assert found != unchanged


def test_a_change_replaces_every_older_record_of_the_question(client: FlaskClient) -> None:
    request = _json_of(page(client, sample="tolerant-afp-high", afp="17.50"), "Request")
    results = [entry["resource"] for entry in request["prefetch"]["observations"]["entry"]]
    afp = [one for one in results if one["code"]["coding"][0]["code"] == "1834-1"]
    assert [one["id"] for one in afp] == ["edited-afp"]
    assert afp[0]["valueQuantity"]["value"] == 17.5
    assert date.fromisoformat(afp[0]["effectiveDateTime"]) == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"afp": "high"}, "afp: not a number"),
        ({"afp": "1e9"}, "afp: not a number"),
        ({"afp": "<script>alert(1)</script>"}, "afp: not a number"),
        ({"ecog": "7"}, "ecog: unknown"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_chart_kept(
    client: FlaskClient, asked: dict[str, str], fault: str
) -> None:
    text = page(client, sample="tolerant-afp-high", **asked)
    assert fault in text
    assert "alert(1)" not in text
    assert titles(text) == titles(page(client, sample="tolerant-afp-high"))


def test_an_unknown_sample_event_or_drug_falls_back(client: FlaskClient) -> None:
    text = page(client, sample="../../etc", hook="encounter-start", drug="<b>")
    assert titles(text) == titles(page(client))


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_an_order_that_the_pathway_speaks_against_gets_a_warning(
    client: FlaskClient, hook: str
) -> None:
    text = page(client, sample="tolerant-afp-low", hook=hook, drug="Ramucirumab")
    assert titles(text) == ["Ramucirumab ordered: AFP does not reach the threshold"]
    assert _json_of(text, "Request")["hook"] == hook
    fitting = page(client, sample="tolerant-afp-low", hook=hook, drug="Regorafenib")
    assert titles(fitting) == []
    assert "nothing to say to this order" in fitting


def test_accepting_by_a_plain_form_is_stored_and_reported(client: FlaskClient) -> None:
    text = page(client, sample="tolerant-afp-high", afp="399")
    sent = {name: field(text, name) for name in ("service", "card", "suggestion", "sample", "afp")}
    answer = client.post("/workbench/feedback", data=sent)
    assert answer.status_code == 303
    there = answer.headers["Location"]
    assert there.startswith("/?sample=tolerant-afp-high&afp=399&answered=accepted")
    shown = client.get(there).text
    assert "1 accepted, 0 overridden" in shown
    assert "Accepted: regorafenib (1)" in shown
    assert 'value="399"' in shown


def test_overriding_by_a_plain_form_is_stored_with_its_reason_and_without_the_comment(
    client: FlaskClient,
) -> None:
    text = page(client, sample="tolerant-afp-high")
    sent = {name: field(text, name) for name in ("service", "card", "sample")}
    sent |= {"reason": "patient-preference", "comment": "Walter would rather wait"}
    there = client.post("/workbench/feedback", data=sent).headers["Location"]
    shown = client.get(there).text
    assert "0 accepted, 1 overridden" in shown
    assert "rather wait" not in shown
    assert "rather" not in there
    report = client.get("/workbench/report").text
    assert "1 overridden" in report
    assert "<html" not in report


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}, 404),
        ({"card": ""}, 400),
        ({"service": "no-service"}, 404),
    ],
)
def test_an_answer_to_no_card_of_ours_is_refused(
    client: FlaskClient, changed: dict[str, str], status: int
) -> None:
    text = page(client)
    sent = {name: field(text, name) for name in ("service", "card", "sample")} | changed
    assert client.post("/workbench/feedback", data=sent).status_code == status


def test_a_launch_of_the_page_stands_on_the_card_of_a_sample(client: FlaskClient) -> None:
    assert 'href="/demo/launch/tah-patient"' in page(client, sample="tolerant-afp-high")


@pytest.mark.parametrize("changed", [{"afp": "12"}, {"progression": "stable"}])
def test_while_the_chart_is_changed_nothing_leads_to_the_chart_as_recorded_without_a_word(
    client: FlaskClient, changed: dict[str, str]
) -> None:
    text = page(client, sample="tolerant-afp-high", **changed)
    assert "/demo/launch/" not in text
    assert "/demo/fhir/Patient" not in re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)
    assert "reads the chart as recorded and not your changes" in text
    assert "holds the chart as recorded, so the queries are no links here" in text
    unchanged = page(client, sample="tolerant-afp-high")
    assert "as recorded and not your changes" not in unchanged
    assert "queries are no links" not in unchanged


def test_the_page_works_before_the_database_has_tables() -> None:
    from cds_service.app import create_app  # noqa: PLC0415 (this test's own application)
    from cds_service.settings import read_settings  # noqa: PLC0415 (with it)

    demo = {"HCC_CDS_MODE": "demo", "HCC_CDS_DATABASE_URL": "sqlite:////nonexistent/no.db"}
    answer = create_app(read_settings(demo)).test_client().get("/")
    assert answer.status_code == 200
    assert "has no tables yet" in answer.text


def _json_of(text: str, label: str) -> dict[str, Any]:
    found = re.search(rf'aria-label="{label}">(.*?)</pre>', text, re.DOTALL)
    assert found
    plain = found[1]
    for escaped, character in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")):
        plain = plain.replace(escaped, character)
    content: dict[str, Any] = json.loads(plain.replace("&amp;", "&"))
    return content
