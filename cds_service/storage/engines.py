"""Connections to SQLite and PostgreSQL, each set of tables with the durability that it needs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from cds_service.storage.errors import StorageSettingError, StorageUnavailable

Mode = Literal["rw", "rwc"]
Does = Literal["writes", "reads", "one statement"]
_VARIABLE = "HCC_CDS_DATABASE_URL"
# A writer waits this long for its turn; hook calls have a deadline, feedback has none.
_KEPT_WAIT_MS, _REPLAY_WAIT_MS = 10_000, 500
_CONNECT_S = 3
_DOES = "hcc_cds_does"
_BEGIN = {"writes": "BEGIN IMMEDIATE", "reads": "BEGIN"}


@dataclass(frozen=True, slots=True)
class Storage:
    """The two sets of tables. No connection is opened before one is used."""

    kept: Engine
    replay: Engine

    def forget_connections(self) -> None:
        """Leave the connections of a parent process alone; a fork opens its own."""
        self.kept.dispose(close=False)
        self.replay.dispose(close=False)

    def close(self) -> None:
        """Close every connection."""
        self.kept.dispose()
        self.replay.dispose()


def open_storage(database_url: str, *, create: bool = False) -> Storage:
    """Give both sets of tables of a database.

    Args:
        database_url: an SQLAlchemy URL; ``sqlite:///FILE`` or ``postgresql://...``.
        create: make the files of SQLite where they are absent. Only the migration does: a service
            that starts with a wrong path should say so instead of filling a new file.

    Raises:
        StorageSettingError: not such a URL.

    """
    url = _url(database_url)
    if url.get_backend_name() == "postgresql":
        return Storage(
            _postgresql(url, _KEPT_WAIT_MS, durable=True),
            _postgresql(url, _REPLAY_WAIT_MS, durable=False),
        )
    mode: Mode = "rwc" if create else "rw"
    kept, replay = sqlite_files(url)
    return Storage(
        _sqlite(kept, mode, _KEPT_WAIT_MS, "FULL"),
        _sqlite(replay, mode, _REPLAY_WAIT_MS, "NORMAL"),
    )


@contextmanager
def transaction(engine: Engine, does: Does = "writes") -> Iterator[Connection]:
    """Run one transaction; what it wrote is durable once the block is left without an error.

    Args:
        engine: one of the two of ``Storage``.
        does: one that only reads need not wait for those that write; one statement is a
            transaction by itself, and the hook path should not pay for more.

    Raises:
        StorageUnavailable: it was not done. The cause is left out: it can quote values.

    """
    try:
        with engine.connect() as connection:
            connection.execution_options(**{_DOES: does})
            with connection.begin():
                yield connection
    except SQLAlchemyError as error:
        raise StorageUnavailable(_in_words(error)) from None


def sqlite_files(url: URL) -> tuple[Path, Path]:
    """Name the file of an SQLite URL and the one beside it that remembers used tokens."""
    kept = Path(url.database or "")
    return kept, kept.with_name(f"{kept.stem}.replay{kept.suffix}")


def _in_words(error: SQLAlchemyError) -> str:
    kind = type(getattr(error, "orig", None) or error).__name__
    return f"the database cannot be used at the moment ({kind})"


def _url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        message = f"{_VARIABLE}: is not a database URL; use sqlite:///FILE or postgresql://..."
        raise StorageSettingError(message) from None
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        message = f"{_VARIABLE}: {url.drivername} is not supported; use sqlite or postgresql"
        raise StorageSettingError(message)
    if not url.database or url.database == ":memory:" or url.query:
        message = f"{_VARIABLE}: SQLite needs a file that all workers share: sqlite:///FILE"
        raise StorageSettingError(message)
    return url.set(drivername="sqlite+pysqlite")


def _sqlite(
    path: Path, mode: Mode, wait_ms: int, synchronous: Literal["FULL", "NORMAL"]
) -> Engine:
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            address,
            uri=True,
            timeout=wait_ms / 1000,
            isolation_level=None,  # SQLAlchemy begins transactions, not the driver
            check_same_thread=False,  # the pool gives a connection to one thread at a time
        )
        for pragma in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    engine = _engine("sqlite+pysqlite://", wait_ms, creator=connect)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # Taking the write lock first means waiting for it; taking it later can only fail.
    statement = _BEGIN.get(connection.get_execution_options().get(_DOES, "writes"))
    if statement is not None:
        connection.exec_driver_sql(statement)


def _postgresql(url: URL, wait_ms: int, *, durable: bool) -> Engine:
    options = [f"-c lock_timeout={wait_ms}", f"-c statement_timeout={wait_ms}"]
    # What is kept waits for the disk whatever the server's own default is.
    options.append(f"-c synchronous_commit={'on' if durable else 'off'}")
    arguments = {"connect_timeout": _CONNECT_S, "options": " ".join(options)}
    return _engine(url, wait_ms, arguments=arguments, autocommit=not durable)


def _engine(
    url: URL | str,
    wait_ms: int,
    *,
    creator: Callable[[], sqlite3.Connection] | None = None,
    arguments: dict[str, object] | None = None,
    autocommit: bool = False,
) -> Engine:
    given: dict[str, object] = {"creator": creator} if creator else {}
    if autocommit:
        given["isolation_level"] = "AUTOCOMMIT"
    return create_engine(
        url,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=4,
        pool_timeout=wait_ms / 1000,
        pool_pre_ping=creator is None,  # a restarted server must not cost a request
        connect_args=arguments or {},
        hide_parameters=True,
        **given,
    )
