"""One request's chart, judged: as recorded, with the clinician's answers, or as supposed."""

from dataclasses import dataclass, replace
from datetime import date

from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answered_case import supposing, with_answers
from hcc_pathway.clinician_answers.answers import (
    AnswerRefused,
    ClinicianAnswers,
    answers_from_json,
    require_usable,
)
from hcc_pathway.decision.decision import Decision
from hcc_pathway.decision.pathway import decide
from hcc_pathway.explanation.wording import speaking
from hcc_pathway.findings.assessment import Assessment, assess
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from smart_app.opened_chart import OpenedChart
from smart_app.page.doors import PageDoors


@dataclass(frozen=True, slots=True)
class AnsweredChart:
    """What one page shows: a document, and the steps of the same ``select`` behind it.

    ``recorded`` is the chart alone, ``case`` the chart with the answers; ``of_the_chart`` is the
    document without any answer, which every other door gives, too.
    """

    opened: OpenedChart
    on: date
    answers: ClinicianAnswers
    recorded: PatientCase
    of_the_chart: Recommendation
    case: PatientCase
    document: Recommendation
    knowledge: KnowledgeOnDay
    known: Assessment
    decision: Decision


def read_chart(doors: PageDoors) -> AnsweredChart:
    """Open the chart and judge it with the answers of the session.

    Raises what opening and reading a chart raise.
    """
    opened = doors.open_chart()
    on = doors.today()
    document, case, knowledge = doors.recommend(opened.sources, opened.patient_id, on)
    known = assess(case, knowledge, on, doors.policy)
    chart = AnsweredChart(
        opened=opened,
        on=on,
        answers=ClinicianAnswers(),
        recorded=case,
        of_the_chart=document,
        case=case,
        document=document,
        knowledge=knowledge,
        known=known,
        decision=decide(known.findings),
    )
    return answered(doors, chart, _kept_answers(opened, on))


def answered(doors: PageDoors, chart: AnsweredChart, answers: ClinicianAnswers) -> AnsweredChart:
    """Judge the recorded chart with these answers in the place of others; raises AnswerRefused."""
    if not answers:
        return chart
    with speaking(chart.knowledge.language):
        case = with_answers(chart.recorded, answers, on=chart.on, zone=doors.zone)
    return _judged(doors, replace(chart, answers=answers), case)


def supposed(
    doors: PageDoors, chart: AnsweredChart, suppositions: ClinicianAnswers
) -> AnsweredChart:
    """Judge the chart as if the suppositions held instead; raises AnswerRefused."""
    with speaking(chart.knowledge.language):
        case = supposing(chart.case, suppositions, on=chart.on, zone=doors.zone)
    return _judged(doors, chart, case)


def _judged(doors: PageDoors, chart: AnsweredChart, case: PatientCase) -> AnsweredChart:
    known = assess(case, chart.knowledge, chart.on, doors.policy)
    return replace(
        chart,
        case=case,
        document=select(case, chart.knowledge, on=chart.on, site=doors.policy),
        known=known,
        decision=decide(known.findings),
    )


def _kept_answers(opened: OpenedChart, on: date) -> ClinicianAnswers:
    """Read the session's answers; what cannot be used any more is asked again."""
    try:
        answers = answers_from_json(opened.answers)
        require_usable(answers, on)
    except AnswerRefused:
        return ClinicianAnswers()
    return answers
