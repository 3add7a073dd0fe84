"""A closed-loop load: so many connections, each sending its next request when answered."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from bench.services import Running

_OK = 200


class Window(msgspec.Struct, frozen=True):
    """What one window of load saw."""

    requests: int
    failures: int
    seconds: float
    cpu_ms_per_request: float

    @property
    def requests_per_second(self) -> float:
        """Answers in one second of the window."""
        return self.requests / self.seconds


def apply(running: Running, body: bytes, *, seconds: float, connections: int = 8) -> Window:
    """Post ``body`` for ``seconds`` and read the CPU time that the service spent meanwhile."""
    end = time.monotonic() + seconds
    answered = [0] * connections
    failed = [0] * connections

    def client(index: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        while time.monotonic() < end:
            try:
                connection.request("POST", running.service.path, body, headers)
                answer = connection.getresponse()
                answer.read()
                answered[index] += 1
                failed[index] += answer.status != _OK
            except (OSError, http.client.HTTPException):
                connection.close()
                failed[index] += 1

    before, start = running.cpu_seconds(), time.monotonic()
    threads = [threading.Thread(target=client, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    requests = sum(answered)
    return Window(
        requests,
        sum(failed),
        time.monotonic() - start,
        1000 * (running.cpu_seconds() - before) / max(requests, 1),
    )
