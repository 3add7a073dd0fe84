"""Would-be answers: noted while answering, counted and written in the background."""

import secrets
from collections import Counter, deque
from collections.abc import Iterable
from hashlib import blake2b, sha256
from typing import NamedTuple

import msgspec

from cds_service.silent_mode.would_be import WouldBeAnswer
from cds_service.storage.engines import Storage, transaction
from cds_service.storage.inserting import insert_new, insert_or_add
from cds_service.storage.tables import silent_answer, silent_chart, silent_count

_MOST_WAITING = 5_000
_MOST_UNWRITTEN = 20_000
_BOUNDS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 1500)
_encode = msgspec.json.Encoder(order="deterministic").encode


class Noted(NamedTuple):
    """One call: where it came from, what would have been answered, what was not recognised."""

    month: str
    service: str
    ehr: str
    pathway_version: str
    patient: str
    answer: WouldBeAnswer
    counts: tuple[tuple[str, str], ...]  # (kind, item)
    milliseconds: float


class _Key(NamedTuple):
    month: str
    service: str
    ehr: str
    pathway_version: str
    answer: str


class WouldBeAnswers:
    """Keeps would-be answers of one process."""

    def __init__(self, storage: Storage) -> None:
        """Take the storage; nothing is opened before the first answer is written."""
        self._engine = storage.kept
        self._add_answer = insert_or_add(self._engine, silent_answer, "times")
        self._add_count = insert_or_add(self._engine, silent_count, "times")
        self._add_chart = insert_new(self._engine, silent_chart)
        self._waiting: deque[Noted] = deque()
        self._dropped = 0
        # Made at start, before the workers, and never written: who has the database cannot tell
        # which patient a digest was made of, and neither can the service after its next start.
        self._key = secrets.token_bytes(32)
        self._answers: Counter[_Key] = Counter()
        self._counts: Counter[tuple[str, str, str, str, str]] = Counter()
        self._charts: set[tuple[bytes, str]] = set()

    def note(self, noted: Noted) -> None:
        """Take one would-be answer, to be written later; too many at once are counted alone."""
        if len(self._waiting) >= _MOST_WAITING:
            self._dropped += 1
        else:
            self._waiting.append(noted)

    def forget(self) -> None:
        """Drop what was noted before anything was served."""
        self._waiting.clear()

    def write(self) -> None:
        """Add what was noted since the last time to the tables.

        Raises:
            StorageUnavailable: it is kept, as far as there is room, and added the next time.

        """
        self._count_waiting()
        if not self._answers and not self._counts:
            return
        answers = [_answer_row(key, times) for key, times in sorted(self._answers.items())]
        names = ("month", "service", "ehr", "kind", "item")
        counts = [
            {**dict(zip(names, key, strict=True)), "times": times}
            for key, times in sorted(self._counts.items())
        ]
        charts = [{"digest": digest, "month": month} for digest, month in sorted(self._charts)]
        with transaction(self._engine) as connection:
            for statement, rows in (
                (self._add_answer, answers),
                (self._add_count, counts),
                (self._add_chart, charts),
            ):
                if rows:
                    connection.execute(statement, rows)
        self._answers.clear()
        self._counts.clear()
        self._charts.clear()

    def _count_waiting(self) -> None:
        while self._waiting:
            one = self._waiting.popleft()
            place = (one.month, one.service, one.ehr)
            if len(self._answers) + len(self._charts) >= _MOST_UNWRITTEN:
                self._counts[*place, "dropped", ""] += 1
                continue
            self._answers[_Key(*place, one.pathway_version, _encode(one.answer).decode())] += 1
            for kind, item in (*one.counts, ("milliseconds", _bound(one.milliseconds))):
                self._counts[*place, kind, item] += 1
            if one.patient:
                self._charts.add((self._chart(one), one.month))
            if self._dropped:
                self._counts[*place, "dropped", ""] += self._dropped
                self._dropped = 0

    def _chart(self, one: Noted) -> bytes:
        text = f"{one.month}\n{one.ehr}\n{one.patient}".encode()
        return blake2b(text, key=self._key, digest_size=32).digest()


def _answer_row(key: _Key, times: int) -> dict[str, object]:
    digest = sha256("\n".join(key).encode()).digest()
    return {**key._asdict(), "digest": digest, "times": times}


def _bound(milliseconds: float) -> str:
    return next((f"{bound:>4}" for bound in _BOUNDS_MS if milliseconds <= bound), "more")


def count_kinds(kind: str, items: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Give the items of one kind as they are noted, each once per chart."""
    return tuple((kind, item) for item in sorted(set(items)))
