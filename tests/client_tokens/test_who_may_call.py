"""Who is let in, and that nobody else learns why not."""

import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cds_service.client_tokens.refusal import Reason
from cds_service.request_log import JsonLines
from tests.client_tokens.forgeries import FORGERIES, Keys, answer_of
from tests.client_tokens.hospital import (
    ADDRESS_BASE,
    ADDRESS_ISSUER,
    FILE_BASE,
    FILE_ISSUER,
    KEY_ADDRESS,
    SITE,
    Hospital,
    hospital,
)
from tests.client_tokens.tokens import PUBLIC_URL, SERVICE, Signer, claims

PATHS = ("/cds-services", SERVICE, f"{SERVICE}/feedback", "/api/recommendation")


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Record every connection that is tried."""
    tried: list[object] = []

    def connect(_socket: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return tried


@pytest.fixture
def keys(in_file: Signer, at_address: Signer, stranger: Signer) -> Keys:
    return Keys(in_file, at_address, stranger)


def token_of_a(signer: Signer, path: str = SERVICE, **changed: object) -> str:
    good = claims(FILE_ISSUER, path, tenant="north")
    return signer.sign({k: v for k, v in (good | changed).items() if v is not None})


def token_of_b(signer: Signer, path: str = SERVICE, **changed: object) -> str:
    return signer.sign(claims(ADDRESS_ISSUER, path, **changed))


@pytest.mark.conformance("54", "56")
def test_a_good_token_of_either_algorithm_is_let_in(
    service: Hospital, in_file: Signer, at_address: Signer
) -> None:
    assert (in_file.algorithm, at_address.algorithm) == ("ES384", "RS384")
    assert service.call(token_of_a(in_file)).status_code == 200
    assert service.call(token_of_b(at_address)).status_code == 200


@pytest.mark.conformance("52", "54", "56", "57")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_or_stale_token_is_refused_like_no_token_and_nothing_is_asked(
    service: Hospital, keys: Keys, connections: list[object], name: str
) -> None:
    refused = answer_of(service.call(FORGERIES[name](keys)))
    assert refused[0] == 401
    assert refused == answer_of(service.call(None))
    assert connections == []
    assert set(service.host.asked) <= {KEY_ADDRESS}
    assert service.memory.used == set()


def test_the_table_of_forgeries_is_as_long_as_promised() -> None:
    assert len(FORGERIES) >= 40


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer x y", "Bearer é"])
def test_another_authorization_header_is_refused_alike(service: Hospital, sent: str) -> None:
    answer = service.client.post(SERVICE, json={}, headers={"Authorization": sent})
    assert answer_of(answer) == answer_of(service.call(None))


def test_a_refusal_says_how_to_authenticate_and_nothing_else(service: Hospital) -> None:
    answer = service.call(None)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    issue = json.loads(answer.data)["issue"][0]
    assert issue == {
        "severity": "error",
        "code": "login",
        "diagnostics": "A valid client token is needed.",
    }


def test_the_log_says_why_and_never_holds_the_token(
    service: Hospital, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    for forge in FORGERIES.values():
        token = forge(keys)
        caplog.clear()
        service.call(token)
        lines = [JsonLines().format(record) for record in caplog.records]
        reasons = [json.loads(line).get("reason") for line in lines]
        assert [reason for reason in reasons if reason] == [
            reason for reason in reasons if reason in set(Reason)
        ]
        assert len([reason for reason in reasons if reason]) == 1
        parts = [part for part in token.split(".") if len(part) > 20]
        assert not any(part in line for line in lines for part in parts)


@pytest.mark.conformance("53", "55")
@pytest.mark.parametrize("path", PATHS)
def test_every_way_in_asks_for_a_token_made_for_it(
    service: Hospital, in_file: Signer, path: str
) -> None:
    def ask(token: str | None) -> int:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        method = "GET" if path == "/cds-services" else "POST"
        return service.client.open(path, method=method, json={}, headers=headers).status_code

    assert ask(None) == 401
    assert ask(token_of_a(in_file, path)) != 401
    others = [other for other in PATHS if other != path]
    assert {ask(token_of_a(in_file, other)) for other in others} == {401}


@pytest.mark.parametrize("path", ["/cds-services/none", "/cds-services/", "/api/none", "/api"])
def test_what_does_not_exist_below_a_guarded_path_is_not_told_to_strangers(
    service: Hospital, path: str
) -> None:
    assert service.client.get(path).status_code == 401
    assert service.client.delete(path).status_code == 401


OPEN = {
    "/",
    "/health/live",
    "/health/ready",
    "/knowledge",
    "/knowledge/<kind>/<item_id>",
    "/openapi.json",
    "/schema/recommendation.json",
    "/static/<path:filename>",
    "/smart",  # only leads to /smart/, whose guard asks for the session
    "/smart/static/<path:filename>",
    "/smart/plots/<path:filename>",
    "/smart/jwks.json",
}
# A browser brings its session, or the launch that begins one: tests/smart_launch.
OF_A_SESSION = {
    "/smart/launch": "GET",
    "/smart/callback": "GET",
    "/smart/": "GET",
    "/smart/print": "GET",
    "/smart/answers": "POST",
    "/smart/what-if": "POST",
    "/smart/sign-out": "POST",
    "/smart/write-back": "POST",
}


def test_only_what_holds_no_patient_is_open(service: Hospital) -> None:
    """A new route stands below a guarded path, or is named here on purpose."""
    rules = {rule.rule for rule in service.app.url_map.iter_rules()}
    unguarded = {rule for rule in rules if not rule.startswith(("/cds-services", "/api"))}
    assert unguarded == OPEN | OF_A_SESSION.keys()


@pytest.mark.parametrize("path", OF_A_SESSION)
def test_a_browser_without_a_session_is_refused(service: Hospital, path: str) -> None:
    answer = service.client.open(path, method=OF_A_SESSION[path])
    assert 400 <= answer.status_code < 500
    assert answer.status_code not in {404, 405}


@pytest.mark.parametrize("path", PATHS[:3])
def test_a_preflight_needs_no_token(service: Hospital, path: str) -> None:
    answer = service.client.options(path, headers={"Origin": "https://a.example"})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"


def test_the_refusal_can_be_read_by_the_browser_of_an_ehr(service: Hospital) -> None:
    answer = service.client.post(SERVICE, headers={"Origin": "https://a.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example"


@pytest.mark.conformance("55")
def test_the_audience_may_be_one_of_several(service: Hospital, in_file: Signer) -> None:
    aud = ["https://other.example", PUBLIC_URL + SERVICE]
    assert service.call(token_of_a(in_file, aud=aud)).status_code == 200


def test_a_typed_audience_of_the_site_takes_the_place_of_the_address(
    tmp_path: Path, in_file: Signer, at_address: Signer
) -> None:
    site = SITE.replace('tenant = "north"', 'audience = ["urn:hcc"]\ntenant = "north"')
    made = hospital(tmp_path, in_file, at_address, site)
    assert made.call(token_of_a(in_file, aud="urn:hcc")).status_code == 200
    assert made.call(token_of_a(in_file)).status_code == 401


@pytest.mark.parametrize(
    ("times", "status"),
    [
        ({"exp": -29, "iat": -300}, 200),
        ({"iat": 29, "exp": 300}, 200),
        ({"nbf": 29}, 200),
        ({"nbf": -5}, 200),
        ({"iat": -1, "exp": 3599}, 200),
        ({"exp": -30, "iat": -300}, 401),
        ({"iat": 31, "exp": 300}, 401),
        ({"nbf": 31}, 401),
        ({"iat": -1, "exp": 3600}, 401),
    ],
)
def test_clocks_may_differ_by_thirty_seconds_and_a_token_lives_an_hour(
    tmp_path: Path,
    in_file: Signer,
    at_address: Signer,
    times: dict[str, int],
    status: int,
) -> None:
    now = 1_800_000_000
    made = hospital(tmp_path, in_file, at_address, clock=lambda: now)
    moments: dict[str, object] = {"iat": now, "exp": now + 300}
    moments |= {name: now + at for name, at in times.items()}
    token = in_file.sign(claims(FILE_ISSUER, tenant="north") | moments)
    assert made.call(token).status_code == status


def test_fractions_of_seconds_and_a_missing_type_are_read(
    service: Hospital, in_file: Signer
) -> None:
    good = claims(FILE_ISSUER, tenant="north")
    good["exp"] = float(str(good["exp"])) + 0.5
    assert service.call(in_file.sign(good, typ=None)).status_code == 200
    assert service.call(in_file.sign(good | {"jti": "2"}, typ="jwt")).status_code == 200


def test_a_jku_is_passed_over_where_keys_are_in_a_file(
    service: Hospital, in_file: Signer, connections: list[object]
) -> None:
    token = in_file.sign(claims(FILE_ISSUER, tenant="north"), jku="https://a.example/jwks")
    assert service.call(token).status_code == 200
    assert connections == []


@pytest.mark.conformance("57")
def test_a_jku_that_is_the_registered_address_is_accepted(
    service: Hospital, at_address: Signer
) -> None:
    token = at_address.sign(claims(ADDRESS_ISSUER), jku=KEY_ADDRESS)
    assert service.call(token).status_code == 200


@pytest.mark.conformance("58")
def test_a_token_is_used_once(
    service: Hospital, in_file: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of_a(in_file, jti="used-twice")
    assert service.call(token).status_code == 200
    again = answer_of(service.call(token))
    assert again == answer_of(service.call(None))
    lines = [record.__dict__.get("fields", {}) for record in caplog.records]
    assert [line["jti"] for line in lines if "jti" in line] == ["used-twice"]


def test_of_twenty_uses_at_once_one_is_let_in(service: Hospital, in_file: Signer) -> None:
    token = token_of_a(in_file)
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: service.call(token).status_code, range(20)))
    assert sorted(statuses) == [200] + [401] * 19


def test_the_same_id_of_two_issuers_is_two_tokens(
    service: Hospital, in_file: Signer, at_address: Signer
) -> None:
    assert service.call(token_of_a(in_file, jti="1")).status_code == 200
    assert service.call(token_of_b(at_address, jti="1")).status_code == 200


def test_a_token_of_the_hook_is_not_one_for_feedback_and_back(
    service: Hospital, in_file: Signer
) -> None:
    feedback = f"{SERVICE}/feedback"
    assert service.call(token_of_a(in_file), feedback).status_code == 401
    assert service.call(token_of_a(in_file, feedback)).status_code == 401


def test_while_replays_cannot_be_looked_up_nobody_is_let_in(
    service: Hospital, in_file: Signer
) -> None:
    service.memory.fails = True
    answer = service.call(token_of_a(in_file))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "cards" not in json.loads(answer.data)
    service.memory.fails = False
    assert service.call(token_of_a(in_file)).status_code == 200


def test_a_forged_token_cannot_use_up_the_id_of_a_good_one(
    service: Hospital, in_file: Signer, stranger: Signer
) -> None:
    assert service.call(token_of_a(stranger, jti="taken")).status_code == 401
    assert service.call(token_of_a(in_file, jti="taken")).status_code == 200


def test_an_ehr_may_name_its_own_fhir_server_and_no_other(
    service: Hospital, in_file: Signer, at_address: Signer
) -> None:
    assert service.call(token_of_a(in_file), fhir_server=FILE_BASE).status_code == 200
    assert service.call(token_of_b(at_address), fhir_server=ADDRESS_BASE).status_code == 200
    for foreign in (ADDRESS_BASE, "https://c.example/fhir", FILE_BASE + "/", FILE_BASE.upper()):
        answer = service.call(token_of_a(in_file), fhir_server=foreign)
        assert answer.status_code == 403
        assert json.loads(answer.data)["issue"][0]["expression"] == ["fhirServer"]
        assert foreign not in answer.text


def test_one_issuer_speaks_for_two_tenants(
    tmp_path: Path, in_file: Signer, at_address: Signer
) -> None:
    second = f"""
