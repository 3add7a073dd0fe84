"""What the chart holds now, in one line: AFP, Child-Pugh and ECOG with their days."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    ChildPughValue,
    InputUsed,
    Recommendation,
)
from hooks.card_text import CardTexts, markdown_escape


class _Clock(NamedTuple):
    """The day of the answer, and the first day whose readings are current on it."""

    as_of: date
    oldest: date


COMPONENTS = frozenset({"bilirubin", "albumin", "inr", "ascites", "encephalopathy"})


def status_line(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """Write AFP, Child-Pugh and ECOG with their days; what is not known is said as that."""
    by_input = inputs_by_name(recommendation.inputs)
    oldest = recommendation.as_of - timedelta(days=int(knowledge.parameter("fresh-days")))
    clock = _Clock(recommendation.as_of, oldest)
    parts = (
        _measured("alpha-fetoprotein", by_input, clock, texts),
        _child_pugh(by_input, clock, texts),
        _measured("ecog", by_input, clock, texts),
    )
    return f" {texts.say('status.separator')} ".join(parts)


def inputs_by_name(inputs: Iterable[InputUsed]) -> dict[str, list[InputUsed]]:
    """Sort the inputs used by their names."""
    found: dict[str, list[InputUsed]] = {}
    for used in inputs:
        found.setdefault(used.input, []).append(used)
    return found


def _measured(
    name: str, by_input: dict[str, list[InputUsed]], clock: _Clock, texts: CardTexts
) -> str:
    """Word a measured input; readings of one time that differ stand side by side."""
    label = texts.name("input", name)
    readings = by_input.get(name)
    if not readings:
        return texts.say("status.unknown", name=label)
    values = dict.fromkeys(
        one.as_received if name == "alpha-fetoprotein" else str(one.value) for one in readings
    )
    value = markdown_escape(f" {texts.say('status.or')} ".join(values))
    return texts.say("status.known", name=label, value=value, day=_days(readings, clock, texts))


def _child_pugh(by_input: dict[str, list[InputUsed]], clock: _Clock, texts: CardTexts) -> str:
    label = texts.name("input", "child-pugh")
    found = by_input.get("child-pugh", [])
    value = found[0].value if found else None
    if not isinstance(value, ChildPughValue):
        return texts.say("status.unknown", name=label)
    day = _days(_resting_on(found[0], value, by_input), clock, texts)
    letter = value.child_pugh_class
    if letter is None:
        said = texts.say("status.child-pugh-range", lowest=value.lowest, highest=value.highest)
    elif value.score is None:
        said = letter
    else:
        said = texts.say("status.child-pugh", letter=letter, score=value.score)
    return texts.say("status.known", name=label, value=said, day=day)


def _resting_on(
    found: InputUsed, value: ChildPughValue, by_input: dict[str, list[InputUsed]]
) -> Sequence[InputUsed]:
    """Give the records whose days count: the components', unless a stored class decides."""
    points = value.components.values()
    computed = sum(one for one in points if one is not None) if None not in points else None
    if found.recorded is not None and (computed is None or computed != value.score):
        return (found,)
    return [one for name in sorted(COMPONENTS) for one in by_input.get(name, ())]


def _days(used: Sequence[InputUsed], clock: _Clock, texts: CardTexts) -> str:
    days = sorted({one.recorded for one in used if one.recorded is not None})
    if not days:
        return texts.say("status.no-day")
    said = str(days[0])
    if len(days) > 1:
        said = texts.say("status.days", first=days[0], last=days[-1])
    if days[0] >= clock.oldest:
        return said
    return texts.say("status.aged", day=said, age=(clock.as_of - days[0]).days)
