"""GET /cds-services, encoded once at start."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response

from hooks import SERVICES


def discovery_document(prefetch: Mapping[str, str]) -> bytes:
    """Encode the discovery answer: every service with its prefetch templates."""
    services = [
        {
            "hook": service.hook,
            "id": service.id,
            "title": service.title,
            "description": service.description,
            "usageRequirements": service.usage_requirements,
            "prefetch": dict(prefetch),
        }
        for service in SERVICES
    ]
    return msgspec.json.encode({"services": services})


def discovery(prefetch: Mapping[str, str]) -> Blueprint:
    """Make the discovery route."""
    routes = Blueprint("discovery", __name__)
    document = discovery_document(prefetch)

    @routes.get("/cds-services")
    def services() -> Response:
        return Response(document, content_type="application/json")

    return routes
