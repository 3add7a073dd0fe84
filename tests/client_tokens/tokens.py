"""An EHR's side: keys, key sets and tokens, right ones and any part of them wrong."""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PUBLIC_URL = "https://cds.hospital.example"
SERVICE = "/cds-services/hcc-after-sorafenib"


@dataclass(frozen=True)
class Signer:
    """A key of an EHR with the algorithm it signs with."""

    key: PrivateKey
    algorithm: str
    kid: str

    def public_jwk(self) -> dict[str, Any]:
        public = self.key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            made: dict[str, Any] = RSAAlgorithm.to_jwk(public, as_dict=True)
        else:
            made = ECAlgorithm.to_jwk(public, as_dict=True)
        return made | {"kid": self.kid, "use": "sig"}

    def sign(self, claims: object, **header: object) -> str:
        """Sign whatever is given; members of the header are replaced, None takes one away."""
        members = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"} | header
        return signed(self, {k: v for k, v in members.items() if v is not None}, claims)


def signed(signer: Signer, header: object, claims: object) -> str:
    """Sign with the key, whatever the header claims about it."""
    parts = part(header) + "." + part(claims)
    algorithm = jwt.get_algorithm_by_name(signer.algorithm)
    return parts + "." + encoded(algorithm.sign(parts.encode(), signer.key))


def part(content: object) -> str:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return encoded(text)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def es384(kid: str = "es") -> Signer:
    return Signer(ec.generate_private_key(ec.SECP384R1()), "ES384", kid)


def rs384(kid: str = "rs", bits: int = 2048) -> Signer:
    return Signer(rsa.generate_private_key(65537, bits), "RS384", kid)


def key_set(*signers: Signer) -> bytes:
    return json.dumps({"keys": [signer.public_jwk() for signer in signers]}).encode()


def claims(issuer: str, path: str = SERVICE, **changed: object) -> dict[str, object]:
    """Give the claims of a good token; a claim that is set to None is left out."""
    now = int(time.time())
    good: dict[str, object] = {
        "iss": issuer,
        "aud": PUBLIC_URL + path,
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
    }
    return {name: value for name, value in (good | changed).items() if value is not None}
