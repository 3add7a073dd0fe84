"""What became of the cards: shown, accepted, overridden; counted in the database."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, distinct, func, select

from cds_service.storage.engines import Storage, transaction
from cds_service.storage.tables import accepted_suggestion, feedback, shown

_ON_FEEDBACK = (
    feedback.c.service,
    feedback.c.ehr,
    feedback.c.topic,
    feedback.c.pathway_version,
)
_ON_SHOWN = (shown.c.service, shown.c.ehr, shown.c.topic, shown.c.pathway_version)


class CardFigures(msgspec.Struct, rename="camel"):
    """Cards of one topic: how many were sent, and on how many there was an answer."""

    service: str
    ehr: str
    topic: str
    pathway_version: str
    shown: int = 0
    accepted: int = 0
    overridden: int = 0


class SuggestionFigures(msgspec.Struct, rename="camel"):
    """Suggestions about one therapy or test: how many were sent and how many accepted."""

    service: str
    ehr: str
    topic: str
    pathway_version: str
    therapy: str
    shown: int = 0
    accepted: int = 0


class ReasonFigures(msgspec.Struct, rename="camel"):
    """One reason to override: how often it was given, and how often with a comment."""

    service: str
    ehr: str
    topic: str
    pathway_version: str
    reason: str
    times: int
    with_comment: int


class FeedbackReport(msgspec.Struct, kw_only=True, rename="camel"):
    """All figures, those of the whole first; ``since`` is None for all that is kept."""

    since: date | None
    shown: int
    accepted: int
    overridden: int
    cards: tuple[CardFigures, ...]
    suggestions: tuple[SuggestionFigures, ...]
    reasons: tuple[ReasonFigures, ...]


def feedback_report(storage: Storage, since: date | None = None) -> FeedbackReport:
    """Count what is kept, from a day on or all of it.

    A card counts once per outcome, however often it was answered.

    Raises:
        StorageUnavailable: the database cannot be read.

    """
    first = since or date.min
    with transaction(storage.kept, "reads") as connection:
        cards = _cards(connection, first)
        return FeedbackReport(
            since=since,
            shown=sum(card.shown for card in cards),
            accepted=sum(card.accepted for card in cards),
            overridden=sum(card.overridden for card in cards),
            cards=cards,
            suggestions=_suggestions(connection, first),
            reasons=_reasons(connection, first),
        )


def _cards(connection: Connection, first: date) -> tuple[CardFigures, ...]:
    found: dict[tuple[str, str, str, str], Counter[str]] = defaultdict(Counter)
    for *key, times in connection.execute(_shown(first, therapies=False)):
        found[_card(key)]["shown"] = times
    answered = (
        select(*_ON_FEEDBACK, feedback.c.outcome, func.count(distinct(feedback.c.card)))
        .where(feedback.c.outcome_on >= first)
        .group_by(*_ON_FEEDBACK, feedback.c.outcome)
    )
    for *key, outcome, times in connection.execute(answered):
        found[_card(key)][outcome] = times
    return tuple(
        CardFigures(*key, times["shown"], times["accepted"], times["overridden"])
        for key, times in sorted(found.items())
    )


def _suggestions(connection: Connection, first: date) -> tuple[SuggestionFigures, ...]:
    found: dict[tuple[tuple[str, str, str, str], str], Counter[str]] = defaultdict(Counter)
    for *key, name, times in connection.execute(_shown(first, therapies=True)):
        found[_card(key), name]["shown"] = times
    therapy = accepted_suggestion.c.therapy
    accepted = (
        select(*_ON_FEEDBACK, therapy, func.count(distinct(accepted_suggestion.c.suggestion)))
        .join_from(feedback, accepted_suggestion)
        .where(feedback.c.outcome_on >= first)
        .group_by(*_ON_FEEDBACK, therapy)
    )
    for *key, name, times in connection.execute(accepted):
        found[_card(key), name]["accepted"] = times
    return tuple(
        SuggestionFigures(*key, name, times["shown"], times["accepted"])
        for (key, name), times in sorted(found.items())
    )


def _card(columns: Sequence[str]) -> tuple[str, str, str, str]:
    service, ehr, topic, version = columns
    return service, ehr, topic, version


def _reasons(connection: Connection, first: date) -> tuple[ReasonFigures, ...]:
    commented = func.count().filter(feedback.c.commented)
    query = (
        select(*_ON_FEEDBACK, feedback.c.reason, func.count(), commented)
        .where(feedback.c.outcome_on >= first, feedback.c.outcome == "overridden")
        .group_by(*_ON_FEEDBACK, feedback.c.reason)
        .order_by(*_ON_FEEDBACK, feedback.c.reason)
    )
    return tuple(ReasonFigures(*row) for row in connection.execute(query))


def _shown(first: date, *, therapies: bool) -> Select[Any]:
    key = (*_ON_SHOWN, shown.c.therapy) if therapies else _ON_SHOWN
    is_wanted = shown.c.therapy != "" if therapies else shown.c.therapy == ""
    return (
        select(*key, func.sum(shown.c.times)).where(shown.c.day >= first, is_wanted).group_by(*key)
    )
