"""The history of the tables, run by Alembic: ``kept`` and ``replay``, each with its versions."""
