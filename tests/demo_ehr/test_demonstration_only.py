"""Nothing of the demonstration's EHR exists in production, in a route or in the site."""

from pathlib import Path

import pytest
from flask import Flask

from cds_service.app import create_app
from cds_service.composition import compose
from cds_service.demo_ehr.demo_ehr import register_demo_ehr
from cds_service.demo_ehr.site_block import with_demo_ehr
from cds_service.feedback.routes import FeedbackDoor
from cds_service.sample_pages import SampleCards
from cds_service.services import HookCalls
from cds_service.settings import SettingError, Settings, read_settings
from cds_service.workbench.routes import Workbench

SITE = """
timezone = "Europe/Berlin"
[[ehr]]
name = "example"
fhir_base = "https://ehr.example/fhir"
[ehr.client]
issuer = "https://ehr.example"
jwks_url = "https://ehr.example/jwks.json"
"""
PATHS = (
    "/demo/fhir/metadata",
    "/demo/fhir/.well-known/smart-configuration",
    "/demo/fhir/Patient",
    "/demo/fhir/Patient/tah-patient",
    "/demo/auth/authorize",
    "/demo/auth/jwks.json",
    "/demo/auth/.well-known/openid-configuration",
    "/demo/launch/tah-patient",
    "/samples",
    "/samples/tolerant-afp-high",
    "/workbench/report",
)
POSTED = (
    "/demo/auth/token",
    "/demo/auth/authorize",
    "/demo/fhir/Observation/_search",
    "/demo/fhir/_services/smart/Launch",
    "/workbench/feedback",
    "/workbench/own",
)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    site = tmp_path_factory.mktemp("site") / "site.toml"
    site.write_text(SITE)
    return read_settings({"HCC_CDS_SECRET_KEY": "s" * 32, "HCC_CDS_SITE_FILE": str(site)})


@pytest.fixture(scope="module")
def app(production: Settings) -> Flask:
    return create_app(production)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_of_the_demonstration_is_there(app: Flask, path: str) -> None:
    client = app.test_client()
    assert client.get(path).status_code == 404
    assert client.options(path, headers={"Origin": "https://any.example"}).status_code == 404


@pytest.mark.parametrize("path", POSTED)
def test_nothing_of_the_demonstration_can_be_posted_to(app: Flask, path: str) -> None:
    assert app.test_client().post(path, data={"grant_type": "x"}).status_code == 404


def test_the_first_page_of_production_is_a_plain_one(app: Flask) -> None:
    page = app.test_client().get("/").text
    assert "/cds-services" in page
    assert "workbench" not in page
    assert "<form" not in page


@pytest.mark.parametrize("name", ["workbench.js", "workbench.css", "./workbench.js"])
def test_no_file_of_the_workbench_is_sent_and_those_of_every_page_are(
    app: Flask, name: str
) -> None:
    assert app.test_client().get(f"/static/{name}").status_code == 404
    for shared in ("icon.svg", "site.css"):
        with app.test_client().get(f"/static/{shared}") as answer:
            assert answer.status_code == 200


def test_no_route_is_below_demo(app: Flask) -> None:
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/demo")] == []


def test_the_site_of_production_is_what_the_file_says(production: Settings) -> None:
    assert [ehr.name for ehr in compose(production).settings.site.ehr] == ["example"]


def test_the_parts_refuse_production_themselves(production: Settings, app: Flask) -> None:
    with pytest.raises(SettingError, match="demo mode only"):
        with_demo_ehr(production)
    parts = compose(production)
    with pytest.raises(SettingError, match="demo mode only"):
        register_demo_ehr(Flask("other"), parts)
    with pytest.raises(SettingError, match="demo mode only"):
        Workbench(parts, SampleCards(parts), HookCalls(parts), FeedbackDoor(parts.records))
    assert app.name == "cds_service"


def test_in_demo_mode_the_block_stands_beside_those_of_the_site_file(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(SITE)
    settings = read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": str(site)})
    example, demo = compose(settings).settings.site.ehr
    assert (example.name, demo.name) == ("example", "demo")
    assert demo.fhir_base == "http://127.0.0.1:8000/demo/fhir"
    assert demo.smart is not None
    assert demo.smart.auth_hosts == ("http://127.0.0.1:8000",)
    assert with_demo_ehr(compose(settings).settings) == compose(settings).settings
