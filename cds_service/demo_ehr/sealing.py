"""What the authorization server of the demonstration hands out: sealed, short-lived, unreadable.

Launch ids, codes and access tokens hold what they stand for, encrypted under a key of this
process's secret. So no store is needed, and whoever holds one learns nothing from it.
"""

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Kind = Literal["launch", "code", "access"]
SECONDS: Final[dict[Kind, int]] = {"launch": 300, "code": 60, "access": 3600}
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What is sealed; empty where a kind has no use for it. Times are seconds since 1970."""

    patient_id: str
    client_id: str = ""
    redirect_uri: str = ""
    challenge: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    nonce: str = ""
    number: str = ""  # what a code is remembered by once it is used
    expires_at: int = 0


class Seal:
    """Seals and opens under one secret."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret key of the settings; keys of other purposes cannot be told from ours."""
        key = _derived(secret, b"demo-ehr-seal", 32)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, kind: Kind, sealed: Sealed) -> str:
        """Give the text to hand out; it lives as long as its kind does."""
        fields = {name: getattr(sealed, name) for name in Sealed.__slots__}
        fields |= {
            "kind": kind,
            "number": secrets.token_urlsafe(16),
            "expires_at": int(time.time()) + SECONDS[kind],
        }
        return self._fernet.encrypt(json.dumps(fields).encode()).decode()

    def open(self, kind: Kind, text: str) -> Sealed | None:
        """Give what a text stands for; None: not ours, of another kind, or too old."""
        try:
            fields = json.loads(self._fernet.decrypt(text.encode(), ttl=SECONDS[kind]))
        except (InvalidToken, UnicodeEncodeError):
            return None
        if fields.pop("kind") != kind:
            return None
        fields["scopes"] = tuple(fields["scopes"])
        return Sealed(**fields)


def signing_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Give the key that signs id_tokens: the same in each worker, another after each start."""
    number = int.from_bytes(_derived(secret, b"demo-ehr-id-tokens", 48), "big")
    return ec.derive_private_key(number % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def _derived(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)
