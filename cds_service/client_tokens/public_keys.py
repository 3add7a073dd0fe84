"""A JSON Web Key Set, read down to the public keys that may sign client tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from cds_service.client_tokens.refusal import KeysUnavailable

LARGEST_KEY_SET_BYTES = 256_000
_MOST_KEYS = 100
_RSA_BITS = range(2048, 8192 + 1)
_ALGORITHM_OF_CURVE = {"P-256": "ES256", "P-384": "ES384"}
_RSA_ALGORITHMS = frozenset({"RS256", "RS384"})


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key and the algorithms that it may verify; the token has no say in either."""

    public_key: EllipticCurvePublicKey | RSAPublicKey
    algorithms: frozenset[str]


def verifying_keys(document: bytes) -> Mapping[str, VerifyingKey]:
    """Read a key set: its usable keys by their ``kid``.

    A key is left out when it has no ``kid``, is symmetric, is a private key, is too short, is
    meant for encryption, or cannot be read; a ``kid`` that is there twice names no key. A set
    without any key is a set: an EHR that withdraws its keys says so in this way.

    Raises:
        KeysUnavailable: the document is no key set.

    """
    if len(document) > LARGEST_KEY_SET_BYTES:
        message = f"the key set is larger than {LARGEST_KEY_SET_BYTES} bytes"
        raise KeysUnavailable(message)
    try:
        content = json.loads(document)
    except (ValueError, RecursionError):
        message = "the key set is not JSON"
        raise KeysUnavailable(message) from None
    entries = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(entries, list) or len(entries) > _MOST_KEYS:
        message = f'the key set is not {{"keys": [...]}} with at most {_MOST_KEYS} keys'
        raise KeysUnavailable(message)
    names = [entry.get("kid") for entry in entries if isinstance(entry, dict)]
    return {
        entry["kid"]: key
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("kid"), str)
        and names.count(entry["kid"]) == 1
        and (key := _verifying_key(entry)) is not None
    }


def _verifying_key(entry: dict[str, object]) -> VerifyingKey | None:
    algorithms = _algorithms(entry)
    if not algorithms or "d" in entry or entry.get("use", "sig") != "sig":
        return None
    operations = entry.get("key_ops")
    if operations is not None and not (isinstance(operations, list) and "verify" in operations):
        return None
    try:
        key = PyJWK(entry, min(algorithms)).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey):
        return VerifyingKey(key, algorithms) if key.key_size in _RSA_BITS else None
    return VerifyingKey(key, algorithms) if isinstance(key, EllipticCurvePublicKey) else None


def _algorithms(entry: dict[str, object]) -> frozenset[str]:
    """Say what a key may verify, from its kind; an ``alg`` of its own narrows that."""
    possible: frozenset[str] = frozenset()
    if entry.get("kty") == "RSA":
        possible = _RSA_ALGORITHMS
    elif entry.get("kty") == "EC" and entry.get("crv") in _ALGORITHM_OF_CURVE:
        possible = frozenset({_ALGORITHM_OF_CURVE[str(entry["crv"])]})
    own = entry.get("alg")
    return possible if own is None else possible & {str(own)}
