"""GET /samples: the sample patients of the demonstration, each as a hook call and as its cards."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from cds_service.card_view import sample_card_html
from cds_service.composition import Composition
from cds_service.sample_charts import SampleChart, hook_request, sample_charts
from cds_service.services import read_hook_call
from hooks import patient_view
from hooks.messages import Card
from hooks.service import PrefetchedChart

_DAYS_KEPT_TIMES_SAMPLES = 128


class SampleCards:
    """The samples and their cards on the service's day."""

    def __init__(self, composition: Composition) -> None:
        """Read the samples; their cards are made when they are asked for."""
        self.charts = sample_charts()
        self._composition = composition
        self.cards_on = lru_cache(_DAYS_KEPT_TIMES_SAMPLES)(self._cards_on)

    def chart(self, name: str) -> SampleChart:
        """Give one sample; raises NotFound."""
        sample = self.charts.get(name)
        if sample is None:
            message = "There is no sample of this name; see /samples."
            raise NotFound(message)
        return sample

    def chart_text(self, name: str) -> str:
        """Give a sample's chart, its day being the service's."""
        return self.chart(name).moved_to(self._composition.today())

    def call(self, name: str) -> bytes:
        """Give a ready hook call for a sample."""
        return json.dumps(hook_request(self.chart_text(name))).encode()

    def cards(self, name: str) -> tuple[Card, ...]:
        """Give a sample's cards."""
        return self.cards_on(name, self._composition.today())

    def listed(self) -> list[dict[str, Any]]:
        """Give every sample with what it shows and its cards, by name."""
        return [
            {"name": s.name, "shows": s.shows, "cards": self.cards(s.name)}
            for s in self.charts.values()
        ]

    def _cards_on(self, name: str, day: date) -> tuple[Card, ...]:
        request = read_hook_call(self.call(name))
        return patient_view.answer(
            request, PrefetchedChart(request), self._composition.site, day
        ).response.cards


def sample_pages(samples: SampleCards, public_url: str) -> Blueprint:
    """Make the routes of the sample patients."""
    routes = Blueprint("sample_pages", __name__)
    routes.add_app_template_global(sample_card_html)

    @routes.get("/samples")
    def names() -> Response:
        listed = [{"name": s.name, "shows": s.shows} for s in samples.charts.values()]
        return Response(msgspec.json.encode({"samples": listed}), content_type="application/json")

    @routes.get("/samples/<name>")
    def sample(name: str) -> Response:
        page = render_template(
            "sample.html", sample=samples.chart(name), cards=samples.cards(name), base=public_url
        )
        return Response(page, content_type="text/html; charset=utf-8")

    @routes.get("/samples/<name>/hook-request.json")
    def hook_call(name: str) -> Response:
        return Response(samples.call(name), content_type="application/json")

    @routes.get("/samples/<name>/chart.json")
    def chart(name: str) -> Response:
        return Response(samples.chart_text(name), content_type="application/fhir+json")

    return routes
