"""Start and stop the services that are compared, and read the CPU time that each has used."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 30.0


class Service(msgspec.Struct, frozen=True):
    """One configuration: how it is started (``{port}`` is filled in) and which path is posted."""

    name: str
    command: tuple[str, ...]
    path: str
    environment: tuple[tuple[str, str], ...] = ()


class Running(msgspec.Struct, frozen=True):
    """A started service."""

    service: Service
    process_id: int
    port: int

    def cpu_seconds(self) -> float:
        """User and system time of the process and all its descendants so far."""
        return sum(_cpu_of(process_id) for process_id in _tree(self.process_id))


def services() -> tuple[Service, ...]:
    """Name the configurations: two workers each, HealthChain one (its best published setting)."""
    gunicorn = ("-m", "gunicorn", "-b", "127.0.0.1:{port}", "--no-control-socket", "-w", "2")
    bench = str(BENCH_PYTHON)
    return (
        _ours("hcc-cds", "cds_service.cli", "serve"),
        _ours("hcc-cds-received", "bench.shell", "received"),
        _ours("hcc-cds-decoded", "bench.shell", "decoded"),
        Service(
            "flask-json", (bench, *gunicorn, "bench.floors:json_floor()"), "/cds-services/floor"
        ),
        Service(
            "flask-orjson",
            (bench, *gunicorn, "bench.floors:orjson_floor()"),
            "/cds-services/floor",
        ),
        Service(
            "healthchain-fhir",
            (bench, "-m", "uvicorn", "bench.healthchain_service:app", "--port", "{port}",
             "--log-level", "critical"),
            "/cds/cds-services/floor",
        ),
    )  # fmt: skip


def _ours(name: str, module: str, argument: str) -> Service:
    return Service(
        name,
        (sys.executable, "-m", module, argument),
        "/cds-services/hcc-after-sorafenib",
        (
            ("HCC_CDS_MODE", "demo"),
            ("HCC_CDS_BIND", "127.0.0.1:{port}"),
            ("HCC_CDS_TODAY", "2026-11-22"),
        ),
    )


@contextmanager
def started(service: Service, port: int = 0) -> Iterator[Running]:
    """Run a service on a port, else a free one, until the block ends; its output goes nowhere."""
    port = port or free_port()
    environment = dict(os.environ) | {
        name: value.format(port=port) for name, value in service.environment
    }
    command = [part.format(port=port) for part in service.command]
    with subprocess.Popen(  # noqa: S603 - the commands are this module's own
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_for(service, process, port)
            yield Running(service, process.pid, port)
        finally:
            process.terminate()


def _wait_for(service: Service, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = f"{service.name} did not answer on port {port}: {' '.join(service.command)}"
    raise RuntimeError(message)


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _tree(process_id: int) -> list[int]:
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [process_id, *(each for child in children for each in _tree(int(child)))]


def _cpu_of(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
