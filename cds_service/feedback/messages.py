"""Feedback on the wire: the standard's spelling and Epic's, read strictly, kept sparingly.

Nothing that a caller wrote leaves this module as it came: card and suggestion ids are those that
the service made, an outcome is one of two words, a reason is one of ours or "other", and a comment
is only known to have been there. Free text may name a patient, so it is not kept anywhere.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from cds_service.strict_json import object_members, value
from hooks.card_frame import OVERRIDE_REASON_SYSTEM, OVERRIDE_REASONS
from hooks.card_ids import CardId, CardIds
from hooks.messages import RequestRejected

MOST_ITEMS = 1_000
MOST_SUGGESTIONS = 50
# What an override without a reason of ours counts as.
NO_REASON, OTHER_REASON = "none", "other"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,12})?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII
)
_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER_BY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AcceptedSuggestion:
    """A suggestion that the clinician accepted; ``therapy`` is empty if no name fits."""

    id: str
    therapy: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one clinician did with one card."""

    card: str
    about: CardId
    outcome: Literal["accepted", "overridden"]
    at: datetime
    suggestions: tuple[AcceptedSuggestion, ...] = ()
    reason: str = ""
    commented: bool = False


class FeedbackReader:
    """Reads batches; cards are known by their keyed ids, without a store of cards."""

    def __init__(self, ids: CardIds, therapies: Collection[str]) -> None:
        """Take the maker of the ids, and every name that a suggestion may be about."""
        self._ids = ids
        self._therapies = tuple(therapies)

    def read(self, body: bytes, now: datetime, topics: Collection[str]) -> tuple[Feedback, ...]:
        """Read a whole batch, or nothing of it.

        Args:
            body: as it was sent.
            now: no outcome lies much later.
            topics: of the cards of the service that it was sent to.

        Raises:
            RequestRejected: names the item and the member that is wrong.
            NotFound: a card is not one of this service, or a suggestion not one of its card.
            RequestEntityTooLarge: more items than a batch may have.

        """
        member = object_members(body).get("feedback")
        if not isinstance(member, list):
            raise RequestRejected(part="feedback", why=_wanted(member, "an array"))
        if not member:
            raise RequestRejected(part="feedback", why="is empty")
        if len(member) > MOST_ITEMS:
            message = f"A batch has at most {MOST_ITEMS} items; send it in parts."
            raise RequestEntityTooLarge(message)
        return tuple(
            self._item(raw, f"feedback[{n}]", now, topics) for n, raw in enumerate(member)
        )

    def _item(
        self, raw: msgspec.Raw, part: str, now: datetime, topics: Collection[str]
    ) -> Feedback:
        item = value([raw], part)
        fields = item[0] if isinstance(item, list) else None
        if not isinstance(fields, dict):
            raise RequestRejected(part=part, why="must be an object")
        card = _text(fields, "card", part).lower()
        outcome = _text(fields, "outcome", part)
        at = _instant(_text(fields, "outcomeTimestamp", part), f"{part}.outcomeTimestamp", now)
        about = self._known(card)
        if about is None or about.is_suggestion or about.topic not in topics:
            message = f"{part}.card: is not the id of a card of this service."
            raise NotFound(message)
        if outcome == "accepted":
            _refuse_both(fields, part, "overrideReason", "overrideReasons")
            accepted = self._accepted(fields.get("acceptedSuggestions"), part, about)
            return Feedback(card, about, "accepted", at, suggestions=accepted)
        if outcome == "overridden":
            _refuse_both(fields, part, "acceptedSuggestions")
            reason, commented = _override(fields, part)
            return Feedback(card, about, "overridden", at, reason=reason, commented=commented)
        raise RequestRejected(part=f"{part}.outcome", why="is neither accepted nor overridden")

    def _known(self, one: str) -> CardId | None:
        return self._ids.read(one, self._therapies) if _UUID.match(one) else None

    def _accepted(self, found: object, part: str, card: CardId) -> tuple[AcceptedSuggestion, ...]:
        part = f"{part}.acceptedSuggestions"
        if not isinstance(found, list) or not found:
            raise RequestRejected(part=part, why=_wanted(found, "an array that is not empty"))
        if len(found) > MOST_SUGGESTIONS:
            raise RequestRejected(part=part, why=f"has more than {MOST_SUGGESTIONS} suggestions")
        accepted = {}
        for number, suggestion in enumerate(found):
            where = f"{part}[{number}]"
            if not isinstance(suggestion, dict):
                raise RequestRejected(part=where, why="must be an object")
            given = _text(suggestion, "id", where).lower()
            about = self._known(given)
            if about is None or not about.is_suggestion_of(card):
                message = f"{where}.id: is not the id of a suggestion of this card."
                raise NotFound(message)
            accepted[given] = AcceptedSuggestion(given, about.therapy or "")
        return tuple(accepted[given] for given in sorted(accepted))


def _override(fields: Mapping[str, object], part: str) -> tuple[str, bool]:
    """Give the reason as one of our words, and whether there was a comment."""
    name = "overrideReason" if fields.get("overrideReason") is not None else "overrideReasons"
    found, part = fields.get(name), f"{part}.{name}"
    if isinstance(found, list) and len(found) == 1:  # the plural, read as it says
        found = found[0]
    if found is None:
        return NO_REASON, False
    if not isinstance(found, dict):
        raise RequestRejected(part=part, why="must be an object")
    comment = found.get("userComment")
    if comment is not None and not isinstance(comment, str):
        raise RequestRejected(part=f"{part}.userComment", why="must be a string")
    reason = found.get("reason")
    if reason is None:
        # Epic names reasons of its own in an extension
        return (OTHER_REASON if found.get("extension") else NO_REASON), bool(comment)
    if not isinstance(reason, dict):
        raise RequestRejected(part=f"{part}.reason", why="must be an object")
    code = _text(reason, "code", f"{part}.reason")
    is_ours = reason.get("system") == OVERRIDE_REASON_SYSTEM and code in OVERRIDE_REASONS
    return (code if is_ours else OTHER_REASON), bool(comment)


def _refuse_both(fields: Mapping[str, object], part: str, *names: str) -> None:
    for name in names:
        if fields.get(name):
            raise RequestRejected(part=f"{part}.{name}", why="contradicts the outcome")


def _instant(text: str, part: str, now: datetime) -> datetime:
    match = _INSTANT.match(text)
    at = None
    if match is not None:
        day, time, fraction, zone = match.groups()
        microseconds = (fraction or "")[1:7].ljust(6, "0")
        offset = "+00:00" if zone in {"Z", "z"} else zone
        # no such day or hour, or an offset that leaves the calendar
        with suppress(ValueError, OverflowError):
            at = datetime.fromisoformat(f"{day}T{time}.{microseconds}{offset}").astimezone(UTC)
    if at is None:
        why = "is not an instant with a time zone, as 2026-11-22T10:15:00Z"
        raise RequestRejected(part=part, why=why)
    if not _FIRST_DAY <= at <= now + _CLOCKS_DIFFER_BY:
        raise RequestRejected(part=part, why="lies before this service existed or in the future")
    return at


def _text(fields: Mapping[str, object], name: str, part: str) -> str:
    found = fields.get(name)
    if not isinstance(found, str) or not found:
        raise RequestRejected(part=f"{part}.{name}", why=_wanted(found, "a non-empty string"))
    return found


def _wanted(found: object, shape: str) -> str:
    return "is missing" if found is None else f"must be {shape}"
