"""A database gets its tables from the migrations alone, once or many times."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect

from cds_service.storage import tables
from cds_service.storage.engines import Storage, open_storage, transaction
from cds_service.storage.errors import StorageSettingError, StorageUnavailable
from cds_service.storage.migrating import migrate
from cds_service.storage.revisions import check_is_current
from tests.storage.postgresql import PostgresqlServer


def test_a_migrated_database_is_current_however_often_it_was_migrated(database_url: str) -> None:
    migrate(database_url)
    storage = open_storage(database_url)
    check_is_current(storage)
    storage.close()


def test_a_database_that_was_not_migrated_is_not_used(empty_database_url: str) -> None:
    storage = open_storage(empty_database_url)
    with pytest.raises(StorageUnavailable):
        check_is_current(storage)
    storage.close()


def test_a_database_of_another_version_asks_for_the_migration(storage: Storage) -> None:
    with transaction(storage.kept) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'kept_0000'")
    with pytest.raises(StorageUnavailable, match="run hcc-cds migrate"):
        check_is_current(storage)


@pytest.mark.parametrize(
    ("part", "metadata", "versions"),
    [
        ("kept", tables.KEPT, tables.KEPT_VERSIONS),
        ("replay", tables.REPLAY, tables.REPLAY_VERSIONS),
    ],
)
def test_the_migrations_make_the_tables_that_the_code_names(
    storage: Storage, part: str, metadata: MetaData, versions: str
) -> None:
    others = (
        set(tables.KEPT.tables)
        | set(tables.REPLAY.tables)
        | {
            tables.KEPT_VERSIONS,
            tables.REPLAY_VERSIONS,
        }
    )
    others -= set(metadata.tables)

    with transaction(getattr(storage, part)) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": versions,
                "include_name": lambda name, kind, _parents: kind != "table" or name not in others,
            },
        )
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) >= set(metadata.tables)


def test_sqlite_keeps_with_full_durability_and_remembers_tokens_beside_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hcc-cds.db"
    migrate(url)
    storage = open_storage(url)
    asked = [("kept", "synchronous"), ("replay", "synchronous"), ("kept", "journal_mode")]
    found = {}
    for part, pragma in asked:
        with transaction(getattr(storage, part), "reads") as connection:
            found[part, pragma] = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
    storage.close()
    full, normal = 2, 1
    assert found == {
        ("kept", "synchronous"): full,
        ("replay", "synchronous"): normal,
        ("kept", "journal_mode"): "wal",
    }
    assert (tmp_path / "hcc-cds.replay.db").exists()


@pytest.mark.slow
@pytest.mark.xdist_group(name="postgresql")
def test_postgresql_waits_for_the_disk_with_what_is_kept_and_not_with_used_tokens(
    postgresql: PostgresqlServer,
) -> None:
    storage = open_storage(postgresql.new_database())
    found = []
    for engine in (storage.kept, storage.replay):
        with transaction(engine, "reads") as connection:
            found.append(connection.exec_driver_sql("SHOW synchronous_commit").scalar())
    storage.close()
    assert found == ["on", "off"]


@pytest.mark.slow
@pytest.mark.xdist_group(name="postgresql")
def test_a_restart_of_postgresql_costs_no_request(postgresql: PostgresqlServer) -> None:
    url = postgresql.new_database()
    migrate(url)
    storage = open_storage(url)
    check_is_current(storage)
    postgresql.kill()
    with pytest.raises(StorageUnavailable):
        check_is_current(storage)
    postgresql.start()
    check_is_current(storage)
    storage.close()


def test_a_service_with_a_wrong_path_makes_no_new_file(tmp_path: Path) -> None:
    storage = open_storage(f"sqlite:///{tmp_path}/elsewhere.db")
    with pytest.raises(StorageUnavailable):
        check_is_current(storage)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://secret/hcc",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///secret.db?mode=memory",
        "postgresql+psycopg2://secret/hcc",
    ],
)
def test_a_url_that_is_no_database_of_ours_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(StorageSettingError, match=r"^HCC_CDS_DATABASE_URL: ") as refused:
        open_storage(url)
    assert "secret" not in str(refused.value)


def test_a_folder_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"^HCC_CDS_DATABASE_URL: .* cannot be migrated"):
        migrate(f"sqlite:///{tmp_path}/absent/hcc-cds.db")
