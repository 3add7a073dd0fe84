"""Whether a database has the tables of this version and takes writes, as readiness asks."""

from sqlalchemy import text

from cds_service.storage.engines import Storage, open_storage, transaction
from cds_service.storage.errors import StorageUnavailable
from cds_service.storage.tables import (
    KEPT_REVISION,
    KEPT_VERSIONS,
    REPLAY_REVISION,
    REPLAY_VERSIONS,
)


def check_is_current(storage: Storage) -> None:
    """Make sure that both sets of tables are the ones that this version uses.

    Raises:
        StorageUnavailable: the database cannot be reached, or needs ``hcc-cds migrate``.

    """
    wanted = (
        (storage.kept, KEPT_VERSIONS, KEPT_REVISION),
        (storage.replay, REPLAY_VERSIONS, REPLAY_REVISION),
    )
    for engine, table, revision in wanted:
        with transaction(engine, "reads") as connection:
            found = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()  # noqa: S608 (a constant)
        if found != revision:
            message = "the database has other tables than this version: run hcc-cds migrate"
            raise StorageUnavailable(message)


def check_takes_writes(storage: Storage) -> None:
    """Make sure that both sets of tables can be written, by a write that changes nothing.

    Raises:
        StorageUnavailable: the disk is full or read-only, or the database cannot be reached.

    """
    for engine, table in ((storage.kept, KEPT_VERSIONS), (storage.replay, REPLAY_VERSIONS)):
        with transaction(engine) as connection:
            connection.execute(text(f"UPDATE {table} SET version_num = version_num"))  # noqa: S608 (a constant)


def make_sure_of_tables(database_url: str, *, may_migrate: bool) -> None:
    """Check the tables once before anything is served; a demonstration makes its own.

    Raises:
        StorageSettingError: the URL is not one of a database that is supported.
        StorageUnavailable: the database cannot be reached, or needs ``hcc-cds migrate``.

    """
    if may_migrate:
        from cds_service.storage.migrating import migrate  # noqa: PLC0415 (production never does)

        migrate(database_url)
    storage = open_storage(database_url)
    try:
        check_is_current(storage)
    except StorageUnavailable as error:
        message = f"HCC_CDS_DATABASE_URL: {error}; a new database needs hcc-cds migrate first"
        raise StorageUnavailable(message) from None
    finally:
        storage.close()
