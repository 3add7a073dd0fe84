"""A launch from the EHR's link to an opened chart, step by step."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from authlib.common.security import generate_token

from fhir_access.deadline import Deadline
from smart_app.launch.authorization import (
    Tokens,
    authorization_address,
    patient_of,
    tokens_for_code,
)
from smart_app.launch.discovery import Discovery, SmartConfiguration
from smart_app.launch.identity import clinician_of
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration, Registrations
from smart_app.launch.scopes import scopes_to_ask
from smart_app.opened_chart import CHART_FIELD, chart_mark
from smart_app.sessions.contents import OpenSession, PendingLaunch
from smart_app.sessions.sessions import Sessions

LAUNCH_SECONDS: Final = 4.0  # for all that one request asks of an EHR
CALLBACK_SECONDS: Final = 6.0
_LONGEST_PARAMETER: Final = 4000
_VERIFIER_LENGTH: Final = 64
_DENIED: Final = frozenset({"access_denied", "consent_required", "interaction_required"})


@dataclass(frozen=True, slots=True)
class Begun:
    """A launch that goes on at the EHR's login."""

    login_address: str
    state: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Finished:
    """An opened chart: the id of its session, and the address that shows this chart alone."""

    session_id: str = field(repr=False)
    page_address: str


class Launching:
    """Launches from every EHR that the site file lists."""

    def __init__(self, registrations: Registrations, sessions: Sessions, public_url: str) -> None:
        """``public_url``: what the addresses that are registered at EHRs begin with."""
        self._registrations = registrations
        self._sessions = sessions
        self._discovery = Discovery()
        self.redirect_uri = f"{public_url}/smart/callback"
        self.page_address = f"{public_url}/smart/"

    def begin(self, parameters: Mapping[str, str]) -> Begun:
        """Begin a launch: ``iss``, and ``launch`` where an EHR opens the page.

        Raises:
            LaunchProblem: the link is incomplete, its EHR is not listed, or cannot be used.

        """
        issuer, ehr_launch = parameters.get("iss", ""), parameters.get("launch")
        if not issuer or any(len(one) > _LONGEST_PARAMETER for one in parameters.values()):
            raise LaunchProblem(Problem.LINK_INCOMPLETE)
        ehr = self._registrations.of_issuer(issuer)
        if ehr is None:
            raise LaunchProblem(Problem.UNKNOWN_EHR)
        configuration = self._discovery.of(ehr, Deadline.after(LAUNCH_SECONDS))
        asked = scopes_to_ask(
            ehr.scopes,
            standalone=not ehr_launch,
            v1_only=configuration.knows_v1_scopes_only,
        )
        launch = _pending(ehr, configuration, asked)
        address = authorization_address(
            ehr,
            configuration,
            launch,
            redirect_uri=self.redirect_uri,
            ehr_launch=ehr_launch or None,
        )
        return Begun(address, launch.state, self._sessions.begin(launch))

    def finish(self, launch_id: str | None, parameters: Mapping[str, str]) -> Finished:
        """Open the chart that the authorization server names.

        Args:
            launch_id: from the cookie that belongs to the ``state`` of the parameters.
            parameters: what came back with the browser: ``state``, ``code`` or ``error``, ``iss``.

        Raises:
            LaunchProblem: anything is not as it was when this launch began.

        """
        launch = None if launch_id is None else self._sessions.take_launch(launch_id)
        state = parameters.get("state", "")
        if launch is None or not secrets.compare_digest(launch.state.encode(), state.encode()):
            raise LaunchProblem(Problem.NOT_BEGUN_HERE)
        ehr = self._registrations.of(launch)
        if ehr is None:
            raise LaunchProblem(Problem.UNKNOWN_EHR)
        code = _code(parameters, launch)
        deadline = Deadline.after(CALLBACK_SECONDS)
        tokens = tokens_for_code(ehr, launch, code, self.redirect_uri, deadline)
        clinician = clinician_of(
            tokens.said.get("id_token"), launch, ehr, tokens.access_token, deadline
        )
        session = _session(ehr, launch, tokens, clinician)
        address = f"{self.page_address}?{CHART_FIELD}={chart_mark(session.form_token)}"
        return Finished(self._sessions.open(session), address)


def _pending(ehr: Registration, configuration: SmartConfiguration, asked: str) -> PendingLaunch:
    return PendingLaunch(
        ehr_name=ehr.ehr_name,
        fhir_base=ehr.fhir_base,
        client_id=ehr.client_id,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        code_verifier=generate_token(_VERIFIER_LENGTH),
        asked_scopes=asked,
        token_endpoint=configuration.token_endpoint,
        issuer=configuration.issuer,
        jwks_uri=configuration.jwks_uri,
        answer_names_issuer=configuration.answer_names_issuer,
    )


def _code(parameters: Mapping[str, str], launch: PendingLaunch) -> str:
    """Give the code that came back; what it says in words is never shown."""
    error = parameters.get("error")
    if error is not None:
        problem = Problem.ACCESS_DENIED if error in _DENIED else Problem.NOT_AUTHORIZED
        raise LaunchProblem(problem)
    said_issuer = parameters.get("iss")
    # an issuer that cannot be held against anything may be that of another EHR's server
    if (said_issuer is not None or launch.answer_names_issuer) and said_issuer != launch.issuer:
        raise LaunchProblem(Problem.NOT_BEGUN_HERE, "issuer of the answer")
    code = parameters.get("code", "")
    if not code:
        raise LaunchProblem(Problem.NOT_AUTHORIZED, "no code")
    return code


def _session(
    ehr: Registration, launch: PendingLaunch, tokens: Tokens, clinician: str | None
) -> OpenSession:
    return OpenSession(
        ehr_name=ehr.ehr_name,
        fhir_base=ehr.fhir_base,
        client_id=ehr.client_id,
        patient_id=patient_of(tokens),
        clinician=clinician,
        asked_scopes=launch.asked_scopes,
        granted_scopes=launch.asked_scopes if tokens.scopes is None else tokens.scopes,
        access_token=tokens.access_token,
        token_ends_at=tokens.ends_at,
        refresh_token=tokens.refresh_token,
        token_endpoint=launch.token_endpoint,
        form_token=secrets.token_urlsafe(32),
    )
