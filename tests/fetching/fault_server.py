"""A FHIR server on loopback that does what it is told: drip, hang, lie, redirect, never end.

A script is a generator of what is written: bytes are sent, numbers are seconds to wait. Every
request is kept, so that a test can say what was asked and where a token went.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

Script = Iterator[bytes | float]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    target: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)
    body: bytes = field(repr=False, default=b"")

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def kind(self) -> str:
        return self.path.removeprefix("/fhir").strip("/").partition("/")[0]

    @property
    def method(self) -> str:
        return self.raw.partition(b" ")[0].decode("latin-1")

    @property
    def form(self) -> dict[str, str]:
        return {name: found[0] for name, found in parse_qs(self.body.decode()).items()}

    @property
    def query(self) -> dict[str, str]:
        return {name: found[0] for name, found in parse_qs(self.target.partition("?")[2]).items()}


Answers = Callable[[Asked], Script]


def reply(
    body: object = None,
    status: int = 200,
    content_type: str = "application/fhir+json",
    **headers: str,
) -> Script:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    yield head(status, content_type, length=len(content), **headers)
    yield content


def head(
    status: int = 200,
    content_type: str = "application/fhir+json",
    *,
    length: int | None = None,
    **headers: str,
) -> bytes:
    lines = [f"HTTP/1.1 {status} Told", f"Content-Type: {content_type}"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class FaultServer:
    """The server; ``answers`` may be changed while it runs."""

    def __init__(self, answers: Answers, certificate: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self.asked: list[Asked] = []
        self.connections = 0
        self._certificate = certificate
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        scheme = "https" if certificate else "http"
        self.base = f"{scheme}://127.0.0.1:{self.port}/fhir"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def kinds(self) -> list[str]:
        """Name the first path segment of every request, in order of arrival."""
        return [one.kind for one in self.asked]

    def stop(self) -> None:
        self._stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            _close(connection)
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        try:
            if self._certificate is not None:
                connection = self._certificate.wrap_socket(plain, server_side=True)
                self._open.add(connection)
            while not self._stopping.is_set() and self._exchange(connection):
                pass
        except OSError:
            pass
        finally:
            self._open -= {plain, connection}
            _close(connection)

    def _exchange(self, connection: socket.socket) -> bool:
        received = b""
        while b"\r\n\r\n" not in received:
            more = connection.recv(65536)
            if not more:
                return False
            received += more
        asked = _asked(received)
        length = int(asked.headers.get("content-length", "0"))
        body = received.partition(b"\r\n\r\n")[2]
        while len(body) < length:
            body += connection.recv(65536)
        asked = replace(asked, raw=asked.raw + body, body=body)
        self.asked.append(asked)
        for step in self.answers(asked):
            if isinstance(step, bytes):
                connection.sendall(step)
            elif self._stopping.wait(step):
                return False
        return True


def _asked(received: bytes) -> Asked:
    request, *lines = received.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(request.split(" ")[1], headers, received.partition(b"\r\n\r\n")[0])


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    finally:
        connection.close()


@contextmanager
def serving(answers: Answers, certificate: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    server = FaultServer(answers, certificate)
    try:
        yield server
    finally:
        server.stop()


def searchset(*resources: dict[str, Any], next_url: str | None = None) -> dict[str, Any]:
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": resource} for resource in resources],
    }
    if next_url is not None:
        bundle["link"] = [{"relation": "next", "url": next_url}]
    return bundle
