"""Sealing: who has the database alone, or the secret key alone, reads nothing of a session."""

import secrets
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_PURPOSE: Final = b"hcc-cds smart session 1"


def new_id() -> str:
    """Make a session id: 256 random bits, fit for a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(session_id: str) -> bytes:
    """Give what the database knows of an id; the id itself is in the cookie alone."""
    return sha256(b"id:" + session_id.encode("utf-8", "surrogatepass")).digest()


class Sealer:
    """AES-256-GCM with a key for each session, from the service's secret and the session's id."""

    def __init__(self, secret: bytes) -> None:
        """``secret``: HCC_CDS_SECRET_KEY, the same on all replicas."""
        self._secret = secret

    def seal(self, session_id: str, content: bytes) -> bytes:
        """Seal what is kept under an id."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher(session_id).encrypt(nonce, content, digest_of(session_id))

    def unseal(self, session_id: str, sealed: bytes) -> bytes | None:
        """Give what was sealed under this id; None: with another secret, or altered."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher(session_id).decrypt(nonce, content, digest_of(session_id))
        except (InvalidTag, ValueError):
            return None

    def _cipher(self, session_id: str) -> AESGCM:
        salt = session_id.encode("utf-8", "surrogatepass")
        key = HKDF(SHA256(), _KEY_BYTES, salt, _PURPOSE).derive(self._secret)
        return AESGCM(key)
