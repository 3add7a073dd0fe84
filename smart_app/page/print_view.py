"""Two A4 pages for the tumour board: the answer and its reasons, then path and data."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.option_view import OptionsView
from smart_app.page.page_view import View, answer_view
from smart_app.page.print_options import LINES, lines_of, printed_options
from smart_app.page.summary_view import Summary
from smart_app.page.values import day_text, value_text
from smart_app.page.words import Words

_RECORDS_NAMED: Final = 3
_SOURCES_NAMED: Final = 2
_CONFLICTS_SHOWN: Final = 3  # at least, however full the sheet is
_HEADINGS: Final = 11.0  # lines of titles and of the patient's own line on the first sheet
_FACT: Final = 1.3  # of a pair of facts
_OPTION_AT_LEAST: Final = 9.0  # what an option always holds
_LIST: Final = 1.8  # of the heading of a list
# rows that decide; the rest stands on the page and in the document
_SHOWN: Final = (
    "diagnosis",
    "prior-lines",
    "progression",
    "sorafenib-exposure",
    "sorafenib-intolerance",
    "alpha-fetoprotein",
    "child-pugh",
    "bilirubin",
    "albumin",
    "inr",
    "ascites",
    "encephalopathy",
    "ecog",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One input in one line, however many records it has."""

    name: str
    value: str
    day: str
    source: str


def print_view(chart: AnsweredChart, words: Words, at: datetime) -> View:
    """Give the view of the printed pages; ``at`` is the moment of printing in the site's zone."""
    view = answer_view(chart, words)
    summary, options = view["summary"], view["options"]
    assert isinstance(summary, Summary)  # noqa: S101 - as made two lines above
    assert isinstance(options, OptionsView)  # noqa: S101 - with it
    room = LINES - _always(chart, summary, options)
    conflicts = _fitting(summary.conflicts, room - len(options.options) * _OPTION_AT_LEAST)
    room -= lines_of(conflicts)
    return {
        **view,
        "conflicts": conflicts,
        "conflicts_more": len(summary.conflicts) - len(conflicts),
        "printed": printed_options(options.options, options.shared, room, words),
        "rows": [row for name in _SHOWN for row in _row(name, chart, words)],
        "whole_fingerprint": chart.fingerprint,
        "printed_at": f"{day_text(at.date(), words)} {at:%H:%M} {at.tzname()}",
        "clinician": chart.opened.clinician or "",
    }


def _always(chart: AnsweredChart, summary: Summary, options: OptionsView) -> float:
    """Count the lines of the first sheet that are there whatever is offered."""
    withheld = [f"{one.label} {one.because}" for one in options.withheld]
    asked = [one.ask for one in chart.document.missing]
    lists = sum(_LIST for one in (withheld, asked) if one)
    facts = math.ceil(len(summary.facts) / 2) * _FACT
    texts = (summary.lead, *summary.warnings, *withheld, *asked)
    return _HEADINGS + lists + facts + lines_of(texts)


def _fitting(texts: tuple[str, ...], room: float) -> tuple[str, ...]:
    """Give as many texts as fit, never less than a few."""
    number = len(texts)
    while number > _CONFLICTS_SHOWN and lines_of(texts[:number]) > room:
        number -= 1
    return texts[:number]


def _row(name: str, chart: AnsweredChart, words: Words) -> Iterator[Row]:
    """Give the first records of an input and how many more there are."""
    used = [one for one in chart.document.inputs if one.input == name]
    if not used:
        return
    first = used[:_RECORDS_NAMED]
    more = words.say("option.more", count=len(used) - len(first)) if used[len(first) :] else ""
    values = dict.fromkeys(value_text(one, words) for one in first)
    sources = dict.fromkeys(source for one in first for source in one.source.split(", "))
    named = list(sources)[:_SOURCES_NAMED]
    rest = len(sources) - len(named)
    if rest:
        named.append(words.say("option.more", count=rest))
    days = [one.recorded for one in used if one.recorded is not None]
    yield Row(
        name=words.name("input", name),
        value="; ".join(filter(None, (*values, more))),
        day=day_text(max(days), words) if days else "",
        source=", ".join(named),
    )
