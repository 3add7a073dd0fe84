"""The addresses of the page below ``/smart``: the page, its answers, what-if, print."""

from pathlib import Path

from flask import Blueprint, Response

from smart_app.page.answered_chart import AnsweredChart, read_chart
from smart_app.page.doors import PageDoors
from smart_app.page.drawing import document_json, drawn
from smart_app.page.words import load_words

HTML = "text/html; charset=utf-8"


def clinician_page(doors: PageDoors) -> Blueprint:
    """Make the routes; the service has checked session and form token before they are called."""
    words = load_words(doors.language)
    routes = Blueprint(
        "clinician_page",
        __name__,
        url_prefix="/smart",
        static_folder=str(Path(__file__).parent / "static"),
        static_url_path="/static",
    )

    @routes.get("/")
    def page() -> Response:
        return _page(read_chart(doors))

    def _page(chart: AnsweredChart) -> Response:
        html = drawn(
            "page.html",
            words,
            document=chart.document,
            document_json=document_json(chart.document),
        )
        return Response(html, content_type=HTML)

    return routes
