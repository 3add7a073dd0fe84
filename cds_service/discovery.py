"""GET /cds-services, encoded once at start."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response

from hooks import SERVICES
from hooks.card_text import load_card_texts


class DiscoveredService(msgspec.Struct, frozen=True, rename="camel"):
    """One service as the discovery answer describes it."""

    hook: str
    id: str
    title: str
    description: str
    usage_requirements: str
    prefetch: Mapping[str, str]


def discovered_services(
    prefetch: Mapping[str, str], language: str
) -> tuple[DiscoveredService, ...]:
    """Describe every service with its prefetch templates."""
    texts = load_card_texts(language)
    return tuple(
        DiscoveredService(
            hook=service.hook,
            id=service.id,
            title=service.title(texts),
            description=service.description(texts),
            usage_requirements=service.usage_requirements(texts),
            prefetch=prefetch,
        )
        for service in SERVICES
    )


def discovery(prefetch: Mapping[str, str], language: str) -> Blueprint:
    """Make the discovery route."""
    routes = Blueprint("discovery", __name__)
    document = msgspec.json.encode({"services": discovered_services(prefetch, language)})

    @routes.get("/cds-services")
    def services() -> Response:
        return Response(document, content_type="application/json")

    return routes
