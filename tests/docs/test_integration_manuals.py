"""The manuals say what the code says: an administrator copies the text letter by letter."""

import re
import tomllib

import pytest

from cds_service.app import create_app
from cds_service.settings import read_settings
from cds_service.site_file import read_site_file
from tools.integration_pages import FOLDER, findings

MANUALS = ("epic", "oracle", "smart-health-it", "hapi")


def manual(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text("utf-8")


def test_the_generated_parts_are_current() -> None:
    assert findings() == []


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_holds_every_service_key_and_template_of_discovery(name: str) -> None:
    app = create_app(read_settings({"HCC_CDS_MODE": "demo"}))
    for service in app.test_client().get("/cds-services").get_json()["services"]:
        assert f"`/cds-services/{service['id']}`" in manual(name)
        for key, template in service["prefetch"].items():
            assert f"`{key}`" in manual(name)
            assert f"```text\n{template}\n```" in manual(name)


@pytest.mark.parametrize("name", MANUALS)
def test_the_site_file_of_a_manual_is_one_that_the_service_takes(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", manual(name), re.DOTALL)
    place = tmp_path_factory.mktemp(name) / "site.toml"
    place.write_text(block, "utf-8")
    (place.parent / "sandbox-keys.json").write_text('{"keys": []}', "utf-8")
    assert tomllib.loads(block)["ehr"]
    assert read_site_file(place).ehr[0].client is not None


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_says_when_the_service_should_fire(name: str) -> None:
    assert re.search(r"^## When", manual(name), re.MULTILINE)
    assert re.search(r"^## Scopes", manual(name), re.MULTILINE)
