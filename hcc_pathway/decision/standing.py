"""How a patient stands to sorafenib (the class), and which systemic line is being chosen."""

from hcc_pathway.answer import Answer
from hcc_pathway.decision.decision import Standing
from hcc_pathway.findings.findings import (
    DiagnosisState,
    Findings,
    HistoryState,
    LastLine,
    PersonState,
    SorafenibCourse,
)
from hcc_pathway.recommendation import LineOfTherapy

_LINE_AFTER = (LineOfTherapy.FIRST, LineOfTherapy.SECOND, LineOfTherapy.THIRD)
_NOT_JUDGED = {
    SorafenibCourse.ALLERGY_ONLY: Standing.ALLERGY_ONLY,  # A33
    SorafenibCourse.COMBINED: Standing.NOT_ALONE,  # A24
}
_LATER_DRUG_NOT_FAILED = {
    LastLine.OTHER_RUNNING: Standing.LATER_DRUG_RUNNING,  # A19
    LastLine.OTHER_ENDED: Standing.LATER_END_UNEXPLAINED,  # A19
}


def standing_of(findings: Findings) -> Standing:
    """Say in which class the patient is, and why; the first row that applies decides."""
    excluded = findings.diagnosis in {DiagnosisState.EXCLUDED, DiagnosisState.NONE}
    if excluded or findings.person is not PersonState.ADULT:  # A35, A36
        return Standing.NOT_FOR_THIS_PATHWAY
    if findings.sorafenib in _NOT_JUDGED:
        return _NOT_JUDGED[findings.sorafenib]
    if findings.sorafenib is SorafenibCourse.NEVER:  # A22; a cut list proves no "never"
        cut = findings.history is HistoryState.TRUNCATED
        return Standing.HISTORY_CUT if cut else Standing.NEVER_SORAFENIB
    if findings.last_line in _LATER_DRUG_NOT_FAILED:
        return _LATER_DRUG_NOT_FAILED[findings.last_line]
    return _after_sorafenib_alone(findings)


def _after_sorafenib_alone(findings: Findings) -> Standing:
    """Tell tolerant, intolerant, conflicting and undetermined apart.

    =============  ================  ============  ===========================
    progression    intolerance that  exposure      standing
                   ended sorafenib
    =============  ================  ============  ===========================
    met            no                met           tolerant (S3, S4, S9)
    met            yes               met           conflicting (A5)
    met            yes               otherwise     intolerant (S5, A5)
    met            no                otherwise     tolerance not shown (A3, A4)
    not met        yes               any           intolerant (S5, S12, A5)
    not met        no                any           running (A1) or A37
    =============  ================  ============  ===========================
    """
    running = findings.sorafenib is SorafenibCourse.RUNNING
    intolerant = findings.intolerance is Answer.MET and not running  # A32
    if findings.progression is Answer.MET:
        if findings.exposure is Answer.MET:
            return Standing.CONFLICTING if intolerant else Standing.TOLERANT
        return Standing.INTOLERANT if intolerant else Standing.TOLERANCE_NOT_SHOWN
    if running:
        return Standing.SORAFENIB_RUNNING
    return Standing.INTOLERANT if intolerant else Standing.END_UNEXPLAINED


def line_of(findings: Findings) -> LineOfTherapy:
    """Say which systemic line is being chosen next (A19, A20)."""
    if findings.sorafenib in {SorafenibCourse.COMBINED, SorafenibCourse.ALLERGY_ONLY}:
        return LineOfTherapy.UNDETERMINED  # A24, A33
    if findings.history is HistoryState.TRUNCATED:
        return LineOfTherapy.UNDETERMINED
    started = findings.lines_started
    if findings.sorafenib is not SorafenibCourse.NEVER:
        started = max(started, 1)  # sorafenib itself was a line
    return _LINE_AFTER[started] if started < len(_LINE_AFTER) else LineOfTherapy.BEYOND_THIRD
