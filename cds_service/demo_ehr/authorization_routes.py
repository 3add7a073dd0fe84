"""/demo/auth: the pages and endpoints of the demonstration's authorization server."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import NotFound

from cds_service.demo_ehr.authorization import (
    AuthorizationServer,
    ClientRefusedError,
    GrantRefusedError,
    PatientWanted,
)
from cds_service.demo_ehr.charts import DemoCharts, Stored
from cds_service.demo_ehr.site_block import AUTHORIZATION_PATH, FHIR_PATH
from cds_service.demo_ehr.statements import smart_configuration
from cds_service.request_body import json_body
from cds_service.strict_json import object_members, value

_HTML = "text/html; charset=utf-8"
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def authorization_routes(
    server: AuthorizationServer, charts: DemoCharts, address: str
) -> Blueprint:
    """Make the routes; ``address`` is that of the server."""
    routes = Blueprint("demo_authorization", __name__, url_prefix=AUTHORIZATION_PATH)
    configuration = smart_configuration(address)

    @routes.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:  # noqa: ANN401 - a page or a redirect, both of werkzeug
        asked = request.args.to_dict() if request.method == "GET" else request.form.to_dict()
        return _authorized(server, charts, asked)

    @routes.post("/token")
    def token() -> Response:
        try:
            return _json(server.exchange(request.form.to_dict()))
        except GrantRefusedError as error:
            return _json({"error": error.code, "error_description": str(error)}, 400)

    @routes.get("/jwks.json")
    def keys() -> Response:
        return _json(server.public_keys())

    @routes.get("/.well-known/openid-configuration")
    def openid_configuration() -> Response:
        return _json(configuration)

    return routes


def _authorized(server: AuthorizationServer, charts: DemoCharts, asked: dict[str, str]) -> Any:  # noqa: ANN401 - a page or a redirect, both of werkzeug
    picked = asked.get("picked")
    if picked is not None and charts.now().read("Patient", picked) is None:
        return _refusal("There is no such patient in this demonstration.")
    try:
        outcome = server.authorize(asked)
    except ClientRefusedError as error:
        return _refusal(str(error))
    if isinstance(outcome, PatientWanted):
        page = render_template("pick_patient.html", patients=_listed(charts, asked))
        return Response(page, content_type=_HTML, headers=_NOT_KEPT)
    return redirect(outcome, 302)


def launch_routes(server: AuthorizationServer, charts: DemoCharts, base: str) -> Blueprint:
    """Make what an EHR does when somebody starts an app: the launch, as a link and as a call.

    ``POST {fhir}/_services/smart/Launch`` is no standard: the CDS Hooks Sandbox asks it for the
    launch id that goes with a link of a card.
    """
    routes = Blueprint("demo_launch", __name__)

    @routes.get("/demo/launch/<patient_id>")
    def launch(patient_id: str) -> Any:  # noqa: ANN401 - werkzeug's redirect
        _require(charts, patient_id)
        query = urlencode({"iss": base, "launch": server.launch_id(patient_id)})
        return redirect(f"/smart/launch?{query}", 302)

    @routes.post(f"{FHIR_PATH}/_services/smart/Launch")
    def launch_of_a_link() -> Response:
        sent = object_members(json_body()).get("parameters")
        parameters = value(sent, "parameters")
        patient_id = parameters.get("patient") if isinstance(parameters, dict) else None
        _require(charts, patient_id if isinstance(patient_id, str) else "")
        return _json({"launch_id": server.launch_id(str(patient_id))})

    return routes


def _require(charts: DemoCharts, patient_id: str) -> None:
    if charts.now().read("Patient", patient_id) is None:
        message = "There is no such patient in this demonstration."
        raise NotFound(message)


def _listed(charts: DemoCharts, asked: dict[str, str]) -> list[dict[str, str]]:
    """Give each patient with the link that answers the question; links need no form."""
    return [
        {
            "name": shown_name(one),
            "born": str(one.content.get("birthDate", "")),
            "href": "?" + urlencode({**asked, "picked": one.id}),
        }
        for one in charts.now().of("Patient")
    ]


def shown_name(patient: Stored) -> str:
    """Give a patient's name as lists show it: given names, then family name."""
    names: list[dict[str, Any]] = patient.content.get("name") or [{}]
    given = " ".join(names[0].get("given") or ())
    return f"{given} {names[0].get('family', '')}".strip() or patient.id


def _refusal(why: str) -> Response:
    page = render_template("launch_refused.html", why=why)
    return Response(page, 400, content_type=_HTML, headers=_NOT_KEPT)


def _json(content: object, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(content), status, content_type="application/json", headers=_NOT_KEPT
    )
