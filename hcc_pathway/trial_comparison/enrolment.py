"""Whether one patient would have met a trial's criterion, as far as the chart says."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hcc_pathway.answer import Answer
from hcc_pathway.findings.assessment import Assessment
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    EcogState,
    HistoryState,
    SorafenibCourse,
)
from hcc_pathway.knowledge_base.enrolment import EnrolmentCriterion

_MOST_PRIOR_LINES: Final = 2
_WITH_B7: Final = 7


def enrolment_answer(criterion: EnrolmentCriterion, known: Assessment) -> Answer:
    """Answer one criterion; what the chart does not say is UNKNOWN, never NOT_MET."""
    return _ANSWERS[criterion](known)


def _child_pugh_a(known: Assessment) -> Answer:
    state = known.liver.state
    if state is ChildPughState.UNKNOWN:
        return Answer.UNKNOWN
    return Answer.MET if state is ChildPughState.A else Answer.NOT_MET


def _child_pugh_a_or_b7(known: Assessment) -> Answer:
    found = known.liver.child_pugh
    if found.highest <= _WITH_B7:
        return Answer.MET
    return Answer.NOT_MET if found.lowest > _WITH_B7 else Answer.UNKNOWN


def _ecog(known: Assessment) -> Answer:
    state = known.performance.state
    if state is EcogState.UNKNOWN:
        return Answer.UNKNOWN
    return Answer.MET if state is EcogState.GOOD else Answer.NOT_MET


def _afp(known: Assessment) -> Answer:
    state = known.afp.state
    if state is AfpState.UNKNOWN:
        return Answer.UNKNOWN
    return Answer.MET if state is AfpState.AT_LEAST else Answer.NOT_MET


def _prior_sorafenib(known: Assessment) -> Answer:
    findings = known.findings
    if findings.sorafenib in {SorafenibCourse.NEVER, SorafenibCourse.ALLERGY_ONLY}:
        complete = findings.history is HistoryState.COMPLETE
        asked = findings.sorafenib is SorafenibCourse.ALLERGY_ONLY  # A33: was it taken?
        return Answer.NOT_MET if complete and not asked else Answer.UNKNOWN
    return Answer.MET


def _few_lines(known: Assessment) -> Answer:
    if known.findings.lines_started > _MOST_PRIOR_LINES:
        return Answer.NOT_MET
    return Answer.MET if known.findings.history is HistoryState.COMPLETE else Answer.UNKNOWN


def _no_autoimmune_disease(known: Assessment) -> Answer:
    """Without a record nobody has said that there is none."""
    return Answer.NOT_MET if "autoimmune-disease" in known.concerns else Answer.UNKNOWN


_ANSWERS: Final[Mapping[EnrolmentCriterion, Callable[[Assessment], Answer]]] = MappingProxyType(
    {
        "prior-sorafenib": _prior_sorafenib,
        "tolerated-sorafenib": lambda known: known.findings.exposure,
        "progressed-on-sorafenib": lambda known: known.findings.progression,
        "at-most-two-prior-lines": _few_lines,
        "child-pugh-a": _child_pugh_a,
        "child-pugh-a-or-b7": _child_pugh_a_or_b7,
        "ecog-0-1": _ecog,
        "afp-at-least-400": _afp,
        "no-autoimmune-disease": _no_autoimmune_disease,
    }
)
