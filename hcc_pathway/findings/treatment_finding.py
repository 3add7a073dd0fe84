"""Sorafenib and the lines of therapy as findings (A1, A4-A8, A19-A27, A32, A33, A37)."""

from datetime import date

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.case import Availability, PatientCase, StatementAbout
from hcc_pathway.drug_record import DayBound, StopReason
from hcc_pathway.findings.findings import HistoryState, LastLine, SorafenibCourse
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.treatment_history.lines_of_therapy import Regimen, TreatmentHistory, lines
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB, SorafenibStatus
from hcc_pathway.treatment_history.sorafenib_exposure import SorafenibExposure, exposure

_COURSES = {
    SorafenibStatus.NONE: SorafenibCourse.NEVER,
    SorafenibStatus.RUNNING: SorafenibCourse.RUNNING,
    SorafenibStatus.ENDED: SorafenibCourse.ENDED,
    SorafenibStatus.COMBINED: SorafenibCourse.COMBINED,
    SorafenibStatus.ADJUVANT: SorafenibCourse.COMBINED,
}


class Documented(msgspec.Struct, frozen=True):
    """A documented event: its day as far as recorded, and where."""

    day: DayBound | None
    source: str


class TreatmentFinding(msgspec.Struct, frozen=True, kw_only=True):
    """How sorafenib and the last line stand, with the history behind it.

    ``progression`` is that of the last line where it was not sorafenib, else that of sorafenib.
    """

    history: TreatmentHistory
    exposure: SorafenibExposure
    course: SorafenibCourse
    last_line: LastLine
    history_state: HistoryState
    immunotherapy_given: bool
    progression: Documented | None
    last_line_not_tolerated: Documented | None
    near_exposure: Answer | None  # the answer across the minimum number of days, where close

    @property
    def last_regimen(self) -> Regimen | None:
        """The treatment begun last: a drug of an earlier line that runs again, else the line."""
        again = [
            one for one in self.history.repeated if set(one.drugs) & set(self.history.resumed)
        ]
        return next(iter([*again[-1:], *self.history.regimens[-1:]]), None)


def treatment_finding(case: PatientCase, knowledge: KnowledgeOnDay, on: date) -> TreatmentFinding:
    """Judge sorafenib and the lines of therapy by the day of the answer."""
    history = lines(case, knowledge, on)
    exposed = exposure(
        case.drugs,
        progression=history.sorafenib.progression_day,
        knowledge=knowledge,
        on=on,
        complete=not history.truncated,
    ).with_statement(case.stated(StatementAbout.TOLERATED_DOSE))
    last_line = _last_line(history)
    return TreatmentFinding(
        history=history,
        exposure=exposed,
        course=_course(history),
        last_line=last_line,
        history_state=_history_state(case, history),
        immunotherapy_given=any(
            knowledge.drugs[drug].drug_class == "checkpoint inhibitor"
            for drug in history.given
            if drug in knowledge.drugs
        ),
        progression=_progression(case, history, last_line),
        last_line_not_tolerated=_stopped_for(history, StopReason.INTOLERANCE),
        near_exposure=_near_exposure(exposed, knowledge),
    )


def _course(history: TreatmentHistory) -> SorafenibCourse:
    sorafenib = history.sorafenib
    if sorafenib.status is SorafenibStatus.NONE and sorafenib.allergy_sources:  # A33
        return SorafenibCourse.ALLERGY_ONLY
    return _COURSES[sorafenib.status]


def _last_line(history: TreatmentHistory) -> LastLine:
    if not history.regimens:
        return LastLine.NONE
    if history.resumed:  # an earlier drug again, and running: nothing has failed since
        return LastLine.OTHER_RUNNING
    last = history.regimens[-1]
    if SORAFENIB in last.drugs:
        return LastLine.SORAFENIB
    if last.failure is Answer.MET:  # A19: also while it still runs
        return LastLine.OTHER_FAILED
    return LastLine.OTHER_RUNNING if last.running else LastLine.OTHER_ENDED


def _history_state(case: PatientCase, history: TreatmentHistory) -> HistoryState:
    """Say how complete the medication history is; without one full source it counts as cut.

    A line without a day among others is unconfirmed: its place in the order is not known (A19).
    A clinician may state that the lines on record are all, or that they are not: then the list is
    as good as cut.
    """
    stated = case.stated(StatementAbout.NO_OTHER_LINES)
    if stated is not None and not stated.holds:
        return HistoryState.TRUNCATED
    if stated is not None:
        return HistoryState.UNCONFIRMED if history.undated else HistoryState.COMPLETE
    states = {state for _, state in case.medication_sources}
    cut = Availability.TRUNCATED in states
    if cut or (states and Availability.COMPLETE not in states):
        return HistoryState.TRUNCATED
    unsure = Availability.FAILED in states or bool(history.undated)
    return HistoryState.UNCONFIRMED if unsure else HistoryState.COMPLETE


def _progression(
    case: PatientCase, history: TreatmentHistory, last_line: LastLine
) -> Documented | None:
    """Find the progression that the next line answers to."""
    sorafenib = history.sorafenib
    if last_line in {LastLine.NONE, LastLine.SORAFENIB}:
        if sorafenib.progression is not Answer.MET:
            return None
        return Documented(sorafenib.progression_day, sorafenib.progression_source)
    started = history.regimens[-1].first_day
    seen = [
        record
        for record in case.progressions
        if started is None or record.day.latest > started.earliest
    ]
    if not seen:
        return _stopped_for(history, StopReason.NO_RESPONSE)
    first = min(seen, key=lambda record: (record.day.earliest, record.source))
    return Documented(first.day, first.source)


def _stopped_for(history: TreatmentHistory, reason: StopReason) -> Documented | None:
    """Find a stop of the last line for a reason."""
    if not history.regimens:
        return None
    return next(
        (
            Documented(record.last_day, record.source)
            for record in history.regimens[-1].records
            if record.stop_reason is reason
        ),
        None,
    )


def _near_exposure(exposed: SorafenibExposure, knowledge: KnowledgeOnDay) -> Answer | None:
    window = exposed.primary
    if window is None or window.answer is Answer.UNKNOWN or exposed.stated is not None:
        return None
    needed = knowledge.parameter("sorafenib-minimum-days")
    margin = knowledge.parameter("near-exposure-days")
    if window.answer is Answer.MET:
        return Answer.NOT_MET if window.yes - needed < margin else None
    return Answer.MET if needed - window.yes - window.unknown <= margin else None
