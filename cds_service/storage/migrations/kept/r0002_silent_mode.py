"""What silent mode keeps: equal would-be answers counted together, and plain counts."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, String, Text

revision = "kept_0002"
down_revision = "kept_0001"


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "silent_answer",
        Column("digest", LargeBinary(32), primary_key=True),
        Column("month", String(7), nullable=False),
        Column("service", String(80), nullable=False),
        Column("ehr", String(200), nullable=False),
        Column("pathway_version", String(20), nullable=False),
        Column("answer", Text, nullable=False),
        Column("times", Integer, nullable=False),
    )
    op.create_table(
        "silent_count",
        Column("month", String(7), primary_key=True),
        Column("service", String(80), primary_key=True),
        Column("ehr", String(200), primary_key=True),
        Column("kind", String(20), primary_key=True),
        Column("item", String(200), primary_key=True),
        Column("times", Integer, nullable=False),
    )
    op.create_table(
        "silent_chart",
        Column("digest", LargeBinary(32), primary_key=True),
        Column("month", String(7), nullable=False),
    )
