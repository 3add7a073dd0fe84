"""/demo/fhir: metadata, reads and searches over the samples, open or within a token."""

import re
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from cds_service.demo_ehr.charts import ABOUT_NO_PATIENT, TYPES, DemoCharts, Stored
from cds_service.demo_ehr.scopes import may
from cds_service.demo_ehr.sealing import Seal, Sealed
from cds_service.demo_ehr.searching import Parameters, SearchRefusedError, search
from cds_service.demo_ehr.site_block import FHIR_PATH
from cds_service.demo_ehr.statements import capability_statement, smart_configuration
from cds_service.errors import FHIR_JSON, error_answer

_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9\-._~+/=]{1,16384})\Z", re.IGNORECASE)


class _TokenRefusedError(ValueError):
    """A token was sent and is not one of ours that still counts."""


class DemoFhirServer:
    """Answers reads and searches; what a token does not open is forbidden, never empty."""

    def __init__(self, charts: DemoCharts, seal: Seal, base: str) -> None:
        """Take what is held, what opens tokens, and the server's address."""
        self._charts = charts
        self._seal = seal
        self._base = base

    def read(self, kind: str, resource_id: str) -> Response:
        """Answer GET [type]/[id]."""
        granted = self._granted(kind, "r")
        found = self._charts.now().read(kind, resource_id)
        if found is None:
            message = f"There is no {kind} of this id."
            raise NotFound(message)
        if granted is not None and not _opens(granted, found):
            message = "The token is for another patient."
            raise Forbidden(message)
        return _fhir(bytes(found.raw))

    def search(self, kind: str, asked: Parameters) -> Response:
        """Answer GET [type]?... and POST [type]/_search."""
        granted = self._granted(kind, "s")
        held = self._charts.now().of(kind)
        if granted is not None:
            named = [v.rpartition("Patient/")[2] for n, v in asked if n in {"patient", "subject"}]
            if any(patient_id != granted.patient_id for patient_id in named):
                message = "The token is for another patient."
                raise Forbidden(message)
            held = [one for one in held if _opens(granted, one)]
        try:
            page = search(held, asked)
        except SearchRefusedError as error:
            raise BadRequest(str(error)) from None
        return _fhir(page.bundle(self._base, kind))

    def _granted(self, kind: str, deed: str) -> Sealed | None:
        """Give what the token of this request opens; None: none was sent, all is open."""
        if kind not in TYPES:
            message = "This server has no such type; see metadata."
            raise NotFound(message)
        sent = request.headers.get("Authorization")
        if sent is None:
            return None
        found = _BEARER.match(sent)
        granted = self._seal.open("access", found[1]) if found else None
        if granted is None:
            raise _TokenRefusedError
        if not may(granted.scopes, kind, deed):
            message = "The token has no scope for this type."
            raise Forbidden(message)
        return granted


def fhir_routes(server: DemoFhirServer, base: str, authorization: str, on: str) -> Blueprint:
    """Make the routes; ``on`` is the day that the statement is of."""
    routes = Blueprint("demo_fhir", __name__, url_prefix=FHIR_PATH)
    statement = msgspec.json.encode(capability_statement(base, authorization, on))
    configuration = msgspec.json.encode(smart_configuration(authorization))
    routes.register_error_handler(_TokenRefusedError, _token_refused)

    @routes.get("/metadata")
    def metadata() -> Response:
        return _fhir(statement)

    @routes.get("/.well-known/smart-configuration")
    def smart() -> Response:
        return Response(configuration, content_type="application/json")

    @routes.get("/<kind>/<resource_id>")
    def read(kind: str, resource_id: str) -> Response:
        return server.read(kind, resource_id)

    @routes.get("/<kind>")
    def search_type(kind: str) -> Response:
        return server.search(kind, list(request.args.items(multi=True)))

    @routes.post("/<kind>/_search")
    def search_by_post(kind: str) -> Response:
        both: Any = (*request.args.items(multi=True), *request.form.items(multi=True))
        return server.search(kind, list(both))

    return routes


def _opens(granted: Sealed, one: Stored) -> bool:
    return one.patient_id == granted.patient_id or one.kind in ABOUT_NO_PATIENT


def _fhir(body: bytes) -> Response:
    return Response(body, content_type=FHIR_JSON, headers={"Cache-Control": "no-store"})


def _token_refused(error: Exception) -> Response:
    del error
    answer = error_answer(401, "login", "The token is not valid, or no longer.")
    answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return answer
