"""The shapes of the knowledge files: one struct per kind of file, unknown keys refused.

The JSON Schemas under ``knowledge/schema`` are generated from these. Values and texts only: what
follows from them is decided in code, and files name criteria and circumstances without operators.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from hcc_pathway.knowledge_base.dosing import Dosing, OtherProduct
from hcc_pathway.knowledge_base.enrolment import EnrolmentCriterion
from hcc_pathway.knowledge_base.parts import Id, Jurisdiction, KnowledgePart, Review, RuleId, Text

DrugClass = Literal["tyrosine-kinase inhibitor", "checkpoint inhibitor", "anti-VEGF antibody"]
Basis = Literal["pathway", "label", "guideline", "evidence"]
Circumstance = Literal[
    "always",
    "several-options",
    "child-pugh-b",
    "alpha-fetoprotein-at-least-400",
    "liver-transplant",
    "autoimmune-disease",
    "bleeding-risk",
    "strong-cyp3a4-inhibitor",
    "strong-cyp3a4-inducer",
    "sorafenib-allergy",
    "prior-immunotherapy",
    "conflicting-tolerance",
    "third-line",
]
EvidenceKind = Literal[
    "randomised trial",
    "single-arm trial",
    "cohort study",
    "cost study",
    "editorial",
    "guideline",
    "label",
    "regulatory record",
    "laboratory study",
    "formula",
    "project reading",
]
Verification = Literal["verified", "computed", "background"]


class Figure(KnowledgePart, frozen=True, kw_only=True):
    """One result, exactly as published; a ``background`` figure never reaches a clinician."""

    outcome: Text
    result: Text
    hazard_ratio: str = ""
    confidence_interval: str = ""
    p_value: str = ""
    note: str = ""
    verification: Verification
    source: Text


class Correction(KnowledgePart, frozen=True, kw_only=True):
    """An error of the editorial: what it printed and what is right."""

    id: Annotated[str, msgspec.Meta(pattern=r"^E([1-9]|1[0-5])$")]
    printed: Text
    right: Text
    verification: Verification = "verified"


class EvidenceItem(KnowledgePart, frozen=True, kw_only=True):
    """One study, guideline, label or reading: what it shows, for whom, and its limits."""

    id: Id
    title: Text
    kind: EvidenceKind
    citation: Text
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    registration: str = ""  # "NCT01774344"
    population: str = ""
    therapies: tuple[Id, ...] = ()  # what a trial tested: drugs or regimens
    enrolled: tuple[EnrolmentCriterion, ...] = ()  # what ``population`` says, as criteria
    n: int | None = None
    figures: tuple[Figure, ...] = ()
    limits: Text
    card_text: str = ""  # one sentence a card can show; empty with not_shown
    not_shown: str = ""  # why no card shows this item
    corrections: tuple[Correction, ...] = ()
    review: Review

    def for_readers(self) -> EvidenceItem:
        """Give the item without anything that is background: nothing after this can show it."""
        return msgspec.structs.replace(
            self,
            figures=tuple(one for one in self.figures if one.verification != "background"),
            corrections=tuple(one for one in self.corrections if one.verification != "background"),
        )


class Indication(KnowledgePart, frozen=True, kw_only=True):
    """Where a drug has its place: by the pathway or by a label."""

    line: Literal["first", "second", "third"]
    basis: Basis
    criteria: tuple[Id, ...] = ()  # all must hold; ids of criteria.yaml
    text: Text
    rules: tuple[RuleId, ...] = ()
    evidence: tuple[Id, ...]
    jurisdiction: Jurisdiction | None = None
    effective_from: date
    effective_to: date | None = None


class DrugCaution(KnowledgePart, frozen=True, kw_only=True):
    """Something to weigh before a drug is chosen, and when it is worth saying."""

    id: Id
    when: Circumstance
    text: Text
    rules: tuple[RuleId, ...] = ()
    evidence: tuple[Id, ...]


class Remark(KnowledgePart, frozen=True, kw_only=True):
    """A short text for ``alsoConsider``, by its basis and circumstance."""

    basis: Literal["label", "guideline", "evidence"]
    when: Circumstance
    text: Text
    rules: tuple[RuleId, ...] = ()
    evidence: tuple[Id, ...]


class Drug(KnowledgePart, frozen=True, kw_only=True):
    """One systemic drug of hepatocellular carcinoma."""

    id: Id
    label: Text
    drug_class: DrugClass = msgspec.field(name="class")
    pathway_drug: bool
    value_set: Id
    names: tuple[Text, ...]  # lower-case INN, US and INN variants, brands
    dosing: Dosing | None = None
    other_product: OtherProduct | None = None
    indications: tuple[Indication, ...] = ()
    cautions: tuple[DrugCaution, ...] = ()
    also_consider: tuple[Remark, ...] = ()
    review: Review


class Regimen(KnowledgePart, frozen=True, kw_only=True):
    """A combination that guidelines name; one line of therapy."""

    id: Id
    label: Text
    drugs: tuple[Id, ...]
    cautions: tuple[DrugCaution, ...] = ()
    also_consider: tuple[Remark, ...] = ()
    review: Review


class RegulatoryNotice(KnowledgePart, frozen=True, kw_only=True):
    """A regulator's act on a therapy, from a day on.

    Only a withdrawal decides orders, and only for a site of its own jurisdiction.
    """

    id: Id
    therapy: Id  # a drug or a regimen
    jurisdiction: Jurisdiction
    authority: Text
    kind: Literal["withdrawal", "approval", "wording"]
    decides_orders: bool
    shown: Literal["everywhere", "own-jurisdiction", "never"]
    text: Text
    evidence: tuple[Id, ...]
    effective_from: date
    effective_to: date | None = None
    checked_on: date  # the day to which the source speaks
    review: Review

    def holds_on(self, day: date) -> bool:
        """Whether the notice is in force on a day (both ends included)."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    def decides_for(self, jurisdiction: str | None) -> bool:
        """Whether a site of this jurisdiction may no longer be offered an order for the drug."""
        return self.decides_orders and self.jurisdiction == jurisdiction


class Criterion(KnowledgePart, frozen=True, kw_only=True):
    """A question that the pathway asks; what answers it is code."""

    id: Id
    label: Text
    rules: tuple[RuleId, ...]


class CriterionList(KnowledgePart, frozen=True, kw_only=True):
    """All criteria that files and documents may name."""

    criteria: tuple[Criterion, ...]
    review: Review


class Caveat(KnowledgePart, frozen=True, kw_only=True):
    """A caveat of the editorial (S11, S16, S18 to S28): shown with options, or background."""

    id: RuleId
    text: Text
    shown: bool
    therapies: tuple[Id, ...] = ()  # empty: with any option
    when: Circumstance = "always"
    concerns: Literal["treatment", "cost"] = "treatment"  # cost stands under a heading of its own
    background_because: str = ""
    evidence: tuple[Id, ...]


class CaveatList(KnowledgePart, frozen=True, kw_only=True):
    """All caveats of the editorial."""

    caveats: tuple[Caveat, ...]
    review: Review


class PathwayDescription(KnowledgePart, frozen=True, kw_only=True):
    """Which pathway this is, and what it is for."""

    id: Id
    version: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    title: Text
    short_title: Text
    citation: Text
    doi: Text
    url: Text
    effective_from: date
    intended_use: Text
    provenance: Text
    drugs: tuple[Id, ...]
    evidence: tuple[Id, ...]
    further_reading: tuple[Id, ...] = ()  # stored for the reader of the knowledge pages
    review: Review
