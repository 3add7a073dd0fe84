"""Feedback, and how often cards were shown."""

from alembic import op
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String

revision = "kept_0001"
down_revision = None


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "feedback",
        Column("digest", LargeBinary(32), primary_key=True),
        Column("received_on", Date, nullable=False),
        Column("outcome_on", Date, nullable=False),
        Column("service", String(80), nullable=False),
        Column("ehr", String(200), nullable=False),
        Column("card", String(36), nullable=False),
        Column("topic", String(100), nullable=False),
        Column("pathway_version", String(20), nullable=False),
        Column("outcome", String(10), nullable=False),
        Column("reason", String(40), nullable=False),
        Column("commented", Boolean, nullable=False),
    )
    op.create_table(
        "accepted_suggestion",
        Column("feedback", LargeBinary(32), ForeignKey("feedback.digest"), primary_key=True),
        Column("suggestion", String(36), primary_key=True),
        Column("therapy", String(40), nullable=False),
    )
    op.create_table(
        "shown",
        Column("day", Date, primary_key=True),
        Column("service", String(80), primary_key=True),
        Column("ehr", String(200), primary_key=True),
        Column("topic", String(100), primary_key=True),
        Column("pathway_version", String(20), primary_key=True),
        Column("therapy", String(40), primary_key=True),
        Column("times", Integer, nullable=False),
    )
