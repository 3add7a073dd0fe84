"""Dangers of an option: what marks its line, and what the warning card says of it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Caution, InputUsed, Recommendation, TreatmentOption
from hooks.card_text import CardTexts, markdown_escape

# Cautions under these circumstances are dangers: they mark the option's line and get a card.
_DANGERS = frozenset(
    {
        "liver-transplant",
        "bleeding-risk",
        "sorafenib-allergy",
        "autoimmune-disease",
        "strong-cyp3a4-inhibitor",
        "strong-cyp3a4-inducer",
    }
)
_OF_CHECKPOINT_INHIBITORS = ("liver-transplant", "autoimmune-disease")
_MOST_NAMED = 2
_COMBINATIONS_KEPT = 1024
_LONGEST_NAME = 60


class Danger(NamedTuple):
    """A circumstance, the caution's text, and the records behind it, escaped ("" without)."""

    circumstance: str
    text: str
    recorded: str


def dangers(
    option: TreatmentOption, recommendation: Recommendation, knowledge: KnowledgeOnDay
) -> Iterator[Danger]:
    """List the dangers of one option, with the drug or disease as it is recorded."""
    for circumstance, text in _dangerous(option.therapy, option.cautions, knowledge):
        yield Danger(circumstance, text, _recorded(circumstance, recommendation.inputs))


@lru_cache(_COMBINATIONS_KEPT)
def _dangerous(
    therapy: str, cautions: tuple[Caution, ...], knowledge: KnowledgeOnDay
) -> tuple[tuple[str, str], ...]:
    """Give circumstance and text of those cautions that are dangers."""
    if not cautions:
        return ()
    circumstances = {c.id: str(c.when) for c in knowledge.drugs[therapy].cautions}
    return tuple(
        (circumstances[caution.id], caution.text)
        for caution in cautions
        if circumstances.get(caution.id) in _DANGERS
    )


def marks(
    option: TreatmentOption,
    recommendation: Recommendation,
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
) -> list[str]:
    """Write the marks that stand on the option's own line, those first that are dangers."""
    found = [
        texts.say(f"mark.{danger.circumstance}", recorded=danger.recorded).strip()
        for danger in dangers(option, recommendation, knowledge)
        if danger.circumstance != "liver-transplant"  # its flag says it
    ]
    return list(dict.fromkeys(found))


def caution_beside(recommendation: Recommendation, texts: CardTexts) -> str:
    """Name what speaks against checkpoint inhibitors beside the pathway, or nothing."""
    recorded = {used.input for used in recommendation.inputs}
    named = [
        texts.say(f"warning.{concern}")
        for concern in _OF_CHECKPOINT_INHIBITORS
        if concern in recorded
    ]
    return texts.say("phrase.caution-beside", concerns=", ".join(named)) if named else ""


def _recorded(circumstance: str, inputs: tuple[InputUsed, ...]) -> str:
    received = dict.fromkeys(
        markdown_escape(used.as_received, _LONGEST_NAME)
        for used in inputs
        if circumstance in {used.input, used.value if isinstance(used.value, str) else ""}
        and used.as_received
    )
    return ", ".join(list(received)[:_MOST_NAMED])
