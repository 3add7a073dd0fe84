"""Connections that give up at a moment, however slowly the other side drips.

The timeouts of ``requests`` hold for one read of a socket; a server that sends a byte now and
then is waited for without end. Here every single read gets only the time that is left.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from socket import SocketIO, socket
from typing import Any, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from fhir_access.deadline import Deadline


class _Present(threading.local):
    deadline: Deadline | None = None


_present = _Present()


@contextmanager
def until(deadline: Deadline) -> Iterator[None]:
    """Let the reads of this thread end at a moment; raises TimeoutError from them then."""
    _present.deadline = deadline
    try:
        yield
    finally:
        _present.deadline = None


class _PromptReader(io.RawIOBase):
    """The bytes of one answer, each read with the time that is left."""

    def __init__(self, sock: socket, raw: SocketIO, deadline: Deadline) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401 (a writable buffer)
        left = self._deadline.seconds_left
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PromptResponse(HTTPResponse):
    """An answer whose status line, headers and body all come before the deadline."""

    def __init__(self, sock: socket, *args: Any, **named: Any) -> None:  # noqa: ANN401 (passed on)
        super().__init__(sock, *args, **named)
        deadline = _present.deadline
        if deadline is not None:
            raw = cast("SocketIO", self.fp.detach())
            self.fp = io.BufferedReader(_PromptReader(sock, raw, deadline))


class _PromptHttp(HTTPConnection):
    response_class = _PromptResponse


class _PromptHttps(HTTPSConnection):
    response_class = _PromptResponse


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _PromptHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PromptHttps


class PromptAdapter(HTTPAdapter):
    """What gives a ``requests`` session such connections, directly and through a proxy."""

    def init_poolmanager(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 (passed on)
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **named)
        _use_prompt_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:  # noqa: ANN401 (passed on)
        """Make the pools of connections through a proxy."""
        manager = super().proxy_manager_for(proxy, **named)
        _use_prompt_pools(manager)
        return manager


def _use_prompt_pools(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
