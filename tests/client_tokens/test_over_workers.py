"""What holds only when several real workers hold it together."""

import http.client
import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.client_tokens.hospital import FILE_ISSUER
from tests.client_tokens.production_server import production
from tests.client_tokens.tokens import SERVICE, Signer, claims, es384, key_set, rs384
from tests.fetching.fault_server import Script, reply, serving
from tests.real_server.processes import session
from tests.service.conftest import hook_call
from tests.storage.databases import new_database

TOKENS = 10_000
WORKERS = 4
CONNECTIONS = 12
BUSY = 503


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.xdist_group(name="postgresql")),
    ]
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return new_database(request, tmp_path)


def send_all(port: int, tokens: list[str]) -> Counter[int]:
    """Ask discovery with each token, over a few connections, and count the answers.

    An answer 503 says that nothing was decided (the store was busy): it is asked again.
    """
    waiting = deque(tokens)
    turn = threading.Lock()

    def send() -> Counter[int]:
        seen: Counter[int] = Counter()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            while True:
                with turn:
                    token = waiting.popleft() if waiting else None
                if token is None:
                    return seen
                headers = {"Authorization": f"Bearer {token}"}
                connection.request("GET", "/cds-services", headers=headers)
                answer = connection.getresponse()
                answer.read()
                if answer.status == BUSY:
                    waiting.append(token)
                else:
                    seen[answer.status] += 1

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        senders = [pool.submit(send) for _ in range(CONNECTIONS)]
        return sum((sender.result() for sender in senders), Counter())


@pytest.mark.slow
def test_of_10_000_tokens_sent_twice_exactly_10_000_are_accepted(
    tmp_path: Path, database_url: str
) -> None:
    signer = rs384()
    tokens = [signer.sign(claims(FILE_ISSUER, "/cds-services")) for _ in range(TOKENS)]
    # each pair one after the other, so that its two halves meet in different workers at once
    pairs = [token for token in tokens for _ in range(2)]
    with production(tmp_path, database_url, signer, workers=WORKERS) as served:
        seen = send_all(served.port, pairs)
    assert seen == {200: TOKENS, 401: TOKENS}


@pytest.mark.slow
@pytest.mark.parametrize("make", [es384, rs384])
def test_a_production_serves_its_ehr_and_nobody_else(tmp_path: Path, make: object) -> None:
    signer: Signer = make("a-1")  # type: ignore[operator]  # one of two functions
    with production(tmp_path, f"sqlite:///{tmp_path}/hcc-cds.db", signer) as served:

        def status(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            with session() as http_session:
                url = served.base + SERVICE
                return http_session.post(url, json=hook_call(), headers=headers).status_code

        token = signer.sign(claims(FILE_ISSUER))
        assert [status(token), status(token)] == [200, 401]
        assert status(make("a-1").sign(claims(FILE_ISSUER))) == 401  # type: ignore[operator]


@pytest.mark.slow
def test_all_workers_together_ask_a_key_address_at_most_once_in_thirty_seconds(
    tmp_path: Path,
) -> None:
    signer, stranger = es384("a-1"), es384("a-2")
    document = key_set(signer)
    hangs = threading.Event()

    def answers(_asked: object) -> Script:
        if hangs.is_set():
            yield 20.0
        yield from reply(document, content_type="application/json")

    with serving(answers) as address:
        keys = f'jwks_url = "{address.base}"'
        url = f"sqlite:///{tmp_path}/hcc-cds.db"
        with production(tmp_path, url, signer, keys=keys, workers=WORKERS) as served:
            assert len(address.asked) == 1  # before the first request
            hangs.set()
            strange = [stranger.sign(claims(FILE_ISSUER, "/cds-services")) for _ in range(200)]
            assert send_all(served.port, strange) == {401: 200}
            assert len(address.asked) <= 2
            began = time.monotonic()
            good = [signer.sign(claims(FILE_ISSUER, "/cds-services")) for _ in range(50)]
            assert send_all(served.port, good) == {200: 50}
            assert time.monotonic() - began < 10
