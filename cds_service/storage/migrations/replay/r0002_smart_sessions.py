"""Sessions of the SMART app, sealed, until they expire."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary

revision = "replay_0002"
down_revision = "replay_0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "smart_session",
        Column("digest", LargeBinary(32), primary_key=True),
        Column("expires_at", BigInteger, nullable=False),
        Column("version", Integer, nullable=False),
        Column("leased_until", BigInteger, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_index("smart_session_expires_at", "smart_session", ["expires_at"])
