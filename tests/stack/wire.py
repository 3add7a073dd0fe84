"""Plain HTTP over many connections at once: a test sees exactly what came over the wire."""

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

SECONDS = 60.0
_T = TypeVar("_T")


@dataclass(frozen=True)
class Seen:
    """One whole answer; ``is_last``: the server said that it closes the connection."""

    status: int
    body: bytes
    request_id: str
    is_last: bool

    @property
    def content(self) -> Any:  # noqa: ANN401 (JSON)
        return json.loads(self.body)


def talked(conversation: Coroutine[Any, Any, _T]) -> _T:
    """Hold a conversation to its end, on a thread of its own: a browser has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, conversation).result()


async def exchange(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes, request_id: str
) -> Seen:
    """Send one request and read its whole answer."""
    reader, writer = streams
    writer.write(request)
    await writer.drain()
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), SECONDS)
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    if headers.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    else:
        body = await reader.readexactly(int(headers["content-length"]))
    is_last = headers.get("connection") == "close"
    return Seen(int(lines[0].split(" ")[1]), body, request_id, is_last)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if size == 0:
            return body


def post(path: str, body: bytes, request_id: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: cds.example\r\nContent-Type: application/json\r\n"
        f"X-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)


async def say(port: int, text: bytes, *, then_read: bool) -> bytes:
    """Send bytes as they are on a connection of their own; read what comes until it is closed."""
    reader, writer = await connect(port)
    writer.write(text)
    try:
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 20) if then_read else b""
    except (ConnectionError, TimeoutError):
        return b""
    finally:
        writer.close()
