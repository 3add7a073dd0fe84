"""What the chart holds now, in one line; and what of it is missing or out of date."""

from collections.abc import Iterable, Sequence

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import ChildPughValue, InputUsed, MissingInput, Recommendation
from hooks.card_text import CardTexts, markdown_escape

_COMPONENTS = frozenset({"bilirubin", "albumin", "inr", "ascites", "encephalopathy"})
_GROWS_OLD = _COMPONENTS | {"alpha-fetoprotein", "child-pugh", "ecog", "progression"}


def status_line(recommendation: Recommendation, texts: CardTexts) -> str:
    """Write AFP, Child-Pugh and ECOG with their days; what is not known is said as that."""
    by_input = _by_input(recommendation.inputs)
    parts = (
        _measured("alpha-fetoprotein", by_input, texts),
        _child_pugh(by_input, texts),
        _measured("ecog", by_input, texts),
    )
    return f" {texts.say('status.separator')} ".join(parts)


def asked(recommendation: Recommendation) -> list[MissingInput]:
    """List the missing inputs, Child-Pugh only where none of its components is asked for."""
    wanted = recommendation.missing
    parts = any(one.input in _COMPONENTS for one in wanted)
    return [one for one in wanted if not (parts and one.input == "child-pugh")]


def gaps(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Say what is not known, and apart from it what is known but out of date."""
    by_input = _by_input(recommendation.inputs)
    fresh_days = knowledge.parameter("fresh-days")
    missing: list[str] = []
    dated: list[str] = []
    for wanted in asked(recommendation):
        days = [one.recorded for one in by_input.get(wanted.input, ()) if one.recorded is not None]
        name = texts.name("input", wanted.input)
        aged = bool(days) and (recommendation.as_of - max(days)).days > fresh_days
        if aged and wanted.input in _GROWS_OLD:
            dated.append(texts.say("phrase.of-day", name=name, day=max(days)))
        elif days and wanted.input == "alpha-fetoprotein":
            missing.append(texts.say("phrase.afp-undecided"))
        elif recommendation.options:
            missing.append(name)
        else:  # nothing is offered: the question itself is what the card has to say
            missing.append(markdown_escape(wanted.ask))
    named = "; ".join(missing) if missing else texts.say("phrase.nothing")
    said = [texts.say("section.missing", said=named.rstrip("."))]
    if dated:
        said.append(texts.say("section.out-of-date", said=", ".join(dated)))
    return " ".join(said)


def _by_input(inputs: Iterable[InputUsed]) -> dict[str, list[InputUsed]]:
    found: dict[str, list[InputUsed]] = {}
    for used in inputs:
        found.setdefault(used.input, []).append(used)
    return found


def _measured(name: str, by_input: dict[str, list[InputUsed]], texts: CardTexts) -> str:
    """Word a measured input; readings of one time that differ stand side by side."""
    label = texts.name("input", name)
    readings = by_input.get(name)
    if not readings:
        return texts.say("status.unknown", name=label)
    values = dict.fromkeys(
        one.as_received if name == "alpha-fetoprotein" else str(one.value) for one in readings
    )
    value = markdown_escape(f" {texts.say('status.or')} ".join(values))
    return texts.say("status.known", name=label, value=value, day=_days(readings, texts))


def _child_pugh(by_input: dict[str, list[InputUsed]], texts: CardTexts) -> str:
    label = texts.name("input", "child-pugh")
    found = by_input.get("child-pugh", [])
    value = found[0].value if found else None
    if not isinstance(value, ChildPughValue):
        return texts.say("status.unknown", name=label)
    day = _days(_resting_on(found[0], value, by_input), texts)
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
    return [one for name in sorted(_COMPONENTS) for one in by_input.get(name, ())]


def _days(used: Sequence[InputUsed], texts: CardTexts) -> str:
    days = sorted({one.recorded for one in used if one.recorded is not None})
    if not days:
        return texts.say("status.no-day")
    if len(days) == 1:
        return str(days[0])
    return texts.say("status.days", first=days[0], last=days[-1])
