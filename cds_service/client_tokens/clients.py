"""The clients of the site file, and the check that proves one of them to be the caller."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from jwt import PyJWS
from jwt.exceptions import PyJWTError
from msgspec import UnsetType

from cds_service.client_tokens.key_sources import KeySource
from cds_service.client_tokens.public_keys import VerifyingKey
from cds_service.client_tokens.refusal import Reason, TokenRefused
from cds_service.client_tokens.unverified import Claims, Header, unverified
from cds_service.site_file import Ehr, EhrClient

LEEWAY_SECONDS = 30
LONGEST_LIFE_SECONDS = 3600
_signatures = PyJWS()


class ReplayMemory(Protocol):
    """Remembers which tokens were used, for all workers and instances together."""

    def remember(self, issuer: str, jti: str, expires_at: float) -> bool:
        """Note the use of a token and say whether it was the first: one atomic step.

        Raises:
            StorageUnavailable: it cannot be known; the token must not be accepted.

        """


@dataclass(frozen=True, slots=True)
class Client:
    """One EHR that may call, with its registration and the source of its keys."""

    ehr: Ehr
    registration: EhrClient
    keys: KeySource


class Clients:
    """Every EHR that may call.

    Args:
        clients: the blocks of the site file that name a client.
        public_url: the address of the service; the path that is called follows it in ``aud``.
        replays: which tokens were used before.
        clock: seconds since 1970.

    """

    def __init__(
        self,
        clients: Sequence[Client],
        public_url: str,
        replays: ReplayMemory,
        clock: Callable[[], float],
    ) -> None:
        """Sort the blocks by issuer; one issuer may speak for several tenants."""
        by_issuer: dict[str, list[Client]] = {}
        for client in clients:
            by_issuer.setdefault(client.registration.issuer, []).append(client)
        self._clients = tuple(clients)
        self._by_issuer: Mapping[str, list[Client]] = by_issuer
        self._public_url = public_url
        self._replays = replays
        self._clock = clock

    def prepare(self) -> None:
        """Have every key set at hand; to be called before the workers are made."""
        for client in self._clients:
            client.keys.prepare()

    def refresh(self) -> None:
        """Ask for keys that have grown old; run in the background."""
        for client in self._clients:
            client.keys.refresh()

    def can_prove_anybody(self) -> bool:
        """Say whether there is an EHR whose calls can be proven at the moment."""
        return any(client.keys.is_ready for client in self._clients)

    def without_keys(self) -> tuple[str, ...]:
        """Name the EHRs none of whose calls can be proven at the moment."""
        return tuple(client.ehr.name for client in self._clients if not client.keys.is_ready)

    def caller(self, token: str, path: str) -> Ehr:
        """Prove who sent a token to a path, and use the token up.

        Raises:
            TokenRefused: why; the answer to the caller is the same for every reason.
            StorageUnavailable: it could not be said whether the token was used before.

        """
        header, claims = unverified(token)
        client = self._client(claims)
        registration, name = client.registration, client.ehr.name
        if header.alg not in registration.algorithms:
            raise TokenRefused(Reason.ALGORITHM, name)
        if not isinstance(header.jku, UnsetType) and registration.jwks_url not in {
            None,
            header.jku,
        }:
            raise TokenRefused(Reason.KEY_ADDRESS, name)
        _check_times(claims, self._clock(), name)
        accepted = registration.audience or (self._public_url + path,)
        if not set(claims.audiences) & set(accepted):
            raise TokenRefused(Reason.AUDIENCE, name)
        _check_signature(token, header, client.keys.key(header.kid), name)
        if not self._replays.remember(claims.iss, claims.jti, claims.exp):
            raise TokenRefused(Reason.REPLAYED, name, claims.jti)
        return client.ehr

    def _client(self, claims: Claims) -> Client:
        clients = self._by_issuer.get(claims.iss)
        if clients is None:
            raise TokenRefused(Reason.ISSUER)
        for client in clients:
            if client.registration.tenant in {"", claims.tenant}:
                return client
        raise TokenRefused(Reason.TENANT, clients[0].ehr.name)


def _check_times(claims: Claims, now: float, name: str) -> None:
    if claims.exp <= now - LEEWAY_SECONDS:
        raise TokenRefused(Reason.EXPIRED, name)
    not_before = claims.iat if isinstance(claims.nbf, UnsetType) else claims.nbf
    if max(claims.iat, not_before) > now + LEEWAY_SECONDS:
        raise TokenRefused(Reason.FROM_THE_FUTURE, name)
    if not 0 < claims.exp - claims.iat <= LONGEST_LIFE_SECONDS:
        raise TokenRefused(Reason.LIVES_TOO_LONG, name)


def _check_signature(token: str, header: Header, key: VerifyingKey | None, name: str) -> None:
    if key is None:
        raise TokenRefused(Reason.UNKNOWN_KEY, name)
    if header.alg not in key.algorithms:
        raise TokenRefused(Reason.ALGORITHM, name)
    try:
        _signatures.decode_complete(token, key.public_key, algorithms=[header.alg])
    except PyJWTError:
        raise TokenRefused(Reason.SIGNATURE, name) from None
