"""The printed page's fingerprint is the one that ``hcc-cds explain`` gives for the same chart."""

import re
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


def test_answers_change_the_fingerprint_and_reproduce_it_where_they_are_passed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = opened_sample(EVERYDAY)
    before = of_print(page.html("/smart/print"))
    page.answered(not_tolerated="yes")
    printed = page.html("/smart/print")
    assert of_print(printed) != before
    assert "hcc-cds explain --answers gives the same" in Page(printed).seen
    assert of_print(printed) == of_explain(EVERYDAY, capsys, page.kept)


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
