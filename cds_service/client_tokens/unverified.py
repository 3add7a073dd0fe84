"""A token as it was sent: its header and claims, strictly typed, nothing of it proven yet."""

import base64
import json
from typing import Annotated, NoReturn

import msgspec
from msgspec import UNSET, Meta, UnsetType

from cds_service.client_tokens.refusal import Reason, TokenRefused

LONGEST_TOKEN_BYTES = 6000
_PARTS = 3
_END_OF_TIMES = 1e11
_Text = Annotated[str, Meta(min_length=1, max_length=512)]
_Seconds = int | float


class Header(msgspec.Struct, frozen=True):
    """The members of a header that are read; further ones (x5t, cty) decide nothing."""

    alg: str
    kid: Annotated[str, Meta(min_length=1, max_length=256)]
    typ: str = "JWT"
    jku: str | UnsetType = UNSET


class Claims(msgspec.Struct, frozen=True):
    """The claims that are read; ``sub`` and others decide nothing. Times: seconds since 1970."""

    iss: _Text
    aud: str | tuple[str, ...]
    exp: _Seconds
    iat: _Seconds
    jti: Annotated[str, Meta(min_length=1, max_length=256)]
    nbf: _Seconds | UnsetType = UNSET
    tenant: str | UnsetType = UNSET

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences, whether they came as one text or as a list."""
        return (self.aud,) if isinstance(self.aud, str) else self.aud


def unverified(token: str) -> tuple[Header, Claims]:
    """Read a token without proving anything.

    Raises:
        TokenRefused: it is not a signed token, asks for something that is never done, or lacks
            what every client token has.

    """
    if len(token) > LONGEST_TOKEN_BYTES:
        raise TokenRefused(Reason.TOO_LONG)
    parts = token.split(".")
    if len(parts) != _PARTS or not all(parts):
        raise TokenRefused(Reason.MALFORMED)
    header, claims = _members(parts[0]), _members(parts[1])
    return _header(header), _claims(claims)


def _members(part: str) -> dict[str, object]:
    try:
        # one spelling of one content: bits beyond the last byte would allow many
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), b"-_", validate=True)
        if base64.urlsafe_b64encode(decoded).rstrip(b"=") != part.encode("ascii"):
            raise TokenRefused(Reason.MALFORMED)
        found = json.loads(
            decoded.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise TokenRefused(Reason.MALFORMED) from None
    if not isinstance(found, dict):
        raise TokenRefused(Reason.MALFORMED)
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise TokenRefused(Reason.MALFORMED)
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise TokenRefused(Reason.MALFORMED)


def _header(members: dict[str, object]) -> Header:
    if "crit" in members or "b64" in members:
        raise TokenRefused(Reason.HEADER_EXTENSION)
    if "jwk" in members or "x5u" in members:
        raise TokenRefused(Reason.OWN_KEY)
    try:
        header = msgspec.convert(members, Header)
    except msgspec.ValidationError:
        reason = Reason.ALGORITHM if not isinstance(members.get("alg"), str) else Reason.KEY_ID
        raise TokenRefused(reason) from None
    if header.typ.upper() != "JWT":
        raise TokenRefused(Reason.TYPE)
    return header


def _claims(members: dict[str, object]) -> Claims:
    try:
        claims = msgspec.convert(members, Claims)
    except msgspec.ValidationError:
        raise TokenRefused(Reason.CLAIMS) from None
    # a jti is stored and logged: no control characters, no half of a surrogate pair
    if not claims.jti.isprintable():
        raise TokenRefused(Reason.CLAIMS)
    nbf = 0 if isinstance(claims.nbf, UnsetType) else claims.nbf
    # also where a number is infinite, or an integer of thousands of digits
    if not all(0 <= seconds < _END_OF_TIMES for seconds in (claims.exp, claims.iat, nbf)):
        raise TokenRefused(Reason.CLAIMS)
    return claims
