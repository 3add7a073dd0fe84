"""What nginx and the service have to bear together, as they are shipped."""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import TODAY, hook_call
from tests.stack.shipped import Service, nginx
from tests.stack.wire import Seen, connect, exchange, post, say, talked

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("stack")]
SERVICE = "/cds-services/hcc-after-sorafenib"
CALL = json.dumps(hook_call()).encode()
DISCOVERY = b"GET /cds-services HTTP/1.1\r\nHost: cds.example\r\n\r\n"
HALF_OPEN = 60
MANY = 400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    made = Service(
        folder,
        {
            "HCC_CDS_MODE": "demo",
            "HCC_CDS_TODAY": TODAY,
            "HCC_CDS_SECRET_KEY": "s" * 32,
            "HCC_CDS_DATABASE_URL": f"sqlite:///{folder}/hcc-cds.db",
        },
    )
    made.start()
    yield made
    made.end()


@pytest.fixture(scope="module")
def port(folder: Path, service: Service) -> Iterator[int]:
    with nginx(folder, "nginx.conf", service.port) as listening:
        yield listening


async def honest(port: int, number: int = 1) -> list[tuple[float, Seen]]:
    """Ask as an EHR does, each question on a connection of its own; with the seconds it took."""
    found = []
    for each in range(number):
        began = time.monotonic()
        streams = await connect(port)
        seen = await exchange(streams, post(SERVICE, CALL, f"honest-{each}"), f"honest-{each}")
        streams[1].close()
        found.append((time.monotonic() - began, seen))
    return found


HALVES = {
    "half a request line": b"POST /cds-serv",
    "half of the headers": f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nContent-Le".encode(),
    "half of the body": post(SERVICE, CALL, "half")[:-100],
    "a body that never comes": f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nContent-Type: "
    "application/json\r\nContent-Length: 5000000\r\n\r\n".encode(),
}


@pytest.mark.parametrize("half", HALVES)
def test_sixty_half_open_requests_do_not_stop_others(port: int, half: str) -> None:
    async def run() -> list[tuple[float, Seen]]:
        held = [await connect(port) for _ in range(HALF_OPEN)]
        for _, writer in held:
            writer.write(HALVES[half])
            await writer.drain()
        await asyncio.sleep(0.5)
        found = await honest(port, 10)
        for _, writer in held:
            writer.close()
        return found

    answers = talked(run())
    assert [seen.status for _, seen in answers] == [200] * 10
    assert all(seen.content["cards"] for _, seen in answers)
    assert max(seconds for seconds, _ in answers) < 5


def test_oversized_headers_are_refused_and_do_not_stop_others(port: int) -> None:
    large = b"GET /cds-services HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n"
    many = b"GET /cds-services HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n"

    async def run() -> tuple[list[bytes], list[tuple[float, Seen]]]:
        attacks = [say(port, text, then_read=True) for text in (large, many) for _ in range(30)]
        refused, found = await asyncio.gather(asyncio.gather(*attacks), honest(port, 10))
        return list(refused), found

    refused, answers = talked(run())
    statuses = {answer.split(b" ")[1] for answer in refused if answer}
    assert statuses <= {b"400", b"431", b"494"}
    assert statuses
    assert [seen.status for _, seen in answers] == [200] * 10
    assert max(seconds for seconds, _ in answers) < 5


AMBIGUOUS = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 6\r\n\r\nabcdef",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a length that is no number": b"Content-Length: 4a\r\n\r\nabcd",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("framing", AMBIGUOUS)
def test_a_request_whose_end_can_be_read_in_two_ways_is_answered_once_with_a_refusal(
    port: int, framing: str
) -> None:
    smuggled = b"GET /samples HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    start = f"POST {SERVICE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()
    got = talked(say(port, start + AMBIGUOUS[framing] + smuggled, then_read=True))
    assert got.split(b" ")[1] in {b"400", b"501"}
    assert b'"samples"' not in got


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_do_nothing(port: int, method: str) -> None:
    request = f"{method} /cds-services HTTP/1.1\r\nHost: x\r\nX-Canary: 7351\r\n"
    got = talked(say(port, f"{request}Connection: close\r\n\r\n".encode(), then_read=True))
    assert got.split(b" ")[1] in {b"400", b"405"}
    assert b"7351" not in got


def test_what_a_caller_says_of_its_own_origin_changes_nothing(port: int) -> None:
    plain = b"GET /cds-services HTTP/1.1\r\nHost: cds.example\r\nConnection: close\r\n\r\n"
    forged = plain.replace(
        b"Host: cds.example",
        b"Host: evil.test\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: ftp\r\n"
        b"X-Forwarded-Host: evil.test\r\nForwarded: host=evil.test",
    )
    answers = [talked(say(port, text, then_read=True)) for text in (plain, forged)]
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert bodies[0] == bodies[1]
    assert not any(b"evil" in answer for answer in answers)


def test_400_connections_at_once_see_no_socket_error(port: int) -> None:
    async def one(number: int) -> list[Seen]:
        streams = await connect(port)
        found = []
        for each in range(3):
            name = f"{number}-{each}"
            found.append(await exchange(streams, post(SERVICE, CALL, name), name))
        streams[1].close()
        return found

    async def run() -> list[Seen]:
        rows = await asyncio.gather(*(one(number) for number in range(MANY)))
        return [seen for row in rows for seen in row]

    seen = talked(run())
    statuses = Counter(each.status for each in seen)
    assert sum(statuses.values()) == MANY * 3
    assert set(statuses) <= {200, 503}
    assert statuses[200] > MANY * 2
    recovered = talked(honest(port))
    assert recovered[0][1].status == 200
    assert recovered[0][0] < 5


def logged(log: Path) -> dict[str, int]:
    """Give the status that the service logged for each request id."""
    found = {}
    for line in log.read_text("utf-8").splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("route") == "/cds-services/<service_id>":
            found[entry["requestId"]] = entry["status"]
    return found


def test_twenty_stops_under_load_cut_no_answer(service: Service, port: int) -> None:
    """Whatever the service began to answer arrives whole; the rest is told to try again."""
    ends = threading.Event()
    stops: list[float] = []

    def restart() -> None:
        for _ in range(20):
            time.sleep(0.3)
            stops.append(service.stop())
            service.start()
        ends.set()

    async def caller(number: int) -> list[Seen]:
        found: list[Seen] = []
        streams = await connect(port)
        while not ends.is_set():
            name = f"load-{number}-{len(found)}"
            seen = await exchange(streams, post(SERVICE, CALL, name), name)
            found.append(seen)
            if seen.is_last:
                streams[1].close()
                streams = await connect(port)
            if seen.status != 200:
                await asyncio.sleep(0.05)
        streams[1].close()
        return found

    async def run() -> list[Seen]:
        rows = await asyncio.gather(*(caller(number) for number in range(8)))
        return [seen for row in rows for seen in row]

    operator = threading.Thread(target=restart)
    operator.start()
    seen = talked(run())
    operator.join()
    assert len(stops) == 20
    assert max(stops) <= 20
    by_status = Counter(each.status for each in seen)
    assert set(by_status) <= {200, 503}, by_status
    assert by_status[200] > 100
    for each in seen:
        assert ("cards" in each.content) == (each.status == 200)
    answered = {each.request_id for each in seen if each.status == 200}
    begun = {name for name, status in logged(service.log).items() if name.startswith("load-")}
    assert begun - answered == set()
