"""Names of drugs and regimens, as cards show them."""

from collections.abc import Iterable, Sequence

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hooks.card_text import CardTexts


def therapy_label(therapy: str, knowledge: KnowledgeOnDay) -> str:
    """Give the display name of a drug or of a combination that guidelines name."""
    if therapy in knowledge.drugs:
        return knowledge.drugs[therapy].label
    if therapy in knowledge.regimens:
        return knowledge.regimens[therapy].label
    return therapy


def therapy_labels(therapies: Iterable[str], knowledge: KnowledgeOnDay) -> str:
    """Join several names, separated by commas, in the order given."""
    return ", ".join(therapy_label(therapy, knowledge) for therapy in therapies)


def joined(therapies: Sequence[str], knowledge: KnowledgeOnDay, texts: CardTexts) -> str:
    """Join names within a sentence, in lower case: "a", "a and b", "a, b and c"."""
    *first, last = (therapy_label(therapy, knowledge).lower() for therapy in therapies)
    if not first:
        return last
    return texts.say("phrase.list", first=", ".join(first), last=last)
