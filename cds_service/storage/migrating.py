"""Bring a database to the present tables. Run once, by ``hcc-cds migrate``, never by a worker."""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from cds_service.storage.engines import open_storage
from cds_service.storage.errors import StorageUnavailable
from cds_service.storage.tables import KEPT_VERSIONS, REPLAY_VERSIONS

_FOLDER = Path(__file__).parent / "migrations"
# Any number will do, as long as all instances take the same one.
_LOCK = 5_483_217


def migrate(database_url: str) -> None:
    """Create or upgrade both sets of tables; a database that is current is left as it is.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be reached or written.

    """
    storage = open_storage(database_url, create=True)
    try:
        _upgrade(storage.kept, "kept", KEPT_VERSIONS)
        _upgrade(storage.replay, "replay", REPLAY_VERSIONS)
    finally:
        storage.close()


def _upgrade(engine: Engine, part: Literal["kept", "replay"], version_table: str) -> None:
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # that of used tokens has no transactions
                connection.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                _begin_alone(connection)
                config = _config(part, version_table)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        message = f"HCC_CDS_DATABASE_URL: the database cannot be migrated ({cause})"
        raise StorageUnavailable(message) from None


def _config(part: str, version_table: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(_FOLDER / part).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["version_table"] = version_table
    return config


def _begin_alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # the tables of used tokens have to survive a crash even where their rows need not
        connection.execute(text("SET LOCAL synchronous_commit = on"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
