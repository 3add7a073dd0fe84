"""The shipped stack without containers: nginx with the files of `deploy/`, the service behind it.

Only what containers would bring is put in: the ports, the place of the service and of the files.
"""

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import pytest
from urllib3.exceptions import InsecureRequestWarning

from tests.real_server.processes import free_port, session

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NGINX = which("nginx") or which("nginx", path="/usr/sbin:/usr/local/sbin")
SECONDS_TO_START = 60.0
# What the image of nginx has around the files of `deploy/`.
_AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_timeout 65;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/default.conf;
}}
"""


class Service:
    """The service as a process that can be stopped like a container, and started again."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.port = free_port()
        self.log = folder / "service.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("HCC_CDS_")}
        self._environment = {**inherited, **environment, "HCC_CDS_BIND": f"127.0.0.1:{self.port}"}
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cds_service.cli", "serve"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        wait_for(f"http://127.0.0.1:{self.port}/health/ready", self.log)

    def stop(self) -> float:
        """Send SIGTERM and give the seconds until the process has ended."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=60) == 0
        self._process = None
        return time.monotonic() - began

    def end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)


def wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    with session() as http, warnings.catch_warnings():
        http.verify = False
        warnings.simplefilter("ignore", InsecureRequestWarning)  # the test's own certificate
        while time.monotonic() < deadline:
            try:
                if http.get(url, timeout=2).ok:
                    return
            except OSError:
                time.sleep(0.05)
    message = f"{url} does not answer: {log.read_text('utf-8')[-2000:]}"
    raise AssertionError(message)


@contextmanager
def nginx(
    folder: Path, name: str, service_port: int, *, port: int = 0, **changes: str
) -> Iterator[int]:
    """Run nginx with one of the configurations of `deploy/`; give its port.

    Args:
        folder: for its files.
        name: of the configuration.
        service_port: where the service listens.
        port: where nginx listens; by default a free one.
        changes: further texts of the configuration that stand for paths, by what replaces them.

    """
    if NGINX is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    port = port or free_port()
    text = (DEPLOY / name).read_text("utf-8")
    replaced = {
        "service:8000": f"127.0.0.1:{service_port}",
        "/etc/nginx/service.conf": str(DEPLOY / "nginx.service.conf"),
        "listen 8080": f"listen 127.0.0.1:{port}",
        "listen 8443": f"listen 127.0.0.1:{port}",
        **changes,
    }
    for old, new in replaced.items():
        text = text.replace(old, new)
    (folder / "default.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with (
        (folder / "nginx-start.log").open("wb") as log,
        subprocess.Popen(command, stderr=log) as process,  # noqa: S603 (the test's own command)
    ):
        try:
            scheme = "https" if "ssl" in text else "http"
            wait_for(f"{scheme}://127.0.0.1:{port}/health/live", folder / "nginx-start.log")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)
