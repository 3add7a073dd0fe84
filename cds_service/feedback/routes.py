"""POST /cds-services/<id>/feedback: acknowledged once it is on disk, whole or not at all."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from cds_service import request_log
from cds_service.client_tokens.caller import counted_name
from cds_service.feedback.figures import count_feedback
from cds_service.feedback.messages import FeedbackReader
from cds_service.feedback.store import FeedbackStore
from cds_service.records import Records
from cds_service.request_body import json_body
from hooks import SERVICES

LARGEST_BODY_BYTES = 1_000_000


class FeedbackDoor:
    """Takes feedback: one road for the route and for the workbench of the demonstration."""

    def __init__(self, records: Records) -> None:
        """Take the storage, and what the ids of cards are read with."""
        self._topics = {service.id: service.topics for service in SERVICES}
        self._reader = FeedbackReader(records.card_ids, records.suggestion_names)
        self._store = FeedbackStore(records.storage)

    def require(self, service_id: str) -> None:
        """Make sure that discovery names the service; raises NotFound."""
        if service_id not in self._topics:
            message = "There is no service of this name; see /cds-services."
            raise NotFound(message)

    def take(self, service_id: str, body: bytes) -> int:
        """Keep a batch and say how many items it had; once this returns they are on disk.

        Raises:
            NotFound: no service has this id, or a card or suggestion is not one of ours.
            RequestRejected: names the item and the member that is wrong.
            StorageUnavailable: nothing of the batch was stored.

        """
        self.require(service_id)
        now = datetime.now(UTC)
        batch = self._reader.read(body, now, self._topics[service_id])
        ehr = counted_name()
        new = self._store.keep(batch, service=service_id, ehr=ehr, now=now)
        for item in new:
            count_feedback(service_id, ehr, item)
        request_log.note(service=service_id, ehr=ehr, items=len(batch), new=len(new))
        return len(batch)


def feedback(door: FeedbackDoor) -> Blueprint:
    """Make the feedback routes of the services that discovery names."""
    routes = Blueprint("feedback", __name__)

    @routes.post("/cds-services/<service_id>/feedback")
    def receive(service_id: str) -> Response:
        door.require(service_id)  # before the body is looked at
        request.max_content_length = LARGEST_BODY_BYTES
        received = door.take(service_id, json_body())
        return Response(b'{"received":%d}' % received, content_type="application/json")

    return routes
