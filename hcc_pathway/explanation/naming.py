"""Names of sources, drugs, days and Child-Pugh components, as sentences use them."""

from collections.abc import Sequence

from hcc_pathway.drug_record import DayBound
from hcc_pathway.explanation.wording import say_id, say_list

_SOURCES_NAMED = 3


def name_sources(sources: Sequence[str]) -> str:
    """Name sources, the first few by id and the rest by their number."""
    named = ", ".join(sources[:_SOURCES_NAMED])
    rest = len(sources) - _SOURCES_NAMED
    return say_id("sources-and-more", named=named, count=rest) if rest > 0 else named


def name_components(components: Sequence[str]) -> str:
    """Name components of Child-Pugh, as clinicians write them."""
    return say_list(say_id(f"component-{name}") for name in components)


def name_drugs(drugs: Sequence[str]) -> str:
    """Name the drugs of one line."""
    return " + ".join(drugs)


def say_day(day: DayBound | None) -> str:
    """Word a day as precisely as it is known."""
    if day is None:
        return say_id("day-unknown")
    if day.earliest == day.latest:
        return day.earliest.isoformat()
    return say_id("day-between", earliest=day.earliest, latest=day.latest)
