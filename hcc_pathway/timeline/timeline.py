"""``patient_timeline``: everything that a picture of a patient's course shows, with its days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from hcc_pathway.findings.assessment import assess
from hcc_pathway.site_policy import SitePolicy
from hcc_pathway.timeline.measured import albi_points, child_pugh_points, measured_series
from hcc_pathway.timeline.parts import PatientTimeline
from hcc_pathway.timeline.sorafenib_doses import sorafenib_doses
from hcc_pathway.timeline.treatments import events_of, line_periods
from hcc_pathway.treatment_history.sorafenib_course import SORAFENIB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hcc_pathway.case import PatientCase
    from hcc_pathway.findings.assessment import Assessment
    from hcc_pathway.knowledge_base.knowledge import KnowledgeOnDay

_BEFORE_TREATMENT = timedelta(days=60)
_AT_LEAST = timedelta(days=180)
_LONGEST = timedelta(days=3653)  # ten years: a mistyped year must not make a picture of decades
_DEFAULT_POLICY = SitePolicy()


def patient_timeline(
    case: PatientCase,
    knowledge: KnowledgeOnDay,
    on: date,
    policy: SitePolicy = _DEFAULT_POLICY,
) -> PatientTimeline:
    """Put a case on a time axis that ends with the day of the answer.

    Pure; equal cases give equal timelines. ``axis_first_day`` leaves out what lies far before the
    first systemic treatment: it is in the timeline all the same.
    """
    known = assess(case, knowledge, on, policy)
    timeline = PatientTimeline(
        as_of=on,
        names=_names(known, knowledge),
        axis_first_day=on,
        axis_last_day=on,
        sorafenib=sorafenib_doses(known, knowledge),
        measured=measured_series(known, knowledge),
        child_pugh=child_pugh_points(known, knowledge),
        albi=albi_points(known, knowledge),
        lines=line_periods(known),
        events=events_of(known),
    )
    return _with_axis(timeline)


def _names(known: Assessment, knowledge: KnowledgeOnDay) -> dict[str, str]:
    """Name the drugs of the records as a sentence does, in lower case."""
    drugs = sorted({record.drug for record in known.case.drugs} | {SORAFENIB})
    return {drug: knowledge.drugs[drug].label.lower() for drug in drugs if drug in knowledge.drugs}


def _with_axis(timeline: PatientTimeline) -> PatientTimeline:
    on, days = timeline.as_of, sorted(_days(timeline))
    treated = [one.first_earliest for one in timeline.lines if one.first_earliest is not None]
    treated += [day.day for day in timeline.sorafenib.days[:1]]
    begins = min(treated, default=on) - _BEFORE_TREATMENT
    first = max(begins, days[0]) if days and days[0] <= on else begins
    first = max(min(first, on - _AT_LEAST), on - _LONGEST)
    return msgspec.structs.replace(
        timeline, axis_first_day=first, axis_last_day=max([on, *days[-1:]])
    )


def _days(timeline: PatientTimeline) -> Iterator[date]:
    yield from (one.day for series in timeline.measured for one in series.readings)
    yield from (one.day for one in timeline.child_pugh)
    yield from (one.day for one in timeline.albi)
    yield from (day.day for day in timeline.sorafenib.days)
    for event in timeline.events:
        if event.earliest is not None:
            yield event.earliest
    for line in timeline.lines:
        if line.first_earliest is not None:
            yield line.first_earliest
