"""The printed page's fingerprint is the one that ``hcc-cds explain`` gives for the same chart."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from cds_service.cli import main
from cds_service.explain import explain
from cds_service.sample_charts import SampleChart
from tests.samples.stored import NAMES, SAMPLES
from tests.smart_page.opened import BY_NAME, opened_sample
from tests.smart_page.page_text import Page

_WHOLE = re.compile(r"\b[0-9a-f]{64}\b")
EVERYDAY = BY_NAME["everyday-chart"]


def of_explain(
    sample: SampleChart, capsys: pytest.CaptureFixture[str], answers: bytes = b""
) -> str:
    explain(sample.text.encode(), sample.as_of, answers, as_json=False, validate=False)
    (found,) = _WHOLE.findall(capsys.readouterr().out)
    return str(found)


def of_print(html: str) -> str:
    (found,) = _WHOLE.findall(Page(html).seen)
    return str(found)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_print_and_command_line_give_the_same_fingerprint(
    sample: SampleChart, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = of_print(opened_sample(sample).html("/smart/print"))
    assert printed == of_explain(sample, capsys)


SITE_CHOICES = [
    "[afp]\ninclusive = false\n",
    "[afp]\niu_to_ng = 1.21\n",
    'jurisdiction = "US"\n',
    '[codes]\n"urn:oid:1.2.3|AFP" = "alpha-fetoprotein"\n',
    'language = "ko"\n',
]


@pytest.mark.parametrize("written", ["", *SITE_CHOICES])
def test_the_answers_copied_from_the_page_reproduce_its_fingerprint_on_the_command_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    written: str,
) -> None:
    page = opened_sample(EVERYDAY)
    page.site_file = written
    before = of_print(page.html("/smart/print"))
    day = (EVERYDAY.as_of - timedelta(days=3)).isoformat()
    html = page.answered(progressed="yes", progressed_on=day, not_tolerated="no", ecog="2")
    (shown,) = [
        one.text.strip()
        for one in Page(html).all("textarea")
        if one.attributes["id"] == "answers-json"
    ]
    printed = page.html("/smart/print")
    assert of_print(printed) != before
    assert shown in Page(printed).seen
    names = ("chart.json", "answers.json", "site.toml")
    chart, answers, site = (tmp_path / name for name in names)
    chart.write_text(EVERYDAY.text, "utf-8")
    answers.write_text(shown, "utf-8")
    site.write_text(written, "utf-8")
    monkeypatch.setenv("HCC_CDS_SITE_FILE", str(site))
    asked = ["explain", str(chart), "--as-of", EVERYDAY.as_of.isoformat()]
    assert main([*asked, "--answers", str(answers)]) == 0
    assert _WHOLE.findall(capsys.readouterr().out) == [of_print(printed)]


def test_the_answers_that_are_offered_name_neither_patient_nor_clinician_nor_time() -> None:
    page = opened_sample(EVERYDAY)
    html = page.answered(not_tolerated="yes", child_pugh="B", afp_ng_per_ml="812")
    (shown,) = [
        one for one in Page(html).all("textarea") if one.attributes["id"] == "answers-json"
    ]
    assert set(json.loads(shown.text)) == {
        "notTolerated", "childPugh", "afpNgPerMl", "answeredOn",
    }  # fmt: skip


def test_without_answers_none_are_offered() -> None:
    assert 'id="answers-json"' not in opened_sample(EVERYDAY).html()


def test_a_choice_of_the_site_that_may_change_the_answer_changes_the_fingerprint() -> None:
    def of_site(written: str) -> str:
        page = opened_sample(EVERYDAY)
        page.site_file = written
        return of_print(page.html("/smart/print"))

    assert len({of_site(written) for written in ("", *SITE_CHOICES)}) == len(SITE_CHOICES) + 1
    assert of_site("") == of_site("[afp]\ninclusive = true\n")
    factor = "[afp]\niu_to_ng = {}\n"
    assert of_site(factor.format("1.2")) == of_site(factor.format("1.20"))


def test_no_two_samples_have_the_same_fingerprint(capsys: pytest.CaptureFixture[str]) -> None:
    assert len({of_explain(sample, capsys) for sample in SAMPLES[:8]}) == 8


def test_the_print_names_day_time_version_and_who_opened_it() -> None:
    seen = Page(opened_sample(EVERYDAY).html("/smart/print")).seen
    assert re.search(r"Printed \d{1,2} \w{3} \d{4} \d\d:\d\d UTC", seen)
    assert "As of 2 Nov 2026" in seen
    assert "version 1.0.0" in seen
    assert "opened by Practitioner/dr-1" in seen


def test_explain_takes_the_answers_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_bytes(b'{"notTolerated": true}')
    chart = str(Path("samples") / "everyday-chart" / "chart.json")
    root = Path(__file__).parents[2]
    arguments = ["explain", str(root / chart), "--as-of", "2026-11-02", "--answers", str(answers)]
    assert main(arguments) == 0
    assert "intolerant" in capsys.readouterr().out
