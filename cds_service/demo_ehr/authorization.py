"""The decisions of the demonstration's authorization server: who gets a code, and what it buys.

SMART App Launch 2.2 for public clients: PKCE S256 required, codes used once, ``aud`` checked, read
scopes only. There is nobody to log in: every launch is that of one invented clinician.
"""

import base64
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from cds_service.demo_ehr.charts import CLINICIAN_ID
from cds_service.demo_ehr.scopes import granted
from cds_service.demo_ehr.sealing import SECONDS, Seal, Sealed
from cds_service.demo_ehr.site_block import CLIENT_ID
from cds_service.start_refusals.addresses import is_loopback

_CHALLENGE_LENGTH: Final = 43  # of a SHA-256, base64url, without padding
_CODES_OF: Final = "demo-authorization-server"
_KEY_ID: Final = "demo"
# RFC 6749 3.1.2 forbids fragments; browsers read users and "\" otherwise than Python does
_PLAIN_REDIRECT: Final = re.compile(r"https?://(?:(?![@\\#])[!-~])+")
_UNKNOWN_CODE: Final = "the code is not known, or older than a minute"


class ClientRefusedError(ValueError):
    """An authorization request that must not be sent back to where it asks to be."""


class GrantRefusedError(ValueError):
    """A request at the token endpoint that buys nothing: its OAuth error code and why."""

    def __init__(self, why: str, *, code: str = "invalid_grant") -> None:
        """Keep the code of RFC 6749 5.2 apart."""
        super().__init__(why)
        self.code = code


class UsedOnce(Protocol):
    """A memory of what was used."""

    def remember(self, issuer: str, jti: str, expires_at: float) -> bool:
        """Note a use; True the first time."""
        ...


@dataclass(frozen=True, slots=True)
class PatientWanted:
    """A standalone launch that has to be asked which patient is meant."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the demonstration is: its own page, its FHIR server, its authorization server."""

    own_redirect: str
    fhir_base: str
    authorization: str


