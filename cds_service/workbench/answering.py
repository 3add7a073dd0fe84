"""What a visitor answers to a card, as the feedback that an EHR sends, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from cds_service.feedback.report import feedback_report
from cds_service.storage.engines import Storage
from cds_service.storage.errors import StorageUnavailable
from hooks.card_frame import OVERRIDE_REASON_SYSTEM
from hooks.card_text import load_card_texts


def feedback_of_form(form: Mapping[str, str]) -> bytes:
    """Write the batch for one card: accepted where a suggestion was pressed, else overridden."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said: dict[str, Any] = {"card": form.get("card", ""), "outcomeTimestamp": now}
    if form.get("suggestion"):
        said["outcome"] = "accepted"
        said["acceptedSuggestions"] = [{"id": form["suggestion"]}]
        return msgspec.json.encode({"feedback": [said]})
    said["outcome"] = "overridden"
    reason: dict[str, Any] = {}
    if form.get("reason"):
        reason["reason"] = {"code": form["reason"], "system": OVERRIDE_REASON_SYSTEM}
    if form.get("comment"):
        reason["userComment"] = form["comment"]
    if reason:
        said["overrideReason"] = reason
    return msgspec.json.encode({"feedback": [said]})


@dataclass(frozen=True, slots=True)
class ShownReport:
    """The report of all feedback, in words and over all versions and EHRs.

    ``topics`` are (words, shown, accepted, overridden), the others (words, times).
    """

    accepted: int
    overridden: int
    topics: tuple[tuple[str, int, int, int], ...]
    reasons: tuple[tuple[str, int], ...]
    therapies: tuple[tuple[str, int], ...]


def shown_report(storage: Storage) -> ShownReport | None:
    """Give the report as the page shows it; None where the database has no tables yet."""
    try:
        report = feedback_report(storage)
    except StorageUnavailable:
        return None
    words = load_card_texts()
    topics: dict[str, Counter[str]] = defaultdict(Counter)
    for one in report.cards:
        topics[words.name("topic", one.topic)].update(
            shown=one.shown, accepted=one.accepted, overridden=one.overridden
        )
    reasons, therapies = Counter[str](), Counter[str]()
    for given in report.reasons:
        reasons[words.name("override", given.reason)] += given.times
    for taken in report.suggestions:
        therapies[taken.therapy] += taken.accepted
    return ShownReport(
        accepted=report.accepted,
        overridden=report.overridden,
        topics=tuple(
            (words_of, n["shown"], n["accepted"], n["overridden"])
            for words_of, n in sorted(topics.items())
        ),
        reasons=tuple(sorted(reasons.items())),
        therapies=tuple(sorted((name, times) for name, times in therapies.items() if times)),
    )
