"""The settings and the site file: defaults, and one clear line for everything wrong."""

from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from cds_service.composition import compose
from cds_service.settings import SettingError, read_settings
from cds_service.site_file import SiteFileError, read_site_file
from fhir_access.addresses import checked_rest

DEMO = {"HCC_CDS_MODE": "demo"}
WHOLE_FILE = """
pathway = "kim-2020"
jurisdiction = "US"
timezone = "America/New_York"
language = "en"
prefetch = "full"
silent = false
[afp]
inclusive = true
iu_to_ng = 1.21
[codes]
"urn:oid:1.2.3|AFP" = "alpha-fetoprotein"
[[ehr]]
name = "example"
profile = "standard"
fhir_base = "https://ehr.example/fhir"
allowed_origins = ["https://ehr.example"]
[ehr.client]
issuer = "https://ehr.example"
jwks_url = "https://ehr.example/jwks.json"
algorithms = ["ES384", "RS384"]
audience = []
tenant = ""
[ehr.smart]
client_id = "hcc-app"
scopes = "launch openid"
auth_hosts = ["https://auth.ehr.example"]
[ehr.network]
timeout_ms = 800
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(WHOLE_FILE)
    return path


def test_the_defaults_are_those_of_the_documentation() -> None:
    settings = read_settings(DEMO)
    assert str(settings.bind) == "127.0.0.1:8000"
    assert settings.metrics_bind is None
    assert (settings.deadline_ms, settings.max_body_bytes) == (1500, 8_000_000)
    assert settings.database_url == "sqlite:///hcc-cds.db"
    assert len(settings.secret_key) >= 32
    assert (settings.site.pathway, settings.site.jurisdiction) == ("kim-2020", None)
    assert settings.site.zone.key == "UTC"


def test_production_is_the_default_mode_and_needs_a_secret_and_a_time_zone(site: Path) -> None:
    with pytest.raises(SettingError, match="timezone"):
        read_settings({})
    with pytest.raises(SettingError, match="HCC_CDS_SECRET_KEY"):
        read_settings({"HCC_CDS_SITE_FILE": str(site)})
    settings = read_settings({"HCC_CDS_SITE_FILE": str(site), "HCC_CDS_SECRET_KEY": "s" * 32})
    assert not settings.is_demo
    assert str(settings.metrics_bind) == "127.0.0.1:9464"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HCC_CDS_MODE", "test"),
        ("HCC_CDS_BIND", "8000"),
        ("HCC_CDS_BIND", "127.0.0.1:x"),
        ("HCC_CDS_BIND", "127.0.0.1:70000"),
        ("HCC_CDS_PUBLIC_URL", "ftp://x"),
        ("HCC_CDS_SECRET_KEY", "short"),
        ("HCC_CDS_DEADLINE_MS", "0"),
        ("HCC_CDS_MAX_BODY_BYTES", "8MB"),
        ("HCC_CDS_TODAY", "today"),
        ("HCC_CDS_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: "):
        read_settings(DEMO | {name: value})


def test_the_day_can_be_fixed_in_the_demonstration_and_not_in_production(site: Path) -> None:
    assert read_settings(DEMO | {"HCC_CDS_TODAY": "2026-11-22"}).today == date(2026, 11, 22)
    production = {"HCC_CDS_SITE_FILE": str(site), "HCC_CDS_SECRET_KEY": "s" * 32}
    with pytest.raises(SettingError, match="refused in production"):
        read_settings(production | {"HCC_CDS_TODAY": "2026-11-22"})


def test_the_whole_file_of_the_documentation_is_read(site: Path) -> None:
    read = read_site_file(site)
    assert read.allowed_origins == {"https://ehr.example"}
    assert read.zone.key == "America/New_York"
    assert read.ehr[0].client is not None


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ("pathways = 1", "pathways"),
        ("[afp]\nfactor = 1", "afp.factor"),
        ("[[ehr]]\nname='a'\nfhir_base='https://a'\nbase='x'", "ehr[0].base"),
        (
            "[[ehr]]\nname='a'\nfhir_base='https://a'\n[ehr.client]\nissuer='x'\nkeys='x'",
            "ehr[0].client.keys",
        ),
        ('timezone = "Mars"', "timezone"),
        ('pathway = "other"', "pathway"),
        ('silent = "yes"', "silent"),
        ("[afp]\niu_to_ng = 100.0", "afp.iu_to_ng"),
        ("[afp]\niu_to_ng = 1e-300", "afp.iu_to_ng"),
        ('timezone = ""', "timezone"),
        ('report_url = "javascript:alert(1)"', "report_url"),
        ('report_url = "http://helpdesk.example/"', "report_url"),
        ('report_url = "https://user@helpdesk.example/"', "report_url"),
        ('report_url = "https://helpdesk.example/\\nx"', "report_url"),
        ('report_url = "mailto:nobody"', "report_url"),
        ("codes = " + "[" * 5000 + "]" * 5000, "file"),
        ("[codes]\nAFP = 'alpha-fetoprotein'", "codes.AFP"),
        ("[[ehr]]\nname='a'\nfhir_base='http://ehr.example'", "ehr[0]"),
        (
            "[[ehr]]\nname='a'\nfhir_base='https://a'\n[ehr.client]\nissuer='x'",
            "ehr[0].client",
        ),
        ("[[ehr]]\nfhir_base='https://a'", "ehr"),
        ("x = ", "file"),
    ],
)
def test_a_wrong_site_file_is_refused_with_file_and_key(
    tmp_path: Path, wrong: str, key: str
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(wrong)
    with pytest.raises(SiteFileError) as refused:
        read_site_file(path)
    assert str(refused.value).startswith(f"{path}: {key}")
    assert "\n" not in str(refused.value)


def test_a_local_code_must_name_a_value_set_of_the_knowledge(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("[codes]\n'urn:oid:1.2.3|AFP' = 'alphafetoprotein'\n")
    with pytest.raises(SiteFileError, match="'alphafetoprotein' is not a value set"):
        compose(read_settings(DEMO | {"HCC_CDS_SITE_FILE": str(path)}))


def test_a_local_code_is_looked_for_by_prefetch(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("[codes]\n'urn:oid:1.2.3|AFP' = 'alpha-fetoprotein'\n")
    composed = compose(read_settings(DEMO | {"HCC_CDS_SITE_FILE": str(path)}))
    assert ",urn:oid:1.2.3|AFP&" in composed.prefetch["observations"]


def test_a_local_code_cannot_change_the_search_that_it_stands_in(tmp_path: Path) -> None:
    codes = ("u|AFP SERUM", "u|A&patient=other", "u|A#B", "u|Ä", "u|A,B", "u|+")
    path = tmp_path / "site.toml"
    path.write_text("[codes]\n" + "".join(f"'{one}' = 'alpha-fetoprotein'\n" for one in codes))
    composed = compose(read_settings(DEMO | {"HCC_CDS_SITE_FILE": str(path)}))
    template = composed.prefetch["observations"]
    checked_rest("/" + template.replace("{{context.patientId}}", "p1"))
    asked = dict(parse_qsl(template.partition("?")[2], strict_parsing=True))
    assert list(asked) == ["patient", "code", "_count"]
    values = asked["code"].split(",")
    assert values[-7:] == [*codes[:4], "u|A\\", "B", "u|+"]  # FHIR's own way to write a comma


def test_a_site_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match="No such file"):
        read_site_file(tmp_path / "none.toml")
