"""The app's own key: proves the app to an authorization server, and is published for it."""

import json
import warnings
from pathlib import Path
from typing import Any, Final, Literal

from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from hcc_pathway.errors import HccCdsError

ASSERTION_SECONDS: Final = 240  # SMART allows five minutes
_CURVE: Final = "P-384"
_FEWEST_RSA_BITS: Final = 2048
_LARGEST_FILE_BYTES: Final = 100_000


class KeyUnusable(HccCdsError):  # noqa: N818 (the name says what happened)
    """A private key that cannot be used: what is wrong with it."""


class ClientKey:
    """A private key with the algorithm that it signs with: ES384 on P-384, RS384 with RSA."""

    def __init__(self, key: ECKey | RSAKey) -> None:
        """Take the key; its id is its thumbprint, so replicas agree on it."""
        self._key = key
        self.algorithm: Literal["ES384", "RS384"] = "ES384" if isinstance(key, ECKey) else "RS384"
        self.key_id: str = key.thumbprint()

    def public(self) -> dict[str, Any]:
        """Give the public half as a JWK."""
        public: dict[str, Any] = dict(self._key.as_dict(private=False))
        return public | {"kid": self.key_id, "alg": self.algorithm, "use": "sig"}

    def proof(self, token_endpoint: str) -> PrivateKeyJWT:
        """Give what signs an assertion for each request to a token endpoint."""
        return _ShortAssertion(self, token_endpoint)

    def assertion(self, client_id: str, token_endpoint: str) -> str:
        """Sign who the client is, for one token endpoint and a few minutes."""
        signed: str = private_key_jwt_sign(
            self._key,
            client_id=client_id,
            token_endpoint=token_endpoint,
            alg=self.algorithm,
            header={"kid": self.key_id, "typ": "JWT"},
            expires_in=ASSERTION_SECONDS,
        )
        return signed


class _ShortAssertion(PrivateKeyJWT):  # type: ignore[misc]  # untyped in the library
    """The library's assertions last an hour, which SMART servers refuse."""

    def __init__(self, key: ClientKey, token_endpoint: str) -> None:
        super().__init__(token_endpoint, alg=key.algorithm)
        self._client_key = key

    def sign(self, auth: Any, token_endpoint: str) -> str:  # noqa: ANN401 (the library's object)
        return self._client_key.assertion(auth.client_id, token_endpoint)


def read_client_key(path: Path) -> ClientKey:
    """Read a private key: PEM without a passphrase, or a JWK; RSA from 2048 bits, or P-384.

    Raises:
        OSError: the file cannot be read.
        KeyUnusable: it holds no such key.

    """
    with path.open("rb") as file:
        raw = file.read(_LARGEST_FILE_BYTES)
    for kind in (ECKey, RSAKey):
        try:
            key = _imported(kind, raw)
        except (JoseError, ValueError, TypeError):
            continue
        return ClientKey(_usable(key))
    message = "holds no private key that can be read (PEM without a passphrase, or a JWK)"
    raise KeyUnusable(message)


def _imported(kind: type[ECKey] | type[RSAKey], raw: bytes) -> ECKey | RSAKey:
    is_jwk = raw.lstrip().startswith(b"{")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # a short key is refused below
        return kind.import_key(json.loads(raw) if is_jwk else raw)


def _usable(key: ECKey | RSAKey) -> ECKey | RSAKey:
    if not key.is_private:
        message = "holds a public key: the private one is needed"
        raise KeyUnusable(message)
    if isinstance(key, ECKey) and key.curve_name != _CURVE:
        message = f"holds a key on {key.curve_name}: ES384 needs P-384"
        raise KeyUnusable(message)
    if isinstance(key, RSAKey) and key.raw_value.key_size < _FEWEST_RSA_BITS:
        message = f"holds an RSA key of fewer than {_FEWEST_RSA_BITS} bits"
        raise KeyUnusable(message)
    return key
