"""Liveness and readiness."""

from flask import Blueprint, Response


def health() -> Blueprint:
    """Make the two health routes. The service is ready once it answers: all it needs is loaded."""
    routes = Blueprint("health", __name__)

    @routes.get("/health/live")
    def live() -> Response:
        return Response(b'{"status":"live"}', content_type="application/json")

    @routes.get("/health/ready")
    def ready() -> Response:
        return Response(b'{"status":"ready"}', content_type="application/json")

    return routes
