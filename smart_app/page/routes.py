"""The addresses of the page below ``/smart``: the page, its answers, what-if, print."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, redirect, request

from hcc_pathway.clinician_answers.answers import AnswerRefused, answers_as_json
from smart_app.opened_chart import (
    CHART_FIELD,
    FORM_TOKEN_FIELD,
    FORM_TOKEN_HEADER,
    chart_mark,
)
from smart_app.page.answer_form import FilledForm, filled_form, form_values
from smart_app.page.answered_chart import AnsweredChart, read_chart, supposed
from smart_app.page.doors import PageDoors
from smart_app.page.drawing import drawn
from smart_app.page.page_view import page_view, what_if_view
from smart_app.page.print_view import print_view
from smart_app.page.words import Words, load_words

HTML: Final = "text/html; charset=utf-8"
_SEE_OTHER: Final = 303
_UNUSABLE: Final = 422


def clinician_page(doors: PageDoors) -> Blueprint:
    """Make the routes; the service has checked session and form token before they are called."""
    pages = _Pages(doors, load_words(doors.language))
    routes = Blueprint(
        "clinician_page",
        __name__,
        url_prefix="/smart",
        static_folder=str(Path(__file__).parent / "static"),
        static_url_path="/static",
    )
    routes.get("/", endpoint="page")(pages.page)
    routes.get("/print", endpoint="print")(pages.printed)
    routes.post("/answers", endpoint="answers")(pages.answers)
    routes.post("/what-if", endpoint="what_if")(pages.what_if)
    return routes


class _Pages:
    """The answers to the four addresses."""

    def __init__(self, doors: PageDoors, words: Words) -> None:
        self._doors = doors
        self._words = words

    def page(self) -> Response:
        chart = read_chart(self._doors)
        if chart.refused:
            return self._page(chart, chart.refused, form_values(chart.kept))
        return self._page(chart, {})

    def printed(self) -> Response:
        chart = read_chart(self._doors)
        at = datetime.now(self._doors.zone)
        return _html(drawn("print.html", self._words, **print_view(chart, self._words, at)))

    def answers(self) -> Response:
        """Keep what was answered, and show the page anew; what cannot be used is said there."""
        if request.form.get("do") == "clear":
            self._doors.keep_answers(b"")
            return _to_page()
        chart = read_chart(self._doors)
        filled = self._filled(chart)
        if filled.refused:
            return self._page(chart, filled.refused, filled.sent, status=_UNUSABLE)
        self._doors.keep_answers(answers_as_json(filled.answers))
        return _to_page()

    def what_if(self) -> Response:
        """Give a fragment: what would be offered. Nothing is kept."""
        now = read_chart(self._doors)
        filled = self._filled(now)
        then, refused = self._supposed(now, filled)
        view = what_if_view(now, then, self._words, refused, filled.sent)
        return _html(drawn("what_if.html", self._words, **view))

    def _supposed(
        self, now: AnsweredChart, filled: FilledForm
    ) -> tuple[AnsweredChart, Mapping[str, str]]:
        if filled.refused or not filled.answers:
            return now, filled.refused
        try:
            return supposed(self._doors, now, filled.answers), {}
        except AnswerRefused as unusable:
            return now, {unusable.field: unusable.because}

    def _filled(self, chart: AnsweredChart) -> FilledForm:
        at = datetime.now(self._doors.zone)
        return filled_form(request.form, chart.on, at, case=chart.recorded, before=chart.kept)

    def _page(
        self,
        chart: AnsweredChart,
        refused: Mapping[str, str],
        sent: Mapping[str, str] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        view = page_view(chart, self._doors, self._words, refused, sent)
        return _html(drawn("page.html", self._words, **view), status)


def _to_page() -> Response:
    """Lead back to the chart that the form belongs to; its token was checked before."""
    token = request.headers.get(FORM_TOKEN_HEADER) or request.form.get(FORM_TOKEN_FIELD, "")
    answer = redirect(f"/smart/?{CHART_FIELD}={chart_mark(token)}#answer", _SEE_OTHER)
    assert isinstance(answer, Response)  # noqa: S101 - by Flask's own default
    return answer


def _html(html: str, status: int = 200) -> Response:
    return Response(html, status, content_type=HTML)
