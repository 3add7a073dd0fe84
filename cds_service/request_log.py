"""One JSON line per request on stderr: id, route, outcome, duration; never patient data."""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, Response, g, request

_log = logging.getLogger("cds_service")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._\-]{1,64}\Z")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON, ASCII only, so that nothing can forge a second line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, message and the record's own fields."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, default=str)


def start_logging(level: int) -> None:
    """Send all logs as JSON lines to stderr."""
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[to_stderr], force=True)


def note(**fields: str | int) -> None:
    """Add fields to the line of the present request; only terms of ours, never chart values."""
    g.setdefault("log_fields", {}).update(fields)


def seconds_so_far() -> float:
    """How long ago the present request was taken up, the check of its token included."""
    now = time.perf_counter()
    started: float = g.get("started", now)  # the service's own first request has no beginning
    return now - started


def register_request_log(app: Flask) -> None:
    """Give every request an id and write its line when it is answered."""

    def begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _GIVEN_ID.match(given) else str(uuid4())
        g.started = time.perf_counter()

    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        if _log.isEnabledFor(logging.INFO):
            rule = request.url_rule
            fields = {
                "requestId": g.request_id,
                "method": request.method if rule else "-",
                "route": rule.rule if rule else "-",
                "status": response.status_code,
                "ms": round(seconds_so_far() * 1000, 3),
                **g.get("log_fields", {}),
            }
            _log.info("request", extra={"fields": fields})
        return response

    app.before_request(begin)
    app.after_request(finish)
