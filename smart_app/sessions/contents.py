"""What stands in a session: a launch under way, or the chart that was opened."""

from datetime import date
from typing import ClassVar

import msgspec


class PendingLaunch(msgspec.Struct, frozen=True, kw_only=True, tag="launch"):
    """A launch that waits for the authorization server; used once.

    The addresses are those that discovery gave for this launch, so that nothing which changes
    meanwhile can send its code elsewhere.
    """

    ehr_name: str
    fhir_base: str
    client_id: str
    state: str
    nonce: str
    code_verifier: str
    asked_scopes: str
    token_endpoint: str
    issuer: str | None
    jwks_uri: str | None
    answer_names_issuer: bool = False  # the server said that its answer will (RFC 9207)

    def __repr__(self) -> str:
        """Show nothing: it holds what only its browser and the server may know."""
        return "PendingLaunch(...)"


class WrittenFact(msgspec.Struct, frozen=True):
    """An answer that was sent to the EHR, and where it stands there.

    ``source`` is "Observation/x", the type alone where the EHR did not say, or ``NOT_KNOWN``.
    """

    NOT_KNOWN: ClassVar[str] = "?"

    kind: str
    said: str
    day: date
    source: str


class OpenSession(msgspec.Struct, frozen=True, kw_only=True, tag="open"):
    """One patient's chart, opened for one clinician. Times are seconds since 1970.

    Name, base and client are those of the EHR's block when it was opened: a token goes nowhere
    else, whatever block has the name later.
    """

    ehr_name: str
    fhir_base: str
    client_id: str
    patient_id: str
    clinician: str | None
    asked_scopes: str
    granted_scopes: str
    access_token: str
    token_ends_at: int
    refresh_token: str | None
    token_endpoint: str
    form_token: str
    answers: bytes = b""
    written: dict[str, WrittenFact] = {}  # what was sent to the EHR, by its digest

    def __repr__(self) -> str:
        """Show nothing: it holds tokens and a patient."""
        return "OpenSession(...)"


Content = PendingLaunch | OpenSession
_decoder: msgspec.msgpack.Decoder[Content] = msgspec.msgpack.Decoder(Content)


def encode(content: Content) -> bytes:
    """Write a session."""
    return msgspec.msgpack.encode(content)


def decode(raw: bytes) -> Content | None:
    """Read a session; None: one of another version of the service."""
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        return None
