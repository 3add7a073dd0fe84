"""The clinician's page of a Korean site: every sample, with and without a clinician's answers."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from cds_service.chart_answer import answer_to
from cds_service.sample_charts import SampleChart
from fhir_mappings.chart.record import sources_from_bundle
from hcc_pathway.clinician_answers.answers import ClinicianAnswers, answers_as_json
from hooks.service import Site
from smart_app.opened_chart import OpenedChart
from smart_app.page.doors import PageDoors
from smart_app.page.routes import clinician_page
from smart_app.write_back.facts import ObservationNames
from tests.korean.test_korean_answers import korean, korean_site
from tests.samples.stored import NAMES, SAMPLES, patient_of

__all__ = ["korean", "korean_site"]
_NOT_SHOWN = re.compile(r"<script.*?</script>|<[^>]*>|&[a-z#0-9]+;", re.DOTALL)


def html_of(sample: SampleChart, site: Site, path: str, kept: bytes = b"") -> str:
    opened = OpenedChart(
        ehr_name="example",
        patient_id=str(patient_of(sample)["id"]),
        sources=sources_from_bundle(sample.text.encode()),
        clinician="Practitioner/dr-1",
        not_granted=(),
        writable=frozenset(),
        form_token="token-of-the-form",  # noqa: S106 - of a test
        answers=kept,
    )
    doors = PageDoors(
        open_chart=lambda: opened,
        recommend=lambda sources, patient, on: answer_to(sources, patient, site, on),
        keep_answers=lambda _: None,
        today=lambda: sample.as_of,
        zone=site.zone,
        reading=site.reading,
        names=ObservationNames(b"secret-of-a-test", "https://hcc.example/smart/write-back"),
        language="ko",
    )
    app = Flask("page", static_folder=None)
    app.register_blueprint(clinician_page(doors))
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("path", ["/smart/", "/smart/print"])
@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_every_sample_has_a_korean_page(
    sample: SampleChart,
    korean_site: Site,
    path: str,
) -> None:
    html = html_of(sample, korean_site, path)
    assert '<html lang="ko"' in html
    shown = _NOT_SHOWN.sub(" ", html)
    assert len(re.findall(r"[가-힣]", shown)) > 200
    assert not re.search(r"\{[a-z_]+\}", shown)


def test_an_answer_is_named_as_an_answer_in_korean(
    korean_site: Site,
) -> None:
    (sample,) = [one for one in SAMPLES if one.name == "everyday-chart"]
    day = sample.as_of - timedelta(days=9)
    answers = ClinicianAnswers(progressed=True, progressed_on=day)
    html = html_of(sample, korean_site, "/smart/", kept=answers_as_json(answers))
    assert "차트가 아니라 사용자가 답한 내용" in html
    assert "answered by you" not in html


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("ecog-3", ClinicianAnswers(ecog=1)),
        ("tolerant-afp-high", ClinicianAnswers(is_hcc=False, progressed=False, child_pugh="B")),
        ("on-sorafenib", ClinicianAnswers(not_tolerated=True)),
    ],
)
def test_a_contradiction_is_named_in_korean(
    korean_site: Site, name: str, answers: ClinicianAnswers
) -> None:
    (sample,) = [one for one in SAMPLES if one.name == name]
    html = html_of(sample, korean_site, "/smart/", kept=answers_as_json(answers))
    assert "답함" in html or "답은" in html
    assert "answered" not in _NOT_SHOWN.sub(" ", html)
