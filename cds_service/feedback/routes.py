"""POST /cds-services/<id>/feedback: acknowledged once it is on disk, whole or not at all."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from cds_service import request_log
from cds_service.client_tokens.caller import caller_name
from cds_service.feedback.figures import count_feedback
from cds_service.feedback.messages import FeedbackReader
from cds_service.feedback.store import FeedbackStore
from cds_service.records import Records
from cds_service.request_body import json_body
from hooks import SERVICES

LARGEST_BODY_BYTES = 1_000_000


def feedback(records: Records) -> Blueprint:
    """Make the feedback routes of the services that discovery names."""
    routes = Blueprint("feedback", __name__)
    known = frozenset(service.id for service in SERVICES)
    reader = FeedbackReader(records.card_ids, records.suggestion_names)
    store = FeedbackStore(records.storage)

    @routes.post("/cds-services/<service_id>/feedback")
    def receive(service_id: str) -> Response:
        if service_id not in known:
            message = "There is no service of this name; see /cds-services."
            raise NotFound(message)
        request.max_content_length = LARGEST_BODY_BYTES
        now = datetime.now(UTC)
        batch = reader.read(json_body(), now)
        ehr = caller_name()
        new = store.keep(batch, service=service_id, ehr=ehr, now=now)
        for item in new:
            count_feedback(service_id, ehr, item)
        request_log.note(service=service_id, ehr=ehr, items=len(batch), new=len(new))
        return Response(b'{"received":%d}' % len(batch), content_type="application/json")

    return routes
