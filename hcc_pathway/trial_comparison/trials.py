"""``trials_of``: the trials of a drug, held against one patient."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.knowledge_base.enrolment import EnrolmentCriterion
from hcc_pathway.trial_comparison.enrolment import enrolment_answer

if TYPE_CHECKING:
    from hcc_pathway.findings.assessment import Assessment
    from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
    from hcc_pathway.knowledge_base.schema import EvidenceItem, Figure

_TRIALS: Final = frozenset({"randomised trial", "single-arm trial"})
_INTERVAL: Final = re.compile(r"(?:[0-9.]+% CI )?([0-9]+\.[0-9]+)-([0-9]+\.[0-9]+)")


class HazardRatio(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One hazard ratio as published: below 1 the drug did better than what it was held against."""

    outcome: str
    result: str
    value: Decimal
    low: Decimal
    high: Decimal
    interval: str  # "0.50-0.79", with its level where the file names one
    p_value: str
    note: str  # "post hoc"
    source: str


class Enrolment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One criterion of a trial, and whether this patient meets it; unknown stays unknown."""

    criterion: EnrolmentCriterion
    answer: Answer


class Trial(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One trial of a drug, from its evidence file alone.

    ``supports_option`` is False for the drug's other trials: a negative or a first-line trial
    belongs beside the one that an option rests on.
    """

    id: str
    therapy: str
    therapy_label: str
    title: str
    kind: str
    n: int | None
    population: str
    limits: str
    citation: str
    registration: str
    supports_option: bool
    hazard_ratios: tuple[HazardRatio, ...]
    enrolment: tuple[Enrolment, ...]  # empty: the file names no criterion


def trials_of(
    therapy: str, evidence: tuple[str, ...], known: Assessment, knowledge: KnowledgeOnDay
) -> tuple[Trial, ...]:
    """Give all trials of a drug, those first that its option rests on.

    ``evidence`` are the ids that the document names for the option. A trial that found nothing
    stands beside one that did: REACH is shown with REACH-2.
    """
    found = [
        _trial(therapy, item, known, knowledge, supports=item.id in evidence)
        for item in knowledge.evidence.values()
        if item.kind in _TRIALS and (item.id in evidence or therapy in item.therapies)
    ]
    return tuple(sorted(found, key=lambda one: (not one.supports_option, one.id)))


def _trial(
    therapy: str,
    item: EvidenceItem,
    known: Assessment,
    knowledge: KnowledgeOnDay,
    *,
    supports: bool,
) -> Trial:
    drug = knowledge.drugs.get(therapy) or knowledge.regimens[therapy]
    return Trial(
        id=item.id,
        therapy=therapy,
        therapy_label=drug.label,
        title=item.title,
        kind=item.kind,
        n=item.n,
        population=item.population,
        limits=item.limits,
        citation=item.citation,
        registration=item.registration,
        supports_option=supports,
        hazard_ratios=tuple(
            found for figure in item.figures if (found := hazard_ratio(figure)) is not None
        ),
        enrolment=tuple(
            Enrolment(criterion=criterion, answer=enrolment_answer(criterion, known))
            for criterion in item.enrolled
        ),
    )


def hazard_ratio(figure: Figure) -> HazardRatio | None:
    """Read a figure's hazard ratio; None without one, or without an interval of two numbers."""
    interval = _INTERVAL.fullmatch(figure.confidence_interval)
    if not figure.hazard_ratio or interval is None:
        return None
    return HazardRatio(
        outcome=figure.outcome,
        result=figure.result,
        value=Decimal(figure.hazard_ratio),
        low=Decimal(interval[1]),
        high=Decimal(interval[2]),
        interval=figure.confidence_interval,
        p_value=figure.p_value,
        note=figure.note,
        source=figure.source,
    )
