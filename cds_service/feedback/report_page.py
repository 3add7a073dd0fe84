"""The terminal page of ``hcc-cds feedback report``."""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cds_service.feedback.report import (
    CardFigures,
    FeedbackReport,
    ReasonFigures,
    SuggestionFigures,
)

_KEY = ("Card", "Version", "EHR")
_REMARK = (
    "A card that was ignored sends nothing. What was shown is written every few seconds; a crash "
    "can lose the last of it. Comments are not kept."
)
# every topic begins so; a terminal is narrow
_PREFIX = "HccAfterSorafenib"


def report_page(report: FeedbackReport) -> RenderableType:
    """Lay the figures out for a terminal."""
    since = "all that is kept" if report.since is None else f"since {report.since}"
    headline = (
        f"Feedback, {since}: {report.shown} cards shown, {report.accepted} accepted, "
        f"{report.overridden} overridden"
    )
    cards = [
        (
            *_key(card),
            card.shown,
            card.accepted,
            card.overridden,
            _share(card.accepted, card.shown),
        )
        for card in report.cards
    ]
    suggestions = [
        (*_key(one), one.therapy, one.shown, one.accepted, _share(one.accepted, one.shown))
        for one in report.suggestions
    ]
    reasons = [(*_key(one), one.reason, one.times, one.with_comment) for one in report.reasons]
    return Group(
        Text(headline, style="bold"),
        _table("Cards", (*_KEY, "Shown", "Accepted", "Overridden", "Accepted %"), cards),
        _table("Suggestions", (*_KEY, "About", "Shown", "Accepted", "Accepted %"), suggestions),
        _table("Reasons to override", (*_KEY, "Reason", "Times", "With comment"), reasons),
        Text(_REMARK, style="dim"),
    )


def _key(one: CardFigures | SuggestionFigures | ReasonFigures) -> tuple[str, str, str]:
    return one.topic.removeprefix(_PREFIX), one.pathway_version, one.ehr or "-"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "-"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE)
    for name in head:
        is_number = name in {"Shown", "Accepted", "Overridden", "Accepted %", "Times"}
        table.add_column(name, justify="right" if is_number or "comment" in name else "left")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    return table
