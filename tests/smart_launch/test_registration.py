"""The SMART client of a site file: what starts, what stops the start in one clear line."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from cds_service.app import create_app
from cds_service.settings import read_settings
from cds_service.site_file import SiteFileError
from smart_app.launch.client_keys import ClientKey, read_client_key

BLOCK = """
[[ehr]]
name = "a"
fhir_base = "https://a.example/fhir"
[ehr.smart]
client_id = "hcc"
"""


def short_rsa_key() -> bytes:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 (to be refused)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def start(folder: Path, smart: str, **environment: str) -> None:
    (folder / "site.toml").write_text(BLOCK + smart)
    given = {"HCC_CDS_MODE": "demo", "HCC_CDS_SITE_FILE": str(folder / "site.toml")}
    create_app(read_settings(given | environment))


def refusal(folder: Path, smart: str, **environment: str) -> str:
    with pytest.raises(SiteFileError) as refused:
        start(folder, smart, **environment)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(str(folder / "site.toml"))
    return message


@pytest.mark.parametrize("secret", [None, "", "line\nbreak", "höher"])
def test_a_secret_that_is_not_there_stops_the_start(tmp_path: Path, secret: str | None) -> None:
    environment = {} if secret is None else {"EHR_SECRET": secret}
    said = refusal(tmp_path, 'client_secret_env = "EHR_SECRET"', **environment)
    assert "ehr[0].smart.client_secret_env" in said
    assert "'EHR_SECRET' holds no secret" in said
    assert not secret or secret not in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "No such file or directory"),
        (b"", "no private key"),
        (b"rubbish", "no private key"),
        (b"{}", "no private key"),
        (b'{"kty": "oct", "k": "AAAA"}', "no private key"),
        (ECKey.generate_key("P-384").as_pem(private=False), "public key"),
        (ECKey.generate_key("P-256").as_pem(private=True), "P-256: ES384 needs P-384"),
        (short_rsa_key(), "fewer than 2048 bits"),
        (OKPKey.generate_key("Ed25519").as_pem(private=True), "no private key"),
    ],
    ids=[
        "absent",
        "empty",
        "rubbish",
        "empty object",
        "symmetric",
        "public",
        "P-256",
        "short RSA",
        "Ed25519",
    ],
)
def test_a_key_that_cannot_be_used_stops_the_start(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    said = refusal(tmp_path, 'private_key_file = "key.pem"')
    assert "ehr[0].smart.private_key_file" in said
    assert why in said


@pytest.mark.parametrize(
    ("smart", "key"),
    [
        ('client_secret_env = "A"\nprivate_key_file = "b"', "ehr[0].smart:"),
        ('auth_hosts = ["http://a.example"]', "auth_hosts"),
        ('auth_hosts = ["ftp://a.example"]', "auth_hosts"),
    ],
)
def test_settings_that_can_never_work_stop_the_start(tmp_path: Path, smart: str, key: str) -> None:
    assert key in refusal(tmp_path, smart)


def test_a_secret_and_keys_of_either_kind_start(tmp_path: Path) -> None:
    start(tmp_path, 'client_secret_env = "EHR_SECRET"', EHR_SECRET="fine")  # noqa: S106 (invented)
    for key in (ECKey.generate_key("P-384"), RSAKey.generate_key(2048)):
        (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
        start(tmp_path, 'private_key_file = "key.pem"')


def test_an_assertion_says_who_to_whom_and_lasts_less_than_five_minutes() -> None:
    key = ECKey.generate_key("P-384")
    client_key = ClientKey(key)
    said = [client_key.assertion("hcc", "https://a.example/token") for _ in range(2)]
    tokens = [jwt.decode(one, key, algorithms=["ES384"]) for one in said]
    claims = tokens[0].claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (
        "hcc",
        "hcc",
        "https://a.example/token",
    )
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["jti"] != tokens[1].claims["jti"]
    assert tokens[0].header == {"alg": "ES384", "kid": client_key.key_id, "typ": "JWT"}


def test_the_published_key_is_the_public_half_alone(tmp_path: Path) -> None:
    for key, algorithm in (
        (ECKey.generate_key("P-384"), "ES384"),
        (RSAKey.generate_key(2048), "RS384"),
    ):
        (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
        published = read_client_key(tmp_path / "key.pem").public()
        assert published["alg"] == algorithm
        assert published.keys().isdisjoint({"d", "p", "q", "dp", "dq", "qi", "k"})
