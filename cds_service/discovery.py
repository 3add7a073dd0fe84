"""GET /cds-services, encoded once at start."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response

from hooks import SERVICES
from hooks.card_text import load_card_texts


def discovery_document(prefetch: Mapping[str, str], language: str) -> bytes:
    """Encode the discovery answer: every service with its prefetch templates."""
    texts = load_card_texts(language)
    services = [
        {
            "hook": service.hook,
            "id": service.id,
            "title": service.title(texts),
            "description": service.description(texts),
            "usageRequirements": service.usage_requirements(texts),
            "prefetch": dict(prefetch),
        }
        for service in SERVICES
    ]
    return msgspec.json.encode({"services": services})


def discovery(prefetch: Mapping[str, str], language: str) -> Blueprint:
    """Make the discovery route."""
    routes = Blueprint("discovery", __name__)
    document = discovery_document(prefetch, language)

    @routes.get("/cds-services")
    def services() -> Response:
        return Response(document, content_type="application/json")

    return routes
