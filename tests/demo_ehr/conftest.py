"""The demonstration with a database of its own, and a SMART client of a few lines."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cds_service.app import create_app
from cds_service.settings import read_settings
from cds_service.storage.migrating import migrate

BASE = "http://127.0.0.1:8000/demo/fhir"
TODAY = "2026-11-22"
VERIFIER = "v" * 50


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    url = f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db"
    migrate(url)
    demo = {"HCC_CDS_MODE": "demo", "HCC_CDS_TODAY": TODAY, "HCC_CDS_DATABASE_URL": url}
    return create_app(read_settings(demo)).test_client()


@dataclass
class SmartClient:
    """A public client: asks for a code and exchanges it."""

    client: FlaskClient

    def launch_id(self, patient_id: str) -> str:
        there = self.client.get(f"/demo/launch/{patient_id}").headers["Location"]
        assert urlsplit(there).path == "/smart/launch"
        query = dict(parse_qsl(urlsplit(there).query))
        assert query["iss"] == BASE
        return query["launch"]

    def authorize(self, **changed: str | None) -> TestResponse:
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "some-client",
            "redirect_uri": "http://127.0.0.1:9000/callback",
            "scope": "launch openid fhirUser patient/*.rs",
            "state": "abc",
            "nonce": "n-1",
            "aud": BASE,
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
        }
        asked |= changed
        sent = {name: value for name, value in asked.items() if value is not None}
        return self.client.get("/demo/auth/authorize", query_string=sent)

    def code(self, patient_id: str, **changed: str | None) -> str:
        answer = self.authorize(launch=self.launch_id(patient_id), **changed)
        said = returned(answer)
        assert said["state"] == "abc"
        return said["code"]

    def exchange(self, code: str, /, **changed: str) -> TestResponse:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": "some-client",
            "redirect_uri": "http://127.0.0.1:9000/callback",
            "code_verifier": VERIFIER,
        }
        return self.client.post("/demo/auth/token", data=sent | changed)

    def token(self, patient_id: str, scope: str) -> dict[str, Any]:
        answer = self.exchange(self.code(patient_id, scope=scope))
        assert answer.status_code == 200
        found: dict[str, Any] = answer.get_json()
        return found


def challenge(verifier: str) -> str:
    digest = sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def returned(answer: TestResponse) -> dict[str, str]:
    """What a redirect brings back to the client."""
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


@pytest.fixture
def smart(client: FlaskClient) -> SmartClient:
    return SmartClient(client)
