"""What an option rests on is known: evidence, records, a recent AFP; what is not is asked for."""

import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.properties.counting import Counts
from tests.properties.unknown_inputs import (
    UNKNOWN,
    undated_drug,
    unknown_input,
    unread_medications,
)
from tests.properties.whole_charts import (
    AFP,
    CHARTS,
    Chart,
    Json,
    asked,
    changed,
    charts,
    document,
    is_about,
    kind_of,
    knowledge,
    therapies,
)

_SOURCE = re.compile(r"\b(?:[A-Z][a-z]+){1,2}/[A-Za-z0-9.-]+")


def reasons_and_evidence(chart: Chart, data: st.DataObject) -> None:
    """Every option stands on evidence that the service knows and on records of this chart."""
    del data
    held = {
        f"{kind_of(entry)}/{entry['resource'].get('id')}"
        for entry in chart.entries
        if kind_of(entry)
    }
    answer = document(chart)
    for option in answer["options"]:
        assert option["evidence"]
        assert set(option["evidence"]) <= knowledge(chart.on).evidence.keys()
        named = [_SOURCE.findall(reason) for reason in option["reasons"]]
        assert any(named), (chart.name, option["reasons"])
        assert {source for sources in named for source in sources} <= held
    for beside in answer["alsoConsider"]:
        assert set(beside["evidence"]) <= knowledge(chart.on).evidence.keys()


def _spoilt(entry: Json, how: str, chart: Chart) -> Json:
    """An AFP record whose value, unit, date or standing cannot be known."""
    quantity = entry["resource"].get("valueQuantity")
    quantity = dict(quantity) if isinstance(quantity, dict) else {}
    old = f"{chart.on.year - 1}{chart.on.isoformat()[4:]}".replace("-02-29", "-02-28")
    without_unit = {k: v for k, v in quantity.items() if k not in {"unit", "code", "system"}}
    ways: Mapping[str, Mapping[str, object]] = {
        "no value": {"valueQuantity": None},
        "no unit": {"valueQuantity": without_unit},
        "other unit": {"valueQuantity": {**without_unit, "unit": "mmol/L"}},
        "no date": {"effectiveDateTime": None, "issued": None, "effectivePeriod": None},
        "old": {"effectiveDateTime": old},
        "year alone": {"effectiveDateTime": old[:4]},
        "future": {"effectiveDateTime": f"{chart.on.year + 1}-01-15"},
        "preliminary": {"status": "preliminary"},
        "text": {"valueQuantity": None, "valueString": "see report"},
        "both sides": {"valueQuantity": {**quantity, "value": 399, "comparator": ">"}},
    }
    return changed(entry, **ways[how])


_WAYS = (
    "no value", "no unit", "other unit", "no date", "old", "year alone", "future", "preliminary",
    "text", "both sides",
)  # fmt: skip


def unknown_afp(chart: Chart, data: st.DataObject) -> None:
    """Without one AFP whose value, unit and date are known nothing rests on AFP."""
    entries = []
    for entry in chart.entries:
        if kind_of(entry) == "Observation" and is_about(entry, AFP | {"53960-1"}):
            entries.append(_spoilt(entry, data.draw(st.sampled_from(_WAYS)), chart))
        else:
            entries.append(entry)
    before, after = document(chart), document(chart._replace(entries=tuple(entries)))
    assert "ramucirumab" not in therapies(after)
    if "ramucirumab" in therapies(before):
        event("AFP decided before")
        assert "alpha-fetoprotein" in asked(after)
    assert not [
        one for one in after["alsoConsider"] if "AFP of at least 400 ng/mL, C" in one["text"]
    ]


def aged_afp(chart: Chart, data: st.DataObject) -> None:
    """What rests on an AFP of 31 to 90 days ago carries the flag and asks for another."""
    del data
    answer = document(chart)
    for option in answer["options"]:
        if option["therapy"] == "ramucirumab":
            (afp,) = {
                one["recorded"] for one in answer["inputs"] if one["input"] == "alpha-fetoprotein"
            }
            age = (chart.on - type(chart.on).fromisoformat(afp)).days
            assert age <= 90
            assert ("stale-afp" in option["flags"]) == (age > 30)
            assert ("alpha-fetoprotein" in asked(answer)) == (age > 30)


# what rests on something, and what asks for something; with the reading that says so
PROPERTIES = {
    reasons_and_evidence: "A10",
    unknown_afp: "A10",
    aged_afp: "A10",
    unknown_input: "A2",
    unread_medications: "A2",
    undated_drug: "A2",
}
Property = Callable[[Chart, st.DataObject], None]


@pytest.mark.parametrize(
    "holds",
    [
        pytest.param(holds, marks=pytest.mark.rule(rule), id=holds.__name__)
        for holds, rule in PROPERTIES.items()
    ],
)
@settings(max_examples=50)
@given(charts(), st.data())
def test_an_option_rests_on_what_is_known_and_a_gap_is_asked_for(
    holds: Property, counts: Counts, chart: Chart, data: st.DataObject
) -> None:
    holds(chart, data)
    counts.add(holds.__name__)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(charts(), st.sampled_from(list(PROPERTIES)), st.data())
def test_so_it_is_in_20_000_charts(
    counts: Counts, chart: Chart, holds: Property, data: st.DataObject
) -> None:
    holds(chart, data)
    counts.add(f"of 20,000 charts, {holds.__name__}")


@pytest.mark.parametrize("name", sorted(UNKNOWN))
@pytest.mark.parametrize("sample", sorted(CHARTS))
def test_each_input_of_each_sample_unknown_adds_nothing_unasked(sample: str, name: str) -> None:
    before, after = document(CHARTS[sample]), document(UNKNOWN[name](CHARTS[sample]))
    assert not therapies(after) - therapies(before) or name in asked(after)
