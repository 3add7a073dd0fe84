"""Requests that are no HTTP: refused before the application, and never quoted.

gunicorn writes the line that it could not read into its log and into an HTML page. That line may
be a piece of a chart (a body longer than its Content-Length) or a token (a header without colon).
"""

import logging
from http import HTTPStatus
from socket import socket
from typing import Final

import msgspec
from gunicorn.http.errors import (  # type: ignore[import-untyped]  # no types there
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock  # type: ignore[import-untyped]  # no types there
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # no types there

from fhir_mappings.outgoing.operation_outcome import IssueCode, operation_outcome

_log = logging.getLogger("cds_service")
_STATUS: Final = {
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
_SAID: Final[dict[HTTPStatus, tuple[IssueCode, str]]] = {
    HTTPStatus.BAD_REQUEST: ("invalid", "The request is not valid HTTP."),
    HTTPStatus.EXPECTATION_FAILED: ("not-supported", "This expectation cannot be met."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "too-long",
        "The headers are too long.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: ("too-long", "The address of the request is too long."),
    HTTPStatus.NOT_IMPLEMENTED: ("not-supported", "This transfer coding is not read."),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "exception",
        "The service failed; the error is in its log.",
    ),
}


class QuietWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """A worker that says which fault a request has, and nothing of what it says."""

    def handle_error(
        self, _request: object, client: socket, _address: object, fault: BaseException
    ) -> None:
        """Answer a request that could not be read with an OperationOutcome."""
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        if isinstance(fault, ParseException):
            status = _STATUS.get(type(fault), HTTPStatus.BAD_REQUEST)
        level = logging.ERROR if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.WARNING
        fields = {"error": type(fault).__name__, "status": status.value}
        _log.log(level, "request not readable", extra={"fields": fields})
        try:
            write_nonblock(client, _answer(status))
        except OSError:
            _log.info("the caller left before its refusal")


def _answer(status: HTTPStatus) -> bytes:
    code, diagnostics = _SAID[status]
    body = msgspec.json.encode(operation_outcome(code, diagnostics))
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Connection: close\r\n"
        "Content-Type: application/fhir+json\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Cache-Control: no-store\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
