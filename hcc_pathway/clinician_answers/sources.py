"""How an answered fact names its source: "answered by you, not from the chart"."""

from datetime import date
from functools import cache

from hcc_pathway.case import ContextFact
from hcc_pathway.explanation.wording import say_id, sentences
from hcc_pathway.knowledge_base.knowledge import LANGUAGES


def source_of_answer(fact: str) -> str:
    """Name the source of an answered fact as every list of sources shows it.

    Each fact has its own, since the pathway tells records apart by their source.
    """
    return say_id("answered-by-you", fact=say_id(f"answered-{fact}"))


def is_answered(source: str) -> bool:
    """Whether a source is a clinician's answer and not a resource of the chart.

    In whatever language it was worded: a mark that is missed would pass an answer off as recorded.
    """
    return source.startswith(_marks())


@cache
def _marks() -> tuple[str, ...]:
    return tuple(sentences(one)["answered-by-you"].format(fact="") for one in LANGUAGES)


def answered_no(fact: str, on: date) -> ContextFact:
    """Give a "no", which is shown among the inputs and decides nothing.

    That nothing is recorded is unknown to the pathway, and a "no" opens no branch.
    """
    return ContextFact(
        input=fact,
        value=False,
        unit="",
        as_received=say_id("answered-no"),
        recorded_on=on,
        source=source_of_answer(fact),
    )
