"""The memory of used client tokens."""

from alembic import op
from sqlalchemy import BigInteger, Column, LargeBinary

revision = "replay_0001"
down_revision = None


def upgrade() -> None:
    """Create the table; its key is the digest, so SQLite needs no row id beside it."""
    op.create_table(
        "used_token",
        Column("digest", LargeBinary(32), primary_key=True),
        Column("expires_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("used_token_expires_at", "used_token", ["expires_at"])
