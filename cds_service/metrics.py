"""Counters and durations for Prometheus; labels are routes and statuses, so they stay few."""

import os
import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
_REQUESTS = Counter("hcc_cds_requests_total", "Requests answered", ("route", "method", "status"))
_SECONDS = Histogram(
    "hcc_cds_request_seconds",
    "Time to answer",
    ("route",),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
_CARDS = Counter("hcc_cds_cards_total", "Cards sent", ("service",))

_FHIR_CALLS = Counter(
    "hcc_cds_fhir_calls_total", "GETs of FHIR servers", ("resource_type", "outcome")
)
_FHIR_SECONDS = Histogram(
    "hcc_cds_fhir_call_seconds",
    "Time of one GET of a FHIR server",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)


def count_fhir_call(resource_type: str, outcome: str, seconds: float) -> None:
    """Count one GET; type and outcome come from closed lists of ours."""
    _FHIR_CALLS.labels(resource_type, outcome).inc()
    _FHIR_SECONDS.observe(seconds)


def count_cards(service_id: str, cards: int) -> None:
    """Count the cards of one answer of a known service."""
    _CARDS.labels(service_id).inc(cards)


def register_metrics(app: Flask) -> None:
    """Measure every request."""

    def begin() -> None:
        g.measured_from = time.perf_counter()

    def finish(response: Response) -> Response:
        rule = request.url_rule
        route = rule.rule if rule else "-"
        method = request.method if request.method in _METHODS else "-"
        _REQUESTS.labels(route, method, str(response.status_code)).inc()
        _SECONDS.labels(route).observe(time.perf_counter() - g.measured_from)
        return response

    app.before_request(begin)
    app.after_request(finish)


def metrics_text() -> bytes:
    """Give the present figures, summed over the workers where there are several."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # untyped in the library
        return generate_latest(registry)
    return generate_latest(REGISTRY)


def metrics() -> Blueprint:
    """Make the route for scraping."""
    routes = Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def figures() -> Response:
        return Response(metrics_text(), content_type=CONTENT_TYPE_LATEST)

    return routes
