"""A CodeableConcept in words, and as the code of a status.

For showing and for statuses only: which value set a concept belongs to is decided by ``codes``.
"""

from typing import Final

from fhir_mappings.chart.projections import CodeableConcept, Coding, each

_LONGEST_NAME: Final = 200


def name_of(concept: CodeableConcept | None) -> str:
    """Give the words a chart uses for a concept: its text, else a display, else a code."""
    if concept is None:
        return ""
    codings: list[Coding] = each(concept.coding)
    words = (
        concept.text,
        *(coding.display for coding in codings),
        *(coding.code for coding in codings),
    )
    return " ".join(next((word for word in words if word), "").split())[:_LONGEST_NAME]


def status_codes(status: CodeableConcept | str | None) -> frozenset[str]:
    """Give the codes of a status, which older charts send as a plain string."""
    if status is None:
        return frozenset()
    if isinstance(status, str):
        return frozenset({status})
    codes = [coding.code for coding in each(status.coding) if coding.code]
    return frozenset(codes or [word for word in (status.text,) if word])
