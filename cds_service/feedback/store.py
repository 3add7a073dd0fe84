"""Feedback in the database: a batch is one transaction, and a repeat is the same row."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from cds_service.feedback.messages import Feedback
from cds_service.storage.engines import Storage, transaction
from cds_service.storage.inserting import insert_new
from cds_service.storage.tables import accepted_suggestion, feedback


class FeedbackStore:
    """Keeps batches of feedback."""

    def __init__(self, storage: Storage) -> None:
        """Take the storage whose ``kept`` tables are on disk once a transaction ends."""
        self._engine = storage.kept
        self._insert = insert_new(self._engine, feedback)
        self._insert_suggestion = insert_new(self._engine, accepted_suggestion)

    def keep(
        self, batch: Sequence[Feedback], *, service: str, ehr: str, now: datetime
    ) -> tuple[Feedback, ...]:
        """Store a batch durably and give back the part of it that was new.

        Two items are the same when card, outcome, instant, accepted suggestions and reason are:
        clients repeat what was not acknowledged, and one card may get several answers.

        Raises:
            StorageUnavailable: nothing of the batch was stored.

        """
        new = []
        with transaction(self._engine) as connection:
            for item in batch:
                digest = _digest(item)
                row = _row(item, digest, service, ehr, now.date())
                if connection.execute(self._insert, row).rowcount != 1:
                    continue
                new.append(item)
                for suggestion in item.suggestions:
                    connection.execute(
                        self._insert_suggestion,
                        {
                            "feedback": digest,
                            "suggestion": suggestion.id,
                            "therapy": suggestion.therapy,
                        },
                    )
        return tuple(new)


def _row(item: Feedback, digest: bytes, service: str, ehr: str, day: date) -> dict[str, object]:
    return {
        "digest": digest,
        "received_on": day,
        "outcome_on": item.at.date(),
        "service": service,
        "ehr": ehr,
        "card": item.card,
        "topic": item.about.topic,
        "pathway_version": item.about.version,
        "outcome": item.outcome,
        "reason": item.reason,
        "commented": item.commented,
    }


def _digest(item: Feedback) -> bytes:
    suggestions = " ".join(suggestion.id for suggestion in item.suggestions)
    at = item.at.astimezone(UTC).isoformat()
    said = (item.card, item.outcome, at, suggestions, item.reason)
    return sha256("\n".join(said).encode()).digest()
