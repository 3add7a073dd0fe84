"""The timeline of every sample says what its document says, day by day."""

from collections import Counter

import msgspec
import pytest

from cds_service.sample_charts import SampleChart
from hcc_pathway.recommendation import ExposureValue
from hcc_pathway.timeline.timeline import patient_timeline
from tests.samples.stored import NAMES, SAMPLES
from tests.timeline.samples_read import read, site, timeline_of

pytestmark = pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)


@pytest.mark.rule("S4", "A6", "A7")
def test_the_counted_days_are_those_of_the_document(sample: SampleChart) -> None:
    document = read(sample)[0]
    stated = [one.value for one in document.inputs if one.input == "sorafenib-exposure"]
    doses = timeline_of(sample).sorafenib
    counted = Counter(day.state for day in doses.days if day.in_window)
    if not stated:
        assert doses.window is None
        assert not counted
        return
    (value,) = stated
    assert isinstance(value, ExposureValue)
    assert msgspec.to_builtins(doses.window) == {
        "firstDay": value.first_day.isoformat(),
        "lastDay": value.last_day.isoformat(),
        "anchor": value.anchor,
        "yes": value.yes,
        "no": value.no,
        "unknown": value.unknown,
    }
    assert counted == Counter(qualifying=value.yes, unknown=value.unknown) + Counter(
        {"not": value.no}
    )


def test_every_day_stands_once_and_none_is_left_out(sample: SampleChart) -> None:
    days = [day.day for day in timeline_of(sample).sorafenib.days]
    numbers = [day.toordinal() for day in days]
    assert numbers == list(range(numbers[0], numbers[-1] + 1)) if numbers else days == []


def test_an_unknown_day_never_has_a_dose_of_zero(sample: SampleChart) -> None:
    for day in timeline_of(sample).sorafenib.days:
        if day.state == "unknown":
            assert day.high_mg != 0
            assert (day.low_mg, day.high_mg) == (None, None) or day.low_mg != day.high_mg
        if day.state == "not":
            assert day.high_mg is not None


def test_every_reading_of_the_case_is_there_with_unit_as_received_and_source(
    sample: SampleChart,
) -> None:
    case = read(sample)[1]
    readings = {
        "alpha-fetoprotein": case.afp,
        "bilirubin": case.bilirubin,
        "albumin": case.albumin,
        "inr": case.inr,
    }
    for series in timeline_of(sample).measured:
        shown = sorted((r.day, r.value, r.unit, r.as_received, r.source) for r in series.readings)
        assert shown == sorted(
            (r.recorded_on, r.number, r.unit, r.as_received, r.source)
            for r in readings[series.input]
        )


def test_the_reading_that_decides_is_the_one_the_document_names(sample: SampleChart) -> None:
    document = read(sample)[0]
    stated = {
        source
        for one in document.inputs
        if one.input == "alpha-fetoprotein"
        for source in one.source.split(", ")
    }
    (afp, *_) = timeline_of(sample).measured
    assert {one.source for one in afp.readings if one.decides} == stated


def test_every_progression_of_the_document_is_an_event(sample: SampleChart) -> None:
    document = read(sample)[0]
    stated = {one.source for one in document.inputs if one.input == "progression"}
    events = timeline_of(sample).events
    assert stated <= {one.source for one in events if one.kind == "progression"}


def test_lines_are_those_of_the_document(sample: SampleChart) -> None:
    document = read(sample)[0]
    stated = [one.value for one in document.inputs if one.input == "prior-lines"]
    assert [" + ".join(line.drugs) for line in timeline_of(sample).lines] == stated


def test_all_days_lie_on_the_axis_or_before_it(sample: SampleChart) -> None:
    timeline = timeline_of(sample)
    assert timeline.axis_first_day < timeline.axis_last_day
    assert timeline.axis_first_day <= min(
        (day.day for day in timeline.sorafenib.days), default=timeline.as_of
    )
    assert timeline.axis_last_day >= timeline.as_of


def test_the_order_of_the_facts_does_not_matter(sample: SampleChart) -> None:
    _, case, knowledge = read(sample)
    turned = msgspec.structs.replace(
        case,
        **{
            name: value[::-1]
            for name in case.__struct_fields__
            if isinstance(value := getattr(case, name), tuple)
        },
    )
    again = patient_timeline(turned, knowledge, sample.as_of, site().policy)
    assert msgspec.json.encode(again, order="sorted") == msgspec.json.encode(
        timeline_of(sample), order="sorted"
    )
