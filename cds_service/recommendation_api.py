"""POST /api/recommendation: a Bundle of one patient in, the recommendation document out."""

import re
from datetime import date

from flask import Blueprint, Response, request

from cds_service import audit
from cds_service.chart_answer import encode_document, recommend
from cds_service.composition import Composition
from cds_service.request_body import json_body
from cds_service.strict_json import object_members
from hooks.messages import RequestRejected

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def recommendation_api(composition: Composition) -> Blueprint:
    """Make the route of the API."""
    routes = Blueprint("recommendation_api", __name__)

    @routes.post("/api/recommendation")
    def recommendation() -> Response:
        on = _as_of() or composition.today()
        body = json_body()
        object_members(body)
        document, _case, _knowledge = recommend(body, composition.site, on)
        audit.note_document(document)
        return Response(encode_document(document), content_type="application/json")

    return routes


def _as_of() -> date | None:
    unknown = sorted(name for name in request.args if name != "asOf")
    if unknown:
        raise RequestRejected(part="query", why="only asOf is a parameter here")
    given = request.args.getlist("asOf")
    if not given:
        return None
    if len(given) > 1:
        raise RequestRejected(part="asOf", why="is given more than once")
    why = "is not a calendar day (YYYY-MM-DD)"
    if not _DAY.match(given[0]):
        raise RequestRejected(part="asOf", why=why)
    try:
        return date.fromisoformat(given[0])
    except ValueError:
        raise RequestRejected(part="asOf", why=why) from None
