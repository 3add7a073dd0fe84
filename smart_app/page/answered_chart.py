"""One request's chart, judged: as recorded, with the clinician's answers, or as supposed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import msgspec

from hcc_pathway.answer import Answer
from hcc_pathway.case import PatientCase
from hcc_pathway.clinician_answers.answered_case import supposing, with_answers
from hcc_pathway.clinician_answers.answers import (
    AnswerRefused,
    ClinicianAnswers,
    answers_as_json,
    answers_from_json,
)
from hcc_pathway.decision.decision import Decision
from hcc_pathway.decision.pathway import decide
from hcc_pathway.explanation.wording import speaking
from hcc_pathway.findings.assessment import Assessment, assess
from hcc_pathway.fingerprint import fingerprint
from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay
from hcc_pathway.recommendation import Recommendation
from hcc_pathway.selection import select
from hcc_pathway.site_policy import SiteReading
from smart_app.opened_chart import OpenedChart
from smart_app.page.doors import PageDoors
from smart_app.write_back.standing import (
    StandingFact,
    standing_facts,
    without_what_the_chart_holds,
)

_NO_ANSWERS: Final = ClinicianAnswers()


@dataclass(frozen=True, slots=True)
class AnsweredChart:
    """What one page shows: a document, and the steps of the same ``select`` behind it.

    ``recorded`` is the chart alone, ``case`` the chart with the answers; ``of_the_chart`` is the
    document without any answer, which every other door gives, too. ``kept`` are the answers of
    the session; where one of them does not fit the chart as it is now, ``refused`` says which
    field and why, and none of them is used. ``standing`` says of those that can be written where
    they stand; one that the chart holds by now is no longer among ``answers``.
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
    reading: SiteReading
    kept: ClinicianAnswers = _NO_ANSWERS
    standing: tuple[StandingFact, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the answer rests on, in hexadecimal."""
        return fingerprint(self.document, self.knowledge, self.reading)

    @property
    def answers_to_reproduce(self) -> str:
        """The answers as JSON for ``hcc-cds explain --answers``, without when they were sent.

        Empty where there are none. They hold days, choices and numbers, and name nobody.
        """
        if not self.answers:
            return ""
        timeless = msgspec.structs.replace(self.answers, answered_at=None)
        return answers_as_json(timeless).decode()


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
        reading=doors.reading,
    )
    kept = _kept_answers(opened)
    standing = standing_facts(opened, kept, case, on, doors.names)
    chart = replace(chart, kept=kept, standing=standing)
    counts = known.findings.intolerance is Answer.MET
    used = without_what_the_chart_holds(kept, standing, intolerance_counts=counts)
    try:
        return answered(doors, chart, used)
    except AnswerRefused as unusable:  # the chart has changed since
        return replace(chart, refused={unusable.field: unusable.because})


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


def _kept_answers(opened: OpenedChart) -> ClinicianAnswers:
    """Read the session's answers; those of an older version of the form are asked again."""
    try:
        return answers_from_json(opened.answers)
    except AnswerRefused:
        return _NO_ANSWERS