[[ehr]]
name = "c"
fhir_base = "https://c.example/fhir"
[ehr.client]
issuer = "{FILE_ISSUER}"
jwks_file = "keys.json"
tenant = "south"
"""
    made = hospital(tmp_path, in_file, at_address, SITE + second)
    south = token_of_a(in_file, tenant="south")
    assert made.call(south, fhir_server="https://c.example/fhir").status_code == 200
    assert made.call(token_of_a(in_file, tenant="south"), fhir_server=FILE_BASE).status_code == 403
    assert made.call(token_of_a(in_file), fhir_server=FILE_BASE).status_code == 200


def lines_of(caplog: pytest.LogCaptureFixture, message: str) -> list[dict[str, object]]:
    """Give the lines of one message, as they are written."""
    found = [record for record in caplog.records if record.getMessage() == message]
    return [json.loads(JsonLines().format(record)) for record in found]


def test_every_proof_is_logged_with_the_ehr_and_every_refusal_with_its_reason(
    service: Hospital, in_file: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cds_service")
    service.call(token_of_a(in_file))
    (line,) = lines_of(caplog, "request")
    assert (line["status"], line["ehr"]) == (200, "a")
    caplog.clear()
    service.call(token_of_a(in_file, aud="https://other.example"))
    (line,) = lines_of(caplog, "client refused")
    assert (line["level"], line["ehr"]) == ("WARNING", "a")
    assert line["reason"] == Reason.AUDIENCE
    assert line["requestId"]


def test_a_foreign_fhir_server_is_logged_as_a_refusal(
    service: Hospital, in_file: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    service.call(token_of_a(in_file), fhir_server="https://evil.test/fhir")
    (line,) = lines_of(caplog, "client refused")
    assert line["ehr"] == "a"
    assert "evil" not in json.dumps(line)
