"""The latest of several readings, and whether it is recent enough (A10, A31).

The latest is by effective time, never by when it was issued or received. Times are intervals: a
day without a clock time overlaps every time of that day, so several readings may be "the latest";
all of them are returned and the caller must not pick one silently.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay


class Freshness(StrEnum):
    """The age of a reading on the day of the answer (A10, A31)."""

    CURRENT = "current"  # up to `fresh-days` old
    AGED = "aged"  # up to `usable-days`: used with a flag, and asked again
    STALE = "stale"  # older, or of unknown day: not used


class Timed(Protocol):
    """Anything with an effective time and a source."""

    @property
    def earliest(self) -> datetime: ...  # noqa: D102 - the protocol's docstring says it
    @property
    def latest(self) -> datetime: ...  # noqa: D102
    @property
    def recorded_on(self) -> date: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102


_T = TypeVar("_T", bound=Timed)


def freshness(recorded_on: date | None, on: date, knowledge: KnowledgeOnDay) -> Freshness:
    """How old a record of ``recorded_on`` is on the day ``on``; an unknown day is stale."""
    if recorded_on is None:
        return Freshness.STALE
    age_days = (on - recorded_on).days
    if age_days <= knowledge.parameter("fresh-days"):
        return Freshness.CURRENT
    if age_days <= knowledge.parameter("usable-days"):
        return Freshness.AGED
    return Freshness.STALE


def usable(readings: Iterable[_T], on: date, knowledge: KnowledgeOnDay) -> tuple[_T, ...]:
    """Keep the readings that are recent enough to decide anything."""
    # a chart may hold hundreds: one border instead of an age for each
    oldest = on - timedelta(days=int(knowledge.parameter("usable-days")))
    return tuple([reading for reading in readings if reading.recorded_on >= oldest])


def latest(readings: Iterable[_T]) -> tuple[_T, ...]:
    """Every reading that may be the latest one, newest first; empty when there is none.

    A reading is out only when another one is surely later: it begins after this one has ended.
    """
    in_order = sorted(readings, key=lambda one: one.source)
    if not in_order:
        return ()
    last_beginning = max(one.earliest for one in in_order)
    kept = [one for one in in_order if one.latest >= last_beginning]
    return tuple(sorted(kept, key=lambda one: (one.latest, one.earliest), reverse=True))


def latest_usable(readings: Iterable[_T], on: date, knowledge: KnowledgeOnDay) -> tuple[_T, ...]:
    """Every reading that may be the latest among those recent enough (A10, A31)."""
    return latest(usable(readings, on, knowledge))
