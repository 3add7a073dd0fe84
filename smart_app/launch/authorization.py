"""OAuth 2 with one EHR, by Authlib: the way to its login, the code for tokens, tokens renewed."""

import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from fhir_access.addresses import is_fhir_id
from fhir_access.deadline import Deadline
from fhir_access.errors import AddressRefused, FetchFailed
from fhir_access.token_endpoint import TokenEndpoint
from smart_app.launch.discovery import SmartConfiguration
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration
from smart_app.sessions.contents import PendingLaunch

_UNSAID_SECONDS: Final = 300  # how long a token counts whose server does not say
_LONGEST_SECONDS: Final = 24 * 3600
_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,20000}\Z")
_SCOPES: Final = re.compile(r"[\x20-\x7e]{0,8000}\Z")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a token endpoint gave. ``ends_at``: seconds since 1970."""

    access_token: str = field(repr=False)
    ends_at: int
    refresh_token: str | None = field(repr=False)
    scopes: str | None  # None: not said, so as asked
    said: dict[str, Any] = field(repr=False)  # all of it: context, and nothing of it trusted


def authorization_address(
    ehr: Registration,
    configuration: SmartConfiguration,
    launch: PendingLaunch,
    *,
    redirect_uri: str,
    ehr_launch: str | None,
) -> str:
    """Give the address of the EHR's login for one launch.

    Args:
        ehr: where the chart is.
        configuration: its authorization server.
        launch: what is kept of it meanwhile.
        redirect_uri: where the browser comes back, as registered.
        ehr_launch: the ``launch`` that the EHR gave; None: standalone.

    """
    client = OAuth2Client(
        None,
        ehr.client_id,
        scope=launch.asked_scopes,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
    address, _ = client.create_authorization_url(
        configuration.authorization_endpoint,
        state=launch.state,
        code_verifier=launch.code_verifier,
        nonce=launch.nonce,
        aud=ehr.fhir_base,
        launch=ehr_launch,
    )
    return str(address)


def tokens_for_code(
    ehr: Registration, launch: PendingLaunch, code: str, redirect_uri: str, deadline: Deadline
) -> Tokens:
    """Exchange a code, once; raises LaunchProblem."""
    client = _client(ehr, launch.token_endpoint, deadline, redirect_uri)
    return _tokens(
        lambda: client.fetch_token(
            launch.token_endpoint,
            grant_type="authorization_code",
            code=code,
            code_verifier=launch.code_verifier,
        ),
        Problem.CODE_REFUSED,
    )


def renewed_tokens(
    ehr: Registration, token_endpoint: str, refresh_token: str, deadline: Deadline
) -> Tokens:
    """Renew an access token; the refresh token of the answer replaces the one that was shown.

    Raises:
        LaunchProblem: it is refused, or the server cannot be reached.

    """
    client = _client(ehr, token_endpoint, deadline)
    return _tokens(
        lambda: client.refresh_token(token_endpoint, refresh_token=refresh_token),
        Problem.SESSION_OVER,
    )


def patient_of(tokens: Tokens) -> str:
    """Give the id of the patient whose chart was opened; raises LaunchProblem."""
    patient_id = tokens.said.get("patient")
    if not isinstance(patient_id, str) or not is_fhir_id(patient_id):
        raise LaunchProblem(Problem.NO_PATIENT)
    return patient_id


def _client(
    ehr: Registration, token_endpoint: str, deadline: Deadline, redirect_uri: str | None = None
) -> OAuth2Client:
    try:
        endpoint = TokenEndpoint(token_endpoint, ehr.network, deadline)
    except AddressRefused:
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "token_endpoint unusable") from None
    method = "client_secret_basic" if ehr.client_secret else "none"
    if ehr.client_key is not None:
        method = "private_key_jwt"
    client = OAuth2Client(
        endpoint,
        ehr.client_id,
        ehr.client_secret,
        token_endpoint_auth_method=method,
        redirect_uri=redirect_uri,
    )
    if ehr.client_key is not None:
        client.register_client_auth_method(ehr.client_key.proof(token_endpoint))
    return client


def _tokens(ask: Any, refused: Problem) -> Tokens:  # noqa: ANN401 (the library has no types)
    try:
        said = ask()
    except AuthlibBaseError as error:
        detail = error.error if error.error in _KNOWN_ERRORS else "error of no known kind"
        raise LaunchProblem(refused, str(detail)) from None
    except FetchFailed as failed:
        raise LaunchProblem(Problem.EHR_NOT_REACHED, f"token {failed.fault}") from None
    except (ValueError, TypeError, OverflowError):
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "token answer unreadable") from None
    return _read(dict(said))


_KNOWN_ERRORS: Final = frozenset(
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


def _read(said: dict[str, Any]) -> Tokens:
    kind, access_token = said.get("token_type"), said.get("access_token")
    bearer = isinstance(kind, str) and kind.lower() == "bearer"
    if not bearer or not isinstance(access_token, str) or not _TOKEN.match(access_token):
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "no bearer token")
    refresh_token, scopes = said.get("refresh_token"), said.get("scope")
    if not isinstance(refresh_token, str) or not refresh_token:
        refresh_token = None
    if scopes is not None and not (isinstance(scopes, str) and _SCOPES.match(scopes)):
        raise LaunchProblem(Problem.EHR_NOT_USABLE, "scope unreadable")
    return Tokens(access_token, _ends_at(said.get("expires_in")), refresh_token, scopes, said)


def _ends_at(seconds: object) -> int:
    given = _UNSAID_SECONDS
    if isinstance(seconds, int | float) and seconds > 0:  # not so: NaN
        given = int(min(seconds, _LONGEST_SECONDS))
    return int(time.time()) + given
