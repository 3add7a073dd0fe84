"""Key sets in files and at addresses: rotation, faults, and how often an address is asked."""

import json
import multiprocessing
import os
import threading
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cds_service import background_work
from cds_service.client_tokens import key_sources
from cds_service.client_tokens.key_sources import FetchedKeys, KeyFile
from cds_service.client_tokens.public_keys import LARGEST_KEY_SET_BYTES, verifying_keys
from cds_service.client_tokens.refusal import KeysUnavailable
from tests.client_tokens.hospital import FILE_ISSUER, hospital
from tests.client_tokens.tokens import Signer, claims, es384, key_set, rs384


class Clock:
    """The machine's clock, to be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


class Address:
    """A key address that counts how often it is asked."""

    def __init__(self, document: bytes | None) -> None:
        self.document = document
        self.asked = 0
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self) -> bytes:
        self.asked += 1
        self.gate.wait(20)
        if self.document is None:
            message = "example: timed-out"
            raise KeysUnavailable(message)
        return self.document


def settled(keys: FetchedKeys) -> None:
    """Wait until no fetch is under way."""
    for thread in threading.enumerate():
        if thread.name == "fetch of client keys":
            thread.join(10)
    assert keys.is_ready in {True, False}


@pytest.fixture
def first() -> Signer:
    return es384("first")


@pytest.fixture
def second() -> Signer:
    return es384("second")


def test_a_file_is_read_again_when_it_changes(
    tmp_path: Path, first: Signer, second: Signer
) -> None:
    path = tmp_path / "keys.json"
    keys = KeyFile(path)
    assert not keys.is_ready
    path.write_bytes(key_set(first))
    assert keys.key("first") is not None
    path.write_bytes(key_set(first, second))
    assert keys.key("second") is not None
    path.write_bytes(key_set(second))
    os.utime(path, ns=(1, 1))
    assert keys.key("first") is None


def test_a_file_that_breaks_leaves_the_keys_of_before_for_a_day(
    tmp_path: Path, first: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    path, clock = tmp_path / "keys.json", Clock()
    path.write_bytes(key_set(first))
    keys = KeyFile(path, clock)
    keys.prepare()
    clock.ahead += 10 * key_sources.SECONDS_OF_USE  # a good file has no age
    path.write_text("{")
    assert keys.key("first") is not None
    clock.ahead += key_sources.SECONDS_OF_USE - 10
    assert keys.key("first") is not None
    clock.ahead += 20
    assert keys.key("first") is None
    assert not keys.is_ready
    path.write_bytes(key_set(first, first))
    assert keys.key("first") is None  # a name that two keys have
    path.write_bytes(key_set(first))
    assert keys.key("first") is not None
    whys = [record.__dict__["fields"]["why"] for record in caplog.records]
    assert whys == ["the key set is not JSON"]


@pytest.mark.parametrize("withdrawn", [b'{"keys": []}', None], ids=["emptied", "deleted"])
def test_keys_end_with_the_file_or_set_that_held_them(
    tmp_path: Path, first: Signer, withdrawn: bytes | None
) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(key_set(first))
    keys = KeyFile(path)
    assert keys.key("first") is not None
    path.unlink()
    if withdrawn is not None:
        path.write_bytes(withdrawn)
    assert keys.key("first") is None
    assert not keys.is_ready
    path.write_bytes(key_set(first))
    assert keys.is_ready


def test_a_rotation_in_the_file_needs_no_restart(tmp_path: Path, at_address: Signer) -> None:
    old, new = es384("old"), es384("new")
    made = hospital(tmp_path, old, at_address)

    def status(signer: Signer) -> int:
        return made.call(signer.sign(claims(FILE_ISSUER, tenant="north"))).status_code

    assert (status(old), status(new)) == (200, 401)
    (tmp_path / "keys.json").write_bytes(key_set(new, rs384("another")))
    assert (status(old), status(new)) == (401, 200)


def test_unknown_names_of_keys_cause_one_fetch_in_thirty_seconds(first: Signer) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    assert keys.key("first") is not None
    for number in range(200):
        assert keys.key(f"unknown-{number}") is None
    assert address.asked == 1
    clock.ahead += 29
    keys.key("unknown")
    assert address.asked == 1
    clock.ahead += 2
    keys.key("unknown")
    settled(keys)
    assert address.asked == 2


def test_a_rotated_key_is_found_by_the_first_request_that_needs_it(
    first: Signer, second: Signer
) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    address.document = key_set(second)
    clock.ahead += 31
    assert keys.key("second") is not None
    assert keys.key("first") is None


def test_a_withdrawn_key_is_noticed_within_minutes_without_anyone_asking_for_another(
    first: Signer, second: Signer
) -> None:
    address, clock = Address(key_set(first, second)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    address.document = key_set(first)
    clock.ahead += key_sources.SECONDS_UNTIL_REFRESH + 1
    assert keys.key("second") is not None
    settled(keys)
    assert keys.key("second") is None


def test_a_known_key_never_waits_and_works_for_a_day_while_the_address_hangs(
    first: Signer,
) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    address.gate.clear()
    clock.ahead += 3600
    began = time.monotonic()
    assert keys.key("first") is not None
    assert time.monotonic() - began < 0.2
    assert keys.key("unknown") is None
    assert 0.5 < time.monotonic() - began < 2
    for _ in range(20):
        assert keys.key("unknown") is None
    assert time.monotonic() - began < 3
    address.document = None
    address.gate.set()
    settled(keys)
    clock.ahead += key_sources.SECONDS_OF_USE
    assert keys.key("first") is None


def test_a_failed_fetch_leaves_the_keys_of_before(first: Signer) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    for document in (None, b"{", b"{}", b"<html>"):
        address.document = document
        clock.ahead += 31
        assert keys.key("unknown") is None
        settled(keys)
        assert keys.key("first") is not None
    assert address.asked == 5


def test_an_address_that_gives_no_key_any_more_has_withdrawn_them(
    first: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    address.document = b'{"keys": []}'
    clock.ahead += 31
    assert keys.key("unknown") is None
    settled(keys)
    assert keys.key("first") is None
    assert not keys.is_ready
    assert "withdrawn" in caplog.text


def test_a_key_withdrawn_while_nobody_calls_is_gone_before_the_next_call(
    first: Signer, second: Signer
) -> None:
    address, clock = Address(key_set(first)), Clock()
    keys = FetchedKeys(address, clock)
    keys.prepare()
    address.document = key_set(second)
    for _ in range(6):  # minutes
        clock.ahead += 60
        keys.refresh()
        settled(keys)
    assert address.asked == 2
    assert keys.key("first") is None


def test_a_process_that_serves_asks_for_old_keys_by_itself(
    tmp_path: Path, first: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    monkeypatch.setattr(FetchedKeys, "refresh", lambda _: asked.set())
    monkeypatch.setattr(background_work, "_ROUNDS_TO_TIDY", 1)
    made = hospital(tmp_path, first, first)
    work = made.app.extensions["background"]
    work._every_s = 0.01  # noqa: SLF001 (two seconds are long for a test)
    work.start()
    try:
        assert asked.wait(10)
    finally:
        work.stop()


def _ask_often(keys: FetchedKeys, found: "multiprocessing.Queue[bool]") -> None:
    for number in range(50):
        keys.key(f"unknown-{number}")
    found.put(keys.key("first") is not None)


def test_all_workers_share_one_key_set_and_one_rate(first: Signer) -> None:
    def counted() -> bytes:
        with asked.get_lock():
            asked.value += 1
        return key_set(first)

    fork = multiprocessing.get_context("fork")
    asked, found = fork.Value("i", 0), fork.Queue()
    keys = FetchedKeys(counted)
    workers = [fork.Process(target=_ask_often, args=(keys, found)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [found.get(timeout=5) for _ in workers] == [True] * 4
    assert asked.value == 1
    assert keys.key("first") is not None


USELESS = {
    "symmetric": {"kty": "oct", "kid": "x", "k": "c2VjcmV0"},
    "without a kid": es384("x").public_jwk() | {"kid": None},
    "private": es384("x").public_jwk() | {"d": "AAAA"},
    "for encryption": es384("x").public_jwk() | {"use": "enc"},
    "for signing, not verifying": es384("x").public_jwk() | {"key_ops": ["sign"]},
    "RSA of 1024 bits": rs384("x", bits=1024).public_jwk(),
    "of an algorithm that is not taken": rs384("x").public_jwk() | {"alg": "PS384"},
    "of another curve": Signer(ec.generate_private_key(ec.SECP521R1()), "ES512", "x").public_jwk(),
    "not on its curve": es384("x").public_jwk() | {"x": "A" * 64},
    "without numbers": {"kty": "RSA", "kid": "x"},
    "a text": "key",
}


@pytest.mark.parametrize("kind", USELESS)
def test_a_key_that_cannot_be_used_is_left_out_and_the_others_count(
    kind: str, first: Signer
) -> None:
    entries = [USELESS[kind], first.public_jwk()]
    assert set(verifying_keys(json.dumps({"keys": entries}).encode())) == {"first"}
    assert not verifying_keys(json.dumps({"keys": [USELESS[kind]]}).encode())


def test_a_name_that_two_keys_have_names_none(first: Signer) -> None:
    entries = [es384("x").public_jwk(), es384("x").public_jwk(), first.public_jwk()]
    assert set(verifying_keys(json.dumps({"keys": entries}).encode())) == {"first"}


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"keys": {}}', b"[" * 100_000, b"7" * 5000],
    ids=["empty", "list", "null", "broken", "bytes", "no list", "deep", "number"],
)
def test_what_is_no_key_set_is_refused(document: bytes) -> None:
    with pytest.raises(KeysUnavailable):
        verifying_keys(document)


def test_a_key_set_has_a_size_and_a_number_of_keys(first: Signer) -> None:
    with pytest.raises(KeysUnavailable, match="larger than"):
        verifying_keys(key_set(first) + b" " * LARGEST_KEY_SET_BYTES)
    many = [first.public_jwk() | {"kid": str(number)} for number in range(101)]
    with pytest.raises(KeysUnavailable, match="at most 100"):
        verifying_keys(json.dumps({"keys": many}).encode())
