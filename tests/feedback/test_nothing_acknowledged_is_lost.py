"""What was acknowledged is there after kill -9, after the database's own crash, on a full disk."""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from cds_service.storage.engines import open_storage, transaction
from cds_service.storage.migrating import migrate
from cds_service.storage.tables import feedback
from hooks.card_ids import TOPICS, CardIds
from tests.feedback.killed_service import FEEDBACK, SECRET, Clients, Service, serving
from tests.service.conftest import SERVICE, hook_call
from tests.storage.postgresql import PostgresqlServer

# `make check SLOW=1` kills often enough to see a loss; the published figures are of 100 kills
KILLS = int(os.environ.get("HCC_CDS_TEST_KILLS", "12"))
ACKNOWLEDGEMENTS, THREADS = 200 * KILLS, 8
_CRASHES_OF_THE_SERVER = 4
_SECONDS_FOR_A_LIFE = 120.0


def cards_kept(database_url: str) -> Counter[str]:
    storage = open_storage(database_url)
    with transaction(storage.kept, "reads") as connection:
        found = Counter(connection.execute(select(feedback.c.card)).scalars())
    storage.close()
    return found


def kill_again_and_again(
    database_url: str,
    record: Callable[[str, object], None],
    server: PostgresqlServer | None = None,
) -> None:
    """Kill the service in the middle of concurrent feedback; count at the end."""
    service = Service(database_url)
    began = time.monotonic()
    with serving(service):
        clients = Clients(service, THREADS)
        clients.start()
        try:
            for life in range(1, KILLS + 1):
                wait_for(clients, life * ACKNOWLEDGEMENTS // KILLS)
                service.kill()
                if server is not None and life % max(1, KILLS // _CRASHES_OF_THE_SERVER) == 0:
                    server.kill()
                    server.start()
                service.start()
        finally:
            acknowledged = clients.stop()
    kept = cards_kept(database_url)
    figures = {
        "acknowledged": len(acknowledged),
        "lost": len(set(acknowledged) - set(kept)),
        "double": sum(times > 1 for times in kept.values()),
        "repeated posts": clients.repeats,
        "seconds": round(time.monotonic() - began),
    }
    record("figures", figures)
    assert len(acknowledged) >= ACKNOWLEDGEMENTS
    assert len(acknowledged) == len(set(acknowledged))
    assert (figures["lost"], figures["double"]) == (0, 0)


def wait_for(clients: Clients, acknowledged: int) -> None:
    deadline = time.monotonic() + _SECONDS_FOR_A_LIFE
    while len(clients.acknowledged) < acknowledged:
        assert time.monotonic() < deadline, "the service acknowledges nothing any more"
        time.sleep(0.01)


@pytest.mark.slow
def test_killed_again_and_again_it_loses_and_doubles_nothing_in_sqlite(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    url = f"sqlite:///{tmp_path}/hcc-cds.db"
    kill_again_and_again(url, record_property)
    with sqlite3.connect(tmp_path / "hcc-cds.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


@pytest.mark.slow
@pytest.mark.xdist_group(name="postgresql")
def test_kills_and_crashes_of_the_server_lose_and_double_nothing_in_postgresql(
    postgresql: PostgresqlServer, record_property: Callable[[str, object], None]
) -> None:
    kill_again_and_again(postgresql.new_database(), record_property, postgresql)


@pytest.mark.slow
def test_a_full_disk_is_503_for_feedback_and_nothing_for_hooks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hcc-cds.db"
    migrate(url)
    ids = CardIds(SECRET.encode(), "1.0.0")
    acknowledged: list[str] = []
    statuses: Counter[int] = Counter()
    # no file of the service may grow beyond 600 kB: the log of the database soon would
    with serving(Service(url, shell_limit="ulimit -f 600;")) as service:
        for number in range(600):
            card = ids.make(_instance(number), TOPICS[0])
            status = service.post(FEEDBACK, {"feedback": [_overridden(card)]})
            statuses[status] += 1
            if status == 200:
                acknowledged.append(card)
            elif statuses[503] >= 20:
                break
        assert service.post(SERVICE, hook_call()) == 200
        assert service.post(FEEDBACK, {"feedback": [_overridden("x")]}) == 404
    assert set(statuses) == {200, 503}
    assert set(acknowledged) <= set(cards_kept(url))
    with serving(Service(url)) as service:  # the disk has room again
        card = ids.make(_instance(10_000), TOPICS[0])
        assert service.post(FEEDBACK, {"feedback": [_overridden(card)]}) == 200
    kept = cards_kept(url)
    assert set(acknowledged) | {card} <= set(kept)
    assert max(kept.values()) == 1


def _instance(number: int) -> UUID:
    return UUID(int=number)


def _overridden(card: str) -> dict[str, str]:
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:15:00Z"}
