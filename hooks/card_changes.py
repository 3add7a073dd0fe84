"""What would change the options: whole clauses that say what is gained and what is lost."""

from collections.abc import Iterable

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import PatientClass, Recommendation, WhatWouldChange
from hooks.card_text import CardTexts, markdown_escape
from hooks.therapy_names import joined

_CLAUSES_SHOWN = 3
REGORAFENIB = "regorafenib"


def would_change(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    """Write the clauses for the visible part; "" where nothing unknown would change anything."""
    clauses = change_clauses(recommendation, knowledge, texts)
    if not clauses and (recommendation.options or not recommendation.missing):
        return ""
    said = " ".join(clauses[:_CLAUSES_SHOWN]) or texts.say("phrase.answers-change")
    if len(clauses) > _CLAUSES_SHOWN:
        said += " " + texts.say("phrase.more", count=len(clauses) - _CLAUSES_SHOWN)
    return texts.say("section.would-change", said=said)


def change_clauses(
    recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts
) -> list[str]:
    """Write one clause per effect; conditions with the same effect stand in one clause."""
    conditions: dict[tuple[str, ...], list[str]] = {}
    for change in recommendation.what_would_change:
        conditions.setdefault(change.then, []).append(markdown_escape(change.condition))
    return [
        texts.say(
            "phrase.would-change",
            condition=f"{texts.say('phrase.or-if')} ".join(said),
            effect=_effect(then, recommendation, knowledge, texts),
        )
        for then, said in conditions.items()
    ]


def change_sentence(
    change: WhatWouldChange,
    recommendation: Recommendation,
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
) -> str:
    """Write one change as plain text, for a page that escapes by itself."""
    effect = _effect(change.then, recommendation, knowledge, texts)
    return texts.say("phrase.would-change", condition=change.condition, effect=effect)


def _effect(
    then: Iterable[str],
    recommendation: Recommendation,
    knowledge: KnowledgeOnDay,
    texts: CardTexts,
) -> str:
    """Tell the drugs gained from those lost: what is an option now can only be lost."""
    offered = {option.therapy for option in recommendation.options}
    gained = [therapy for therapy in then if therapy not in offered]
    lost = [therapy for therapy in then if therapy in offered]
    said = []
    if gained:
        key = "phrase.gained-also" if offered else "phrase.gained"
        said.append(_with_drugs(key, gained, knowledge, texts))
    if lost:
        said.append(_with_drugs("phrase.lost", lost, knowledge, texts))
    effect = "; ".join(said)
    if REGORAFENIB in gained and recommendation.patient_class is PatientClass.INTOLERANT:  # A5
        return texts.say("phrase.against-intolerance", effect=effect)
    return effect


def _with_drugs(
    key: str, therapies: list[str], knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    several = "-several" if len(therapies) > 1 else ""
    return texts.say(key + several, drugs=joined(therapies, knowledge, texts))
