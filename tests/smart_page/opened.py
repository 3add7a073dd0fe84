"""The page over charts of the tests, without any launch: what the routes show and keep."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service.chart_answer import answer_to
from cds_service.composition import compose
from cds_service.sample_charts import SampleChart
from cds_service.settings import read_settings
from fhir_mappings.chart.record import ChartSources, sources_from_bundle
from hooks.service import Site
from smart_app.opened_chart import OpenedChart
from smart_app.page.doors import PageDoors
from smart_app.page.routes import clinician_page
from smart_app.write_back.facts import ObservationNames
from tests.samples.stored import SAMPLES, patient_of
from tests.smart_page.page_text import Page

BY_NAME = {sample.name: sample for sample in SAMPLES}
_DOCUMENT = re.compile(
    r'<script type="application/json" id="recommendation">(.*?)</script>', re.DOTALL
)


@cache
def site(language: str = "en") -> Site:
    """What holds without a site file: notices of every jurisdiction, UTC."""
    return site_of(f'language = "{language}"\n')


@cache
def site_of(written: str) -> Site:
    """What holds with a site file of this content."""
    with NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(written)
        file.flush()
        settings = {"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": file.name}
        return compose(read_settings(settings)).site


@dataclass
class OpenedPage:
    """One opened chart with its page, and the answers that the session keeps."""

    sample: SampleChart
    sources: ChartSources
    options: Mapping[str, Any] = field(default_factory=dict)
    kept: bytes = b""
    report_url: str = ""
    language: str = "en"
    site_file: str = ""

    @property
    def site(self) -> Site:
        return site_of(self.site_file) if self.site_file else site(self.language)

    def opened(self) -> OpenedChart:
        chart: dict[str, Any] = {
            "ehr_name": "example",
            "patient_id": str(patient_of(self.sample)["id"]),
            "sources": self.sources,
            "clinician": "Practitioner/dr-1",
            "not_granted": (),
            "writable": frozenset(),
            "form_token": "token-of-the-form",
            "answers": self.kept,
        }
        return OpenedChart(**{**chart, **self.options})

    def keep(self, answers: bytes) -> None:
        self.kept = answers

    def client(self) -> FlaskClient:
        doors = PageDoors(
            open_chart=self.opened,
            recommend=lambda sources, patient, on: answer_to(sources, patient, self.site, on),
            keep_answers=self.keep,
            today=lambda: self.sample.as_of,
            zone=self.site.zone,
            reading=self.site.reading,
            language="ko" if "ko" in self.site_file else self.language,
            names=ObservationNames(b"secret-of-a-test", "https://hcc.example/smart/write-back"),
            report_url=self.report_url,
        )
        app = Flask("page", static_folder=None)
        app.register_blueprint(clinician_page(doors))
        return app.test_client()

    def post(self, path: str, **fields: str) -> TestResponse:
        return self.client().post(path, data={"form_token": "token-of-the-form", **fields})

    def answered(self, **fields: str) -> str:
        """Answer, and give the page that follows."""
        answer = self.post("/smart/answers", **fields)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"] == f"/smart/?chart={self.opened().mark}#answer"
        return self.html()

    def html(self, path: str = "/smart/") -> str:
        answer = self.client().get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


def opened_sample(sample: SampleChart, **options: object) -> OpenedPage:
    return OpenedPage(sample, sources_from_bundle(sample.text.encode()), options)


def opened_chart(sample: SampleChart, chart: str, **options: object) -> OpenedPage:
    """Open another chart on the day of a sample, for its patient."""
    return OpenedPage(sample, sources_from_bundle(chart.encode()), options)


@cache
def page_of(name: str) -> Page:
    """Give the page of a sample, read once."""
    return Page(opened_sample(BY_NAME[name]).html())


def document_of(html: str) -> dict[str, Any]:
    """The document that the page carries for machines."""
    (written,) = _DOCUMENT.findall(html)
    found: dict[str, Any] = json.loads(written)
    return found
