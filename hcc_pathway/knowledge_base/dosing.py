"""The shape of what a drug file says of its doses, and of products not to be mixed up."""

from __future__ import annotations

from typing import Annotated

import msgspec

from hcc_pathway.knowledge_base.parts import Id, KnowledgePart, Text

Milligrams = Annotated[int, msgspec.Meta(gt=0)]


class Dosing(KnowledgePart, frozen=True, kw_only=True):
    """The labelled start, and the start in Child-Pugh B where a label names one.

    As text for readers, and in milligrams a day where a draft order can be held against it;
    ``strong_cyp3a4_step_mg`` is by how much the label lowers the dose beside a strong CYP3A4
    inhibitor and raises it, to at most ``most_mg_per_day``, beside a strong inducer.
    """

    text: Text
    child_pugh_b: str = ""
    start_mg_per_day: Milligrams | None = None
    child_pugh_b_start_mg_per_day: Milligrams | None = None
    strong_cyp3a4_step_mg: Milligrams | None = None
    most_mg_per_day: Milligrams | None = None
    evidence: tuple[Id, ...]


class OtherProduct(KnowledgePart, frozen=True, kw_only=True):
    """A product of the same drug that must not stand in for the one meant here."""

    names: tuple[Text, ...]  # lower-case words by which a product is known as this one
    text: Text
    evidence: tuple[Id, ...]
