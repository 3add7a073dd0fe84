"""The id_token: who the clinician is, proven by a signature of the authorization server."""

import json
import re
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from fhir_access.addresses import is_fhir_id
from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import FetchFailed
from fhir_access.guarded_session import GuardedSession
from smart_app.launch.problems import LaunchProblem, Problem
from smart_app.launch.registrations import Registration
from smart_app.sessions.contents import PendingLaunch

_LEEWAY_SECONDS: Final = 30
_MOST_BYTES: Final = 500_000
_MOST_KEYS: Final = 100
_LONGEST_TOKEN: Final = 20_000
_SHORTEST_MODULUS: Final = 342  # 2048 bits in base64url
_FHIR_USER: Final = re.compile(r"(Practitioner|PractitionerRole)/[A-Za-z0-9\-.]{1,64}\Z")
# what each kind of key may verify; the token has a say in which of them, and in nothing else
_ALGORITHMS: Final = {
    ("RSA", None): ("RS256", "RS384"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
}
_UNPROVEN: Final = (JoseError, ValueError, TypeError, KeyError, RecursionError)


def clinician_of(
    id_token: object,
    launch: PendingLaunch,
    ehr: Registration,
    access_token: str,
    deadline: Deadline,
) -> str | None:
    """Give "Practitioner/x" of whoever opened the chart; None where the EHR does not say.

    Raises:
        LaunchProblem: something was said and is not proven.

    """
    if id_token is None or launch.jwks_uri is None or launch.issuer is None:
        return None
    if not isinstance(id_token, str) or len(id_token) > _LONGEST_TOKEN:
        raise LaunchProblem(Problem.IDENTITY_NOT_PROVEN, "id_token unreadable")
    document = _key_set(launch.jwks_uri, ehr, deadline)
    try:
        claims = _verified(id_token, document)
        claims.options = {
            "iss": {"essential": True, "value": launch.issuer},
            "aud": {"essential": True, "value": ehr.client_id},
        }
        claims.params = {
            "nonce": launch.nonce,
            "client_id": ehr.client_id,
            "access_token": access_token,
        }
        claims.validate(leeway=_LEEWAY_SECONDS)
    except _UNPROVEN as error:
        detail = f"id_token {type(error).__name__}"
        raise LaunchProblem(Problem.IDENTITY_NOT_PROVEN, detail) from None
    return _fhir_user(claims, ehr)


def _key_set(address: str, ehr: Registration, deadline: Deadline) -> bytes:
    session = GuardedSession(address, ehr.network)
    try:
        return session.get(
            address.removeprefix(session.base),  # a final slash, where there is one
            deadline=deadline,
            budget=ByteBudget(_MOST_BYTES),
            accept="application/jwk-set+json, application/json",
        )
    except FetchFailed as failed:
        raise LaunchProblem(Problem.EHR_NOT_REACHED, f"keys {failed.fault}") from None


def _verified(id_token: str, document: bytes) -> CodeIDToken:
    """Check the signature; a key that the token brings or points to is never looked at."""
    header = jws.extract_compact(id_token.encode("ascii")).headers()
    key, algorithms = _key(header.get("kid"), json.loads(document))
    token = jwt.decode(id_token, key, algorithms=algorithms)
    return CodeIDToken(token.claims, token.header)


def _key(key_id: object, document: Any) -> tuple[ECKey | RSAKey, tuple[str, ...]]:  # noqa: ANN401 (whatever the server sent)
    """Choose the key that the token names, or the only one; raises ValueError and its like."""
    entries = document["keys"][:_MOST_KEYS]
    usable = [entry for entry in entries if isinstance(entry, dict) and _is_usable(entry)]
    if key_id is not None:
        usable = [entry for entry in usable if entry.get("kid") == key_id]
    if len(usable) != 1:
        message = "no key, or no single one"
        raise ValueError(message)
    kind = _kind(usable[0])
    public = {name: said for name, said in usable[0].items() if name != "key_ops"}
    key = (RSAKey if kind[0] == "RSA" else ECKey).import_key(public)
    own = usable[0].get("alg")
    return key, tuple(one for one in _ALGORITHMS[kind] if own in {None, one})


def _is_usable(entry: dict[str, Any]) -> bool:
    if entry.get("use", "sig") != "sig" or _kind(entry) not in _ALGORITHMS:
        return False
    return entry.get("kty") != "RSA" or len(str(entry.get("n"))) >= _SHORTEST_MODULUS


def _kind(entry: dict[str, Any]) -> tuple[str, str | None]:
    curve = entry.get("crv")
    return str(entry.get("kty")), None if curve is None else str(curve)


def _fhir_user(claims: CodeIDToken, ehr: Registration) -> str | None:
    """Take the clinician's own resource of this EHR; an address elsewhere says nothing here."""
    said = claims.get("fhirUser") or claims.get("profile")
    if not isinstance(said, str):
        return None
    reference = said.removeprefix(f"{ehr.fhir_base}/")
    is_plain = _FHIR_USER.match(reference) and is_fhir_id(reference.partition("/")[2])
    return reference if is_plain else None
