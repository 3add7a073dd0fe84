"""What is open on the main card: to settle, missing, old, to confirm; and what would change it."""

from collections.abc import Iterator, Sequence
from datetime import date

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import InputUsed, MissingInput, PatientClass, Recommendation
from hooks.card_changes import would_change
from hooks.card_status import COMPONENTS, inputs_by_name
from hooks.card_text import CardTexts, markdown_escape
from hooks.situation import others_records

_GROWS_OLD = COMPONENTS | {"alpha-fetoprotein", "child-pugh", "ecog", "progression"}
_LONGEST_CONFLICT = 400
_ON_TOLERANCE = "tolerant-and-intolerant"
_AFTER_PROGRESSION = frozenset(
    {PatientClass.TOLERANT, PatientClass.UNDETERMINED, PatientClass.CONFLICTING}
)


def open_questions(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Write one paragraph on what is open, and one on what would change the answer."""
    gap = " ".join(_gaps(recommendation, knowledge, texts))
    change = would_change(recommendation, knowledge, texts)
    if gap and _contradictory_on_tolerance(recommendation):
        return [gap, change]  # what is to be settled would change it
    if unconfirmed(recommendation):
        return [gap, change or texts.say("section.no-other-change")]
    if gap or change:
        return [
            gap or texts.say("section.nothing-missing"),
            change or texts.say("section.no-change"),
        ]
    near = recommendation.patient_class is PatientClass.NOT_APPLICABLE
    return [texts.say("section.no-change" if near else "section.nothing-open")]


def asked(recommendation: Recommendation) -> list[MissingInput]:
    """List the missing inputs, Child-Pugh only where none of its components is asked for."""
    wanted = recommendation.missing
    parts = any(one.input in COMPONENTS for one in wanted)
    return [one for one in wanted if not (parts and one.input == "child-pugh")]


def unconfirmed(recommendation: Recommendation) -> list[str]:
    """Name what options rest on although nobody has seen it: whose chart, progression, intake."""
    if not recommendation.options:
        return []
    found = []
    if others_records(recommendation):
        found.append("whose-chart")
    progressions = inputs_by_name(recommendation.inputs).get("progression", ())
    stop_reasons = [one.source.startswith("Medication") for one in progressions]
    if stop_reasons and all(stop_reasons) and recommendation.patient_class in _AFTER_PROGRESSION:
        found.append("progression")
    if any("based-on-prescriptions" in option.flags for option in recommendation.options):
        found.append("intake")
    return found


def _gaps(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> Iterator[str]:
    if _contradictory_on_tolerance(recommendation):
        yield texts.say("section.settle")
    for conflict in recommendation.conflicts:
        if conflict.id != _ON_TOLERANCE:
            said = markdown_escape(conflict.text, _LONGEST_CONFLICT).rstrip(".")
            yield texts.say("section.contradiction", said=said)
    missing, dated = _missing_and_dated(recommendation, knowledge, texts)
    lists = {
        "missing": "; ".join(missing).rstrip("."),
        "out-of-date": ", ".join(dated),
        "confirm": "; ".join(texts.say(f"confirm.{name}") for name in unconfirmed(recommendation)),
    }
    for name, listed in lists.items():
        if listed:
            yield texts.say(f"section.{name}", said=listed)


def _contradictory_on_tolerance(recommendation: Recommendation) -> bool:
    conflicting = recommendation.patient_class is PatientClass.CONFLICTING
    return conflicting and bool(recommendation.options)


def _missing_and_dated(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> tuple[list[str], list[str]]:
    """Tell what is not known from what is known but out of date."""
    by_input = inputs_by_name(recommendation.inputs)
    fresh_days = knowledge.parameter("fresh-days")
    missing: list[str] = []
    dated: list[str] = []
    for wanted in asked(recommendation):
        days = _days(by_input.get(wanted.input, ()))
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
    return missing, dated


def _days(used: Sequence[InputUsed]) -> list[date]:
    return [one.recorded for one in used if one.recorded is not None]
