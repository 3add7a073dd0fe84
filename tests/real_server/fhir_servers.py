"""The FHIR servers that the tests start, each of another origin, each behind a bearer token."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.real_server import processes

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-fhir-server"
TOKEN = "token-of-the-test-session"  # noqa: S105 (invented)
_WRAPPER = Path(__file__).parent / "medplum_server.mjs"

_SEKMET = """\
base_url: {base}
host: 127.0.0.1
port: {port}
db_path: ":memory:"
data_dir: {folder}
log_inbound: false
simulator: {{enabled: false}}
"""
_WITH_TOKENS = """\
server_auth:
  types: [bearer]
  tokens: [{token}]
"""


@contextmanager
def sekmet(folder: Path, *, token: str | None = None) -> Iterator[str]:
    """Run sekmet-fhir (Python); gives its base."""
    server = ENVIRONMENT / "bin" / "sekmet"
    if not server.exists():
        pytest.skip("sekmet-fhir is not installed (tests/real_server/install.sh)")
    port = processes.free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    settings = folder / "settings.yaml"
    text = _SEKMET.format(base=base, port=port, folder=folder)
    settings.write_text(text + ("" if token is None else _WITH_TOKENS.format(token=token)))
    with processes.running(
        [str(server), "serve", "--config", str(settings)],
        answers_at=f"{base}/metadata",
        log=folder / "log",
        environment={"PATH": os.defpath, "HOME": str(folder)},
        cwd=folder,
    ):
        yield base


@contextmanager
def medplum(folder: Path, *, token: str) -> Iterator[str]:
    """Run Medplum's router (TypeScript); gives its base."""
    installed, node = ENVIRONMENT / "medplum", shutil.which("node")
    if node is None or not (installed / "node_modules" / "@medplum" / "fhir-router").exists():
        pytest.skip("Medplum's router is not installed (tests/real_server/install.sh)")
    shutil.copy(_WRAPPER, installed)  # modules are looked for beside the script
    port = processes.free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    with processes.running(
        [node, str(installed / _WRAPPER.name), str(port), token],
        answers_at=f"{base}/metadata",
        log=folder / "log",
        environment={"PATH": os.defpath, "HOME": str(folder)},
        cwd=folder,
    ):
        yield base


@contextmanager
def hapi(folder: Path, *, token: str) -> Iterator[str]:
    """Run HAPI FHIR's RestfulServer (Java), in pages of five; gives its base."""
    installed, java = ENVIRONMENT / "hapi", shutil.which("java")
    if java is None or not (installed / "classes").exists():
        pytest.skip("HAPI's server is not installed (tests/real_server/install.sh)")
    port = processes.free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    classes = f"{installed / 'classes'}:{installed / 'lib'}/*"
    with processes.running(
        [java, "-Xmx512m", "-cp", classes, "HapiServer", str(port), token],
        answers_at=f"{base}/metadata",
        log=folder / "log",
        environment={"PATH": os.defpath, "HOME": str(folder)},
        cwd=folder,
    ):
        yield base


SERVERS = {"sekmet-fhir": sekmet, "medplum": medplum, "hapi": hapi}
