"""An EHR in the test process that does what it is told: its authorization server and its FHIR.

It checks what a good server checks (PKCE, the redirect address, each code once), so that an
honest launch proves something; every answer of it can be replaced by a fault.
"""

import hashlib
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.fetching.charts import honest, resources_of
from tests.fetching.fault_server import Answers, Asked, FaultServer, Script, reply

CLIENT_ID = "hcc-app"
PRACTITIONER = "Practitioner/dr-1"
WELL_KNOWN = "/fhir/.well-known/smart-configuration"
JSON = "application/json"


@lru_cache
def signing_key() -> ECKey:
    return ECKey.generate_key("P-384", {"kid": "ehr-1", "alg": "ES384", "use": "sig"})


@lru_cache
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "ehr-2", "alg": "RS256", "use": "sig"})


@dataclass
class ToldEhr:
    """What it answers; ``faults`` by path take the place of single answers."""

    resources: list[dict[str, Any]]
    patient_id: str
    server: FaultServer = field(init=False)
    faults: dict[str, Answers] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)  # laid over the honest one
    said: dict[str, Any] = field(default_factory=dict)  # laid over an honest token answer
    claims: dict[str, Any] = field(default_factory=dict)  # laid over those of the id_token
    alter_id_token: Callable[[str], str] = field(default=lambda token: token)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    created: list[Asked] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def base(self) -> str:
        return f"{self.origin}/fhir"

    def asked_for(self, path: str) -> list[Asked]:
        return [one for one in self.server.asked if one.path == path]

    def log_in(self, login_address: str) -> dict[str, str]:
        """Let the clinician in, and give what comes back with the browser."""
        query = {name: one[0] for name, one in parse_qs(urlsplit(login_address).query).items()}
        assert query["aud"] == self.base
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return {"code": code, "state": query["state"]}

    def answer(self, asked: Asked) -> Script:
        fault = self.faults.get(asked.path)
        if fault is not None:
            return fault(asked)
        if asked.path == WELL_KNOWN:
            return reply(self._configuration(), content_type=JSON)
        if asked.path == "/keys":
            keys = [key.as_dict(private=False) for key in (signing_key(), rsa_key())]
            return reply({"keys": keys}, content_type=JSON)
        if asked.path == "/token":
            return self._token(asked)
        return self._fhir(asked)

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "jwks_uri": f"{self.origin}/keys",
            "capabilities": ["launch-ehr", "permission-v2"],
            "code_challenge_methods_supported": ["S256"],
        } | self.configuration

    def _token(self, asked: Asked) -> Script:
        form = asked.form
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in self.refresh_tokens:
                return refusal("invalid_grant")
            self.refresh_tokens.discard(form["refresh_token"])
            return reply(self._said("refreshed", None), content_type=JSON)
        began = self.codes.pop(form.get("code", ""), None)
        if began is None or form.get("redirect_uri") != began["redirect_uri"]:
            return refusal("invalid_grant")
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if urlsafe_b64encode(challenge).rstrip(b"=").decode() != began["code_challenge"]:
            return refusal("invalid_grant")
        return reply(self._said(began["scope"], self._id_token(began)), content_type=JSON)

    def _said(self, scope: str, id_token: str | None) -> dict[str, Any]:
        access, refresh = f"access-{secrets.token_hex(8)}", f"refresh-{secrets.token_hex(8)}"
        self.tokens.add(access)
        self.refresh_tokens.add(refresh)
        said = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": scope,
            "patient": self.patient_id,
            "refresh_token": refresh,
            "need_patient_banner": True,
            "id_token": id_token,
        }
        if scope == "refreshed":
            del said["scope"], said["patient"], said["id_token"]
        return {name: one for name, one in (said | self.said).items() if one is not None}

    def _id_token(self, began: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.origin,
            "aud": CLIENT_ID,
            "sub": "dr-1",
            "nonce": began.get("nonce"),
            "iat": now,
            "exp": now + 300,
            "fhirUser": f"{self.base}/{PRACTITIONER}",
        } | self.claims
        kept = {name: one for name, one in claims.items() if one is not None}
        header = {"alg": "ES384", "kid": "ehr-1"}
        return self.alter_id_token(jwt.encode(header, kept, signing_key(), algorithms=["ES384"]))

    def _fhir(self, asked: Asked) -> Script:
        if asked.kind == "metadata":
            return honest(asked, self.resources)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return reply({"resourceType": "OperationOutcome"}, 401)
        if asked.method == "POST":
            self.created.append(asked)
            resource = json.loads(asked.body) | {"id": f"made-{len(self.created)}"}
            self.resources.append(resource)
            place = f"{self.base}/{resource['resourceType']}/{resource['id']}/_history/1"
            return reply(b"", 201, Location=place)
        return honest(asked, self.resources)


def refusal(error: str, status: int = 400) -> Script:
    return reply({"error": error}, status, content_type=JSON)


@contextmanager
def told_ehr(resources: list[dict[str, Any]]) -> Iterator[ToldEhr]:
    (patient_id,) = [one["id"] for one in resources if one["resourceType"] == "Patient"]
    ehr = ToldEhr(resources, patient_id)
    ehr.server = FaultServer(ehr.answer)
    try:
        yield ehr
    finally:
        ehr.server.stop()


__all__ = ["ToldEhr", "resources_of", "told_ehr"]
