"""A real FHIR server that holds the samples, and the service as a process of its own."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import requests

from cds_service.sample_charts import SampleChart
from tests.real_server import ehr, fhir_servers, processes
from tests.samples.stored import SAMPLES, intent_of

# A FHIR base that is there already (HAPI, a sandbox), instead of the one the session starts.
OTHER_BASE = os.environ.get("HCC_CDS_TEST_FHIR_BASE")
# A server refuses charts that are not valid R4: the sample about those takes other doors.
LOADABLE = tuple(sample for sample in SAMPLES if intent_of(sample).get("validR4", True))


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
    with fhir_servers.sekmet(tmp_path_factory.mktemp("fhir-server")) as base:
        yield base


@dataclass(frozen=True)
class Guarded:
    """A FHIR server that asks for a token, and what it holds."""

    name: str
    base: str
    session: requests.Session
    held: set[str]

    def hold(self, sample: SampleChart, on: date) -> None:
        """Store a sample; Medplum's in-memory search is fast with one chart only."""
        if sample.name in self.held:
            return
        if self.name == "medplum":
            self.session.delete(self.base, timeout=60).raise_for_status()
            self.held.clear()
        ehr.load(self.session, self.base, sample, on=on)
        self.held.add(sample.name)


@pytest.fixture(scope="session", params=fhir_servers.SERVERS)
def guarded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp(request.param)
    with (
        processes.session() as made,
        fhir_servers.SERVERS[request.param](folder, token=fhir_servers.TOKEN) as base,
    ):
        made.headers["Authorization"] = f"Bearer {fhir_servers.TOKEN}"
        yield Guarded(request.param, base, made, set())


@pytest.fixture(scope="session")
def fhir_base(empty_fhir_base: str, session: requests.Session, today: date) -> str:
    """Return the base of a FHIR server that holds every loadable sample, shifted to today."""
    for sample in LOADABLE:
        ehr.load(session, empty_fhir_base, sample, on=today)
    return empty_fhir_base


@pytest.fixture(scope="session")
def service_base(tmp_path_factory: pytest.TempPathFactory, today: date) -> Iterator[str]:
    """Run the service as its command starts it, on a real socket."""
    with processes.demonstration(tmp_path_factory.mktemp("service"), today) as base:
        yield base


@pytest.fixture(params=LOADABLE, ids=[sample.name for sample in LOADABLE])
def sample(request: pytest.FixtureRequest) -> SampleChart:
    chosen: SampleChart = request.param
    return chosen
