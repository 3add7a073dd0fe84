"""How often cards and suggestions were sent: noted in memory, written in the background."""

from collections import Counter, deque
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from cds_service.feedback.figures import count_shown
from cds_service.storage.engines import Storage, transaction
from cds_service.storage.inserting import insert_or_add
from cds_service.storage.tables import shown
from hooks.card_ids import CardIds
from hooks.messages import Card

# Answers that wait to be counted; a worker sends far fewer between two rounds.
_MOST_WAITING = 20_000


class _Shown(NamedTuple):
    day: date
    service: str
    ehr: str
    topic: str
    pathway_version: str
    therapy: str


class ShownCards:
    """Counts what was sent. One per process; the hook path pays for one append."""

    def __init__(self, storage: Storage, ids: CardIds, therapies: Collection[str]) -> None:
        """Take the storage, and what the ids of cards and suggestions can be read with."""
        self._engine = storage.kept
        self._add = insert_or_add(self._engine, shown, "times")
        self._ids, self._therapies = ids, tuple(therapies)
        self._waiting: deque[tuple[date, str, str, tuple[str, ...]]] = deque(maxlen=_MOST_WAITING)
        self._unwritten: Counter[_Shown] = Counter()

    def note(self, day: date, service: str, ehr: str, cards: Iterable[Card]) -> None:
        """Note the cards of one answer, to be counted later."""
        ids = tuple(
            one for card in cards for one in (card.uuid, *(s.uuid for s in card.suggestions or ()))
        )
        if ids:
            self._waiting.append((day, service, ehr, ids))

    def forget(self) -> None:
        """Drop what was noted before anything was served: the service's own first request."""
        self._waiting.clear()

    def write(self) -> None:
        """Add what was noted since the last time to the table and to the metrics.

        Raises:
            StorageUnavailable: the numbers are kept and added the next time.

        """
        for one, times in self._counted().items():
            self._unwritten[one] += times
            count_shown(one[1:5], one.therapy, times)
        if not self._unwritten:
            return
        # in one order everywhere, so that two workers never wait for each other's rows
        rows = [{**one._asdict(), "times": n} for one, n in sorted(self._unwritten.items())]
        with transaction(self._engine) as connection:
            connection.execute(self._add, rows)
        self._unwritten.clear()

    def _counted(self) -> Counter[_Shown]:
        counted: Counter[_Shown] = Counter()
        while self._waiting:
            day, service, ehr, ids = self._waiting.popleft()
            for one in ids:
                about = self._ids.read(one, self._therapies)
                if about is not None:
                    key = _Shown(
                        day, service, ehr, about.topic, about.version, about.therapy or ""
                    )
                    counted[key] += 1
        return counted
