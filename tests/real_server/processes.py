"""Starting a server for a test session and stopping it again."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import requests

_ROOT = Path(__file__).parents[2]
_SECONDS_TO_START = 120.0  # a busy machine starts slowly


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@contextmanager
def running(
    command: Sequence[str],
    *,
    answers_at: str,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
) -> Iterator[None]:
    """Run a server until the block ends; enter the block once ``answers_at`` answers 200."""
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - the command is the test's own
            command, stdout=output, stderr=subprocess.STDOUT, env=dict(environment), cwd=cwd
        ) as process,
    ):
        try:
            _wait_until(answers_at, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def demonstration(
    folder: Path,
    today: date,
    *,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run the service by its own command in demo mode, and give its base address.

    ``folder`` takes its log and its database; ``settings`` are further ones of its environment.
    """
    port = free_port() if port is None else port
    base = f"http://127.0.0.1:{port}"
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "PYTHONPATH": str(_ROOT),
        "HCC_CDS_MODE": "demo",
        "HCC_CDS_BIND": f"127.0.0.1:{port}",
        "HCC_CDS_PUBLIC_URL": base,
        "HCC_CDS_DATABASE_URL": f"sqlite:///{folder}/service.db",
        "HCC_CDS_TODAY": today.isoformat(),
    }
    with running(
        [sys.executable, "-m", "cds_service.cli", "serve"],
        answers_at=f"{base}/health/ready",
        log=folder / "log",
        environment={**environment, **(settings or {})},
        cwd=folder,
    ):
        yield base


def _wait_until(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            if session().get(url, timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        time.sleep(0.05)
    message = f"{url} did not answer; the server said:\n{log.read_text('utf-8')[-4000:]}"
    raise RuntimeError(message)


def session() -> requests.Session:
    """Return a session that no proxy of the environment can divert."""
    made = requests.Session()
    made.trust_env = False
    return made
