"""POST /cds-services/<id>/feedback: the route exists, its storage does not yet.

An acknowledgement would promise that the feedback is kept, so until it can be stored the answer
is 501 with an OperationOutcome. Preflights are answered like those of the other routes.
"""

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from cds_service.errors import error_answer
from hooks import SERVICES


def feedback() -> Blueprint:
    """Make the feedback routes of the services that discovery names."""
    routes = Blueprint("feedback", __name__)
    known = frozenset(service.id for service in SERVICES)

    @routes.post("/cds-services/<service_id>/feedback")
    def receive(service_id: str) -> Response:
        if service_id not in known:
            message = "There is no service of this name; see /cds-services."
            raise NotFound(message)
        return error_answer(
            501, "not-supported", "This version does not store feedback, so it takes none."
        )

    return routes