class AuthorizationServer:
    """Gives codes and tokens for the sample patients."""

    def __init__(
        self, seal: Seal, key: ec.EllipticCurvePrivateKey, addresses: Addresses, used: UsedOnce
    ) -> None:
        """Take what seals, what signs, where everything is, and the memory of used codes."""
        self._seal = seal
        self._key = key
        self._addresses = addresses
        self._used = used

    def launch_id(self, patient_id: str) -> str:
        """Make what an EHR puts into ``launch``: opaque, for one patient, for five minutes."""
        return self._seal.close("launch", Sealed(patient_id=patient_id))

    def public_keys(self) -> dict[str, Any]:
        """Give the key set that proves id_tokens."""
        public = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": _KEY_ID, "alg": "ES256", "use": "sig"}]}

    def authorize(self, asked: Mapping[str, str]) -> str | PatientWanted:
        """Give the address to go back to, with a code or an error, or ask for the patient.

        Raises:
            ClientRefusedError: the redirect address is not one that may be used.

        """
        redirect = self._redirect(asked)
        fault = self._fault(asked)
        if fault is not None:
            said = {"error": fault[0], "error_description": fault[1]}
            return _with(redirect, said, asked)
        scopes = granted(asked.get("scope", "").split())
        if asked.get("launch"):
            launch = self._seal.open("launch", asked["launch"])
            if launch is None:
                why = "the launch is not known, or older than five minutes"
                said = {"error": "invalid_request", "error_description": why}
                return _with(redirect, said, asked)
            patient_id = launch.patient_id
        elif asked.get("picked"):
            patient_id = asked["picked"]
        else:
            return PatientWanted()
        code = Sealed(
            patient_id=patient_id,
            client_id=asked["client_id"],
            redirect_uri=redirect,
            challenge=asked["code_challenge"],
            scopes=scopes,
            nonce=asked.get("nonce", ""),
        )
        return _with(redirect, {"code": self._seal.close("code", code)}, asked)

    def _redirect(self, asked: Mapping[str, str]) -> str:
        """Check where the answer may go: our own page, or a program on this machine."""
        client, redirect = asked.get("client_id", ""), asked.get("redirect_uri", "")
        if client == CLIENT_ID:
            is_allowed = redirect == self._addresses.own_redirect
        else:
            is_plain = _PLAIN_REDIRECT.fullmatch(redirect) is not None
            is_allowed = bool(client) and is_plain and is_loopback(redirect)
        if not is_allowed:
            message = (
                "This demonstration answers its own page, and other clients at addresses of this "
                "machine (http://127.0.0.1 or localhost)."
            )
            raise ClientRefusedError(message)
        return redirect

    def _fault(self, asked: Mapping[str, str]) -> tuple[str, str] | None:
        if asked.get("response_type") != "code":
            return "unsupported_response_type", "response_type has to be code"
        challenge = asked.get("code_challenge", "")
        if asked.get("code_challenge_method") != "S256" or len(challenge) != _CHALLENGE_LENGTH:
            return "invalid_request", "PKCE is required: a code_challenge with S256"
        if asked.get("aud", "").rstrip("/") != self._addresses.fhir_base:
            return "invalid_request", "aud is not the address of this FHIR server"
        if "launch" in asked.get("scope", "").split() and not asked.get("launch"):
            return "invalid_request", "scope launch needs the parameter launch"
        if not granted(asked.get("scope", "").split()):
            return "invalid_scope", "none of these scopes is granted here"
        return None

    def exchange(self, sent: Mapping[str, str]) -> dict[str, Any]:
        """Give the token response for a code.

        Raises:
            GrantRefusedError: the code is not good, used, somebody else's, or of another flow.

        """
        if sent.get("grant_type") != "authorization_code":
            why = "only authorization_code is offered here"
            raise GrantRefusedError(why, code="unsupported_grant_type")
        code = self._seal.open("code", sent.get("code", ""))
        if code is None:
            raise GrantRefusedError(_UNKNOWN_CODE)
        fault = self._misfit(code, sent)
        if fault is not None:
            raise GrantRefusedError(fault)
        return self._token_response(code)

    def _misfit(self, code: Sealed, sent: Mapping[str, str]) -> str | None:
        """Say what does not belong to a code; whatever is sent with it uses it up."""
        if not self._used.remember(_CODES_OF, code.number, code.expires_at):
            return "the code was used before"
        if sent.get("client_id") != code.client_id:
            return "the code is another client's"
        if sent.get("redirect_uri") != code.redirect_uri:
            return "redirect_uri is not that of the request"
        if not compare_digest(_challenge(sent.get("code_verifier", "")), code.challenge):
            return "code_verifier does not fit the code_challenge"
        return None

    def _token_response(self, code: Sealed) -> dict[str, Any]:
        token = Sealed(patient_id=code.patient_id, scopes=code.scopes, client_id=code.client_id)
        answer: dict[str, Any] = {
            "access_token": self._seal.close("access", token),
            "token_type": "Bearer",
            "expires_in": SECONDS["access"],
            "scope": " ".join(code.scopes),
            "patient": code.patient_id,
            "need_patient_banner": True,
        }
        if "openid" in code.scopes:
            answer["id_token"] = self._id_token(code)
        return answer

    def _id_token(self, code: Sealed) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self._addresses.authorization,
            "aud": code.client_id,
            "sub": CLINICIAN_ID,
            "iat": now,
            "exp": now + 300,
        }
        if code.nonce:
            claims["nonce"] = code.nonce
        if "fhirUser" in code.scopes:
            claims["fhirUser"] = f"{self._addresses.fhir_base}/Practitioner/{CLINICIAN_ID}"
        return jwt.encode(claims, self._key, "ES256", headers={"kid": _KEY_ID})


def _challenge(verifier: str) -> str:
    digest = sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _with(redirect: str, said: Mapping[str, str], asked: Mapping[str, str]) -> str:
    if asked.get("state"):
        said = {**said, "state": asked["state"]}
    joined = "&" if urlsplit(redirect).query else "?"
    return f"{redirect}{joined}{urlencode(said)}"
