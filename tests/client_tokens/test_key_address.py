"""The address of a key set: each of its faults is named in time and refuses its own EHR alone."""

import gzip
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cds_service.client_tokens import key_address
from cds_service.client_tokens.key_address import fetch_key_set
from cds_service.client_tokens.refusal import KeysUnavailable
from cds_service.site_file import Ehr
from tests.client_tokens.hospital import FILE_ISSUER, Hospital, hospital
from tests.client_tokens.tokens import Signer, claims, es384, key_set
from tests.fetching.fault_server import Script, head, reply, serving

EHR = Ehr(name="example", fhir_base="https://ehr.example/fhir")

_GOOD = key_set(es384("first"))
_BOMB = gzip.compress(b" " * 10_000_000, 1)


def _hangs() -> Script:
    yield 20.0


def _drips() -> Script:
    yield head(200, "application/json", length=len(_GOOD))
    for at in range(len(_GOOD)):
        yield _GOOD[at : at + 1]
        yield 0.1


def _never_ends() -> Script:
    yield head(200, "application/json")
    while True:
        yield b" " * 65_536


FAULTS: dict[str, tuple[Callable[[], Script], str]] = {
    "hang": (_hangs, "timed-out"),
    "drip": (_drips, "timed-out"),
    "429": (lambda: reply({}, 429), "busy"),
    "500": (lambda: reply({}, 500), "server-error"),
    "404": (lambda: reply({}, 404), "not-there"),
    "login page": (lambda: reply(b"<html>", content_type="text/html"), "not-json"),
    "redirect": (lambda: reply(b"", 302, Location="http://127.0.0.1:9/"), "redirect"),
    "redirect to itself": (lambda: reply(b"", 307, Location="/fhir"), "redirect"),
    "huge by its header": (lambda: reply(b"x" * 300_000), "too-large"),
    "endless": (_never_ends, "too-large"),
    "gzip bomb": (
        lambda: reply(_BOMB, Content_Encoding="gzip"),
        "compressed",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_address_is_named_in_time_and_nothing_else_is_asked(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_address, "SECONDS_OF_A_FETCH", 0.5)
    script, said = FAULTS[fault]
    with serving(lambda _: script()) as server:
        began = time.monotonic()
        with pytest.raises(KeysUnavailable, match=f"^example: {said}"):
            fetch_key_set(EHR, server.base)
        assert time.monotonic() - began < 2
        assert [asked.target for asked in server.asked] == ["/fhir"]


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Return what a server with a certificate of its own making shows."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = f"-subj /CN=127.0.0.1 -keyout {folder}/key.pem -out {folder}/certificate.pem"
    subprocess.run([*command.split(), *names.split()], check=True, capture_output=True)  # noqa: S603 (fixed words)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def test_a_certificate_that_cannot_be_verified_is_a_fault(
    own_certificate: ssl.SSLContext,
) -> None:
    with (
        serving(lambda _: reply(_GOOD), own_certificate) as server,
        pytest.raises(KeysUnavailable, match="example: tls"),
    ):
        fetch_key_set(EHR, server.base)


def test_an_address_where_nobody_listens_is_a_fault() -> None:
    with pytest.raises(KeysUnavailable, match="example: unreachable"):
        fetch_key_set(EHR, "http://127.0.0.1:9/jwks.json")


def test_a_good_key_set_is_given_as_it_is() -> None:
    with serving(lambda _: reply(_GOOD, content_type="application/jwk-set+json")) as server:
        assert fetch_key_set(EHR, server.base) == _GOOD
        assert "authorization" not in server.asked[0].headers


@pytest.fixture
def faulty(tmp_path: Path, in_file: Signer, at_address: Signer) -> Hospital:
    return hospital(tmp_path, in_file, at_address)


@pytest.mark.parametrize("document", [b"", b"{", b"<html>"])
def test_a_broken_address_refuses_its_own_ehr_alone_and_never_as_an_error(
    faulty: Hospital, in_file: Signer, at_address: Signer, document: bytes
) -> None:
    faulty.host.document = document
    assert faulty.call(at_address.sign(claims("https://b.example"))).status_code == 401
    good = in_file.sign(claims(FILE_ISSUER, tenant="north"))
    assert faulty.call(good).status_code == 200
