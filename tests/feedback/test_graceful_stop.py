"""A service that is asked to stop answers what it took, and writes what it noted."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.feedback.report import feedback_report
from cds_service.storage.engines import open_storage
from tests.feedback.killed_service import Service, serving
from tests.service.conftest import SERVICE, hook_call

STOPS, THREADS = 10, 6
_BODY = json.dumps(hook_call()).encode()
_REQUEST = (
    f"POST {SERVICE} HTTP/1.1\r\nHost: service\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(_BODY)}\r\nConnection: close\r\n\r\n"
).encode() + _BODY


def ask(port: int) -> str:
    """Make one call on a connection of its own and say what became of it."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    except OSError:
        return "not taken"
    received = b""
    with connection:
        try:
            connection.sendall(_REQUEST)
            while part := connection.recv(65536):
                received += part
        except OSError:
            pass
    if not received:
        return "not taken"  # the listener closed before a worker took the connection
    head, _, body = received.partition(b"\r\n\r\n")
    is_whole = f"content-length: {len(body)}" in head.decode().lower()
    return "answered" if head.startswith(b"HTTP/1.1 200") and is_whole else "cut"


@pytest.mark.slow
def test_no_answer_is_cut_by_stopping_under_load_and_what_was_noted_is_written(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    url = f"sqlite:///{tmp_path}/hcc-cds.db"
    service = Service(url)
    ends: Counter[str] = Counter()
    stopping = threading.Event()

    def go_on() -> None:
        while not stopping.is_set():
            ends[ask(service.port)] += 1
            time.sleep(0.002)

    threads = [threading.Thread(target=go_on) for _ in range(THREADS)]
    longest = 0.0
    with serving(service):
        for thread in threads:
            thread.start()
        for stop in range(STOPS):
            time.sleep(1)
            longest = max(longest, service.stop())
            if stop < STOPS - 1:
                service.start()
        stopping.set()
        for thread in threads:
            thread.join(timeout=60)
    storage = open_storage(url)
    cards = feedback_report(storage).cards
    storage.close()
    shown = sum(card.shown for card in cards if card.topic == "HccAfterSorafenibOptions")
    figures = {**ends, "stops": STOPS, "longest stop in s": round(longest, 1), "noted": shown}
    record_property("figures", figures)
    assert ends["cut"] == 0
    assert ends["answered"] > 100
    assert longest < 20
    assert shown == ends["answered"]
