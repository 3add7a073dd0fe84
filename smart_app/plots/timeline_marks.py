"""What the timeline script draws: marks with day, value, state and source, and their words.

The script makes no sentence: each mark brings the lines of its tooltip, which are also what a
screen reader says.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from hcc_pathway.timeline.parts import (
    ChildPughPoint,
    DoseDay,
    Event,
    LinePeriod,
    PatientTimeline,
    Series,
)
from smart_app.plots.texts import PlotTexts, number, seen
from smart_app.plots.timeline_words import TimelineWords

_Mark = dict[str, object]


def timeline_marks(timeline: PatientTimeline, texts: PlotTexts) -> dict[str, object]:
    """Give everything to draw, in the order in which a reader meets it."""
    words = TimelineWords(timeline, texts)
    return {
        "asOf": timeline.as_of,
        "first": timeline.axis_first_day,
        "last": timeline.axis_last_day,
        "title": texts.say("timeline.title"),
        "describe": texts.say("timeline.describe", as_of=texts.day(timeline.as_of)),
        "today": texts.say("timeline.today"),
        "panels": texts.group("panel"),
        "month": texts.sentences["date.month"],
        "lines": [_line(one, words) for one in timeline.lines],
        "events": [_event(one, words) for one in timeline.events if one.earliest is not None],
        "doses": _doses(timeline, words),
        "series": [_series(one, words) for one in timeline.measured],
        "childPugh": [_child_pugh(one, words) for one in timeline.child_pugh],
        "albi": [
            {
                "day": one.day,
                "value": one.score,
                "label": str(one.grade),
                "source": _sources(one.sources),
                "tip": words.albi(one),
            }
            for one in timeline.albi
        ],
    }


def stretches(days: tuple[DoseDay, ...]) -> Iterator[list[DoseDay]]:
    """Group neighbouring days of one dose, state, evidence and source."""

    def alike(day: DoseDay) -> tuple[object, ...]:
        return (day.low_mg, day.high_mg, day.state, day.in_window, day.evidence, day.sources)

    for _, same in groupby(days, key=alike):
        yield list(same)


def _sources(sources: tuple[str, ...]) -> str:
    return seen(", ".join(sources))


def _doses(timeline: PatientTimeline, words: TimelineWords) -> _Mark:
    doses = timeline.sorafenib
    counted = [day for day in doses.days if day.in_window]
    return {
        "minimum": doses.minimum_mg,
        "minimumLabel": words.texts.say("panel.minimum", value=number(doses.minimum_mg)),
        "windowTitle": words.window(),
        "stretches": [_stretch(same, words) for same in stretches(doses.days)],
        "window": [_dose_mark([day], words) | {"day": day.day} for day in counted],
    }


def _stretch(same: list[DoseDay], words: TimelineWords) -> _Mark:
    return _dose_mark(same, words) | {"first": same[0].day, "last": same[-1].day}


def _dose_mark(same: list[DoseDay], words: TimelineWords) -> _Mark:
    day = same[0]
    return {
        "low": day.low_mg,
        "high": day.high_mg,
        "state": day.state,
        "inWindow": day.in_window,
        "source": _sources(day.sources),
        "tip": words.dose(same),
    }


def _line(line: LinePeriod, words: TimelineWords) -> _Mark:
    return {
        "first": line.first_earliest,
        "firstLatest": line.first_latest,
        "last": line.last_latest,
        "lastEarliest": line.last_earliest,
        "running": line.running,
        "again": line.again,
        "state": " ".join(line.failed),
        "label": words.drugs(line),
        "source": _sources(line.sources),
        "tip": words.line(line),
    }


def _event(event: Event, words: TimelineWords) -> _Mark:
    return {
        "day": event.earliest,
        "latest": event.latest,
        "state": event.kind,
        "decides": event.decides,
        "source": seen(event.source),
        "tip": words.event(event),
    }


def _series(series: Series, words: TimelineWords) -> _Mark:
    threshold = series.threshold
    return {
        "input": series.input,
        "unit": series.unit,
        "threshold": threshold,
        "thresholdLabel": ""
        if threshold is None
        else words.texts.say("panel.threshold", value=number(threshold)),
        "readings": [
            {
                "day": one.day,
                "value": one.value,
                "comparator": one.comparator,
                "unit": one.unit,
                "state": one.state,
                "decides": one.decides,
                "source": seen(one.source),
                "tip": words.reading(series, one),
            }
            for one in series.readings
        ],
    }


def _child_pugh(point: ChildPughPoint, words: TimelineWords) -> _Mark:
    same = point.lowest == point.highest
    letter = point.child_pugh_class or ""
    span = str(point.lowest) if same else f"{point.lowest}-{point.highest}"
    return {
        "day": point.day,
        "low": point.lowest,
        "high": point.highest,
        "state": point.kind,
        "label": letter + (span if same or not letter else ""),
        "source": _sources(point.sources),
        "tip": words.child_pugh(point),
    }


def drawn(day: date, timeline: PatientTimeline) -> bool:
    """Whether a day has its place on the axis."""
    return timeline.axis_first_day <= day <= timeline.axis_last_day
