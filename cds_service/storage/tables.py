"""The tables. Two sets: what must survive a power cut, and what is short-lived anyway.

In SQLite each set has a file of its own, because durability is a setting of a file; in PostgreSQL
both stand in one database. No column holds what a caller wrote: ids are those that the service
made or digests, words come from closed lists, and no time is finer than a day. The one exception
is sealed: a session of the SMART app, which only the cookie of its browser opens.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

KEPT = MetaData()
REPLAY = MetaData()

# The newest migration of each set, which `hcc-cds migrate` brings a database to.
KEPT_REVISION = "kept_0002"
REPLAY_REVISION = "replay_0002"
KEPT_VERSIONS = "alembic_version"
REPLAY_VERSIONS = "alembic_version_replay"

# One answer of a clinician to one card. `digest` stands for all that was said, so that a repeat is
# the same row.
feedback = Table(
    "feedback",
    KEPT,
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

# The suggestions that one feedback accepts, with what each was about.
accepted_suggestion = Table(
    "accepted_suggestion",
    KEPT,
    Column("feedback", LargeBinary(32), ForeignKey("feedback.digest"), primary_key=True),
    Column("suggestion", String(36), primary_key=True),
    Column("therapy", String(40), nullable=False),
)

# How often cards and their suggestions were sent; `therapy` is empty in the row of the card.
shown = Table(
    "shown",
    KEPT,
    Column("day", Date, primary_key=True),
    Column("service", String(80), primary_key=True),
    Column("ehr", String(200), primary_key=True),
    Column("topic", String(100), primary_key=True),
    Column("pathway_version", String(20), primary_key=True),
    Column("therapy", String(40), primary_key=True),
    Column("times", Integer, nullable=False),
)

# Silent mode. A would-be answer in words of closed lists (JSON); equal ones are counted together,
# so that no row is one patient's.
silent_answer = Table(
    "silent_answer",
    KEPT,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("month", String(7), nullable=False),  # 2026-11
    Column("service", String(80), nullable=False),
    Column("ehr", String(200), nullable=False),
    Column("pathway_version", String(20), nullable=False),
    Column("answer", Text, nullable=False),
    Column("times", Integer, nullable=False),
)

# What the answers do not say: why records were not used, units and codes, durations.
silent_count = Table(
    "silent_count",
    KEPT,
    Column("month", String(7), primary_key=True),
    Column("service", String(80), primary_key=True),
    Column("ehr", String(200), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("item", String(200), primary_key=True),
    Column("times", Integer, nullable=False),
)

# How many different charts: digests whose key is in no file, so they lead back to nobody.
silent_chart = Table(
    "silent_chart",
    KEPT,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("month", String(7), nullable=False),
)

# Client tokens that were used, until they have expired anyway.
used_token = Table(
    "used_token",
    REPLAY,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Index("used_token_expires_at", "expires_at"),
    sqlite_with_rowid=False,
)

# Sessions of the SMART app, launches under way too, until they expire. What is sealed is read with
# the cookie of its browser and the secret key together; `version` grows with each change, and
# whoever holds the lease (until that second) is the only one that changes it.
smart_session = Table(
    "smart_session",
    REPLAY,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("leased_until", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("smart_session_expires_at", "expires_at"),
)
