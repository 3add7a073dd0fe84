"""What the server in front of the application refuses: as JSON, and without a word of it."""

import io
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]  # no types there

from cds_service.app import create_app
from cds_service.request_log import JsonLines
from cds_service.serving import server_of
from cds_service.settings import read_settings
from tests.service.conftest import SERVICE, hook_call

CANARY = "canary-of-a-chart"
HEAD = "POST /cds-services/x HTTP/1.1\r\nHost: x\r\n"
BAD = "The request is not valid HTTP."
Exchange = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def exchanging() -> Iterator[Callable[[Flask], Exchange]]:
    """A worker as it is served, handed one connection at a time."""
    made = []

    def of(app: Flask) -> Exchange:
        server = server_of(app, "127.0.0.1:0")
        log = server.cfg.logger_class(server.cfg)
        worker = server.cfg.worker_class(1, 1, [], server, 30, server.cfg, log)
        worker.wsgi = app
        made.append(worker)

        def exchange(sent: bytes) -> bytes:
            ours, theirs = socket.socketpair()
            with ours, theirs:
                ours.sendall(sent)
                ours.shutdown(socket.SHUT_WR)
                place = ("127.0.0.1", 5000)
                worker.keepalived_conns.clear()
                connection = TConn(server.cfg, theirs, place, place)
                while worker.handle(connection):
                    pass
                theirs.close()
                return b"".join(iter(lambda: ours.recv(65536), b""))

        return exchange

    yield of
    for worker in made:
        worker.tmp.close()


@pytest.fixture(scope="module")
def exchange(exchanging: Callable[[Flask], Exchange], demo_app: Flask) -> Exchange:
    return exchanging(demo_app)


@pytest.fixture
def logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Callable[[], str]:
    """Everything that was logged, by the service and by gunicorn."""

    def read() -> str:
        lines = (JsonLines().format(record) for record in caplog.records)
        return "\n".join((*lines, *capfd.readouterr()))

    return read


def answers(received: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Read every answer of a connection: status and JSON; each has its length."""
    found = []
    stream = io.BytesIO(received)
    while line := stream.readline():
        status, length, kind = int(line.split()[1]), 0, b""
        while (header := stream.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
            kind = value.strip() if name == b"Content-Type" else kind
        assert kind.startswith((b"application/fhir+json", b"application/json")), kind
        found.append((status, json.loads(stream.read(length))))
    return found


def issue(answer: dict[str, Any]) -> tuple[str, str]:
    assert answer["resourceType"] == "OperationOutcome"
    (one,) = answer["issue"]
    return one["code"], one["diagnostics"]


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        (f"{HEAD}Authorization Bearer {CANARY}\r\n\r\n", 400, BAD),
        (f"{HEAD}Authorization : Bearer {CANARY}\r\n\r\n", 400, BAD),
        (f"{HEAD}Authorization: Bearer\r\n {CANARY}\r\n\r\n", 400, BAD),
        (f"{HEAD}Bearer {CANARY}: a\r\n\r\n", 400, BAD),
        (f"{HEAD}Content-Length: {CANARY}\r\n\r\n", 400, BAD),
        (f"GET /x?patient={CANARY} HTTP/9.9\r\nHost: x\r\n\r\n", 400, BAD),
        (f"PO ST /x?patient={CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", 400, BAD),
        (f"post{{}} /x?patient={CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", 400, BAD),
        (f"GET /\xff{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", 400, BAD),
        (f'{{"name": "{CANARY}"}}\r\n\r\n', 400, BAD),
        (f"{HEAD}Transfer-Encoding: {CANARY}\r\n\r\n", 501, "This transfer coding is not read."),
        (f"{HEAD}Expect: {CANARY}\r\n\r\n", 417, "This expectation cannot be met."),
        (
            f"GET /{CANARY * 300} HTTP/1.1\r\nHost: x\r\n\r\n",
            414,
            "The address of the request is too long.",
        ),
        (
            HEAD + "".join(f"X-{CANARY}-{n}: {CANARY}\r\n" for n in range(101)) + "\r\n",
            431,
            "The headers are too long.",
        ),
    ],
)
def test_what_is_no_http_is_refused_as_json_and_neither_logged_nor_echoed(
    exchange: Exchange,
    logged: Callable[[], str],
    sent: str,
    status: int,
    said: str,
) -> None:
    received = exchange(sent.encode("latin-1"))
    ((refused, answer),) = answers(received)
    assert (refused, issue(answer)[1]) == (status, said)
    lines = logged()
    assert '"request not readable", "error": "' in lines
    assert f'"status": {status}}}' in lines
    assert CANARY not in lines + received.decode("latin-1")


def test_the_rest_of_a_body_that_was_called_shorter_is_not_quoted(
    exchange: Exchange, logged: Callable[[], str]
) -> None:
    body = f'{{}}{{"name": "{CANARY}"}}\r\n\r\n'
    received = exchange(f"{HEAD}Content-Length: 2\r\n\r\n{body}".encode())
    assert [status for status, _ in answers(received)] == [404, 400]
    lines = logged()
    assert "InvalidRequest" in lines
    assert CANARY not in lines + received.decode()


@pytest.mark.parametrize("path", [SERVICE, "/health/live"])
def test_a_chunk_without_a_length_is_a_bad_request_and_not_quoted(
    exchange: Exchange,
    logged: Callable[[], str],
    path: str,
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    received = exchange(f"{head}Transfer-Encoding: chunked\r\n\r\nZZ{CANARY}\r\n\r\n".encode())
    assert {status for status, _ in answers(received)} <= {400, 405}
    lines = logged()
    assert "InvalidChunkSize" in lines
    assert CANARY not in lines + received.decode()


@pytest.mark.parametrize(
    "header",
    [
        "SCRIPT_NAME: /zzz",
        "PATH_INFO: /zzz",
        "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off",
        "X-Forwarded-Proto: https\r\nX-Forwarded-Protocol: http",
        "X-Forwarded-For: 10.0.0.1",
    ],
)
def test_no_header_of_a_caller_counts_as_the_word_of_a_proxy(
    exchange: Exchange, header: str
) -> None:
    received = exchange(f"GET /health/live HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
    assert [status for status, _ in answers(received)] == [200]


def chunked(body: bytes) -> bytes:
    head = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    chunks = (body[start : start + 1000] for start in range(0, len(body), 1000))
    sent = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + sent + b"0\r\n\r\n"


def test_a_chunked_body_over_the_limit_is_a_413_and_never_read_in_part(
    exchanging: Callable[[Flask], Exchange],
) -> None:
    body = json.dumps(hook_call()).encode()
    limit = {"HCC_CDS_MODE": "demo", "HCC_CDS_MAX_BODY_BYTES": str(len(body) + 10)}
    exchange = exchanging(create_app(read_settings(limit)))
    at_limit = body + b" " * 10
    for sent, status in (
        (body, 200),
        (at_limit, 200),
        (at_limit + b" ", 413),
        (at_limit + b"}}} garbage" * 1000, 413),
        (at_limit + body, 413),
    ):
        first, answer = answers(exchange(chunked(sent)))[0]
        assert first == status
        if status == 413:
            assert issue(answer)[0] == "too-long"
