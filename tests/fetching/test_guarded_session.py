"""One guarded GET against a server that misbehaves: the fault that is named, and the time."""

import ssl
import subprocess
import time
from pathlib import Path

import pytest

from fhir_access.deadline import ByteBudget, Deadline
from fhir_access.errors import AddressRefused, Fault, FetchFailed
from fhir_access.guarded_session import GuardedSession, Network
from tests.fetching.fault_server import Answers, reply, serving
from tests.fetching.faults import FAULTS, drip_body, drip_headers, hang

SECONDS = 0.6
SLACK_SECONDS = 0.35  # a busy machine
TOKEN = "canary-token"  # noqa: S105 (invented)


def get(session: GuardedSession, rest: str = "/Patient/p1", **named: object) -> bytes:
    options = {"deadline": Deadline.after(SECONDS), "budget": ByteBudget(1_000_000)} | named
    return session.get(rest, token=TOKEN, **options)  # type: ignore[arg-type]  # a test's mix


@pytest.mark.parametrize("case", FAULTS)
def test_each_fault_is_named_within_the_deadline(case: str) -> None:
    script, fault = FAULTS[case]
    with serving(script) as server:
        began = time.monotonic()
        with pytest.raises(FetchFailed) as failed:
            get(GuardedSession(server.base))
        assert time.monotonic() - began < SECONDS + SLACK_SECONDS
    assert failed.value.fault is fault
    assert TOKEN not in str(failed.value) + repr(failed.value)


def test_a_good_answer_is_given_as_sent_and_asked_for_as_json() -> None:
    with serving(lambda _: reply({"resourceType": "Patient"})) as server:
        assert get(GuardedSession(server.base)) == b'{"resourceType": "Patient"}'
    (asked,) = server.asked
    assert asked.target == "/fhir/Patient/p1"
    assert asked.headers["accept"] == "application/fhir+json"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_connection_is_used_again_and_gets_a_new_deadline() -> None:
    with serving(lambda _: reply({})) as server:
        session = GuardedSession(server.base)
        get(session, deadline=Deadline.after(0.2))
        time.sleep(0.25)
        get(session)
        get(session)
        assert server.connections == 1


@pytest.mark.parametrize(
    ("said", "seconds"), [("2", 2.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)]
)
def test_retry_after_is_read_in_seconds_only(said: str, seconds: float | None) -> None:
    with (
        serving(lambda _: reply({}, 503, Retry_After=said)) as server,
        pytest.raises(FetchFailed) as failed,
    ):
        get(GuardedSession(server.base))
    assert failed.value.retry_after_seconds == seconds


def test_a_redirect_is_not_followed_and_its_target_not_contacted() -> None:
    with serving(lambda _: reply({})) as elsewhere:
        location = f"{elsewhere.base}/Patient/p1"
        with (
            serving(lambda _: reply({}, 307, Location=location)) as server,
            pytest.raises(FetchFailed),
        ):
            get(GuardedSession(server.base))
        assert elsewhere.connections == 0


def test_no_cookie_is_sent_back() -> None:
    with serving(lambda _: reply({}, Set_Cookie="session=1; Path=/")) as server:
        session = GuardedSession(server.base)
        get(session)
        get(session)
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_the_environment_diverts_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(lambda _: reply({})) as proxy, serving(lambda _: reply({})) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        session = GuardedSession(server.base)
        session.get("/metadata", deadline=Deadline.after(2), budget=ByteBudget(100))
        assert proxy.connections == 0
    assert "authorization" not in server.asked[0].headers


def test_the_proxy_of_the_site_file_is_used() -> None:
    with serving(lambda _: reply({"by": "proxy"})) as proxy:
        network = Network(proxy=f"http://127.0.0.1:{proxy.port}")
        assert get(GuardedSession("http://fhir.example/fhir", network)) == b'{"by": "proxy"}'
    assert proxy.asked[0].target == "http://fhir.example/fhir/Patient/p1"


