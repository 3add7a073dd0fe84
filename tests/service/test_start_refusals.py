"""A start that is refused: one line that names the file or variable, the key and what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cds_service.cli import refuse_unsafe
from cds_service.composition import compose
from cds_service.ehr_network import network_of
from cds_service.settings import read_settings
from hcc_pathway.errors import HccCdsError
from tests.client_tokens.tokens import es384, key_set

EHR = """
[[ehr]]
name = "a"
fhir_base = "https://a.example/fhir"
[ehr.client]
issuer = "https://a.example"
jwks_file = "keys.json"
"""
GOOD = f'timezone = "Europe/Berlin"\n{EHR}'
KEYS = key_set(es384("a-1"))
SECOND = EHR.replace("a.example", "b.example").replace('name = "a"', 'name = "b"')


@dataclass(frozen=True)
class Bad:
    """A site and its surroundings, and what the one line has to say."""

    key: str
    to_do: str
    site: str | None = GOOD
    keys: bytes | None = KEYS
    environment: dict[str, str | None] = field(default_factory=dict)


def without(text: str) -> str:
    assert text in GOOD
    return GOOD.replace(text, "")


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def client(**lines: str) -> str:
    return GOOD + "".join(f"{name} = {value}\n" for name, value in lines.items())


def network(line: str) -> str:
    return f"{GOOD}[ehr.network]\n{line}\n"


def site_with(lines: str) -> str:
    return f"{lines}\n{GOOD}"


def codes(*local: str) -> str:
    lines = "".join(f"{json.dumps(one)} = 'alpha-fetoprotein'\n" for one in local)
    return f"{GOOD}[codes]\n{lines}"


ADDRESS = 'jwks_file = "keys.json"'
TABLE = {
    "no site file": Bad("HCC_CDS_SITE_FILE", "timezone", site=None),
    "a site file that is not there": Bad(
        "file", "No such file", environment={"HCC_CDS_SITE_FILE": "absent.toml"}
    ),
    "not TOML": Bad("file", "is not TOML", site="[[ehr]"),
    "not UTF-8": Bad("file", "is not TOML", site="name = '\udcff'"),
    "no time zone": Bad(
        "timezone", "write e.g. timezone", site=without('timezone = "Europe/Berlin"')
    ),
    "a time zone of nowhere": Bad("timezone", "is not a time zone", changed("Berlin", "Berlln")),
    "an unknown key": Bad("ehrs", "known:", site=GOOD.replace("[[ehr]]", "[[ehrs]]", 1)),
    "an unknown key of the client": Bad(
        "ehr[0].client.issuers", "known:", site=changed("issuer =", "issuers =")
    ),
    "a wrong type": Bad("ehr[0].name", "Expected `str`", site=changed('"a"', "7")),
    "no EHR": Bad("ehr", "add an [[ehr]] block", site='timezone = "UTC"'),
    "an EHR that nobody speaks for": Bad(
        "ehr[0].client", "add issuer", site=GOOD.partition("[ehr.client]")[0]
    ),
    "an EHR without an issuer": Bad(
        "ehr[0].client",
        "missing required field `issuer`",
        site=without('issuer = "https://a.example"'),
    ),
    "no keys": Bad("ehr[0].client", "say where the keys are", site=without(ADDRESS)),
    "keys in two places": Bad(
        "ehr[0].client",
        "exactly one of",
        site=client(jwks_url='"https://a.example/jwks.json"'),
    ),
    "a key file that is not there": Bad(
        "ehr[0].client.jwks_file", "put the EHR's public key set there", keys=None
    ),
    "a key file that is a folder": Bad(
        "ehr[0].client.jwks_file",
        "is no plain file: put the EHR's public key set there",
        site=changed('"keys.json"', '"."'),
    ),
    "a key file that is no key set": Bad(
        "ehr[0].client.jwks_file", "put the EHR's public key set there", keys=b"-----BEGIN"
    ),
    "a key file with a private key alone": Bad(
        "ehr[0].client.jwks_file",
        "has no public",
        keys=json.dumps({"keys": [es384().public_jwk() | {"d": "AAAA"}]}).encode(),
    ),
    "an http issuer": Bad(
        "ehr[0].client.issuer",
        "not an https address",
        site=changed('issuer = "https', 'issuer = "http'),
    ),
    "an issuer that is no address": Bad(
        "ehr[0].client.issuer",
        "not an https address",
        site=changed('issuer = "https://a.example"', 'issuer = "a"'),
    ),
    "an http key address": Bad(
        "ehr[0].client.jwks_url",
        "not an https address",
        site=changed(ADDRESS, 'jwks_url = "http://a.example/jwks.json"'),
    ),
    "an http FHIR server": Bad(
        "ehr[0].fhir_base",
        "not an https address",
        site=changed("https://a.example/f", "http://a.example/f"),
    ),
    "a FHIR server with a user": Bad(
        "ehr[0].fhir_base", "not an https address", site=changed("https://a.e", "https://u@a.e")
    ),
    "http to what only looks like loopback": Bad(
        "ehr[0].fhir_base",
        "not an https address",
        site=changed("https://a.example/f", "http://127.0.0.1.evil.test/f"),
    ),
    "an origin with a path": Bad(
        "ehr[0].allowed_origins",
        "scheme and host alone",
        site=changed("[ehr.client]", 'allowed_origins = ["https://a.example/"]\n[ehr.client]'),
    ),
    "every origin": Bad(
        "ehr[0].allowed_origins",
        "not an https address",
        site=changed("[ehr.client]", 'allowed_origins = ["*"]\n[ehr.client]'),
    ),
    "a symmetric algorithm": Bad(
        "ehr[0].client.algorithms[0]", "known: ES256, ES384", client(algorithms='["HS256"]')
    ),
    "no signature at all": Bad(
        "ehr[0].client.algorithms[0]", "known: ES256, ES384", client(algorithms='["none"]')
    ),
    "no algorithm": Bad(
        "ehr[0].client.algorithms", "name what the EHR signs with", client(algorithms="[]")
    ),
    "an empty audience": Bad("ehr[0].client.audience", "leave it out", client(audience='[""]')),
    "an EHR without a usable name": Bad(
        "ehr[0].name", "use 1 to 64 letters", site=changed('name = "a"', 'name = "a\\nb"')
    ),
    "two EHRs of one name": Bad(
        "ehr[1].name", "give each its own", site=GOOD + SECOND.replace('name = "b"', 'name = "a"')
    ),
    "two blocks for one server, by a last slash": Bad(
        "ehr[1].fhir_base",
        "stands in two blocks",
        site=GOOD + SECOND.replace("https://b.example/fhir", "https://a.example/fhir/"),
    ),
    "two blocks for one server, by the usual port": Bad(
        "ehr[1].fhir_base",
        "stands in two blocks",
        site=GOOD + SECOND.replace("https://b.example/fhir", "https://a.example:443/fhir"),
    ),
    "two blocks for one server, by capitals": Bad(
        "ehr[1].fhir_base",
        "stands in two blocks",
        site=GOOD + SECOND.replace("https://b.example/fhir", "https://A.Example/fhir"),
    ),
    "two EHRs of one FHIR server": Bad(
        "ehr[1].fhir_base",
        "join them",
        site=GOOD + SECOND.replace("b.example/fhir", "a.example/fhir"),
    ),
    "two EHRs of one issuer": Bad(
        "ehr[1].client.issuer",
        "give each of them a tenant",
        site=GOOD + SECOND.replace('"https://b.example"', '"https://a.example"'),
    ),
    **{
        f"jurisdiction {wrong!r}": Bad(
            "jurisdiction",
            "two capital letters of ISO 3166 or EU; regulatory notices are held of",
            site_with(f'jurisdiction = "{wrong}"'),
        )
        for wrong in ("us", "USA", "U.S.", "United States", "XX", "UK", " US", "")
    },
    "a language without texts": Bad("language", "there is: en", site_with('language = "xx"')),
    "a language that is a path": Bad("language", "there is: en", site_with('language = "../"')),
    "a local code with a line break": Bad(
        "codes.'urn:oid:1.2.3|A\\nFP'", "must have the form", codes("urn:oid:1.2.3|A\nFP")
    ),
    "a local code that is blank": Bad(
        "codes.urn:oid:1.2.3| ", "must have the form", codes("urn:oid:1.2.3| ")
    ),
    "more local codes than a search can name": Bad(
        "codes", "map fewer codes", codes(*(f"urn:oid:1.2.3|{n:030d}" for n in range(30)))
    ),
    "authorities that are not there": Bad(
        "ehr[0].network.ca_file", "put the certificates", network('ca_file = "absent.pem"')
    ),
    "authorities that are no certificates": Bad(
        "ehr[0].network.ca_file", "nothing in PEM", network('ca_file = "keys.json"')
    ),
    "a certificate that is not there": Bad(
        "ehr[0].network.client_certificate_file",
        "No such file",
        network('client_certificate_file = "absent.pem"'),
    ),
    "a certificate that is none": Bad(
        "ehr[0].network.client_certificate_file",
        "nothing in PEM",
        network('client_certificate_file = "keys.json"'),
    ),
    "a certificate whose key is not there": Bad(
        "ehr[0].network.client_key_file",
        "No such file",
        network('client_certificate_file = "keys.json"\nclient_key_file = "absent.pem"'),
    ),
    "a client key without a certificate": Bad(
        "ehr[0].network.client_key_file",
        "add client_certificate_file",
        network('client_key_file = "keys.json"'),
    ),
    "no time for a call": Bad(
        "ehr[0].network.timeout_ms", "write milliseconds", network("timeout_ms = 0")
    ),
    "less than no time for a call": Bad(
        "ehr[0].network.timeout_ms", "write milliseconds", network("timeout_ms = -5")
    ),
    **{
        f"proxy {wrong!r}": Bad(
            "ehr[0].network.proxy", "no address of a proxy", network(f'proxy = "{wrong}"')
        )
        for wrong in ("junk", "proxy:3128", "ftp://proxy", "http://", "http://p:x", "http://p/a b")
    },
    "no secret key": Bad(
        "HCC_CDS_SECRET_KEY", "openssl rand", environment={"HCC_CDS_SECRET_KEY": None}
    ),
    "an empty secret key": Bad(
        "HCC_CDS_SECRET_KEY", "openssl rand", environment={"HCC_CDS_SECRET_KEY": ""}
    ),
    "a short secret key": Bad(
        "HCC_CDS_SECRET_KEY", "openssl rand", environment={"HCC_CDS_SECRET_KEY": "s" * 31}
    ),
    "a blank secret key": Bad(
        "HCC_CDS_SECRET_KEY", "openssl rand", environment={"HCC_CDS_SECRET_KEY": " " * 40}
    ),
    "an http public address": Bad(
        "HCC_CDS_PUBLIC_URL",
        "set the https address",
        environment={"HCC_CDS_PUBLIC_URL": "http://cds.hospital.example"},
    ),
    "a fixed day": Bad("HCC_CDS_TODAY", "unset", environment={"HCC_CDS_TODAY": "2026-11-22"}),
    "an unknown mode": Bad(
        "HCC_CDS_MODE", "demo, production", environment={"HCC_CDS_MODE": "prod"}
    ),
    "a database of another kind": Bad(
        "HCC_CDS_DATABASE_URL",
        "use sqlite or postgresql",
        environment={"HCC_CDS_DATABASE_URL": "mysql://u@h/d"},
    ),
    "no address to listen on": Bad(
        "HCC_CDS_BIND", "HOST:PORT", environment={"HCC_CDS_BIND": "localhost"}
    ),
}
Start = Callable[[Bad], dict[str, str]]


@pytest.fixture
def environment(tmp_path: Path) -> Start:
    """Return what writes the files of a row and gives its environment."""

    def prepare(bad: Bad) -> dict[str, str]:
        settings: dict[str, str | None] = {
            "HCC_CDS_SECRET_KEY": "s" * 32,
            "HCC_CDS_PUBLIC_URL": "https://cds.hospital.example",
            "HCC_CDS_DATABASE_URL": f"sqlite:///{tmp_path}/hcc-cds.db",
        }
        if bad.site is not None:
            site = tmp_path / "site.toml"
            site.write_bytes(bad.site.encode("utf-8", "surrogateescape"))
            settings["HCC_CDS_SITE_FILE"] = str(site)
        if bad.keys is not None:
            (tmp_path / "keys.json").write_bytes(bad.keys)
        settings |= bad.environment
        return {name: value for name, value in settings.items() if value is not None}

    return prepare


def test_the_good_row_starts(environment: Start) -> None:
    composition = compose(read_settings(environment(Bad("", ""))))
    assert composition.clients is not None
    assert composition.clients.without_keys() == ()


@pytest.mark.parametrize("row", TABLE)
def test_a_bad_start_is_refused_with_file_key_and_what_to_do(environment: Start, row: str) -> None:
    bad = TABLE[row]
    variables = environment(bad)
    with pytest.raises(HccCdsError) as refused:
        compose(read_settings(variables))
    line = str(refused.value)
    place = bad.key
    if not place.startswith("HCC_CDS_"):
        place = f"{variables['HCC_CDS_SITE_FILE']}: {bad.key}"
    assert line.startswith(f"{place}: "), line
    assert bad.to_do in line
    assert "\n" not in line
    assert "Traceback" not in line


@pytest.mark.parametrize("known", ["US", "EU", "JP", "KR", "DE"])
def test_a_jurisdiction_may_be_one_without_notices(environment: Start, known: str) -> None:
    good = Bad("", "", site_with(f'jurisdiction = "{known}"'))
    assert compose(read_settings(environment(good))).site.policy.jurisdiction == known


def test_the_files_of_a_network_count_from_the_folder_of_the_site_file(
    environment: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = tmp_path / "pem"
    pem.mkdir()
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = f"-subj /CN=hcc-cds -keyout {pem}/key.pem -out {pem}/certificate.pem"
    subprocess.run([*made.split(), *names.split()], check=True, capture_output=True)  # noqa: S603 (fixed words)
    lines = 'ca_file = "pem/certificate.pem"\nclient_certificate_file = "pem/certificate.pem"\n'
    lines += 'client_key_file = "pem/key.pem"\nproxy = "http://user:word@proxy.example:3128"'
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    settings = read_settings(environment(Bad("", "", network(lines))))
    compose(settings)
    of_ehr = network_of(settings.site.ehr[0])
    assert of_ehr.ca_file == of_ehr.client_certificate_file == str(pem / "certificate.pem")
    assert of_ehr.client_key_file == str(pem / "key.pem")


def test_a_demonstration_asks_for_none_of_this() -> None:
    composition = compose(read_settings({"HCC_CDS_MODE": "demo"}))
    assert composition.clients is None


def test_a_demonstration_is_not_reachable_from_elsewhere_by_default() -> None:
    elsewhere = {"HCC_CDS_MODE": "demo", "HCC_CDS_BIND": "0.0.0.0:8000"}
    refuse_unsafe(read_settings(elsewhere))  # it was told to
    refuse_unsafe(read_settings({"HCC_CDS_MODE": "demo"}))


@pytest.mark.slow
@pytest.mark.parametrize("row", TABLE)
def test_the_command_ends_with_2_and_one_line(environment: Start, row: str) -> None:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("HCC_CDS_")}
    ended = subprocess.run(
        [sys.executable, "-m", "cds_service.cli", "serve"],
        env=inherited | environment(TABLE[row]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("hcc-cds: ")
    assert ended.stderr.count("\n") == 1
    assert TABLE[row].key in ended.stderr
