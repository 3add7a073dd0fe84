"""What an EHR says of its authorization server, at hosts that the site file allows."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from fhir_access.addresses import checked_base
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import AddressRefused, FetchFailed
from fhir_access.guarded_session import GuardedSession
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration

_PLACE: Final = "/.well-known/smart-configuration"
_MOST_BYTES: Final = 200_000
_FRESH_SECONDS: Final = 600.0
_QUERY: Final = re.compile(r"[\x21-\x7e]{0,1000}\Z")


class _Document(msgspec.Struct):
    authorization_endpoint: str
    token_endpoint: str
    issuer: str | None = None
    jwks_uri: str | None = None
    capabilities: tuple[str, ...] = ()
    code_challenge_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False


_document: Final = msgspec.json.Decoder(_Document)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartConfiguration:
    """The authorization server of one EHR. Every address lies on an allowed host."""

    authorization_endpoint: str
    token_endpoint: str
    issuer: str | None
    jwks_uri: str | None
    knows_v1_scopes_only: bool
    answer_names_issuer: bool


class Discovery:
    """Reads what EHRs say, and keeps it for ten minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock``: seconds, for the age of what is kept."""
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, SmartConfiguration]] = {}

    def of(self, ehr: Registration, deadline: Deadline) -> SmartConfiguration:
        """Give the configuration of an EHR.

        Raises:
            LaunchProblem: it cannot be had, or nothing safe can be done with it.

        """
        with self._lock:
            kept_at, kept = self._kept.get(ehr.fhir_base, (0.0, None))
        if kept is not None and self._clock() - kept_at < _FRESH_SECONDS:
            return kept
        found = _read(_fetch(ehr, deadline), ehr)
        with self._lock:
            self._kept[ehr.fhir_base] = (self._clock(), found)
        return found


def _fetch(ehr: Registration, deadline: Deadline) -> bytes:
    session = GuardedSession(ehr.fhir_base, ehr.network)
    budget = ByteBudget(_MOST_BYTES)
    try:
        return session.get(_PLACE, deadline=deadline, budget=budget, accept="application/json")
    except FetchFailed as failed:
        raise LaunchProblem(Problem.EHR_NOT_REACHED, f"configuration {failed.fault}") from None


def _read(body: bytes, ehr: Registration) -> SmartConfiguration:
    try:
        said = _document.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "configuration unreadable") from None
    methods = said.code_challenge_methods_supported
    if methods is not None and "S256" not in methods:
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "no PKCE with S256")
    page, mark, query = said.authorization_endpoint.partition("?")
    if _QUERY.match(query) is None or "#" in query:
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "authorization_endpoint unusable")
    jwks_uri = None
    if said.jwks_uri is not None:
        jwks_uri = _allowed(said.jwks_uri, ehr, "jwks_uri")
    v1, v2 = ("permission-v1" in said.capabilities, "permission-v2" in said.capabilities)
    return SmartConfiguration(
        authorization_endpoint=_allowed(page, ehr, "authorization_endpoint") + mark + query,
        token_endpoint=_allowed(said.token_endpoint, ehr, "token_endpoint"),
        issuer=None if said.issuer is None else _allowed(said.issuer, ehr, "issuer"),
        jwks_uri=jwks_uri,
        knows_v1_scopes_only=v1 and not v2,
        answer_names_issuer=said.authorization_response_iss_parameter_supported,
    )


def _allowed(address: str, ehr: Registration, which: str) -> str:
    """Take an address as it was said, if it is plain and on a host of this EHR."""
    try:
        checked_base(address)
    except AddressRefused:
        raise LaunchProblem(Problem.EHR_NOT_USABLE, f"{which} unusable") from None
    if not ehr.may_authorize(address):
        raise LaunchProblem(Problem.EHR_NOT_USABLE, f"{which} on a host not listed")
    return address
