"""GET / in production: what this service is. The demonstration has the workbench there."""

from flask import Blueprint, Response, render_template

from cds_service.composition import Composition

HTML = "text/html; charset=utf-8"


def front_page(composition: Composition) -> Blueprint:
    """Make the page of the service."""
    routes = Blueprint("front_page", __name__)

    @routes.get("/")
    def front() -> Response:
        page = render_template("front.html", about=composition.knowledge.about)
        return Response(page, content_type=HTML)

    return routes
