"""What the chart holds now, in one line; and what of it is missing or out of date."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import (
    ChildPughValue,
    InputUsed,
    MissingInput,
    PatientClass,
    Recommendation,
)
from hooks.card_text import CardTexts, markdown_escape


class _Clock(NamedTuple):
    """The day of the answer, and the first day whose readings are current on it."""

    as_of: date
    oldest: date


_COMPONENTS = frozenset({"bilirubin", "albumin", "inr", "ascites", "encephalopathy"})
_GROWS_OLD = _COMPONENTS | {"alpha-fetoprotein", "child-pugh", "ecog", "progression"}


def status_line(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """Write AFP, Child-Pugh and ECOG with their days; what is not known is said as that."""
    by_input = _by_input(recommendation.inputs)
    oldest = recommendation.as_of - timedelta(days=int(knowledge.parameter("fresh-days")))
    clock = _Clock(recommendation.as_of, oldest)
    parts = (
        _measured("alpha-fetoprotein", by_input, clock, texts),
        _child_pugh(by_input, clock, texts),
        _measured("ecog", by_input, clock, texts),
    )
    return f" {texts.say('status.separator')} ".join(parts)


def asked(recommendation: Recommendation) -> list[MissingInput]:
    """List the missing inputs, Child-Pugh only where none of its components is asked for."""
    wanted = recommendation.missing
    parts = any(one.input in _COMPONENTS for one in wanted)
    return [one for one in wanted if not (parts and one.input == "child-pugh")]


def gaps(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Say what is to be settled, what is not known, what is out of date, what to confirm."""
    by_input = _by_input(recommendation.inputs)
    fresh_days = knowledge.parameter("fresh-days")
    missing: list[str] = []
    dated: list[str] = []
    for wanted in asked(recommendation):
        days = [one.recorded for one in by_input.get(wanted.input, ()) if one.recorded is not None]
        name = texts.sentences.get(f"asked.{wanted.input}") or texts.name("input", wanted.input)
        aged = bool(days) and (recommendation.as_of - max(days)).days > fresh_days
        if aged and wanted.input in _GROWS_OLD:
            dated.append(texts.say("phrase.of-day", name=name, day=max(days)))
        elif days and wanted.input == "alpha-fetoprotein":
            missing.append(texts.say("phrase.afp-undecided"))
        elif recommendation.options:
            missing.append(name)
        else:  # nothing is offered: the question itself is what the card has to say
            missing.append(markdown_escape(wanted.ask))
    lists = {
        "missing": "; ".join(missing).rstrip("."),
        "out-of-date": ", ".join(dated),
        "confirm": "; ".join(_to_confirm(recommendation, by_input, texts)),
    }
    said = [texts.say(f"section.{name}", said=listed) for name, listed in lists.items() if listed]
    if recommendation.options and recommendation.patient_class is PatientClass.CONFLICTING:
        said.insert(0, texts.say("section.settle"))
    if not said and recommendation.patient_class is not PatientClass.NOT_APPLICABLE:
        return texts.say("section.nothing-missing")
    return " ".join(said)


def _to_confirm(
    recommendation: Recommendation, by_input: dict[str, list[InputUsed]], texts: CardTexts
) -> list[str]:
    """Name what the options rest on although nobody has seen it: intake, progression."""
    if not recommendation.options:
        return []
    found = []
    progressions = by_input.get("progression", ())
    if progressions and all(one.source.startswith("Medication") for one in progressions):
        found.append(texts.say("phrase.progression-from-stop-reason"))
    if any("based-on-prescriptions" in option.flags for option in recommendation.options):
        found.append(texts.say("phrase.intake"))
    return found


def _by_input(inputs: Iterable[InputUsed]) -> dict[str, list[InputUsed]]:
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
    return [one for name in sorted(_COMPONENTS) for one in by_input.get(name, ())]


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
