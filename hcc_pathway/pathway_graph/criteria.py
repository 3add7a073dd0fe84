"""The answer of each criterion for one set of findings, as the decision took it.

Nothing is judged here: an answer is a finding, or what the decision's class and line say of it.
"""

from collections.abc import Mapping
from typing import Final

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Decision, Standing
from hcc_pathway.findings.findings import (
    AfpState,
    ChildPughState,
    DiagnosisState,
    EcogState,
    Findings,
    HistoryState,
    LastLine,
    PersonState,
    SorafenibCourse,
)
from hcc_pathway.recommendation import LineOfTherapy

_DIAGNOSIS: Final = {
    DiagnosisState.HCC: Answer.MET,
    DiagnosisState.UNSPECIFIED: Answer.UNKNOWN,
}
_CHILD_PUGH: Final = {
    ChildPughState.C: Answer.NOT_MET,
    ChildPughState.UNKNOWN: Answer.UNKNOWN,
    ChildPughState.AT_LEAST_B: Answer.UNKNOWN,
}
_ECOG: Final = {EcogState.POOR: Answer.NOT_MET, EcogState.UNKNOWN: Answer.UNKNOWN}
_AFP: Final = {AfpState.AT_LEAST: Answer.MET, AfpState.BELOW: Answer.NOT_MET}
_HISTORY: Final = {HistoryState.COMPLETE: Answer.MET}
_FAILURE: Final = {
    Standing.SORAFENIB_RUNNING: Answer.NOT_MET,
    Standing.LATER_DRUG_RUNNING: Answer.NOT_MET,
    Standing.LATER_END_UNEXPLAINED: Answer.UNKNOWN,
    Standing.NOT_ALONE: Answer.UNKNOWN,  # not judged while the course of sorafenib is not
    Standing.ALLERGY_ONLY: Answer.UNKNOWN,
    Standing.HISTORY_CUT: Answer.UNKNOWN,
}
_INTOLERANCE: Final = {
    Standing.INTOLERANT: Answer.MET,
    Standing.CONFLICTING: Answer.MET,
    Standing.TOLERANT: Answer.NOT_MET,
}


def answers_of(findings: Findings, decision: Decision) -> Mapping[str, Answer]:
    """Answer every criterion of the graph, by the id of its node."""
    adult = findings.person is PersonState.ADULT
    combined = findings.sorafenib is SorafenibCourse.COMBINED
    return {
        "person": Answer.MET if adult else Answer.NOT_MET,
        "diagnosis": _DIAGNOSIS.get(findings.diagnosis, Answer.NOT_MET),
        "sorafenib-taken": _taken(findings),
        "sorafenib-alone": Answer.UNKNOWN if combined else Answer.MET,
        "prior-lines": _HISTORY.get(findings.history, Answer.UNKNOWN),
        "sorafenib-failure": _failure(findings, decision),
        "child-pugh": _CHILD_PUGH.get(findings.child_pugh, Answer.MET),
        "ecog": _ECOG.get(findings.ecog, Answer.MET),
        "progression": findings.progression,
        "tolerated-sorafenib": findings.exposure,
        "sorafenib-intolerance": _INTOLERANCE.get(decision.standing, Answer.UNKNOWN),
        "afp-at-least-400": _AFP.get(findings.afp, Answer.UNKNOWN),
    }


def passes_unknown(node_id: str, findings: Findings) -> bool:
    """Whether options stay, with a flag, where this gate is not known (A17, A18)."""
    if node_id == "prior-lines":
        return findings.history is not HistoryState.TRUNCATED
    return node_id in {"child-pugh", "ecog"}


def line_answer(line: LineOfTherapy, decision: Decision) -> Answer:
    """Say whether the line being chosen is this one."""
    if decision.line is LineOfTherapy.UNDETERMINED:
        return Answer.UNKNOWN
    return Answer.MET if decision.line is line else Answer.NOT_MET


def _taken(findings: Findings) -> Answer:
    if findings.sorafenib is SorafenibCourse.NEVER:  # A22; a cut list proves no "never"
        cut = findings.history is HistoryState.TRUNCATED
        return Answer.UNKNOWN if cut else Answer.NOT_MET
    allergy_only = findings.sorafenib is SorafenibCourse.ALLERGY_ONLY  # A33
    return Answer.UNKNOWN if allergy_only else Answer.MET


def _failure(findings: Findings, decision: Decision) -> Answer:
    """Say whether the last therapy has failed (A1, A19, A37)."""
    unexplained = decision.standing is Standing.END_UNEXPLAINED
    if unexplained and findings.last_line is LastLine.SORAFENIB:
        return Answer.UNKNOWN
    return _FAILURE.get(decision.standing, Answer.MET)
