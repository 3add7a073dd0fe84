"""The addresses of the knowledge pages: an overview, and a page for each item (HTML or JSON)."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from cds_service.composition import Composition
from cds_service.knowledge_pages.entries import Entries, Entry, entries_in_order, entries_of
from cds_service.knowledge_pages.words import load_page_words
from hcc_pathway.knowledge_base.knowledge import Knowledge, KnowledgeOnDay

_encode = msgspec.json.Encoder(decimal_format="number").encode


def knowledge_pages(composition: Composition) -> Blueprint:
    """Make the routes of the knowledge pages, as of the service's day."""
    routes = Blueprint("knowledge_pages", __name__)
    pages = _pages_of(composition.knowledge)

    @routes.get("/knowledge")
    def overview() -> Response:
        return pages.overview(composition.today())

    @routes.get("/knowledge/<kind>/<item_id>")
    def one(kind: str, item_id: str) -> Response:
        return pages.item(kind, item_id, composition.today())

    return routes


@cache
def _pages_of(knowledge: Knowledge) -> "KnowledgePages":
    return KnowledgePages(knowledge)


class KnowledgePages:
    """The pages of one folder of knowledge, in its language; its files are read once."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Index the items, and turn their references round."""
        self._knowledge = knowledge
        self._entries: Entries = entries_of(knowledge.files)
        self._words = load_page_words(knowledge.language)

    def overview(self, today: date) -> Response:
        """List everything, with when it was reviewed and when that is due again."""
        on_day = self._knowledge.as_of(today)
        if _wants_json():
            listed = {kind: sorted(items) for kind, items in self._entries.items()}
            return _json({"pathway": on_day.pathway, "asOf": today, **listed})
        return _html(
            "knowledge.html",
            words=self._words,
            about=on_day.about,
            pathway=on_day.pathway,
            today=today,
            kinds=list(entries_in_order(self._entries)),
        )

    def item(self, kind: str, item_id: str, today: date) -> Response:
        """Show one item; raises NotFound."""
        entry = self._entries.get(kind, {}).get(item_id)
        if entry is None:
            message = "There is no knowledge of this kind and name; see /knowledge."
            raise NotFound(message)
        on_day = self._knowledge.as_of(today)
        if _wants_json():
            return _json(_as_json(entry, on_day))
        return _html(
            "knowledge_item.html",
            words=self._words,
            entry=entry,
            item=entry.content,
            today=today,
            value_today=on_day.parameters.get(item_id) if kind == "parameters" else None,
            evidence=self._entries["evidence"],
            system_names=on_day.system_names,
        )


def _as_json(entry: Entry, on_day: KnowledgeOnDay) -> Mapping[str, object]:
    content: dict[str, object] = msgspec.to_builtins(entry.content, str_keys=True)
    if entry.kind == "parameters":
        content |= {"value": on_day.parameters.get(entry.id)}
    return {
        **content,
        "review": entry.review,
        "file": entry.file,
        "fileDigest": entry.digest,
        "usedBy": [{"kind": use.kind, "id": use.id, "at": use.at} for use in entry.used_by],
    }


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def _json(content: object) -> Response:
    return Response(_encode(content), content_type="application/json")


def _html(template: str, **values: object) -> Response:
    page = render_template(template, **values)
    return Response(page, content_type="text/html; charset=utf-8")
