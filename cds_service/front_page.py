"""GET /: what this is, and in the demonstration the sample patients with their cards."""

from flask import Blueprint, Response, render_template

from cds_service.composition import Composition
from cds_service.sample_pages import SampleCards

HTML = "text/html; charset=utf-8"


def front_page(composition: Composition, samples: SampleCards | None) -> Blueprint:
    """Make the page of the service; the demonstration lists its samples there."""
    routes = Blueprint("front_page", __name__)

    @routes.get("/")
    def front() -> Response:
        listed = [] if samples is None else samples.listed()
        page = render_template("front.html", about=composition.knowledge.about, samples=listed)
        return Response(page, content_type=HTML)

    return routes
