"""Whether every number that a clinician may read stands in a verified figure of what is cited.

A background figure is stored so that it is not looked up again, and never reaches a text: a text
whose number only a background figure holds is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from hcc_pathway.knowledge_base.walk import all_files, mappings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hcc_pathway.errors import KnowledgeError
    from hcc_pathway.knowledge_base.files import KnowledgeFiles
    from hcc_pathway.knowledge_base.schema import EvidenceItem

# A number is not part of a name: "B7", "CYP3A4" and "PD-1" hold none, "KEYNOTE-240" holds 240.
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9.,])(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)(?![A-Za-z])"
)
_WORDING = re.compile(r"\b95% CI\b|\bphase [0-9](?:/[0-9])?|\bPD-(?:L?)1\b")
_SHOWN_KEYS = ("text", "child_pugh_b")
_MILLIGRAM_KEYS = (
    "start_mg_per_day",
    "child_pugh_b_start_mg_per_day",
    "strong_cyp3a4_step_mg",
    "most_mg_per_day",
)


def numbers(text: str) -> set[Decimal]:
    """Give the numbers of a text; those of fixed wording (95% CI, phase 3) do not count."""
    found = _NUMBER.findall(_WORDING.sub(" ", text))
    return {Decimal(number.replace(",", "")).normalize() for number in found}


def figure_errors(files: KnowledgeFiles) -> Iterator[KnowledgeError]:
    """Give every shown number that no verified figure of the cited evidence holds."""
    backed = {file.content.id: _backed_numbers(file.content) for file in files.evidence}
    for item in files.evidence:
        for key in ("card_text", "limits"):
            text = getattr(item.content, key)
            for number in sorted(numbers(text) - backed[item.content.id]):
                yield item.document.error((key,), _unbacked(number, [item.content.id]))
    for kind, file in all_files(files):
        if kind == "evidence":
            continue
        for place, mapping in mappings(file.document.content):
            cited = mapping.get("evidence")
            if not isinstance(cited, list):
                continue
            allowed = set[Decimal]().union(*(backed.get(str(name), set()) for name in cited))
            for key, number in _shown_numbers(mapping):
                if number not in allowed:
                    yield file.document.error((*place, key), _unbacked(number, cited))


def _shown_numbers(mapping: Mapping[str, object]) -> Iterator[tuple[str, Decimal]]:
    """Give the numbers that are shown or held against an order, each with its key."""
    for key in _SHOWN_KEYS:
        text = mapping.get(key)
        if isinstance(text, str):
            yield from ((key, number) for number in sorted(numbers(text)))
    for key in _MILLIGRAM_KEYS:
        dose = mapping.get(key)
        if isinstance(dose, int):
            yield key, Decimal(dose).normalize()


def _backed_numbers(item: EvidenceItem) -> set[Decimal]:
    figures = (
        part
        for figure in item.for_readers().figures
        for part in (
            figure.outcome,
            figure.result,
            figure.hazard_ratio,
            figure.confidence_interval,
            figure.p_value,
            figure.note,
        )
    )
    texts = (item.title, item.citation, item.population, str(item.year or ""), str(item.n or ""))
    return set[Decimal]().union(*(numbers(text) for text in (*texts, *figures)))


def _unbacked(number: Decimal, cited: list[object]) -> str:
    where = ", ".join(str(name) for name in cited)
    return f"{number:f} stands in no verified figure of {where}; cite its source or take it out"
