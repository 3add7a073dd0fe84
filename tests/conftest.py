"""What holds for every test: reproducible properties, and no silent skip where all parts exist."""

import logging
import os
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import Phase, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from cds_service.storage.migrating import migrate
from tests.storage.databases import BOTH, new_database, sqlite_with_tables
from tests.storage.postgresql import BINARIES, PostgresqlServer


class _CompiledOnce(BytecodeCache):
    """Templates that are compiled already, for the hundreds of applications that tests make."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _CompiledOnce()}

# A run without this variable (a developer's machine) may lack a FHIR server or a browser; with it
# (`.ci/run`) a test that is skipped has failed.
PARTS_REQUIRED = os.environ.get("HCC_CDS_TEST_REQUIRE_PARTS") == "1"

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=10_000)
settings.register_profile(
    "mutation",
    derandomize=True,
    deadline=None,
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),  # a killed mutant needs no smallest example
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rule", help="run only the tests marked with this rule (S4, A8, ...)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--rule")
    if wanted is None:
        return
    marked = {
        item for item in items if any(wanted in mark.args for mark in item.iter_markers("rule"))
    }
    config.hook.pytest_deselected(items=[item for item in items if item not in marked])
    items[:] = [item for item in items if item in marked]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to start where xdist drops the groups: databases and browsers would be shared."""
    if not session.config.getoption("loadgroup", default=False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            message = f"{item.nodeid}: its group is lost (pytest and pytest-xdist do not fit)"
            raise pytest.UsageError(message)


def _fail_when_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if PARTS_REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = (
            f"{report.nodeid} was skipped where every part has to be present: {reason}"
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_when_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_when_skipped(report)
    return report


@pytest.fixture(autouse=True)
def _log_of_the_service_is_heard_again() -> Iterator[None]:
    """Undo what a test that is full of errors on purpose did to the log."""
    yield
    logging.getLogger("cds_service").setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """Return a PostgreSQL server that the session starts, or skip where there is none."""
    if BINARIES is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    server = PostgresqlServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database of each kind that has no tables yet."""
    return new_database(request, tmp_path)


@pytest.fixture
def database_url(empty_database_url: str, tmp_path: Path) -> str:
    """Return the URL of a database of each kind with the tables of this version."""
    if empty_database_url.startswith("sqlite"):
        return sqlite_with_tables(tmp_path)
    migrate(empty_database_url)
    return empty_database_url


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Publish figures, and how the mutated requests were answered, over all parts of the run."""
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
            if name == "statuses":
                for half, statuses in value.items():
                    seen[half].update({int(status): n for status, n in statuses.items()})
    for half, statuses in seen.items():
        share = sum(n for status, n in statuses.items() if status // 100 == 2) / statuses.total()
        counts = ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items()))
        terminalreporter.write_line(f"mutated {half}: {share:.1%} 2xx ({counts})")
