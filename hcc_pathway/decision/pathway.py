"""The pathway of Kim 2020 as a decision over findings: the clinical table itself.

Second line (S1-S7, S9, S12, A4, A5, A11-A13), by class; AFP >= 400 adds ramucirumab in each:

=====================  ===========================
class                  options
=====================  ===========================
tolerant               regorafenib
intolerant             cabozantinib, nivolumab
conflicting            both rows above
tolerance not shown    none but ramucirumab
=====================  ===========================

Third line (S8, A19, A21): cabozantinib. Beyond: nothing. Nothing is ranked (A11, A12), and no
drug already given is offered again (A19). Child-Pugh C and ECOG 3 and above leave no drug
(A16, A18); a diagnosis not specified as HCC leaves none until it is specified (A35).
"""

from functools import lru_cache

from hcc_pathway.answer import Answer
from hcc_pathway.decision.also_consider import beside_the_pathway
from hcc_pathway.decision.decision import Decision, Ground, Offer, Standing, Withholding
from hcc_pathway.decision.missing_inputs import questions
from hcc_pathway.decision.option_flags import flags_of
from hcc_pathway.decision.standing import line_of, standing_of
from hcc_pathway.findings.findings import (
    PATHWAY_DRUGS,
    AfpState,
    ChildPughState,
    DiagnosisState,
    EcogState,
    Findings,
    HistoryState,
    LastLine,
)
from hcc_pathway.recommendation import LineOfTherapy, PatientClass

Grounds = tuple[Ground, ...]
Verdict = Grounds | Withholding

_TOLERATED = {Standing.TOLERANT, Standing.CONFLICTING}
_NOT_TOLERATED = {Standing.INTOLERANT, Standing.CONFLICTING}
_UNJUDGED = {
    Standing.ALLERGY_ONLY: "sorafenib-exposure",  # A33
    Standing.NOT_ALONE: "sorafenib-alone",  # A24
}


@lru_cache(maxsize=8192)
def decide(findings: Findings) -> Decision:
    """Answer for one set of findings; total, and without any state."""
    standing, line = standing_of(findings), line_of(findings)
    passed: dict[str, Grounds] = {}
    withheld: list[Withholding] = []
    if standing.patient_class is not PatientClass.NOT_APPLICABLE:
        for therapy in PATHWAY_DRUGS:
            verdict = _own_criterion(therapy, findings, standing, line)
            if isinstance(verdict, Withholding):
                withheld.append(verdict)
            else:
                passed[therapy] = verdict
    barrier = _barrier(findings)
    if barrier:
        withheld += [Withholding(therapy, *barrier) for therapy in passed]
    offers = tuple(
        Offer(therapy, grounds, flags_of(therapy, findings))
        for therapy, grounds in passed.items()
        if barrier is None
    )
    return Decision(
        standing=standing,
        line=line,
        offers=offers,
        beside=() if barrier else beside_the_pathway(findings, standing, line),
        withheld=tuple(sorted(withheld, key=lambda item: item.therapy)),
        questions=questions(findings, standing, line, tuple(passed)),
    )


def _barrier(findings: Findings) -> tuple[str, Answer] | None:
    """Name what stops every drug that its own criterion would offer, if anything does."""
    if findings.diagnosis is DiagnosisState.UNSPECIFIED:  # A35
        return ("diagnosis", Answer.UNKNOWN)
    if findings.child_pugh is ChildPughState.C:  # A16
        return ("child-pugh", Answer.NOT_MET)
    if findings.ecog is EcogState.POOR:  # A18
        return ("ecog", Answer.NOT_MET)
    return None


def _own_criterion(
    therapy: str, findings: Findings, standing: Standing, line: LineOfTherapy
) -> Verdict:
    """Say what a drug stands on in this class and line, or which criterion stops it."""
    if findings.history is HistoryState.TRUNCATED:  # the lines cannot be counted (A19)
        return Withholding(therapy, "prior-lines", Answer.UNKNOWN)
    if standing in _UNJUDGED:
        return Withholding(therapy, _UNJUDGED[standing], Answer.UNKNOWN)
    if line is LineOfTherapy.BEYOND_THIRD:  # A19
        return Withholding(therapy, "line", Answer.NOT_MET)
    if standing is Standing.END_UNEXPLAINED and findings.last_line is LastLine.SORAFENIB:  # A37
        return Withholding(therapy, "sorafenib-failure", Answer.UNKNOWN)
    if line is LineOfTherapy.THIRD:
        return _third_line(therapy, findings)
    return _second_line(therapy, findings, standing)


def _second_line(therapy: str, findings: Findings, standing: Standing) -> Verdict:
    if therapy in findings.given:  # A19
        return Withholding(therapy, "not-already-given", Answer.NOT_MET)
    if therapy == "regorafenib":
        return _regorafenib(findings, standing)
    if therapy == "ramucirumab":
        return _ramucirumab(findings, standing)
    if standing in _NOT_TOLERATED:  # S5, S12: nivolumab or cabozantinib
        return (Ground.INTOLERANCE,)
    tolerant = standing is Standing.TOLERANT
    answer = Answer.NOT_MET if tolerant else Answer.UNKNOWN  # A3, A4, A13, A30
    return Withholding(therapy, "sorafenib-intolerance", answer)


def _regorafenib(findings: Findings, standing: Standing) -> Verdict:
    """S3, S4, S9: tolerated sorafenib and progressed."""
    if standing in _TOLERATED:
        return (Ground.PROGRESSION, Ground.EXPOSURE)
    if findings.progression is not Answer.MET:
        return Withholding("regorafenib", "progression", findings.progression)
    return Withholding("regorafenib", "tolerated-sorafenib", findings.exposure)


def _ramucirumab(findings: Findings, standing: Standing) -> Verdict:
    """S6, S7: AFP >= 400 ng/mL, whether sorafenib was tolerated or not."""
    if findings.afp is AfpState.UNKNOWN:  # A10
        return Withholding("ramucirumab", "afp-at-least-400", Answer.UNKNOWN)
    if findings.afp is AfpState.BELOW:
        return Withholding("ramucirumab", "afp-at-least-400", Answer.NOT_MET)
    progressed = findings.progression is Answer.MET
    failure = [Ground.PROGRESSION] if progressed else []
    if standing in _NOT_TOLERATED:
        failure.append(Ground.INTOLERANCE)
    return (*failure, Ground.AFP)


def _third_line(therapy: str, findings: Findings) -> Verdict:
    """S8, A19: cabozantinib only, whatever class, exposure or AFP (A21)."""
    if therapy != "cabozantinib":
        return Withholding(therapy, "second-line-only", Answer.NOT_MET)
    if therapy in findings.given:
        return Withholding(therapy, "not-already-given", Answer.NOT_MET)
    return (Ground.LAST_LINE_FAILED,)
