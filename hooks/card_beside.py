"""What stands beside the pathway, in the visible part: approvals, a guideline, weak evidence."""

from functools import lru_cache

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import PatientClass, Recommendation
from hooks.card_dangers import caution_beside
from hooks.card_text import CardTexts
from hooks.therapy_names import therapy_label

_WORDED_KEPT = 1024


def beside(recommendation: Recommendation, knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Name the drugs beside the pathway by their basis, with what speaks against them here."""
    named = tuple((one.basis, one.therapy) for one in recommendation.also_consider)
    never = recommendation.patient_class is PatientClass.NOT_APPLICABLE
    said = _beside_worded(named, "-instead" if never else "", knowledge, texts)
    if all(basis == "label" for basis, _ in named):
        return said
    return f"{said} {caution_beside(recommendation, texts)}".rstrip()


@lru_cache(_WORDED_KEPT)
def _beside_worded(
    named: tuple[tuple[str, str], ...], instead: str, knowledge: KnowledgeOnDay, texts: CardTexts
) -> str:
    by_basis: dict[str, list[str]] = {}
    for basis, therapy in named:
        by_basis.setdefault(basis, []).append(
            _beside_label(therapy, knowledge, texts, conditions=bool(instead))
        )
    return " ".join(
        texts.say(f"beside.{basis}{instead}", labels=", ".join(labels))
        for basis, labels in by_basis.items()
    )


def _beside_label(
    therapy: str, knowledge: KnowledgeOnDay, texts: CardTexts, *, conditions: bool
) -> str:
    """Name a therapy beside the pathway with the condition that its guideline sets."""
    label = texts.sentences.get(f"therapy.{therapy}") or therapy_label(therapy, knowledge).lower()
    condition = texts.sentences.get(f"beside-condition.{therapy}") if conditions else None
    return texts.say("phrase.withheld", label=label, because=condition) if condition else label
