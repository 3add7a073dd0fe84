"""Ready means that a call sent now could be answered; what is missing is named."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cds_service import health as health_module
from cds_service.app import build_app
from cds_service.composition import Composition, compose
from cds_service.health import KeysAbsent, Readiness
from cds_service.settings import read_settings
from cds_service.storage.migrating import migrate


def composition_on(folder: Path) -> Composition:
    url = f"sqlite:///{folder}/hcc-cds.db"
    return compose(read_settings({"HCC_CDS_MODE": "demo", "HCC_CDS_DATABASE_URL": url}))


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_module, "_ASKED_EVERY_S", 0.0)


@pytest.mark.usefixtures("no_memory")
def test_the_service_is_ready_with_its_tables_and_says_when_they_are_not_there(
    tmp_path: Path,
) -> None:
    client = build_app(composition_on(tmp_path)).test_client()
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "not ready", "missing": ["database"]}
    migrate(f"sqlite:///{tmp_path}/hcc-cds.db")
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready"})
    (tmp_path / "hcc-cds.db").unlink()
    assert client.get("/health/live").status_code == 200


@pytest.mark.usefixtures("no_memory")
@pytest.mark.parametrize("tables", ["kept", "replay"])
def test_a_database_that_takes_no_writes_is_not_ready_until_it_does_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tables: str
) -> None:
    migrate(f"sqlite:///{tmp_path}/hcc-cds.db")
    composition = composition_on(tmp_path)
    client = build_app(composition).test_client()
    now = [0.0]
    monkeypatch.setattr("cds_service.health.time.monotonic", lambda: now[0])
    assert client.get("/health/ready").status_code == 200
    engine = getattr(composition.storage, tables)

    def set_read_only(value: int) -> None:
        engine.dispose()  # then the one connection of the pool is the next one, too
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA query_only={value}")

    set_read_only(1)
    now[0] += 11
    assert client.get("/health/ready").get_json()["missing"] == ["database"]
    now[0] += 1
    assert client.get("/health/ready").status_code == 503
    set_read_only(0)
    now[0] += 1
    assert client.get("/health/ready").status_code == 200


def test_a_day_before_the_knowledge_is_not_ready(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/hcc-cds.db")
    composition = replace(composition_on(tmp_path), today=lambda: date(1999, 1, 1))
    answer = build_app(composition).test_client().get("/health/ready")
    assert answer.get_json()["missing"] == ["knowledge"]


def no_keys() -> None:
    message = "no key of any EHR is at hand"
    raise KeysAbsent(message)


@pytest.mark.usefixtures("no_memory")
def test_a_service_that_can_prove_nobody_is_not_ready() -> None:
    assert Readiness({"knowledge": lambda: None, "keys": no_keys}).missing() == ("keys",)


def test_many_probes_ask_the_database_once_in_a_while() -> None:
    asked: list[int] = []
    ready_when = Readiness({"database": lambda: asked.append(1)})
    for _ in range(50):
        assert ready_when.missing() == ()
    assert len(asked) == 1
