"""Names of drugs and regimens, as the page shows them."""

from collections.abc import Iterable

from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay


def therapy_label(therapy: str, knowledge: KnowledgeOnDay) -> str:
    """Give the display name of a drug or of a combination that guidelines name."""
    named = knowledge.drugs.get(therapy) or knowledge.regimens.get(therapy)
    return named.label if named else therapy


def therapy_labels(therapies: Iterable[str], knowledge: KnowledgeOnDay) -> list[str]:
    """Give several names, in the order given."""
    return [therapy_label(therapy, knowledge) for therapy in therapies]


def knowledge_address(therapy: str, knowledge: KnowledgeOnDay) -> str:
    """Give the address of the knowledge page of a drug or regimen."""
    kind = "drugs" if therapy in knowledge.drugs else "regimens"
    return f"/knowledge/{kind}/{therapy}"
