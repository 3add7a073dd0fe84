"""A client token is used once, whoever asks and however often."""

import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from cds_service.storage.engines import Storage, open_storage
from cds_service.storage.errors import StorageUnavailable
from cds_service.storage.replay_memory import ReplayMemory

_SOON = time.time() + 300


def test_a_token_is_new_once(storage: Storage) -> None:
    memory = ReplayMemory(storage.replay)
    assert memory.remember("https://ehr.example", "t1", _SOON)
    assert not memory.remember("https://ehr.example", "t1", _SOON)


def test_the_same_id_from_another_issuer_is_another_token(storage: Storage) -> None:
    memory = ReplayMemory(storage.replay)
    assert memory.remember("https://a.example", "t1", _SOON)
    assert memory.remember("https://b.example", "t1", _SOON)
    assert memory.remember("https://a.example:", "t1", _SOON)
    assert memory.remember("https://a.example", ":t1", _SOON)


@pytest.mark.parametrize("jti", ["x" * 100_000, "\ud800", "'; DROP TABLE used_token; --", "\x00"])
def test_odd_ids_are_ids(storage: Storage, jti: str) -> None:
    memory = ReplayMemory(storage.replay)
    assert memory.remember("https://ehr.example", jti, _SOON)
    assert not memory.remember("https://ehr.example", jti, _SOON)


def test_of_many_at_once_exactly_one_is_first(storage: Storage) -> None:
    memory = ReplayMemory(storage.replay)

    def use(number: int) -> bool:
        return memory.remember("https://ehr.example", f"t{number % 10}", _SOON)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(use, range(160))) == 10


def _use_all(database_url: str) -> int:
    storage = open_storage(database_url)
    memory = ReplayMemory(storage.replay)
    first = sum(memory.remember("https://ehr.example", f"t{n}", _SOON) for n in range(200))
    storage.close()
    return first


def test_of_several_processes_exactly_one_is_first(database_url: str) -> None:
    with get_context("spawn").Pool(3) as pool:
        assert sum(pool.map(_use_all, [database_url] * 3, chunksize=1)) == 200


def test_tokens_are_forgotten_only_when_no_clock_takes_them_any_more(storage: Storage) -> None:
    memory = ReplayMemory(storage.replay)
    memory.remember("https://ehr.example", "t1", _SOON)
    assert memory.forget_expired(_SOON + 60) == 0
    assert not memory.remember("https://ehr.example", "t1", _SOON)
    assert memory.forget_expired(_SOON + 600) == 1
    assert memory.remember("https://ehr.example", "t1", _SOON)


def test_without_its_database_the_memory_accepts_nothing(tmp_path: Path) -> None:
    memory = ReplayMemory(open_storage(f"sqlite:///{tmp_path}/absent.db").replay)
    with pytest.raises(StorageUnavailable, match="the database cannot be used at the moment"):
        memory.remember("https://ehr.example", "t1", _SOON)
