"""What a clinician stated about dose and earlier lines, as reason and as input."""

from hcc_pathway.answer import Phrase
from hcc_pathway.case import PatientCase, Statement, StatementAbout
from hcc_pathway.explanation.naming import name_sources
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import InputUsed
from hcc_pathway.treatment_history.sorafenib_exposure import SorafenibExposure


def stated_exposure(stated: Statement, knowledge: KnowledgeOnDay) -> str:
    """Word the statement: it is a statement, and not a count of days."""
    return say_id(
        "exposure-stated" if stated.holds else "exposure-stated-not",
        dose=knowledge.parameter("sorafenib-minimum-mg-per-day"),
        needed=knowledge.parameter("sorafenib-minimum-days"),
        window=knowledge.parameter("sorafenib-window-days"),
        source=stated.source,
    )


def exposure_against_records(exposed: SorafenibExposure) -> Phrase:
    """Name the statement and the days on record that contradict it."""
    window, stated = exposed.primary, exposed.stated
    days = () if window is None else window.days
    return Phrase.of(
        "exposure-stated-against-records",
        yes=0 if window is None else window.yes,
        window=len(days),
        records=name_sources(sorted({source for day in days for source in day.sources})),
        source="" if stated is None else stated.source,
    )


def stated_input(stated: Statement | None) -> list[InputUsed]:
    """Show the statement beside the count of days, which it does not change."""
    return _shown(
        stated,
        "sorafenib-exposure",
        holds="note-tolerated-dose-stated",
        holds_not="note-lower-dose-stated",
    )


def stated_incomplete(case: PatientCase) -> Statement | None:
    """Give the statement that the systemic therapies on record are not all, if there is one."""
    stated = case.stated(StatementAbout.NO_OTHER_LINES)
    return None if stated is None or stated.holds else stated


def lines_cut(case: PatientCase) -> str:
    """Say why earlier lines cannot be counted: read in part, or stated as not all."""
    stated = stated_incomplete(case)
    if stated is None:
        return say_id("lines-cut")
    return say_id("lines-stated-incomplete", source=stated.source)


def stated_lines_input(case: PatientCase) -> list[InputUsed]:
    """Show what was stated about the systemic therapies on record (A19)."""
    return _shown(
        case.stated(StatementAbout.NO_OTHER_LINES),
        "prior-lines",
        holds="note-no-other-lines-stated",
        holds_not="note-other-lines-stated",
    )


def _shown(
    stated: Statement | None, input_id: str, *, holds: str, holds_not: str
) -> list[InputUsed]:
    """Show a statement with the note for what it says; it counts no day and names no line."""
    if stated is None:
        return []
    return [
        InputUsed(
            input=input_id,
            value=None,
            unit="",
            as_received=say_id("answered-yes" if stated.holds else "answered-no"),
            recorded=stated.recorded_on,
            source=stated.source,
            note=say_id(holds if stated.holds else holds_not),
        )
    ]
