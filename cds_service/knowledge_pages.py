"""GET /knowledge: what the service knows, to read (HTML) or to process (JSON)."""

from collections.abc import Mapping

import msgspec
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from cds_service.composition import Composition
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_encode = msgspec.json.Encoder(decimal_format="number").encode


def knowledge_pages(composition: Composition) -> Blueprint:
    """Make the routes of the knowledge pages, as of the service's day."""
    routes = Blueprint("knowledge_pages", __name__)

    @routes.get("/knowledge")
    def overview() -> Response:
        knowledge = composition.knowledge.as_of(composition.today())
        kinds = _kinds(knowledge)
        if _wants_json():
            listed = {kind: sorted(items) for kind, items in kinds.items()}
            return _json({"pathway": knowledge.pathway, "asOf": knowledge.day, **listed})
        page = render_template("knowledge.html", knowledge=knowledge, kinds=kinds)
        return Response(page, content_type="text/html; charset=utf-8")

    @routes.get("/knowledge/<kind>/<item_id>")
    def one(kind: str, item_id: str) -> Response:
        knowledge = composition.knowledge.as_of(composition.today())
        item = _kinds(knowledge).get(kind, {}).get(item_id)
        if item is None:
            message = "There is no knowledge of this kind and name; see /knowledge."
            raise NotFound(message)
        plain = msgspec.to_builtins(item, str_keys=True)
        if _wants_json():
            return _json(plain)
        page = render_template("knowledge_item.html", kind=kind, item_id=item_id, item=plain)
        return Response(page, content_type="text/html; charset=utf-8")

    return routes


def _kinds(knowledge: KnowledgeOnDay) -> Mapping[str, Mapping[str, object]]:
    parameters = {
        name: {"id": name, "value": value, "unit": knowledge.units.get(name, "")}
        for name, value in knowledge.parameters.items()
    }
    return {
        "drugs": knowledge.drugs,
        "regimens": knowledge.regimens,
        "parameters": parameters,
        "evidence": knowledge.evidence,
        "value-sets": knowledge.value_sets,
        "notices": {notice.id: notice for notice in knowledge.all_notices},
        "caveats": {caveat.id: caveat for caveat in knowledge.caveats},
        "criteria": knowledge.criteria,
    }


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def _json(content: object) -> Response:
    return Response(_encode(content), content_type="application/json")
