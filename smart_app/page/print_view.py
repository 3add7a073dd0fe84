"""Two A4 pages for the tumour board: the answer and its reasons, then path and data."""

from datetime import datetime
from typing import Final

from hcc_pathway.fingerprint import fingerprint
from smart_app.page.answered_chart import AnsweredChart
from smart_app.page.note_text import uses_answers
from smart_app.page.page_view import View, answer_view
from smart_app.page.values import day_text
from smart_app.page.words import Words

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


def print_view(chart: AnsweredChart, words: Words, at: datetime) -> View:
    """Give the view of the printed pages; ``at`` is the moment of printing in the site's zone."""
    view = answer_view(chart, words)
    names = {words.name("input", name) for name in _SHOWN}
    facts = view["facts"]
    assert isinstance(facts, tuple)  # noqa: S101 - of answer_view
    return {
        **view,
        "deciding": [one for one in facts if one.name in names],
        "whole_fingerprint": fingerprint(chart.document, chart.knowledge),
        "answers_used": uses_answers(chart),
        "printed_at": f"{day_text(at.date(), words)} {at:%H:%M} {at.tzname()}",
        "clinician": chart.opened.clinician or "",
    }
