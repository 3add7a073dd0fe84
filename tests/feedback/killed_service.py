"""The real service as a process group that can be killed and started, and clients that go on."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from hooks.card_ids import TOPICS, CardIds
from tests.real_server.processes import free_port

ROOT = Path(__file__).parents[2]
SECRET = "the same over every restart of the service"  # noqa: S105 (of a test)
FEEDBACK = "/cds-services/hcc-after-sorafenib/feedback"
_SECONDS_TO_START = 120.0


class Service:
    """gunicorn with two workers, as `hcc-cds serve` starts it."""

    def __init__(self, database_url: str, *, shell_limit: str = "") -> None:
        self.port = free_port()
        self._url, self._limit = database_url, shell_limit
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "HCC_CDS_MODE": "demo",
            "HCC_CDS_BIND": f"127.0.0.1:{self.port}",
            "HCC_CDS_SECRET_KEY": SECRET,
            "HCC_CDS_DATABASE_URL": self._url,
            "HCC_CDS_LOG_LEVEL": "ERROR",
        }
        command = f"{self._limit} exec {sys.executable} -m cds_service.cli serve"
        self._process = subprocess.Popen(  # noqa: S603 - the command is the test's own
            ["/bin/bash", "-c", command],
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            if self._is_ready():
                return
            time.sleep(0.05)
        message = "the service did not start"
        raise RuntimeError(message)

    def kill(self) -> None:
        """Kill master and workers at once, without any chance to finish."""
        self._end(signal.SIGKILL)

    def stop(self) -> float:
        """Ask the service to end, as a container is stopped; give the seconds it took."""
        began = time.monotonic()
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=60)
        self._process = None
        return time.monotonic() - began

    def post(self, path: str, body: object) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=60)
            self._process = None


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    service.start()
    try:
        yield service
    finally:
        service.kill()


class Clients:
    """Threads that post one feedback each time and repeat it until it is acknowledged."""

    def __init__(self, service: Service, threads: int) -> None:
        self._service = service
        self._ids = CardIds(SECRET.encode(), "1.0.0")
        self._next = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.repeats = 0
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> Sequence[str]:
        """End and give every card whose feedback was acknowledged."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=60)
        return self.acknowledged

    def _card(self) -> str:
        with self._lock:
            self._next += 1
            return self._ids.make(UUID(int=self._next), TOPICS[0])

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=30)
        card = self._card()
        while not self._stopping.is_set():
            item = {"card": card, "outcome": "overridden"}
            body = json.dumps({"feedback": [item | {"outcomeTimestamp": "2026-11-22T10:15:00Z"}]})
            try:
                headers = {"Content-Type": "application/json"}
                connection.request("POST", FEEDBACK, body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                self.repeats += 1
                time.sleep(0.02)
                continue
            if answer.status == 200:
                self.acknowledged.append(card)
                card = self._card()
            else:
                self.repeats += 1
                time.sleep(0.02)
        connection.close()
