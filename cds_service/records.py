"""What one process keeps beside its answers, joined with the storage behind it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from cds_service.background_work import BackgroundWork
from cds_service.feedback.shown import ShownCards
from cds_service.silent_mode.answers import WouldBeAnswers
from cds_service.storage.engines import Storage
from cds_service.storage.replay_memory import ReplayMemory
from cds_service.storage.smart_sessions import SmartSessionRows
from hooks.card_ids import CardIds


@dataclass(frozen=True, slots=True)
class Records:
    """The storage and what writes to it; nothing is opened before it is used."""

    storage: Storage
    card_ids: CardIds
    suggestion_names: frozenset[str]
    shown: ShownCards
    silent: WouldBeAnswers | None  # None: cards are sent
    background: BackgroundWork


def open_records(
    storage: Storage,
    card_ids: CardIds,
    suggestion_names: Collection[str],
    *,
    silent: bool,
    refresh: Sequence[Callable[[], None]] = (),
) -> Records:
    """Join the records of one process.

    Args:
        storage: the database.
        card_ids: what makes and reads the ids of cards.
        suggestion_names: every therapy or test that a suggestion may be about.
        silent: no cards are sent; what they would have been is kept.
        refresh: what is asked anew every minute beside the answers; never fails.

    """
    shown = ShownCards(storage, card_ids, suggestion_names)
    would_be = WouldBeAnswers(storage) if silent else None
    used_tokens, sessions = ReplayMemory(storage.replay), SmartSessionRows(storage.replay)
    noted = (shown,) if would_be is None else (shown, would_be)
    return Records(
        storage=storage,
        card_ids=card_ids,
        suggestion_names=frozenset(suggestion_names),
        shown=shown,
        silent=would_be,
        background=BackgroundWork(
            noted, (*refresh, used_tokens.forget_expired, sessions.forget_expired)
        ),
    )
