"""The figures of feedback for Prometheus; every label comes from a closed list."""

from prometheus_client import Counter

from cds_service.feedback.messages import Feedback

_CARD = ("service", "ehr", "topic", "pathway_version")
_FEEDBACK = Counter(
    "hcc_cds_feedback_total", "Feedback stored, repeats left out", (*_CARD, "outcome", "reason")
)
_ACCEPTED = Counter(
    "hcc_cds_accepted_suggestions_total", "Suggestions accepted", (*_CARD, "therapy")
)
_SHOWN = Counter(
    "hcc_cds_shown_total",
    "Cards sent (therapy empty) and suggestions sent with them, counted a few seconds later",
    (*_CARD, "therapy"),
)


def count_feedback(service: str, ehr: str, item: Feedback) -> None:
    """Count one feedback that was new."""
    card = (service, ehr, item.about.topic, item.about.version)
    _FEEDBACK.labels(*card, item.outcome, item.reason).inc()
    for suggestion in item.suggestions:
        _ACCEPTED.labels(*card, suggestion.therapy).inc()


def count_shown(card: tuple[str, str, str, str], therapy: str, times: int) -> None:
    """Count what was sent of one kind of card: cards (``therapy`` is empty) or suggestions."""
    _SHOWN.labels(*card, therapy).inc(times)
