"""The id_token: every claim and every key that is not as it should be opens nothing."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from joserfc.jwk import ECKey, RSAKey

from tests.fetching.fault_server import reply
from tests.smart_launch.app_and_browser import Browser
from tests.smart_launch.told_ehr import JSON, ToldEhr, rsa_key, signing_key

NOW = int(time.time())


def assert_opens_nothing(browser: Browser) -> None:
    answer = browser.open()
    assert (answer.status_code, "identity-not-proven" in answer.text) == (403, True)
    assert browser.page().status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-app"},
        {"aud": ["another-app"]},
        {"aud": None},
        {"aud": ["hcc-app", "another-app"]},  # without azp
        {"aud": ["hcc-app", "another-app"], "azp": "another-app"},
        {"exp": NOW - 3600},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": NOW + 3600},
        {"iat": None},
        {"nbf": NOW + 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"at_hash": "AAAA"},
    ],
)
def test_a_claim_that_is_not_as_it_should_be(
    browser: Browser, ehr: ToldEhr, claims: dict[str, Any]
) -> None:
    ehr.claims = claims
    assert_opens_nothing(browser)


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def resigned(header: dict[str, Any], key: Any) -> Callable[[str], str]:  # noqa: ANN401 (any key)
    def sign(token: str) -> str:
        claims = jwt.decode(token, options={"verify_signature": False})
        return jwt.encode(claims, key.private_key, header["alg"], headers=header)

    return sign


def unsigned(header: dict[str, Any]) -> Callable[[str], str]:
    return lambda token: f"{part(header)}.{token.split('.')[1]}."


def with_the_public_key_as_a_secret(token: str) -> str:
    signed = f"{part({'alg': 'HS256', 'kid': 'ehr-2'})}.{token.split('.')[1]}"
    digest = hmac.digest(rsa_key().as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{urlsafe_b64encode(digest).rstrip(b'=').decode()}"


STRANGER = ECKey.generate_key("P-384")
OWN = STRANGER.as_dict(private=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "alter",
    [
        unsigned({"alg": "none"}),
        unsigned({"alg": "None", "kid": "ehr-1"}),
        resigned({"alg": "ES384", "kid": "ehr-1"}, STRANGER),
        resigned({"alg": "ES384", "kid": "unknown"}, signing_key()),
        resigned({"alg": "ES384"}, signing_key()),  # two keys: which?
        resigned({"alg": "ES384", "kid": "ehr-1", "jwk": OWN}, STRANGER),
        resigned({"alg": "RS256", "kid": "ehr-1"}, RSAKey.generate_key(2048)),
        resigned({"alg": "RS384", "kid": "ehr-2"}, rsa_key()),  # the key says RS256
        with_the_public_key_as_a_secret,
        lambda token: token[:-2],
        lambda token: token + ".x",
        lambda token: ".".join([token.split(".")[0], part({"sub": "x"}), token.split(".")[2]]),
        lambda token: part([]) + token[token.index(".") :],
        lambda token: part({"alg": "ES384", "kid": ["ehr-1"]}) + token[token.index(".") :],
        lambda token: (
            part({"alg": "ES384", "kid": "ehr-1", "crit": ["x"]}) + token[token.index(".") :]
        ),
    ],
)
def test_a_signature_that_is_not_the_servers(
    browser: Browser, ehr: ToldEhr, alter: Callable[[str], str]
) -> None:
    ehr.alter_id_token = alter
    assert_opens_nothing(browser)


@pytest.mark.slow
@pytest.mark.parametrize(
    "key_set",
    [
        {"keys": []},
        {"keys": None},
        {"keys": ["x", 7]},
        {},
        [],
        {"keys": [signing_key().as_dict(private=False) | {"use": "enc"}]},
        {"keys": [signing_key().as_dict(private=False) | {"alg": "ES256"}]},
        {"keys": [signing_key().as_dict(private=False) | {"x": "AAAA"}]},
        {"keys": [signing_key().as_dict(private=False)] * 2},
        {"keys": [rsa_key().as_dict(private=False) | {"kid": "ehr-1", "n": "AQAB"}]},
        {"keys": [{"kty": "oct", "k": "AAAA", "kid": "ehr-1"}]},
    ],
)
def test_a_key_set_without_the_key(browser: Browser, ehr: ToldEhr, key_set: object) -> None:
    ehr.faults["/keys"] = lambda _: reply(key_set, content_type=JSON)
    assert_opens_nothing(browser)


def test_a_token_without_a_key_id_is_checked_with_the_only_key(
    browser: Browser, ehr: ToldEhr
) -> None:
    ehr.alter_id_token = resigned({"alg": "ES384"}, signing_key())
    only = {"keys": [signing_key().as_dict(private=False)]}
    ehr.faults["/keys"] = lambda _: reply(only, content_type=JSON)
    assert browser.open().status_code == 303


def clinician(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie("hcc-smart")
    assert cookie is not None
    found = browser.client.application.extensions["smart_sessions"].find(cookie.value)
    said: str | None = found.session.clinician
    return said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("claims", "who"),
    [
        ({}, "Practitioner/dr-1"),
        ({"fhirUser": "Practitioner/dr-2"}, "Practitioner/dr-2"),
        ({"fhirUser": None, "profile": "Practitioner/dr-3"}, "Practitioner/dr-3"),
        ({"fhirUser": "PractitionerRole/r-1"}, "PractitionerRole/r-1"),
        ({"fhirUser": "https://elsewhere.example/fhir/Practitioner/dr-1"}, None),
        ({"fhirUser": "Patient/p1"}, None),
        ({"fhirUser": "Practitioner/../Patient/p1"}, None),
        ({"fhirUser": "Practitioner/dr-1\n"}, None),
        ({"fhirUser": 7}, None),
        ({"fhirUser": None}, None),
    ],
)
def test_who_the_clinician_is(
    browser: Browser, ehr: ToldEhr, claims: dict[str, Any], who: str | None
) -> None:
    ehr.claims = claims
    assert browser.open().status_code == 303
    assert clinician(browser) == who


@pytest.mark.parametrize("lacking", ["issuer", "jwks_uri"])
def test_an_ehr_that_proves_nobody_opens_the_chart_for_nobody_in_particular(
    browser: Browser, ehr: ToldEhr, lacking: str
) -> None:
    ehr.configuration = {lacking: None}
    assert browser.open().status_code == 303
    assert clinician(browser) is None
    assert browser.page().status_code == 200
