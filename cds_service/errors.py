"""Every error as an OperationOutcome: which part, and why; never a trace."""

import logging

import msgspec
from flask import Flask, Response
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # no types there
from werkzeug.exceptions import HTTPException

from cds_service.storage.errors import StorageUnavailable
from fhir_mappings.errors import ChartRejected, NeededDataAbsent
from fhir_mappings.outgoing.operation_outcome import IssueCode, operation_outcome
from hcc_pathway.errors import DayOutsideKnowledge
from hooks.messages import RequestRejected

FHIR_JSON = "application/fhir+json"
_log = logging.getLogger("cds_service")
_CODES: dict[int, IssueCode] = {
    404: "not-found",
    405: "not-supported",
    413: "too-long",
    415: "not-supported",
}


def error_answer(
    status: int, code: IssueCode, diagnostics: str, expression: tuple[str, ...] = ()
) -> Response:
    """Make one error answer with an OperationOutcome as its body."""
    outcome = operation_outcome(code, diagnostics, expression)
    return Response(msgspec.json.encode(outcome), status, content_type=FHIR_JSON)


def register_error_answers(app: Flask) -> None:
    """Give every exception that a request may end with its answer."""
    app.register_error_handler(RequestRejected, _request_rejected)
    app.register_error_handler(ChartRejected, _chart_rejected)
    app.register_error_handler(NeededDataAbsent, _needed_data_absent)
    app.register_error_handler(DayOutsideKnowledge, _day_outside_knowledge)
    app.register_error_handler(StorageUnavailable, _storage_unavailable)
    app.register_error_handler(ParseException, _not_http)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def _request_rejected(error: Exception) -> Response:
    part = error.part if isinstance(error, RequestRejected) else ""
    return error_answer(400, "invalid", str(error), (part,) if part else ())


def _chart_rejected(error: Exception) -> Response:
    return error_answer(400, "invalid", str(error))


def _day_outside_knowledge(error: Exception) -> Response:
    return error_answer(400, "value", str(error), ("asOf",))


def _needed_data_absent(error: Exception) -> Response:
    keys = error.keys if isinstance(error, NeededDataAbsent) else ()
    expression = tuple(f"prefetch.{key}" for key in keys)
    return error_answer(412, "incomplete", str(error), expression)


def _storage_unavailable(error: Exception) -> Response:
    _log.error("storage unavailable", extra={"fields": {"why": str(error)}})
    answer = error_answer(503, "transient", "The database cannot be used now; please try again.")
    answer.headers["Retry-After"] = "5"
    return answer


def _not_http(error: Exception) -> Response:
    # the message quotes the body
    _log.warning("body not readable", extra={"fields": {"error": type(error).__name__}})
    return error_answer(400, "invalid", "The body is not valid HTTP.")


def _http_error(error: Exception) -> Response:
    status = getattr(error, "code", None) or 500
    said = getattr(error, "description", None) or "The request cannot be answered."
    answer = error_answer(status, _CODES.get(status, "invalid"), str(said))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _bug(error: Exception) -> Response:
    # the message may quote the chart, so the log gets the kind and the place alone
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    _log.error("unexpected error", extra={"fields": {"error": type(error).__name__, "at": place}})
    return error_answer(500, "exception", "The service failed; the error is in its log.")
