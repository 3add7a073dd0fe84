"""One deadline for the whole call: what the check of its token waits for is gone from reading."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from cds_service.app import create_app
from cds_service.settings import Settings, read_settings
from cds_service.storage.migrating import migrate
from tests.client_tokens.tokens import PUBLIC_URL, SERVICE, Signer, claims, es384, key_set
from tests.fetching.charts import SAMPLES, call
from tests.fetching.fault_server import Asked, FaultServer, Script, serving

ISSUER = "https://a.example"
SAMPLE = SAMPLES["tolerant-afp-high"]
DEADLINE_S = 1.5


@pytest.fixture
def hanging() -> Iterator[FaultServer]:
    """Return a FHIR server that takes calls and never answers."""

    def hang(_: Asked) -> Script:
        yield 30.0

    with serving(hang) as server:
        yield server


def settings_of(folder: Path, fhir_base: str, keys: str) -> Settings:
    site = f"""timezone = "UTC"
[[ehr]]
name = "a"
fhir_base = "{fhir_base}"
[ehr.client]
issuer = "{ISSUER}"
{keys}
"""
    (folder / "site.toml").write_text(site)
    url = f"sqlite:///{folder}/hcc-cds.db"
    migrate(url)
    return read_settings(
        {
            "HCC_CDS_SECRET_KEY": "s" * 32,
            "HCC_CDS_SITE_FILE": str(folder / "site.toml"),
            "HCC_CDS_PUBLIC_URL": PUBLIC_URL,
            "HCC_CDS_DATABASE_URL": url,
        }
    )


def called(settings: Settings, fhir_base: str, signer: Signer) -> tuple[TestResponse, float]:
    client = create_app(settings).test_client()
    headers = {"Authorization": f"Bearer {signer.sign(claims(ISSUER))}"}
    began = time.monotonic()
    answer = client.post(SERVICE, json=call(SAMPLE, fhir_base), headers=headers)
    return answer, time.monotonic() - began


def test_what_the_guard_waits_for_its_database_is_taken_from_reading(
    tmp_path: Path, hanging: FaultServer
) -> None:
    signer = es384("a-1")
    (tmp_path / "keys.json").write_bytes(key_set(signer))
    settings = settings_of(tmp_path, hanging.base, 'jwks_file = "keys.json"')
    writer = sqlite3.connect(
        tmp_path / "hcc-cds.replay.db", isolation_level=None, check_same_thread=False
    )
    writer.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.35, lambda: writer.execute("ROLLBACK"))
    release.start()
    answer, took = called(settings, hanging.base, signer)
    release.join()
    writer.close()
    assert answer.status_code == 412, answer.text
    assert 1.0 < took < DEADLINE_S


def test_a_database_that_stays_busy_refuses_the_call_within_the_deadline(
    tmp_path: Path, hanging: FaultServer
) -> None:
    signer = es384("a-1")
    (tmp_path / "keys.json").write_bytes(key_set(signer))
    settings = settings_of(tmp_path, hanging.base, 'jwks_file = "keys.json"')
    writer = sqlite3.connect(tmp_path / "hcc-cds.replay.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    answer, took = called(settings, hanging.base, signer)
    writer.close()
    assert answer.status_code == 503
    assert took < DEADLINE_S


def test_what_the_guard_waits_for_a_new_key_is_taken_from_reading(
    tmp_path: Path, hanging: FaultServer
) -> None:
    signer = es384("a-1")
    keys = key_set(signer)

    def slow(_: Asked) -> Script:
        yield 0.45
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        yield b"Content-Length: %d\r\n\r\n" % len(keys) + keys

    with serving(slow) as address:
        settings = settings_of(tmp_path, hanging.base, f'jwks_url = "{address.base}"')
        answer, took = called(settings, hanging.base, signer)
    assert answer.status_code == 412, answer.text
    assert 1.0 < took < DEADLINE_S
