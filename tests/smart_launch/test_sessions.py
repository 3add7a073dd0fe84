"""Sessions in either database: sealed, used in turn, gone when they end."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from msgspec import structs

from cds_service.storage.engines import Storage, open_storage
from cds_service.storage.smart_sessions import SmartSessionRows
from smart_app.sessions import sessions as module
from smart_app.sessions.contents import OpenSession, PendingLaunch, WrittenFact
from smart_app.sessions.rows import SessionsUnavailable
from smart_app.sessions.sealing import Sealer, digest_of
from smart_app.sessions.sessions import LONGEST_SESSION_SECONDS, Sessions

SECRET = b"s" * 32
LAUNCH = PendingLaunch(
    ehr_name="told",
    fhir_base="https://ehr.example/fhir",
    client_id="hcc-app",
    state="s",
    nonce="n",
    code_verifier="v",
    asked_scopes="launch",
    token_endpoint="https://ehr.example/token",  # noqa: S106 (an address)
    issuer=None,
    jwks_uri=None,
)
OPEN = OpenSession(
    ehr_name="told",
    fhir_base="https://ehr.example/fhir",
    client_id="hcc-app",
    patient_id="p1",
    clinician=None,
    asked_scopes="launch",
    granted_scopes="launch",
    access_token="a",  # noqa: S106 (invented)
    token_ends_at=0,
    refresh_token=None,
    token_endpoint="https://ehr.example/token",  # noqa: S106 (an address)
    form_token="f",  # noqa: S106 (invented)
)


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    opened = open_storage(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sessions(storage: Storage) -> Sessions:
    return Sessions(SmartSessionRows(storage.replay), SECRET)


def test_a_launch_is_taken_by_one_of_many(sessions: Sessions) -> None:
    launch_id = sessions.begin(LAUNCH)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: sessions.take_launch(launch_id), range(8)))
    assert sorted(taken, key=str) == sorted([LAUNCH, *[None] * 7], key=str)


def test_what_is_no_launch_is_not_taken_and_stays(sessions: Sessions) -> None:
    session_id = sessions.open(OPEN)
    assert sessions.take_launch(session_id) is None
    assert sessions.find(session_id) is not None
    assert sessions.find(sessions.begin(LAUNCH)) is None


def test_no_change_is_lost_among_many(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TRIES", 50)
    session_id = sessions.open(OPEN)

    def add(number: int) -> None:
        sent = {str(number): WrittenFact("ecog", "1", date(2026, 11, 2), "Observation/made-1")}
        sessions.change(session_id, lambda one: structs.replace(one, written=one.written | sent))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(12)))
    found = sessions.find(session_id)
    assert found is not None
    assert found.session.written.keys() == {str(number) for number in range(12)}
    assert found.version == 12


def test_a_turn_is_had_by_one_at_a_time(sessions: Sessions) -> None:
    session_id = sessions.open(OPEN)
    inside, most, lock = 0, 0, threading.Lock()

    def take(_: int) -> None:
        nonlocal inside, most
        with sessions.turn(session_id):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(take, range(8)))
    assert most == 1


def test_a_turn_that_never_comes_is_not_waited_for_without_end(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0.1)
    session_id = sessions.open(OPEN)
    with (
        sessions.turn(session_id),
        pytest.raises(SessionsUnavailable),
        sessions.turn(session_id),
    ):
        pass


def test_a_turn_whose_holder_died_ends_by_itself(storage: Storage) -> None:
    now = 1000.0
    rows = SmartSessionRows(storage.replay, lambda: now)
    rows.add(b"d" * 32, b"x", 5000)
    assert rows.lease(b"d" * 32, 20) == 1020
    now = 1019
    assert rows.lease(b"d" * 32, 20) is None
    now = 1020
    assert rows.lease(b"d" * 32, 20) == 1040
    rows.give_back(b"d" * 32, 1020)  # the first holder wakes up: the lease is another's now
    assert rows.lease(b"d" * 32, 20) is None


def test_a_session_ends_and_is_swept_away(storage: Storage) -> None:
    now = 1000.0
    rows = SmartSessionRows(storage.replay, lambda: now)
    sessions = Sessions(rows, SECRET, lambda: now)
    session_id = sessions.open(OPEN)
    now += LONGEST_SESSION_SECONDS - 1
    assert sessions.find(session_id) is not None
    now += 1
    assert sessions.find(session_id) is None
    assert rows.forget_expired() == 1
    assert rows.forget_expired() == 0


def test_an_ended_session_is_gone_and_cannot_be_changed(sessions: Sessions) -> None:
    session_id = sessions.open(OPEN)
    sessions.end(session_id)
    assert sessions.find(session_id) is None
    assert sessions.change(session_id, lambda one: one) is None


def test_what_is_sealed_opens_with_its_own_id_and_secret_alone() -> None:
    sealed = Sealer(SECRET).seal("mine", b"content")
    assert Sealer(SECRET).unseal("mine", sealed) == b"content"
    assert Sealer(SECRET).unseal("theirs", sealed) is None
    assert Sealer(b"t" * 32).unseal("mine", sealed) is None
    for spoiled in (b"", sealed[:-1], sealed[:5], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        assert Sealer(SECRET).unseal("mine", spoiled) is None
    assert Sealer(SECRET).seal("mine", b"content") != sealed


def test_a_session_of_another_version_of_the_service_is_no_session(storage: Storage) -> None:
    rows = SmartSessionRows(storage.replay)
    sessions = Sessions(rows, SECRET)
    session_id = sessions.open(OPEN)
    digest = digest_of(session_id)
    assert rows.replace(digest, Sealer(SECRET).seal(session_id, b"\x81\xa4type\xa3new"), 0)
    assert sessions.find(session_id) is None


def test_nothing_of_a_session_is_shown_by_accident(sessions: Sessions) -> None:
    found = sessions.find(sessions.open(OPEN))
    assert found is not None
    for shown in (repr(found), repr(found.session), repr(LAUNCH)):
        assert "p1" not in shown
        assert found.session_id not in shown
