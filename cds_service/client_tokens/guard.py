"""The gate before every request: what only a proven EHR may send is answered to no one else."""

import logging

from flask import Flask, Response, g, request

from cds_service import request_log
from cds_service.client_tokens.caller import ForeignServer, caller_name, remember_caller
from cds_service.client_tokens.clients import Clients
from cds_service.client_tokens.refusal import Reason, TokenRefused
from cds_service.errors import error_answer

_PROTECTED = ("/cds-services", "/api")
_log = logging.getLogger("cds_service.client_tokens")


def register_client_guard(app: Flask, clients: Clients) -> None:
    """Ask for a client token on discovery, services, feedback and the API.

    Everything below their paths is guarded, known or not, whatever the method; only preflights
    are answered before. The rest of the service (health, knowledge, its description) is open.
    Where it cannot be known whether a token was used before, the answer is 503: see ``errors``.
    """

    def guard() -> Response | None:
        if not _is_protected(request.path):
            return None
        try:
            ehr = clients.caller(_bearer(), request.path)
        except TokenRefused as refused:
            return _refuse(refused)
        remember_caller(ehr)
        request_log.note(ehr=ehr.name)
        return None

    app.before_request(guard)
    app.register_error_handler(ForeignServer, _foreign_server)


def _is_protected(path: str) -> bool:
    return path in _PROTECTED or path.startswith(tuple(f"{place}/" for place in _PROTECTED))


def _bearer() -> str:
    """Take the token of the one Authorization header."""
    sent = request.headers.get("Authorization", "")
    scheme, _, token = sent.partition(" ")
    if scheme.lower() != "bearer" or not token or not token.isascii():
        raise TokenRefused(Reason.ABSENT)
    return token


def _refuse(refused: TokenRefused) -> Response:
    fields = {
        "requestId": g.get("request_id", ""),
        "reason": refused.reason.value,
        "ehr": refused.ehr,
        "path": request.url_rule.rule if request.url_rule else "-",
    }
    if refused.token_id:
        fields["jti"] = refused.token_id
    _log.warning("client refused", extra={"fields": fields})
    answer = error_answer(401, "login", "A valid client token is needed.")
    answer.headers["WWW-Authenticate"] = "Bearer"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _foreign_server(error: Exception) -> Response:
    fields = {"requestId": g.get("request_id", ""), "reason": str(error), "ehr": caller_name()}
    _log.warning("client refused", extra={"fields": fields})
    return error_answer(403, "forbidden", str(error), ("fhirServer",))
