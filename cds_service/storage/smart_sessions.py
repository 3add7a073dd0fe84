"""The rows of SMART sessions: sealed contents under a digest, changed by one holder at a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, insert, select, update

from cds_service.storage.engines import transaction
from cds_service.storage.errors import StorageUnavailable
from cds_service.storage.tables import smart_session
from smart_app.sessions.rows import SealedRow, SessionsUnavailable


class SmartSessionRows:
    """Sessions in the database that all workers and replicas share.

    Every method raises SessionsUnavailable where the database cannot be had.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        """Take the engine of the short-lived tables (``Storage.replay``)."""
        self._engine = engine
        self._clock = clock

    def add(self, digest: bytes, sealed: bytes, expires_at: int) -> None:
        """Keep a new session until a moment (seconds since 1970)."""
        row = {
            "digest": digest,
            "sealed": sealed,
            "expires_at": expires_at,
            "version": 0,
            "leased_until": 0,
        }
        with self._connection() as connection:
            connection.execute(insert(smart_session), row)

    def find(self, digest: bytes) -> SealedRow | None:
        """Give a session that has not expired."""
        columns = select(smart_session.c.sealed, smart_session.c.version)
        wanted = columns.where(
            smart_session.c.digest == digest, smart_session.c.expires_at > int(self._clock())
        )
        with self._connection() as connection:
            found = connection.execute(wanted).first()
        return None if found is None else SealedRow(found.sealed, found.version)

    def replace(self, digest: bytes, sealed: bytes, version: int) -> bool:
        """Change a session if it is still at this version, and say whether it was."""
        changed = (
            update(smart_session)
            .where(smart_session.c.digest == digest, smart_session.c.version == version)
            .values(sealed=sealed, version=version + 1)
        )
        with self._connection() as connection:
            return connection.execute(changed).rowcount == 1

    def remove(self, digest: bytes) -> bool:
        """Delete a session; True for the one caller that did."""
        with self._connection() as connection:
            removed = delete(smart_session).where(smart_session.c.digest == digest)
            return connection.execute(removed).rowcount == 1

    def lease(self, digest: bytes, seconds: int) -> int | None:
        """Become the only holder of a session until the second that is given, or give None."""
        now = int(self._clock())
        taken = (
            update(smart_session)
            .where(smart_session.c.digest == digest, smart_session.c.leased_until <= now)
            .values(leased_until=now + seconds)
        )
        with self._connection() as connection:
            return now + seconds if connection.execute(taken).rowcount == 1 else None

    def give_back(self, digest: bytes, until: int) -> None:
        """End one's own lease before its time."""
        mine = update(smart_session).where(
            smart_session.c.digest == digest, smart_session.c.leased_until == until
        )
        with self._connection() as connection:
            connection.execute(mine.values(leased_until=0))

    def forget_expired(self) -> int:
        """Delete what nobody can open any more and say how many; run in the background.

        Raises:
            StorageUnavailable: nothing was deleted.

        """
        expired = delete(smart_session).where(smart_session.c.expires_at <= int(self._clock()))
        with transaction(self._engine, "one statement") as connection:
            return connection.execute(expired).rowcount

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with transaction(self._engine, "one statement") as connection:
                yield connection
        except StorageUnavailable as error:
            raise SessionsUnavailable(str(error)) from None
