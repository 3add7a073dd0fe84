import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cds_service import cli
from cds_service.app import create_app
from cds_service.settings import read_settings
from cds_service.site_file import SiteFile, read_site_file
from hcc_pathway.recommendation import Recommendation

ROOT = Path(__file__).parents[2]
CONFIGURATION = (ROOT / "docs/configuration.md").read_text("utf-8")
HTTP = (ROOT / "docs/reference/http.md").read_text("utf-8")
COMMAND_LINE = (ROOT / "docs/reference/command-line.md").read_text("utf-8")
DOCUMENT = (ROOT / "docs/reference/recommendation-document.md").read_text("utf-8")
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if page.parts[-2:] != ("clinical-logic", "index.md")
)
SOURCES = [
    path
    for package in ("cds_service", "hooks", "fhir_mappings", "hcc_pathway")
    for path in sorted((ROOT / package).rglob("*.py"))
]


def variables_in_source() -> set[str]:
    named = re.compile(r"\bHCC_CDS_[A-Z_]+\b")
    return {name for path in SOURCES for name in named.findall(path.read_text("utf-8"))}


def keys_of(shape: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    """Name every key of the site file as the page does: ``ehr.client.issuer``."""
    for field in msgspec.structs.fields(shape):
        inner = table_in(field.type)
        if inner is None:
            yield prefix + field.name
        else:
            yield from keys_of(inner, f"{prefix}{field.name}.")


def table_in(annotation: object) -> type[msgspec.Struct] | None:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    inner = (table_in(part) for part in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)


def test_every_environment_variable_is_described() -> None:
    named = variables_in_source()

    assert "HCC_CDS_MODE" in named
    assert {name for name in named if f"| `{name}` |" not in CONFIGURATION} == set()


def test_every_variable_on_the_page_exists() -> None:
    described = set(re.findall(r"^\| `(HCC_CDS_[A-Z_]+)` \|", CONFIGURATION, re.MULTILINE))

    assert described - variables_in_source() == set()


def test_every_key_of_the_site_file_is_described_and_no_other() -> None:
    table = CONFIGURATION.split("## Site file")[1].split("## In containers")[0]
    rows = re.findall(r"^\|((?: `[a-z_.]+`,?)+) \|", table, re.MULTILINE)
    described = {key for row in rows for key in re.findall(r"`([a-z_.]+)`", row)}

    assert described == set(keys_of(SiteFile))


def test_the_site_file_on_the_page_can_be_read(tmp_path: Path) -> None:
    example = CONFIGURATION.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "site.toml"
    path.write_text(example, "utf-8")

    assert read_site_file(path).ehr[0].name == "example"


def test_every_route_is_described_and_no_other() -> None:
    app = create_app(read_settings({"HCC_CDS_MODE": "demo"}))
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in {"GET", "POST"}
    }
    # One route serves every hook; the page names each service by itself.
    served.discard("POST /cds-services/<service_id>")
    from_discovery = {
        f"POST /cds-services/{service['id']}"
        for service in app.test_client().get("/cds-services").get_json()["services"]
    }
    rows = re.findall(r"^\|(.*?)\|", HTTP.split("## patient-view")[0], re.MULTILINE)
    described = {code for row in rows for code in re.findall(r"`((?:GET|POST) /[^`]*)`", row)}

    assert described == served | from_discovery


def test_every_prefetch_key_is_described() -> None:
    app = create_app(read_settings({"HCC_CDS_MODE": "demo"}))
    services = app.test_client().get("/cds-services").get_json()["services"]
    keys = {key for service in services for key in service["prefetch"]}

    assert keys
    assert {key for key in keys if f"| `{key}` |" not in HTTP} == set()


def help_text(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"])
    return capsys.readouterr().out


def test_every_command_and_option_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    listed = re.search(r"\{([a-z,-]+)\}", help_text(capsys))
    assert listed
    commands = listed[1].split(",")
    options = {
        option
        for command in commands
        for option in re.findall(r"--[a-z-]+", help_text(capsys, command))
        if option != "--help"
    }

    assert "serve" in commands
    assert {name for name in commands if f"`hcc-cds {name}" not in COMMAND_LINE} == set()
    assert {name for name in options if f"| `{name}" not in COMMAND_LINE} == set()


def test_every_key_of_the_document_is_described() -> None:
    keys = {field.encode_name for field in msgspec.structs.fields(Recommendation)}

    assert {key for key in keys if f"| `{key}` |" not in DOCUMENT} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_of_the_project_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    files = [target for target in targets if "://" not in target]

    assert [target for target in files if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    "lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name
)
def test_a_lock_pins_with_hashes_and_names_no_index(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pins = re.findall(
        r"^[A-Za-z0-9_.\-]+(?:\[[^\]]+\])?==\S+(?:.*?) \\\n +--hash=sha256:", text, re.MULTILINE
    )
    requirements = re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)

    assert len(pins) == len(requirements) > 0
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


def test_the_limit_of_nginx_is_the_default_limit_of_the_service() -> None:
    nginx = (ROOT / "deploy/nginx.service.conf").read_text("utf-8")
    limit = read_settings({"HCC_CDS_MODE": "demo"}).max_body_bytes

    assert f"client_max_body_size {limit};" in nginx
