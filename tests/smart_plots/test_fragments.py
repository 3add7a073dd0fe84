"""The fragments of the clinician's page: safe, and whole without JavaScript."""

import hashlib
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cds_service.sample_charts import SampleChart
from hcc_pathway.case import Availability
from hcc_pathway.timeline.parts import PatientTimeline
from hcc_pathway.timeline.timeline import patient_timeline
from hcc_pathway.trial_comparison.trials import Trial, trials_of
from smart_app.plots import fragments
from smart_app.plots.embedding import script_json
from smart_app.plots.fragments import forest_plot_fragment, timeline_fragment
from smart_app.plots.texts import load_plot_texts
from smart_app.plots.timeline_marks import timeline_marks
from tests.samples.stored import NAMES, SAMPLES
from tests.timeline.samples_read import assessed, read, site, timeline_of

TEXTS = load_plot_texts()
STATIC = Path(fragments.__file__).with_name("static")
HOSTILE = "</script><script>alert(1)</script>\u2028 ]]> <!-- \u202e{{7*7}} \ud800 & \" '"
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
BY_NAME = {sample.name: sample for sample in SAMPLES}


class Read(HTMLParser):
    """A page as a browser takes it apart: tags, attributes, and the text of scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.in_script = tag == "script"
        if self.in_script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.in_script = self.in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.in_script:
            self.scripts[-1] += data


def trials_for(sample: SampleChart) -> list[Trial]:
    document, _, knowledge = read(sample)
    return [
        trial
        for option in document.options
        for trial in trials_of(option.therapy, option.evidence, assessed(sample), knowledge)
    ]


def marks_in(html: str) -> Any:  # noqa: ANN401 - any JSON
    (script,) = Read(html).scripts
    return json.loads(script)


def hostile(timeline: PatientTimeline) -> PatientTimeline:
    (afp, *others) = timeline.measured
    readings = [
        msgspec.structs.replace(one, as_received=HOSTILE, source=HOSTILE) for one in afp.readings
    ]
    events = [
        msgspec.structs.replace(one, as_received=HOSTILE, source=HOSTILE)
        for one in timeline.events
    ]
    doses = msgspec.structs.replace(
        timeline.sorafenib,
        days=tuple(
            msgspec.structs.replace(day, sources=(HOSTILE,)) for day in timeline.sorafenib.days
        ),
        received={HOSTILE: HOSTILE},
    )
    lines = [msgspec.structs.replace(one, sources=(HOSTILE,)) for one in timeline.lines]
    return msgspec.structs.replace(
        timeline,
        measured=(msgspec.structs.replace(afp, readings=tuple(readings)), *others),
        events=tuple(events),
        sorafenib=doses,
        lines=tuple(lines),
    )


@every_sample
def test_the_numbers_in_the_page_are_those_of_the_timeline(sample: SampleChart) -> None:
    timeline = timeline_of(sample)
    marks = marks_in(timeline_fragment(timeline, TEXTS))
    assert [day["day"] for day in marks["doses"]["window"]] == [
        day.day.isoformat() for day in timeline.sorafenib.days if day.in_window
    ]
    shown = [
        (series["input"], one["day"], one["value"], one["unit"], one["source"])
        for series in marks["series"]
        for one in series["readings"]
    ]
    assert shown == [
        (series.input, one.day.isoformat(), float(one.value), one.unit, one.source)
        for series in timeline.measured
        for one in series.readings
    ]
    days = sum((_day(one["last"]) - _day(one["first"])) + 1 for one in marks["doses"]["stretches"])
    assert days == len(timeline.sorafenib.days)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@every_sample
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(sample: SampleChart) -> None:
    html = timeline_fragment(timeline_of(sample), TEXTS)
    html += forest_plot_fragment(trials_for(sample), TEXTS) + fragments.plot_head()
    for tag, attributes in Read(html).tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert tag != "style"
        if tag == "script" and "src" not in attributes:
            assert attributes["type"] == "application/json"
        for name in ("src", "href"):
            assert (attributes.get(name) or "/smart/plots/").startswith("/smart/plots/")


def test_hostile_text_of_a_chart_stays_text() -> None:
    html = timeline_fragment(hostile(timeline_of(BY_NAME["tolerant-afp-high"])), TEXTS)
    read_back = Read(html)
    assert len(read_back.scripts) == 1
    assert html.count("</script>") == 1
    assert "\u202e" not in html
    assert "\u2028" not in html
    marks = json.loads(read_back.scripts[0])
    source = marks["series"][0]["readings"][0]["source"]
    assert source.startswith("</script><script>alert(1)</script>")
    assert "{{7*7}}" in html.replace("&#34;", '"')


@pytest.mark.parametrize("text", ["</script>", "<!--<script>", "\u2028", "&amp;", '"\\'])
def test_a_json_parser_reads_back_what_was_embedded(text: str) -> None:
    embedded = script_json({"text": text})
    assert json.loads(embedded) == {"text": text}
    assert not re.search(r"[<>&\u2028\u2029]", embedded)


@every_sample
def test_the_table_holds_every_reading_that_the_picture_shows(sample: SampleChart) -> None:
    timeline = timeline_of(sample)
    html = timeline_fragment(timeline, TEXTS)
    table = html[html.index('data-table="readings"') : html.index('data-table="liver"')]
    for series in timeline.measured:
        for one in series.readings:
            assert f"<bdi>{one.source}</bdi>" in table
    assert table.count("<tr>") - 1 == sum(len(series.readings) for series in timeline.measured)


def test_an_unknown_dose_is_worded_as_unknown_never_as_zero() -> None:
    timeline = timeline_of(BY_NAME["undetermined-exposure-unknown"])
    marks: Any = timeline_marks(timeline, TEXTS)
    assert len(marks["doses"]["window"]) == 28
    for one in marks["doses"]["window"]:
        assert (one["low"], one["high"], one["state"]) == (None, None, "unknown")
        assert "dose not known" in one["tip"]
        assert not any(line.startswith("0 mg") for line in one["tip"])


def test_a_cut_medication_list_leaves_days_open_instead_of_without_drug() -> None:
    sample = BY_NAME["undetermined-dose-reduced"]
    _, case, knowledge = read(sample)
    cut = msgspec.structs.replace(
        case, medication_sources=(("medicationRequests", Availability.TRUNCATED),)
    )
    timeline = patient_timeline(cut, knowledge, sample.as_of, site().policy)
    assert timeline.sorafenib.window is not None
    assert timeline.sorafenib.window.no == 0
    assert not [day for day in timeline.sorafenib.days if day.state == "not"]
    assert not [day for day in timeline.sorafenib.days if day.high_mg == 0]


@every_sample
def test_each_trial_names_population_limits_and_how_the_patient_differs(
    sample: SampleChart,
) -> None:
    trials = trials_for(sample)
    html = forest_plot_fragment(trials, TEXTS)
    shown = Read(html).tags
    assert [
        (tag["data-criterion"], tag["data-answer"]) for _, tag in shown if "data-criterion" in tag
    ] == [(one.criterion, one.answer.value) for trial in trials for one in trial.enrolment]
    for trial in trials:
        assert trial.limits.split(";")[0] in html


def test_the_vendored_library_is_the_one_that_its_readme_names() -> None:
    stated = (STATIC / "vendor" / "README.md").read_text("utf-8")
    found = hashlib.sha256((STATIC / "vendor" / "d3.min.js").read_bytes()).hexdigest()
    assert f"`{found}`" in stated
    assert "ISC" in stated
    assert "Mike Bostock" in (STATIC / "vendor" / "LICENSE-d3.txt").read_text("utf-8")


def test_our_scripts_make_no_inline_style_and_run_no_text() -> None:
    for script in sorted(STATIC.glob("*.js")):
        source = script.read_text("utf-8")
        assert not re.search(r"innerHTML|\.html\(|eval\(|new Function|attr\(.style", source)
        assert not re.search(r"https?://", source)
