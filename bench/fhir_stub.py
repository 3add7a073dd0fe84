"""A FHIR server that only hands out what it was given, and says when it was at work.

``python -m bench.fhir_stub PORT CHART.json``: the chart is a hook call; its prefetch is what the
searches find. ``GET /worked`` gives the seconds in which at least one request was being answered
since it was last asked, and how many requests there were.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from cds_service.sample_charts import KEY_OF

_TYPES: Final = sorted({"Patient", *KEY_OF})
Interval = tuple[float, float]


class _FhirStub(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, prefetch: dict[str, object]) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        empty = {"resourceType": "Bundle", "type": "searchset", "total": 0}
        found = {"Patient": prefetch["patient"]} | {
            kind: prefetch.get(key, empty) for kind, key in KEY_OF.items()
        }
        found["metadata"] = _capabilities()
        self.found = {kind: json.dumps(answer).encode() for kind, answer in found.items()}
        self.intervals: list[Interval] = []

    def worked(self) -> bytes:
        """Give what was done since this was last asked, and forget it."""
        taken, self.intervals = sorted(self.intervals), []
        return json.dumps({"seconds": _together(taken), "requests": len(taken)}).encode()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _FhirStub

    def do_GET(self) -> None:
        began = time.monotonic()
        kind = self.path.removeprefix("/fhir/").partition("?")[0].partition("/")[0]
        if self.path == "/worked":
            self._send(self.server.worked())
        else:
            self._send(self.server.found.get(kind, b"{}"))
            self.server.intervals.append((began, time.monotonic()))

    def _send(self, body: bytes) -> None:
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the log is no part of what is measured."""


def _capabilities() -> dict[str, object]:
    parameters = [{"name": name} for name in ("patient", "code", "status", "date", "category")]
    offered = [
        {
            "type": kind,
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "searchParam": parameters,
        }
        for kind in _TYPES
    ]
    return {
        "resourceType": "CapabilityStatement",
        "fhirVersion": "4.0.1",
        "rest": [{"mode": "server", "resource": offered}],
    }


def _together(intervals: list[Interval]) -> float:
    """Add up intervals in order of their beginning, counting what overlaps once."""
    total, until = 0.0, float("-inf")
    for began, ended in intervals:
        total += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return total


if __name__ == "__main__":
    call = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    _FhirStub(int(sys.argv[1]), call["prefetch"]).serve_forever()
