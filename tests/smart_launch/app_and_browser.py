"""The service with one EHR, and a browser that goes where it is sent."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service.app import create_app
from cds_service.settings import read_settings
from tests.fetching.charts import SAMPLES
from tests.smart_launch.told_ehr import CLIENT_ID, ToldEhr
from tests.storage.databases import sqlite_with_tables

SAMPLE = SAMPLES["tolerant-afp-high"]
PUBLIC_URL = "http://127.0.0.1:8000"
SECRET = "secret-of-the-smart-tests-0123456789"  # noqa: S105 (invented)
REPORT_URL = "https://helpdesk.example/hcc-pathway"


def smart_app(  # noqa: PLR0913 - the parts of a site file, and its environment
    folder: Path,
    fhir_base: str,
    *,
    smart: str = "",
    block: str = "",
    more: str = "",
    client_id: str = CLIENT_ID,
    public_url: str = PUBLIC_URL,
    environment: dict[str, str] | None = None,
) -> Flask:
    """Make a service whose site file names one EHR, and more where it is given."""
    folder.mkdir(exist_ok=True)
    site = folder / "site.toml"
    site.write_text(
        f'report_url = "{REPORT_URL}"\n'
        f'[[ehr]]\nname = "told"\nfhir_base = "{fhir_base}"\n{block}\n'
        f'[ehr.smart]\nclient_id = "{client_id}"\n{smart}\n{more}'
    )
    given = {
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_SITE_FILE": str(site),
        "HCC_CDS_SECRET_KEY": SECRET,
        "HCC_CDS_DATABASE_URL": sqlite_with_tables(folder),
        "HCC_CDS_PUBLIC_URL": public_url,
        "HCC_CDS_TODAY": SAMPLE.as_of.isoformat(),
    }
    return create_app(read_settings(given | (environment or {})))


class Browser:
    """One browser: its cookies, and the EHR at which its clinician logs in."""

    def __init__(self, client: FlaskClient, ehr: ToldEhr) -> None:
        self.client = client
        self.ehr = ehr

    def launch(self, **parameters: str) -> TestResponse:
        """Follow the EHR's link; gives the answer that leads to its login."""
        query = {"iss": self.ehr.base, "launch": "opened-by-the-ehr"} | parameters
        return self.client.get("/smart/launch", query_string=query)

    def login_address(self, **parameters: str) -> str:
        answer = self.launch(**parameters)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def come_back(self, **parameters: str) -> TestResponse:
        return self.client.get("/smart/callback", query_string=parameters)

    def open(self, **parameters: str) -> TestResponse:
        """Launch, log in, come back; gives the answer that leads to the page."""
        return self.come_back(**self.ehr.log_in(self.login_address(**parameters)))

    def page(self) -> TestResponse:
        return self.client.get("/smart/")


def query_of(address: str) -> dict[str, str]:
    return {name: found[0] for name, found in parse_qs(urlsplit(address).query).items()}
