"""A closed-loop load: so many connections, each sending its next request when answered."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _Client(threading.Thread):
    """One connection that posts until the window ends."""

    def __init__(
        self, running: Running, body: bytes, end: float, token: Callable[[], str]
    ) -> None:
        super().__init__()
        self._running, self._body, self._end, self._token = running, body, end, token
        self.answered = 0
        self.failed = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._running.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        path = self._running.service.path
        while time.monotonic() < self._end:
            if token := self._token():
                headers["Authorization"] = f"Bearer {token}"
            try:
                connection.request("POST", path, self._body, headers)
                answer = connection.getresponse()
                answer.read()
                self.answered += 1
                self.failed += answer.status != _OK
            except (OSError, http.client.HTTPException):
                connection.close()
                self.failed += 1


def apply(
    running: Running,
    body: bytes,
    *,
    seconds: float,
    connections: int = 8,
    token: Callable[[], str] = str,
) -> Window:
    """Post ``body`` for ``seconds`` and read the CPU time that the service spent meanwhile.

    Args:
        running: the service.
        body: what is posted.
        seconds: how long.
        connections: how many send at once.
        token: gives the client token of each request; an empty one is not sent.

    """
    end = time.monotonic() + seconds
    clients = [_Client(running, body, end, token) for _ in range(connections)]
    before, start = running.cpu_seconds(), time.monotonic()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    requests = sum(client.answered for client in clients)
    return Window(
        requests,
        sum(client.failed for client in clients),
        time.monotonic() - start,
        1000 * (running.cpu_seconds() - before) / max(requests, 1),
    )
