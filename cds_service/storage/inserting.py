"""Inserts that leave an existing row alone, in the words of either database."""

from sqlalchemy import Engine, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(engine: Engine, table: Table) -> Insert:
    """Insert a row, or do nothing where its primary key is there; ``rowcount`` says which."""
    is_postgresql = engine.dialect.name == "postgresql"
    statement = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
    return statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def insert_or_add(engine: Engine, table: Table, column: str) -> Insert:
    """Insert a row, or add its number in ``column`` to the one of the row that is there."""
    keys = [key.name for key in table.primary_key]
    if engine.dialect.name == "postgresql":
        statement = postgresql.insert(table)
        total = table.c[column] + statement.excluded[column]
        return statement.on_conflict_do_update(index_elements=keys, set_={column: total})
    other = sqlite.insert(table)
    total = table.c[column] + other.excluded[column]
    return other.on_conflict_do_update(index_elements=keys, set_={column: total})
