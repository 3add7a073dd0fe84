"""A real FHIR server that holds the samples, and the service as a process of its own."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests

from cds_service.sample_charts import SampleChart
from tests.real_server import ehr, processes
from tests.samples.stored import SAMPLES, intent_of

ROOT = Path(__file__).parents[2]
SERVER = ROOT / ".venv-fhir-server" / "bin" / "sekmet"
# A FHIR base that is there already (HAPI, a sandbox), instead of the one the session starts.
OTHER_BASE = os.environ.get("HCC_CDS_TEST_FHIR_BASE")
# A server refuses charts that are not valid R4: the sample about those takes other doors.
LOADABLE = tuple(sample for sample in SAMPLES if intent_of(sample).get("validR4", True))

_SETTINGS = """\
base_url: {base}
host: 127.0.0.1
port: {port}
db_path: ":memory:"
data_dir: {folder}
log_inbound: false
simulator: {{enabled: false}}
"""


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    with processes.session() as made:
        yield made


@pytest.fixture(scope="session")
def today() -> date:
    """Return the day for which the samples are loaded and the service answers."""
    return datetime.now(UTC).date()


@pytest.fixture(scope="session")
def empty_fhir_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if OTHER_BASE:
        yield OTHER_BASE.rstrip("/")
        return
    if not SERVER.exists():
        pytest.skip("sekmet-fhir is not installed (tests/real_server/install.sh)")
    folder = tmp_path_factory.mktemp("fhir-server")
    port = processes.free_port()
    base = f"http://127.0.0.1:{port}/fhir"
    settings = folder / "settings.yaml"
    settings.write_text(_SETTINGS.format(base=base, port=port, folder=folder), "utf-8")
    with processes.running(
        [str(SERVER), "serve", "--config", str(settings)],
        answers_at=f"{base}/metadata",
        log=folder / "log",
        environment={"PATH": os.defpath, "HOME": str(folder)},
        cwd=folder,
    ):
        yield base


@pytest.fixture(scope="session")
def fhir_base(empty_fhir_base: str, session: requests.Session, today: date) -> str:
    """Return the base of a FHIR server that holds every loadable sample, shifted to today."""
    for sample in LOADABLE:
        ehr.load(session, empty_fhir_base, sample, on=today)
    return empty_fhir_base


@pytest.fixture(scope="session")
def service_base(tmp_path_factory: pytest.TempPathFactory, today: date) -> Iterator[str]:
    """Run the service as its command starts it, on a real socket."""
    folder = tmp_path_factory.mktemp("service")
    port = processes.free_port()
    with processes.running(
        [sys.executable, "-m", "cds_service.cli", "serve"],
        answers_at=f"http://127.0.0.1:{port}/health/ready",
        log=folder / "log",
        environment={
            "PATH": os.defpath,
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "HCC_CDS_MODE": "demo",
            "HCC_CDS_BIND": f"127.0.0.1:{port}",
            "HCC_CDS_TODAY": today.isoformat(),
        },
        cwd=folder,
    ):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(params=LOADABLE, ids=[sample.name for sample in LOADABLE])
def sample(request: pytest.FixtureRequest) -> SampleChart:
    chosen: SampleChart = request.param
    return chosen
