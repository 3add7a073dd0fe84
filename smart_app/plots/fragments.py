"""The fragments that a page includes: the timeline, the trials, and what draws them.

Each fragment is whole without JavaScript: tables hold what the pictures show.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from flask import Blueprint
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hcc_pathway.timeline.parts import PatientTimeline
from hcc_pathway.trial_comparison.trials import Trial
from smart_app.plots.embedding import script_json
from smart_app.plots.forest_marks import forest_marks
from smart_app.plots.texts import PlotTexts, number, seen
from smart_app.plots.timeline_marks import drawn, stretches, timeline_marks
from smart_app.plots.timeline_words import TimelineWords

PLOTS_PATH: Final = "/smart/plots"
_TEMPLATES: Final = Environment(
    loader=PackageLoader("smart_app.plots"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters.update(number=number, seen=seen)


def plot_files() -> Blueprint:
    """Serve the scripts and the style of the pictures below ``PLOTS_PATH``."""
    return Blueprint(
        "plots",
        __name__,
        static_folder=str(Path(__file__).with_name("static")),
        static_url_path=PLOTS_PATH,
    )


def plot_head() -> Markup:
    """Give what the ``<head>`` of a page with pictures needs; nothing of it is inline."""
    return _render("plot_head.html", path=PLOTS_PATH)


def timeline_fragment(timeline: PatientTimeline, texts: PlotTexts) -> Markup:
    """Give the course on one time axis; a page may hold one of them."""
    earlier = [day for day in _days(timeline) if day is not None and not drawn(day, timeline)]
    return _render(
        "timeline.html",
        timeline=timeline,
        texts=texts,
        words=TimelineWords(timeline, texts),
        stretches=list(stretches(timeline.sorafenib.days)),
        earlier=len(earlier),
        without_day=sum(event.earliest is None for event in timeline.events),
        marks=script_json(timeline_marks(timeline, texts)),
    )


def _days(timeline: PatientTimeline) -> list[date]:
    readings = [one.day for series in timeline.measured for one in series.readings]
    return [*readings, *(one.day for one in timeline.child_pugh)]


def forest_plot_fragment(trials: Sequence[Trial], texts: PlotTexts) -> Markup:
    """Give the trials with their hazard ratios; a page may hold one of them.

    ``trials``: those of all options, each with how this patient differs from its population.
    """
    return _render(
        "trials.html",
        trials=trials,
        texts=texts,
        any_ratio=any(trial.hazard_ratios for trial in trials),
        marks=script_json(forest_marks(trials, texts)),
    )


def _render(template: str, **values: object) -> Markup:
    return Markup(_TEMPLATES.get_template(template).render(**values))  # noqa: S704 - autoescaped
