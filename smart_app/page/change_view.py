"""What would change the answer: the document's own list, and the result of a supposition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hcc_pathway.recommendation import WhatWouldChange
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.question_view import FieldView, fields_for_trying
from smart_app.page.therapy_names import therapy_labels
from smart_app.page.values import day_text
from smart_app.page.words import Words


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A condition, and what it gains and loses."""

    condition: str
    effect: str


def changes_of(chart: AnsweredChart, words: Words) -> tuple[ChangeView, ...]:
    """Word the document's ``whatWouldChange``."""
    offered = {one.therapy for one in chart.document.options}
    return tuple(
        ChangeView(
            words.say("change.condition", condition=one.condition),
            _effect(one, offered, chart, words),
        )
        for one in chart.document.what_would_change
    )


def offered_drugs(chart: AnsweredChart, words: Words) -> str:
    """Name the drugs offered, or say that there is none."""
    names = [one.therapy for one in chart.document.options]
    labels = therapy_labels(names, chart.knowledge)
    return words.either(labels) if labels else words.say("change.nothing")


def suppositions(
    chart: AnsweredChart, words: Words, sent: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Repeat what was supposed, as question and answer; ``sent`` is a form that could be used."""
    (asked,) = fields_for_trying(chart, words)
    return tuple(
        (one.label, _supposed(one, written, words))
        for one in asked.fields
        if (written := sent.get(one.name, "").strip())
    )


def _supposed(field: FieldView, written: str, words: Words) -> str:
    if field.kind == "choice":
        return dict(field.choices).get(written, written)
    if field.kind == "day":
        return day_text(date.fromisoformat(written), words)
    return words.say("value.with-unit", value=written, unit=field.unit).strip()


def _effect(change: WhatWouldChange, offered: set[str], chart: AnsweredChart, words: Words) -> str:
    """Tell the drugs gained from those lost: what is an option now can only be lost."""
    said = []
    for key, therapies in (
        ("gained", [one for one in change.then if one not in offered]),
        ("lost", [one for one in change.then if one in offered]),
    ):
        if therapies:
            several = "-several" if len(therapies) > 1 else ""
            labels = words.listed(therapy_labels(therapies, chart.knowledge))
            said.append(words.say(f"change.{key}{several}", drugs=labels))
    return "; ".join(said)
