"""What a clinician stated about the dose of sorafenib, as reason and as input."""

from hcc_pathway.case import Statement
from hcc_pathway.explanation.wording import say_id
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import InputUsed


def stated_exposure(stated: Statement, knowledge: KnowledgeOnDay) -> str:
    """Word the statement: it is a statement, and not a count of days."""
    return say_id(
        "exposure-stated" if stated.holds else "exposure-stated-not",
        dose=knowledge.parameter("sorafenib-minimum-mg-per-day"),
        needed=knowledge.parameter("sorafenib-minimum-days"),
        window=knowledge.parameter("sorafenib-window-days"),
        source=stated.source,
    )


def stated_input(stated: Statement | None) -> list[InputUsed]:
    """Show the statement beside the count of days, which it does not change."""
    if stated is None:
        return []
    return [
        InputUsed(
            input="sorafenib-exposure",
            value=None,  # no days were counted
            unit="",
            as_received=say_id("answered-yes" if stated.holds else "answered-no"),
            recorded=stated.recorded_on,
            source=stated.source,
            note=say_id(
                "note-tolerated-dose-stated" if stated.holds else "note-lower-dose-stated"
            ),
        )
    ]