def test_a_drip_of_the_proxy_is_cut_as_well() -> None:
    with serving(drip_headers) as proxy:
        network = Network(proxy=f"http://127.0.0.1:{proxy.port}")
        began = time.monotonic()
        with pytest.raises(FetchFailed) as failed:
            get(GuardedSession("https://fhir.example/fhir", network))
        assert time.monotonic() - began < SECONDS + SLACK_SECONDS
    assert failed.value.fault is Fault.TIMED_OUT


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    names = "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = f"-keyout {folder}/key.pem -out {folder}/certificate.pem"
    subprocess.run(  # noqa: S603 (the test's own command)
        [*command.split(), *names.split(), *files.split()], check=True, capture_output=True
    )
    return folder


def certificate(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem / "certificate.pem", pem / "key.pem")
    return context


def test_a_certificate_of_nobody_known_is_refused_and_sees_no_token(pem: Path) -> None:
    with (
        serving(lambda _: reply({}), certificate(pem)) as server,
        pytest.raises(FetchFailed) as failed,
    ):
        get(GuardedSession(server.base))
    assert failed.value.fault is Fault.TLS
    assert server.asked == []


def test_the_private_ca_of_the_site_file_is_trusted(pem: Path) -> None:
    with serving(lambda _: reply({}), certificate(pem)) as server:
        network = Network(ca_file=str(pem / "certificate.pem"))
        assert get(GuardedSession(server.base, network)) == b"{}"


@pytest.mark.parametrize("script", [drip_headers, drip_body, hang])
def test_the_deadline_holds_inside_tls_too(pem: Path, script: Answers) -> None:
    with serving(script, certificate(pem)) as server:
        network = Network(ca_file=str(pem / "certificate.pem"))
        began = time.monotonic()
        with pytest.raises(FetchFailed) as failed:
            get(GuardedSession(server.base, network))
        assert time.monotonic() - began < SECONDS + SLACK_SECONDS
    assert failed.value.fault is Fault.TIMED_OUT


def test_nobody_listening_is_unreachable() -> None:
    with serving(hang) as server:
        base = server.base
    with pytest.raises(FetchFailed) as failed:
        get(GuardedSession(base))
    assert failed.value.fault is Fault.UNREACHABLE


def test_the_timeout_of_the_site_file_is_shorter_than_the_deadline() -> None:
    with serving(hang) as server:
        began = time.monotonic()
        with pytest.raises(FetchFailed):
            get(
                GuardedSession(server.base, Network(timeout_seconds=0.2)),
                deadline=Deadline.after(5),
            )
        assert time.monotonic() - began < 0.2 + SLACK_SECONDS


@pytest.mark.parametrize(
    "rest",
    [
        "Patient/p1",
        ".evil.test/fhir",
        "@evil.test/",
        ":99/fhir",
        "/../admin",
        "/%2e%2e/admin",
        "/Patient/%2E%2E/x",
        "/Patient%2f..",
        "/a//b",
        "/a\\b",
        "/a#b",
        "/a b",
        "/a\r\nX: y",
        "/a\tb",
        "/ä",
        "/" + "a" * 9000,
    ],
)
def test_nothing_leads_out_of_the_base(rest: str) -> None:
    with serving(lambda _: reply({})) as server:
        with pytest.raises(FetchFailed) as failed:
            get(GuardedSession(server.base), rest)
        assert server.connections == 0
    assert failed.value.fault is Fault.UNSAFE_ADDRESS


@pytest.mark.parametrize(
    "base",
    [
        "",
        "fhir.example",
        "//fhir.example",
        "ftp://fhir.example",
        "file:///etc/passwd",
        "http://user@fhir.example",
        "http://127.0.0.1:7791\\@127.0.0.1:7790/fhir",
        "http://fhir.example/fhir?x=1",
        "http://fhir.example/fhir#x",
        "http://fhir.example/a/../b",
        "http://fhir.example/a//b",
        "http://fhir.example:99999/fhir",
        "http://fhir.example\n",
        " http://fhir.example",
        "http://fhír.example",
        "http://１２７.0.0.1/fhir",  # noqa: RUF001 (full-width digits)
    ],
)
def test_an_odd_base_is_refused_when_it_is_configured(base: str) -> None:
    with pytest.raises(AddressRefused):
        GuardedSession(base)
