"""What to ask for, and which therapies hang on the answer."""

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Question, Standing
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
from hcc_pathway.recommendation import LineOfTherapy

_AFTER_INTOLERANCE = ("cabozantinib", "nivolumab")
_SECOND_LINE_CLASSES = {
    Standing.TOLERANT,
    Standing.INTOLERANT,
    Standing.CONFLICTING,
    Standing.TOLERANCE_NOT_SHOWN,
}


def questions(
    findings: Findings, standing: Standing, line: LineOfTherapy, passed: tuple[str, ...]
) -> tuple[Question, ...]:
    """List what is missing; ``passed`` are the drugs that pass their own criterion."""
    if standing is Standing.NOT_FOR_THIS_PATHWAY:
        return ()
    asked = _on_diagnosis(findings, passed)
    asked += _on_sorafenib(findings, standing, line)
    if findings.history is not HistoryState.COMPLETE:
        asked.append(Question("prior-lines", passed or PATHWAY_DRUGS))
    second = line is LineOfTherapy.SECOND and standing in _SECOND_LINE_CLASSES
    if second and (findings.afp is AfpState.UNKNOWN or findings.afp_aged):  # A10
        asked.append(Question("alpha-fetoprotein", ("ramucirumab",)))
    if passed and not _barred(findings):
        asked += _on_condition(findings, passed)
    return tuple(sorted(asked, key=lambda question: question.input))


def _barred(findings: Findings) -> bool:
    return (
        findings.diagnosis is DiagnosisState.UNSPECIFIED
        or findings.child_pugh is ChildPughState.C
        or findings.ecog is EcogState.POOR
    )


def _on_diagnosis(findings: Findings, passed: tuple[str, ...]) -> list[Question]:
    """A35: ask for the histology."""
    if findings.diagnosis is not DiagnosisState.UNSPECIFIED:
        return []
    return [Question("diagnosis", passed)]


def _on_sorafenib(findings: Findings, standing: Standing, line: LineOfTherapy) -> list[Question]:
    counted = findings.history is not HistoryState.TRUNCATED
    last_is_sorafenib = findings.last_line is LastLine.SORAFENIB
    if standing is Standing.END_UNEXPLAINED and last_is_sorafenib and counted:  # A37
        return _why_sorafenib_ended(findings, line)
    if standing is Standing.LATER_END_UNEXPLAINED and line is LineOfTherapy.THIRD:  # A19
        return [Question("progression", _unless_given(("cabozantinib",), findings))]
    if standing in {Standing.NOT_ALONE, Standing.ALLERGY_ONLY}:  # A24, A33
        return [Question("sorafenib-exposure", PATHWAY_DRUGS)]
    asked = []
    if standing is Standing.TOLERANCE_NOT_SHOWN and line is LineOfTherapy.SECOND:  # A4
        asked.append(Question("sorafenib-intolerance", _AFTER_INTOLERANCE))
        if findings.exposure is Answer.UNKNOWN:
            asked.append(Question("sorafenib-exposure", ("regorafenib",)))
    return asked


def _why_sorafenib_ended(findings: Findings, line: LineOfTherapy) -> list[Question]:
    """A37: progression or intolerance? Each opens its own branch."""
    if line is LineOfTherapy.THIRD:
        third = _unless_given(("cabozantinib",), findings)
        return [Question("progression", third), Question("sorafenib-intolerance", third)]
    ramucirumab = () if findings.afp is AfpState.BELOW else ("ramucirumab",)
    return [
        Question("progression", (*ramucirumab, "regorafenib")),
        Question("sorafenib-intolerance", (*_AFTER_INTOLERANCE, *ramucirumab)),
    ]


def _unless_given(therapies: tuple[str, ...], findings: Findings) -> tuple[str, ...]:
    return tuple(therapy for therapy in therapies if therapy not in findings.given)


def _on_condition(findings: Findings, passed: tuple[str, ...]) -> list[Question]:
    """A17, A18, A27, A31: what to confirm where options hang on it."""
    asked = []
    if findings.progression_old:
        asked.append(Question("progression", passed))
    unsure = {ChildPughState.UNKNOWN, ChildPughState.AT_LEAST_B}
    if findings.child_pugh in unsure or findings.liver_aged:
        asked.append(Question("child-pugh", passed))
    if findings.ecog is EcogState.UNKNOWN or findings.ecog_aged:
        asked.append(Question("ecog", passed))
    return asked
