"""Discovery, CORS, health, figures, logs and the pages: what stands around the hook."""

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # no types there
from openapi_spec_validator import validate

from cds_service.app import create_app
from cds_service.request_log import JsonLines
from cds_service.settings import read_settings
from hooks import SERVICES
from tests.service.conftest import SERVICE

PREFETCH_KEYS = {
    "patient",
    "conditions",
    "observations",
    "medicationRequests",
    "medicationStatements",
    "medicationAdministrations",
    "procedures",
    "allergies",
}
SITE = """
timezone = "Europe/Berlin"
[[ehr]]
name = "example"
fhir_base = "https://ehr.example/fhir"
allowed_origins = ["https://ehr.example"]
[ehr.client]
issuer = "https://ehr.example"
jwks_url = "https://ehr.example/jwks.json"
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    site = tmp_path_factory.mktemp("site") / "site.toml"
    site.write_text(SITE)
    return create_app(
        read_settings({"HCC_CDS_SECRET_KEY": "s" * 32, "HCC_CDS_SITE_FILE": str(site)})
    )


def test_discovery_lists_every_service_with_the_prefetch_keys_of_the_contract(
    client: FlaskClient,
) -> None:
    answer = client.get("/cds-services")
    services = json.loads(answer.data)["services"]
    assert answer.status_code == 200
    assert [service["id"] for service in services] == [service.id for service in SERVICES]
    for service in services:
        assert set(service["prefetch"]) == PREFETCH_KEYS
        assert all(service[part] for part in ("hook", "title", "description", "usageRequirements"))


def test_prefetch_templates_keep_to_what_every_known_client_can_run(client: FlaskClient) -> None:
    for service in json.loads(client.get("/cds-services").data)["services"]:
        for template in service["prefetch"].values():
            assert len(template) < 1500
            assert template.count("{{") == template.count("{{context.patientId}}") == 1
            assert template.count("?") <= 1
            assert not any(word in template for word in ("_include", "_sort", "date=", " "))


def test_a_lean_site_offers_patient_and_conditions_only(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('prefetch = "lean"\n')
    settings = read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": str(site)})
    found = create_app(settings).test_client().get("/cds-services")
    assert set(json.loads(found.data)["services"][0]["prefetch"]) == {"patient", "conditions"}


@pytest.mark.parametrize("path", ["/cds-services", SERVICE, f"{SERVICE}/feedback"])
def test_a_preflight_is_answered_on_every_kind_of_cds_route(
    client: FlaskClient, path: str
) -> None:
    answer = client.options(
        path,
        headers={
            "Origin": "https://any.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_errors_carry_cors_headers_too(client: FlaskClient) -> None:
    answer = client.post(SERVICE, data="{", headers={"Origin": "https://any.example"})
    assert answer.status_code == 415
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_production_answers_allowed_origins_only(production: Flask) -> None:
    client = production.test_client()
    ours = client.options("/cds-services", headers={"Origin": "https://ehr.example"})
    other = client.options("/cds-services", headers={"Origin": "https://evil.example"})
    assert ours.headers["Access-Control-Allow-Origin"] == "https://ehr.example"
    assert ours.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in other.headers


def test_production_has_no_samples_and_no_figures_on_the_public_address(
    production: Flask,
) -> None:
    client = production.test_client()
    assert client.get("/samples").status_code == 404
    assert client.get("/metrics").status_code == 404
    assert client.get("/").status_code == 200


def test_answers_with_patient_data_are_not_stored_and_pages_run_nothing(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    answer, page = client.post(SERVICE, json=call), client.get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_no_page_holds_a_script_or_a_style_of_its_own(client: FlaskClient) -> None:
    for path in ("/", "/samples/tolerant-afp-high", "/knowledge", "/knowledge/drugs/sorafenib"):
        text = client.get(path, headers={"Accept": "text/html"}).text
        assert not re.search(
            r"<style|<script(?! (?:type=.module. )?src=)| style=| on[a-z]+=", text
        )


def test_style_and_icon_are_kept_by_browsers_and_say_when_they_change(
    client: FlaskClient,
) -> None:
    for name in ("site.css", "icon.svg"):
        with client.get(f"/static/{name}") as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=3600"
            tag = {"If-None-Match": answer.headers["ETag"]}
        with client.get(f"/static/{name}", headers=tag) as again:
            assert again.status_code == 304
    assert client.get("/static/../app.py").status_code == 404


def test_a_process_that_answers_is_live_whatever_it_lacks(client: FlaskClient) -> None:
    assert client.get("/health/live").status_code == 200


def test_figures_name_routes_and_never_what_was_asked_for(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    call["context"]["patientId"] = "canary-7351"
    client.post(SERVICE, json=call)
    client.get("/canary-7352")
    text = client.get("/metrics").text
    assert 'route="/cds-services/<service_id>"' in text
    assert "canary" not in text


def test_the_log_line_holds_id_route_and_outcome_but_nothing_of_the_chart(
    client: FlaskClient, call: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cds_service")
    client.post(SERVICE, json=call, headers={"X-Request-Id": "abc-1"})
    lines = [JsonLines().format(record) for record in caplog.records]
    line = json.loads(lines[-1])
    assert line["requestId"] == "abc-1"
    assert (line["status"], line["cards"], line["patientClass"]) == (200, 2, "tolerant")
    assert not any(secret in lines[-1] for secret in ("p1", "812", "Practitioner"))


def test_a_forged_request_id_is_replaced(client: FlaskClient) -> None:
    answer = client.get("/health/live", headers={"X-Request-Id": 'x" "level": "FORGED'})
    assert "FORGED" not in answer.headers["X-Request-Id"]


def test_the_openapi_document_is_valid_and_knows_every_service(client: FlaskClient) -> None:
    document = json.loads(client.get("/openapi.json").data)
    validate(document)
    assert {f"/cds-services/{service.id}" for service in SERVICES} <= set(document["paths"])


def test_the_schema_fits_the_document_and_refuses_a_missing_key(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    schema = json.loads(client.get("/schema/recommendation.json").data)
    Draft202012Validator.check_schema(schema)
    cards = json.loads(client.post(SERVICE, json=call).data)["cards"]
    document = cards[0]["extension"]["org.hcc-pathway.recommendation"]
    check = Draft202012Validator(schema)
    assert list(check.iter_errors(document)) == []
    del document["notices"]
    assert [error.validator for error in check.iter_errors(document)] == ["required"]


def test_orders_that_were_not_sent_leave_the_earlier_lines_unconfirmed_and_asked(
    client: FlaskClient, call: dict[str, Any]
) -> None:
    assert "medicationRequests" not in call["prefetch"]
    (main, *_others) = json.loads(client.post(SERVICE, json=call).data)["cards"]
    document = main["extension"]["org.hcc-pathway.recommendation"]
    assert "prior-lines" in [wanted["input"] for wanted in document["missing"]]
    assert all("prior-lines-unconfirmed" in option["flags"] for option in document["options"])


def test_every_door_gives_the_same_document(client: FlaskClient, call: dict[str, Any]) -> None:
    call["prefetch"]["medicationRequests"] = {"resourceType": "Bundle", "entry": []}
    parts = [part for key, part in call["prefetch"].items() if key != "patient"]
    entries = [entry for part in parts for entry in part["entry"]]
    entries.append({"resource": call["prefetch"]["patient"]})
    chart = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    from_api = client.post("/api/recommendation?asOf=2026-11-22", json=chart)
    from_card = json.loads(client.post(SERVICE, json=call).data)["cards"][0]["extension"]
    assert json.loads(from_api.data) == from_card["org.hcc-pathway.recommendation"]


def test_knowledge_is_a_page_and_json(client: FlaskClient) -> None:
    overview = client.get("/knowledge", headers={"Accept": "application/json"})
    kinds = json.loads(overview.data)
    assert "regorafenib" in kinds["drugs"]
    for kind, names in kinds.items():
        if kind in {"pathway", "asOf"}:
            continue
        for name in names:
            path = f"/knowledge/{kind}/{name}"
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200
    item = client.get("/knowledge/drugs/regorafenib", headers={"Accept": "application/json"})
    assert json.loads(item.data)["id"] == "regorafenib"
    assert client.get("/knowledge/drugs/none").status_code == 404


def test_every_sample_has_a_page_a_chart_and_a_call_that_is_served(client: FlaskClient) -> None:
    samples = json.loads(client.get("/samples").data)["samples"]
    assert len(samples) >= 16
    for sample in samples:
        name = sample["name"]
        call = client.get(f"/samples/{name}/hook-request.json").data
        served = client.post(SERVICE, data=call, content_type="application/json")
        assert served.status_code == 200, name
        assert client.get(f"/samples/{name}").status_code == 200
        assert client.get(f"/samples/{name}/chart.json").status_code == 200
    assert client.get("/samples/none").status_code == 404
    assert samples[0]["name"] in client.get("/").text
