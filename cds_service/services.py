"""POST /cds-services/<id>: a hook call in, cards out."""

import msgspec
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from cds_service import request_log
from cds_service.after_answer import AfterAnswer
from cds_service.client_tokens.caller import calling_ehr, settle_fhir_server
from cds_service.composition import Composition
from cds_service.request_body import json_body
from cds_service.strict_json import object_members, value
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from hooks import SERVICES
from hooks.messages import HookRequest, RequestRejected, hook_request
from hooks.service import HookService

# numbers stay numbers, whatever the document holds
encode = msgspec.json.Encoder(decimal_format="number").encode


def read_hook_call(body: bytes) -> HookRequest:
    """Read a hook call; the resources of prefetch and the draft orders stay raw.

    Raises:
        RequestRejected: names the part that is wrong.

    """
    members = object_members(body)
    prefetch = members.pop("prefetch", None)
    if prefetch is not None and not isinstance(prefetch, dict):
        raise RequestRejected(part="prefetch", why="must be a JSON object")
    envelope = {name: value(member, name) for name, member in members.items()}
    context = members.get("context")
    draft_orders = context.get("draftOrders") if isinstance(context, dict) else None
    return hook_request(envelope, prefetch, draft_orders)


class HookCalls:
    """Answers hook calls: one road for the route and for the workbench of the demonstration."""

    def __init__(self, composition: Composition) -> None:
        """Take the parts of the process."""
        self._composition = composition
        self._services = {service.id: service for service in SERVICES}
        self._after = AfterAnswer(composition)

    def service(self, service_id: str) -> HookService:
        """Give a service that discovery names; raises NotFound."""
        found = self._services.get(service_id)
        if found is None:
            message = "There is no service of this name; see /cds-services."
            raise NotFound(message)
        return found

    def answer(self, service_id: str, body: bytes) -> bytes:
        """Answer one call of the present request, and take note of it.

        Raises:
            NotFound: no service has this id.
            RequestRejected: names the part of the call that is wrong.
            ChartRejected: the chart is not this patient's, or not FHIR.
            NeededDataAbsent: conditions, or every medication source, cannot be had.

        """
        service = self.service(service_id)
        parts, after = self._composition, self._after
        deadline = parts.chart_reading.deadline(request_log.seconds_so_far())
        hook_call = read_hook_call(body)
        if hook_call.hook != service.hook:
            why = f"is not {service.hook}, the hook of this service"
            raise RequestRejected(part="hook", why=why)
        settle_fhir_server(hook_call.fhir_server, parts.settings.site.ehr)
        site, day = parts.site_for(calling_ehr()), parts.today()
        with parts.chart_reading.chart(hook_call, calling_ehr(), deadline) as chart:
            try:
                answer = service.answer(hook_call, chart, site, day)
            except (ChartRejected, NeededDataAbsent) as error:
                after.refused(service, hook_call, error, day)
                raise
            return encode(after.answered(service, hook_call, chart, answer, day))


def hook_services(calls: HookCalls) -> Blueprint:
    """Make the routes of the services that discovery names."""
    routes = Blueprint("services", __name__)

    @routes.post("/cds-services/<service_id>")
    def call(service_id: str) -> Response:
        calls.service(service_id)  # before the body is looked at
        return Response(calls.answer(service_id, json_body()), content_type="application/json")

    return routes
