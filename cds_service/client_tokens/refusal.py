"""Why a token was refused: for the log of the service, never for the caller."""

from enum import StrEnum

from hcc_pathway.errors import HccCdsError


class Reason(StrEnum):
    """The reasons; a caller cannot tell them apart."""

    ABSENT = "no bearer token"
    TOO_LONG = "token is too long"
    MALFORMED = "not a signed token of three parts"
    TYPE = "typ is not JWT"
    ALGORITHM = "algorithm is not one of the site file"
    HEADER_EXTENSION = "header asks for an extension (crit, b64)"
    OWN_KEY = "header brings a key of its own (jwk, x5u)"
    KEY_ADDRESS = "jku is not the jwks_url of the site file"
    KEY_ID = "kid is absent or not a short text"
    UNKNOWN_KEY = "kid names no key of this issuer"
    CLAIMS = "a required claim is absent or of a wrong type"
    ISSUER = "issuer is in no block of the site file"
    TENANT = "tenant is not that of the site file"
    SIGNATURE = "signature does not fit"
    AUDIENCE = "audience is not the address that was called"
    EXPIRED = "expired"
    FROM_THE_FUTURE = "issued in the future, or not valid yet"
    LIVES_TOO_LONG = "is valid for longer than an hour"
    REPLAYED = "was used before"


class TokenRefused(HccCdsError):  # noqa: N818 (the name says what happened)
    """A token that proves nothing: why, and of which EHR where its block is known."""

    def __init__(self, reason: Reason, ehr: str = "", token_id: str = "") -> None:
        """Keep what the log may hold: never the token itself."""
        super().__init__(reason.value)
        self.reason = reason
        self.ehr = ehr
        self.token_id = token_id


class KeysUnavailable(HccCdsError):  # noqa: N818 (the name says what happened)
    """A key set that could not be had or holds no key that can be used."""
