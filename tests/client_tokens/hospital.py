"""A production service with two EHRs: one that gives its keys in a file, one at an address."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service.app import build_app
from cds_service.client_tokens.from_site import clients_of_site
from cds_service.client_tokens.refusal import KeysUnavailable
from cds_service.composition import compose
from cds_service.settings import Settings, read_settings
from cds_service.site_file import Ehr
from cds_service.storage.errors import StorageUnavailable
from tests.client_tokens.tokens import PUBLIC_URL, SERVICE, Signer, key_set
from tests.service.conftest import hook_call

FILE_ISSUER, ADDRESS_ISSUER = "https://a.example", "https://b.example"
FILE_BASE, ADDRESS_BASE = "https://a.example/fhir", "https://b.example/fhir"
KEY_ADDRESS = "https://b.example/jwks.json"
SITE = f"""
timezone = "Europe/Berlin"
[[ehr]]
name = "a"
fhir_base = "{FILE_BASE}"
allowed_origins = ["https://a.example"]
[ehr.client]
issuer = "{FILE_ISSUER}"
jwks_file = "keys.json"
tenant = "north"
[[ehr]]
name = "b"
fhir_base = "{ADDRESS_BASE}"
[ehr.client]
issuer = "{ADDRESS_ISSUER}"
jwks_url = "{KEY_ADDRESS}"
"""


@dataclass
class Memory:
    """Replay memory of one process; ``fails`` is a database that cannot be had."""

    used: set[tuple[str, str]] = field(default_factory=set)
    fails: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def remember(self, issuer: str, jti: str, expires_at: float) -> bool:
        assert expires_at > 0
        if self.fails:
            message = "the database cannot be used at the moment"
            raise StorageUnavailable(message)
        with self.lock:
            is_new = (issuer, jti) not in self.used
            self.used.add((issuer, jti))
        return is_new


@dataclass
class KeyHost:
    """The address of a key set: what it gives, and which addresses were asked."""

    document: bytes = b""
    asked: list[str] = field(default_factory=list)

    def fetch(self, ehr: Ehr, address: str) -> bytes:
        assert ehr.client is not None
        assert ehr.client.jwks_url == address
        self.asked.append(address)
        if not self.document:
            message = "no answer"
            raise KeysUnavailable(message)
        return self.document


@dataclass(frozen=True)
class Hospital:
    """The service, and what stands around it."""

    app: Flask
    memory: Memory
    host: KeyHost
    folder: Path

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def call(
        self, token: str | None, path: str = SERVICE, fhir_server: str | None = None
    ) -> TestResponse:
        """Send the good hook call with a token."""
        body = hook_call() | ({} if fhir_server is None else {"fhirServer": fhir_server})
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.client.post(path, json=body, headers=headers)


def settings_of(folder: Path, site: str = SITE) -> Settings:
    path = folder / "site.toml"
    path.write_text(site)
    return read_settings(
        {
            "HCC_CDS_SECRET_KEY": "s" * 32,
            "HCC_CDS_SITE_FILE": str(path),
            "HCC_CDS_PUBLIC_URL": PUBLIC_URL,
            "HCC_CDS_DATABASE_URL": f"sqlite:///{folder}/hcc-cds.db",
        }
    )


def hospital(
    folder: Path,
    in_file: Signer,
    at_address: Signer,
    site: str = SITE,
    clock: Callable[[], float] = time.time,
) -> Hospital:
    """Build it in a folder, with a key in the file and one at the address."""
    (folder / "keys.json").write_bytes(key_set(in_file))
    settings, memory, host = settings_of(folder, site), Memory(), KeyHost(key_set(at_address))
    clients = clients_of_site(settings, memory, host.fetch, clock)
    app = build_app(replace(compose(settings), clients=clients))
    return Hospital(app, memory, host, folder)
